"""Recording, correcting and withdrawing a fact as a reader: the rule of access first, then the action."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from kinfold.access.slices import slice_of
from kinfold.access.things import Thing
from kinfold.access.words import Label, Sort, Verb
from kinfold.record.declare import KINDS, Field, Kind, Word
from kinfold.service.records.actions import facts
from kinfold.service.records.models import FACT_TABLES, Version
from kinfold.service.records.models import Thing as ThingRow
from kinfold.service.records.reads.child_fact import insist_about, version_mark
from kinfold.service.records.reads.person import SORT_OF_WORD, find_person
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.terms.codes import code_set
from kinfold.terms.errors import EditConflict, InputError, NotPermitted, StructureBroken

DATED = frozenset({Word.SPELL, Word.EVENT})
LASTING = frozenset({Word.SPELL, Word.TIE, Word.PERSON, Word.PLAN})
_DEEPEST = 12
# No database or XML file can hold these.
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def kind_of(name: str) -> Kind:
    """Return a declared kind of fact about people. Raises InputError for any other name."""
    found = KINDS.get(name)
    if found is None or found.subject != "person" or found.word is Word.BODY:
        raise InputError("There is no kind of fact about a person under that name. GET /kinds lists them.")
    return found


def record(
    reader: Reader, row: ThingRow, *, kind: str, values: Mapping[str, Any], valid_from: date | None,
    valid_to: date | None, party: str | None, because: str,
) -> tuple[str, str]:  # fmt: skip
    """
    Record a new fact about a person the reader has open; return its id and the name of its version.

    Raises InputError for values that will not do and NotPermitted, recorded, where the role does not write.
    """
    declared = kind_of(kind)
    _insist(reader, _asked(reader, row, declared, label=declared.label_default), action=f"record {kind}")
    said = checked(declared, values, valid_from=valid_from, valid_to=valid_to)
    fact = str(
        facts.record_fact(
            kind=kind, subject=row, values=said, by=str(reader.account.uid), because=because, valid_from=valid_from,
            valid_to=valid_to, party=_party(reader, row, declared, party), today=reader.now.date(),
        )
    )  # fmt: skip
    with as_system():
        version = facts.current_version(declared.word.value, fact)
    return fact, version_mark(declared.word.value, version.pk)


def correct(
    reader: Reader, row: ThingRow, *, word: str, fact: str, made_from: str, values: Mapping[str, Any],
    because: str, days: Mapping[str, date | None],
) -> str:  # fmt: skip
    """
    Write a corrected version and return its name. `values` are laid over what is there; None takes one out.

    `days` may hold valid_from and valid_to. Raises EditConflict when `made_from` is no longer the version held.
    """
    old = _held(reader, row, word, fact, made_from, action="correct")
    declared = KINDS[old.kind]
    whole = {name: value for name, value in {**old.payload, **values}.items() if value is not None}
    start, end = days.get("valid_from", old.valid_from), days.get("valid_to", old.valid_to)
    said = checked(declared, whole, valid_from=start, valid_to=end, changed=frozenset(values))
    with as_system():
        facts.correct_fact(
            word=word, fact=fact, made_from=old.pk, values=said, by=str(reader.account.uid), because=because,
            valid_from=start, valid_to=end, ref=old.ref if declared.ref is None else None,
        )  # fmt: skip
        return version_mark(word, facts.current_version(word, fact).pk)


def void(reader: Reader, row: ThingRow, *, word: str, fact: str, made_from: str, reason: str, because: str) -> str:
    """Withdraw a fact and return the name of the version that says so. Raises as `correct` does."""
    old = _held(reader, row, word, fact, made_from, action="withdraw")
    with as_system():
        facts.void_fact(
            word=word, fact=fact, made_from=old.pk, reason=reason, by=str(reader.account.uid), because=because
        )
        return version_mark(word, facts.current_version(word, fact).pk)


def _held(reader: Reader, row: ThingRow, word: str, fact: str, made_from: str, *, action: str) -> Version:
    """Return the version that may be changed now, if it is the one the change was made from."""
    insist_about(row, word, fact)
    with as_system():
        old: Version = FACT_TABLES[word].objects.select_related("subject").get(fact=fact, known_to__isnull=True)
    asked = _asked(reader, old.subject, KINDS[old.kind], label=old.label)
    if not reader.reads(asked):
        raise NotPermitted("There is nothing here that you can open.")
    _insist(reader, asked, action=f"{action} {old.kind}")
    if version_mark(word, old.pk) != made_from:
        raise EditConflict("Somebody else changed this first. Look at both versions and choose.")
    if old.status == "void":
        raise InputError("This was withdrawn already. Record it again if it holds after all.")
    return old


def _asked(reader: Reader, row: ThingRow, kind: Kind, *, label: str = "open") -> Thing:
    thing = reader.thing(row)
    labels = thing.labels | ({Label(label)} if label != Label.OPEN.value else frozenset())
    return Thing(
        sort=SORT_OF_WORD.get(kind.word, Sort.FACT), held_by=thing.held_by, person=thing.person,
        labels=frozenset(labels), named=thing.named, slice=slice_of(kind.name),
    )  # fmt: skip


def _insist(reader: Reader, asked: Thing, *, action: str) -> None:
    reader.insist(Verb.WRITE, asked, action=action)


def _party(reader: Reader, row: ThingRow, kind: Kind, uid: str | None) -> ThingRow | None:
    """Return the other end of a fact. One the reader may not know of is refused as one that is not there."""
    if uid is None:
        if kind.word is Word.TIE:
            raise InputError(f"{kind.label}: say who the other person is (`party`).")
        return None
    if not kind.party:
        raise InputError(f"{kind.label}: this kind of fact names nobody else (`party`).")
    try:
        found = find_person(uid)
    except NotPermitted:
        found = None
    known = found is not None and found.held_by_id == row.held_by_id
    if found is None or not known or not _may_know(reader, found):
        raise InputError("`party`: there is nobody under that id.")
    if found.pk == row.pk:
        raise InputError("`party`: it must be somebody else.")
    return found


def _may_know(reader: Reader, found: ThingRow) -> bool:
    return found.sort not in ("child", "adult") or bool(reader.decide(Verb.SEE_EXISTS, reader.thing(found)))


def checked(
    kind: Kind, values: Mapping[str, Any], *, valid_from: date | None, valid_to: date | None,
    changed: frozenset[str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """
    Return values that a person (or a system for one) may enter. Raises InputError, naming the field.

    Stricter than what a file may report: a code must be in its list, since there is somebody to choose another.
    `changed` are the fields to hold to that; all of them when None.
    """
    if kind.word in DATED and valid_from is None:
        raise InputError(f"{kind.label}: say the day (`valid_from`).")
    if kind.word not in LASTING and valid_to is not None:
        raise InputError(f"{kind.label}: it happens on one day and has no end (`valid_to`).")
    for name, value in values.items():
        _refuse_unsafe(kind, name, value)
        spec = kind.fields.get(name)
        if spec is not None and (changed is None or name in changed):
            _known_code(kind, spec, value, valid_from, valid_to)
    missing = [spec.name for spec in kind.fields.values() if spec.required and values.get(spec.name) in (None, "")]
    if missing:
        raise InputError(f"{kind.label}: {missing[0]} is needed.")
    return dict(values)


def _known_code(kind: Kind, spec: Field, value: Any, day: date | None, last: date | None) -> None:
    if not spec.codes or value is None:
        return
    try:
        known = code_set(spec.codes)
    except (KeyError, LookupError, StructureBroken):
        return  # a set that only the source keeps
    for code in value if isinstance(value, list) else [value]:
        # what is said at the end of a spell is said in the words of its last day
        if isinstance(code, str) and not (known.is_valid(code, day) or (last and known.is_valid(code, last))):
            some = ", ".join(known.codes(day)[:12])
            raise InputError(f"{kind.label}: {spec.name} must be a code of its list on that day: {some}")


def _refuse_unsafe(kind: Kind, name: str, value: Any, depth: int = 0) -> None:
    """Refuse text no database holds, numbers without end and nesting without end, wherever they stand."""
    where = name if name in kind.fields else "a field"
    if depth > _DEEPEST:
        raise InputError(f"{kind.label}: {where} is nested too deep.")
    if isinstance(value, str) and _UNSAFE.search(value):
        raise InputError(f"{kind.label}: {where} holds a control character. Take it out.")
    if isinstance(value, float) and not math.isfinite(value):
        raise InputError(f"{kind.label}: {where} must be a number with an end.")
    if isinstance(value, int) and abs(value) >= 2**63:
        raise InputError(f"{kind.label}: {where} is too large a number.")
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _refuse_unsafe(kind, name, key, depth + 1)
            _refuse_unsafe(kind, name, inner, depth + 1)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            _refuse_unsafe(kind, name, inner, depth + 1)
