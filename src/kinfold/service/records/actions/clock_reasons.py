"""Reasons people give about a duty: why it was late, or why a decision was made before it was met."""

from __future__ import annotations

from datetime import date

from kinfold.access.slices import slice_of
from kinfold.access.things import Thing
from kinfold.access.words import Sort, Verb
from kinfold.duties import Clock, State, held_post
from kinfold.duties.arithmetic import day_of
from kinfold.service.records.actions.facts import record_fact
from kinfold.service.records.models import Thing as ThingRow
from kinfold.service.records.reads.clock_proof import REASON
from kinfold.service.records.reads.clock_working import clocks_of_people
from kinfold.service.records.reads.person import find_person
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import InputError


def give_reason(reader: Reader, uid: str, key: str, *, reason: str, today: date) -> None:
    """
    Record why the clock `key` of a child was late, or why its gate was passed.

    Raises NotPermitted where the reader does not write to this record, and InputError for a clock that is not late.
    """
    row = find_person(uid)
    known = reader.thing(row)
    asked = Thing(
        sort=Sort.FACT, held_by=known.held_by, person=known.person, labels=known.labels, named=known.named,
        slice=slice_of(REASON),
    )  # fmt: skip
    reader.insist(Verb.WRITE, asked, action="give a reason")
    with as_system():
        found = clocks_of_people([row.pk], row.held_by, on=today)
    clock = next((one for one in found if one.key == key), None)
    if clock is None:
        raise InputError("This clock does not run any more. Look again at what is due for this child.")
    say_reason(
        reader, row, duty=clock.duty.id, about=_about(clock, today), started_by=str(clock.trigger.fact.fact),
        post=held_post(clock.duty.escalation, reader.role_names), reason=reason, today=today,
    )  # fmt: skip


def say_reason(
    reader: Reader, row: ThingRow, *, duty: str, about: str, reason: str, started_by: str, post: str, today: date
) -> None:
    """Record a reason about a duty, in the post named or else in the reader's role. For actions that have asked."""
    values = {"duty": duty, "about": about, "started_by": started_by, "role": post or reader.role_label,
              "reason": reason.strip()}  # fmt: skip
    record_fact(
        kind=REASON, subject=row, values={name: value for name, value in values.items() if value}, ref=duty,
        by=str(reader.account.uid), because=f"reason about {duty}", valid_from=today, party=reader.account.person,
        today=today,
    )  # fmt: skip


def _about(clock: Clock, today: date) -> str:
    if clock.part.name == "gate" and clock.state is State.BREACHED:
        return "happened already"
    late = clock.state in (State.MET_LATE, State.BREACHED) and clock.due is not None and day_of(clock.due) < today
    if not late:
        raise InputError(f"“{clock.duty.label}” is not late, so there is nothing to explain.")
    return "late"
