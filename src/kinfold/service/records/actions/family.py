"""Adding, correcting and ending ties of a child's family. What may be changed is decided on the child's own record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from kinfold.access.words import Verb
from kinfold.record.declare import KINDS, Word
from kinfold.service.records import audit
from kinfold.service.records.actions import facts
from kinfold.service.records.actions.recording import checked
from kinfold.service.records.commits import writing
from kinfold.service.records.models import Thing, Version
from kinfold.service.records.reads.child_fact import insist_about, open_person, version_mark
from kinfold.service.records.reads.papers import thing_of_kind
from kinfold.service.records.reads.person import find_person
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import EditConflict, InputError, NotPermitted


def add_person(reader: Reader, row: Thing, *, forename: str, surname: str, born: date | None) -> Thing:
    """Make an adult who is not on record yet, known from the child's record `row`. Return who was made."""
    _insist(reader, row, "name")
    by = str(reader.account.uid)
    name = {"forename": forename.strip(), "surname": surname.strip(), "name_type": "LEGAL"}
    said = checked(KINDS["name"], {part: text for part, text in name.items() if text}, valid_from=None, valid_to=None)
    if not (forename.strip() or surname.strip()):
        raise InputError("Enter a forename or a surname.")
    with writing(held_by=row.held_by_id, by=by, because="family tie") as change:
        made = Thing.objects.create(word="person", sort="adult", held_by_id=row.held_by_id)
        nothing: dict[str, Any] = {"valid_from": None, "valid_to": None, "party": None, "ref": None}
        facts.write_version(change, kind="name", subject=made.pk, values=said, **nothing)
        if born:
            facts.write_version(change, kind="person_details", subject=made.pk, values={"birth_date": born}, **nothing)
        audit.append(change.held_by, [{"actor": by, "action": "recorded name", "person": str(made.uid)}], at=change.at)
    return made


def add_tie(
    reader: Reader, row: Thing, *, kind: str, other: Thing, other_is_subject: bool, values: Mapping[str, Any],
    since: date | None,
) -> str:  # fmt: skip
    """Record a tie between the child and somebody the reader may know of; return its public id."""
    _insist(reader, row, kind)
    if other.pk == row.pk:
        raise InputError("Choose somebody else: a person has no tie to themselves.")
    if other.held_by_id != row.held_by_id or not _may_know(reader, other):
        raise InputError("There is nobody under that name that you can choose.")
    subject, party = (other, row) if other_is_subject else (row, other)
    said = checked(KINDS[kind], values, valid_from=since, valid_to=None)
    with as_system():
        fact = facts.record_fact(
            kind=kind, subject=subject, party=party, values=said, valid_from=since, by=str(reader.account.uid),
            because="family tie", about=[row] if subject.pk != row.pk else [], today=reader.now.date(),
        )  # fmt: skip
    return str(fact)


def _may_know(reader: Reader, other: Thing) -> bool:
    return other.sort in ("child", "adult") and bool(reader.decide(Verb.SEE_EXISTS, reader.thing(other)))


def person_to_tie(reader: Reader, uid: str) -> Thing:
    """Return who is chosen for a tie. Somebody the reader may not know of is as one who is not there."""
    try:
        found = find_person(uid)
    except NotPermitted:
        found = None
    if found is None or not _may_know(reader, found):
        raise InputError("There is nobody under that name that you can choose.")
    return found


def correct_tie(
    reader: Reader, uid: str, *, fact: str, made_from: str, values: Mapping[str, Any], since: date | None,
    until: date | None, because: str,
) -> None:  # fmt: skip
    """Correct a tie, or end it by a day. Raises EditConflict where somebody changed it first."""
    old = _tie_as_seen(reader, uid, fact=fact, made_from=made_from)
    with as_system():
        laid_over = {**old.payload, **values}
        said = checked(KINDS[old.kind], {k: v for k, v in laid_over.items() if v not in (None, "")},
                       valid_from=since, valid_to=until, changed=frozenset(values))  # fmt: skip
        facts.correct_fact(
            word=Word.TIE.value, fact=fact, made_from=old.pk, values=said, by=str(reader.account.uid), because=because,
            valid_from=since, valid_to=until, ref=old.ref,
        )  # fmt: skip


def withdraw_tie(reader: Reader, uid: str, *, fact: str, made_from: str, reason: str, because: str) -> None:
    """Withdraw a tie that never held. Raises EditConflict where somebody changed it first."""
    old = _tie_as_seen(reader, uid, fact=fact, made_from=made_from)
    with as_system():
        facts.void_fact(
            word=Word.TIE.value, fact=fact, made_from=old.pk, reason=reason, by=str(reader.account.uid), because=because
        )


def _tie_as_seen(reader: Reader, uid: str, *, fact: str, made_from: str) -> Version:
    """Return the version of a tie that the reader may change, where it is still the one they saw."""
    row, _ = open_person(reader, uid, action="family tie")
    insist_about(row, Word.TIE.value, fact)
    with as_system():
        old = facts.current_version(Word.TIE.value, fact)
    _insist(reader, row, old.kind)
    if version_mark(Word.TIE.value, old.pk) != made_from:
        raise EditConflict("Somebody else changed this tie first. Look at what it says now and choose.")
    return old


def _insist(reader: Reader, row: Thing, kind: str) -> None:
    thing = thing_of_kind(reader.thing(row), KINDS[kind], "open")
    reader.insist(Verb.WRITE, thing, action=f"record {kind}"[:40])
