"""Recording a step of a case as a reader: the rule of access first, then the fact."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from kinfold.access.words import Verb
from kinfold.record.declare import KINDS
from kinfold.service.records.actions import facts
from kinfold.service.records.actions.recording import checked
from kinfold.service.records.models import Thing
from kinfold.service.records.reads.child_fact import insist_about, version_mark
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.services import thing_of, today_of
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import EditConflict, InputError


def said_only(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that were given: what was left empty is not stored."""
    return {name: value for name, value in values.items() if value not in (None, "", [], ())}


def insist_on_writing(reader: Reader, row: Thing, slice_name: str, kind: str) -> None:
    """Raise NotPermitted, recorded, unless the reader may record this kind of step."""
    reader.insist(Verb.WRITE, thing_of(reader, row, slice_name), action=f"record {kind}")


def keep(reader: Reader, row: Thing, *, kind: str, values: Mapping[str, Any], day: date, because: str,
         until: date | None = None, party: Thing | None = None) -> str:  # fmt: skip
    """
    Record a fact that the reader was already allowed to record; return its public id.

    Raises InputError, naming the field, for values that will not do and for a day that is still to come.
    """
    if day > today_of(reader):
        raise InputError("The day must be today or in the past.")
    said = checked(KINDS[kind], said_only(values), valid_from=day, valid_to=until)
    with as_system():
        return str(
            facts.record_fact(
                kind=kind, subject=row, values=said, by=str(reader.account.uid), because=because, valid_from=day,
                valid_to=until, party=party, today=today_of(reader),
            )
        )  # fmt: skip


def write_step(
    reader: Reader, row: Thing, *, slice_name: str, kind: str, values: Mapping[str, Any], day: date, because: str,
    party: Thing | None = None,
) -> str:  # fmt: skip
    """Record one step of a case and return its public id. Raises NotPermitted, recorded, where the role does not write."""
    insist_on_writing(reader, row, slice_name, kind)
    return keep(reader, row, kind=kind, values=values, day=day, because=because, party=party)


def change_step(
    reader: Reader, row: Thing, *, slice_name: str, word: str, fact: str, made_from: str, values: Mapping[str, Any],
    because: str, until: date | None = None,
) -> None:  # fmt: skip
    """
    Write a new version of a step: `values` are laid over what it says, `until` ends a spell.

    Raises EditConflict when somebody changed it since the version `made_from`.
    """
    insist_about(row, word, fact)
    with as_system():
        old = facts.current_version(word, fact)
    insist_on_writing(reader, row, slice_name, old.kind)
    if version_mark(word, old.pk) != made_from:
        raise EditConflict("Somebody else changed this first. Open it again and look at what they wrote.")
    whole = {**old.payload, **said_only(values)}
    said = checked(KINDS[old.kind], whole, valid_from=old.valid_from, valid_to=until or old.valid_to,
                   changed=frozenset(values))  # fmt: skip
    with as_system():
        facts.correct_fact(
            word=word, fact=fact, made_from=old.pk, values=said, by=str(reader.account.uid), because=because,
            valid_from=old.valid_from, valid_to=until or old.valid_to, ref=old.ref if KINDS[old.kind].ref is None else None,
        )  # fmt: skip
