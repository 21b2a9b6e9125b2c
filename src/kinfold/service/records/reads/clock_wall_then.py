"""What a wall said on a day that has passed: worked out from the facts as they were known at the end of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kinfold.duties import State
from kinfold.service.records.commits import number_known_at
from kinfold.service.records.models import Holder, PersonIndex
from kinfold.service.records.reads.clock_sight import only_seen
from kinfold.service.records.reads.clock_wall import (
    PAGE,
    STATES,
    Line,
    Show,
    Wall,
    in_order,
    line_of,
    looked,
    named,
    people_of,
)
from kinfold.service.records.reads.clock_working import clocks_of_people
from kinfold.service.records.reads.person import end_of
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import InputError

MOST = 400  # people worked out for one page: a worker's or a team's, not a whole service's


def wall_then(reader: Reader, *, on: date, which: str = "mine", show: Show = Show.NOW, page: int = 1) -> Wall:
    """
    Return one page of a wall as it stood at the end of a day, and record the View.

    It is about the people whom the reader reaches today. Raises InputError where they are too many to be worked out.
    """
    found = lines_then(reader, on=on, as_known_on=on, which=which)
    counts = {part: sum(line.state in STATES[part] for line in found) for part in Show}
    lines = in_order([line for line in found if line.state in STATES[show]], show)[(page - 1) * PAGE : page * PAGE]
    looked(reader, lines, "wall as it stood")
    return Wall(tuple(named(reader, lines)), counts, sum(line.state is State.DUE for line in found), 0, show, page, on)


def lines_then(reader: Reader, *, on: date, as_known_on: date | None, which: str) -> list[Line]:
    """Return every line of a wall on a day, from what was known at the end of another (now, when None)."""
    people = people_of(reader, which)
    if people.few is None or len(people.few) > MOST:
        raise InputError(
            f"How a wall stood on a day is worked out for up to {MOST} people. Choose your own wall or one child."
        )
    rows = {row.pk: row for row in PersonIndex.objects.filter(pk__in=people.few).select_related("person")}
    found: list[Line] = []
    for holder in Holder.objects.filter(pk__in={row.held_by_id for row in rows.values()}):
        mine = [row.pk for row in rows.values() if row.held_by_id == holder.pk]
        found += _lines_of(reader, holder, mine, rows, on=on, as_known_on=as_known_on)
    return only_seen(reader, found)


def _lines_of(
    reader: Reader, holder: Holder, mine: Sequence[int], rows: dict[int, PersonIndex], *, on: date, as_known_on: date | None
) -> list[Line]:  # fmt: skip
    with as_system():
        number = None
        if as_known_on is not None:
            number = number_known_at(held_by=holder.pk, moment=min(end_of(as_known_on), reader.now))
        worked = clocks_of_people(mine, holder, on=on, number=number)
    return [
        line_of(clock, rows[clock.subject])
        for clock in worked
        if (clock.is_waiting or clock.is_overdue) and clock.subject in rows
    ]
