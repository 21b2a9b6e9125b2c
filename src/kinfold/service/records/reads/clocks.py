"""One child's clocks, worked out from the facts as they were known on any day; and clocks for the command line."""

from __future__ import annotations

from datetime import date
from typing import Any

from kinfold.access.words import Verb
from kinfold.duties import Catalogue, Clock, State, duty_catalogue
from kinfold.service.records.commits import number_known_at
from kinfold.service.records.reads.clock_sight import only_seen
from kinfold.service.records.reads.clock_wall import STATES, Line, Show, every_line, in_order, looked
from kinfold.service.records.reads.clock_wall_then import lines_then
from kinfold.service.records.reads.clock_working import clocks_of_people
from kinfold.service.records.reads.clock_world import council_of, kept_kinds
from kinfold.service.records.reads.person import end_of, find_child, find_person
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system

WORKED_WITH = ("mine", "team")
PRESSING = (State.BREACHED, State.DUE, State.AMBER, State.RUNNING, State.PAUSED)


def catalogue() -> Catalogue:
    """Return the catalogue of duties."""
    return duty_catalogue()


def child_clocks(
    reader: Reader, uid: str, *, on: date, as_known_on: date | None = None, action: str = "clocks"
) -> list[Clock]:
    """Return one child's clocks, the most pressing first, and record the View. Raises NotPermitted."""
    row = find_person(uid)
    decision = reader.insist(Verb.READ_HEADLINE, reader.thing(row), action=action)
    with as_system():
        number = None
        if as_known_on is not None:
            number = number_known_at(held_by=row.held_by_id, moment=min(end_of(as_known_on), reader.now))
        found = clocks_of_people([row.pk], row.held_by, on=on, number=number)
    reader.looked(row.held_by_id, action, [uid], because=decision.because)
    return sorted(only_seen(reader, found), key=_pressing)


def _pressing(clock: Clock) -> tuple[int, str]:
    place = PRESSING.index(clock.state) if clock.state in PRESSING else len(PRESSING)
    return place, str(clock.due or "9999")


def clock_rows(reader: Reader, *, child: str | None, on: date, as_known_on: date | None = None) -> list[dict[str, Any]]:
    """Return clocks as the command line prints them: one child's, or all that wait for those the reader works with."""
    if child:
        uid = find_child(reader, child)
        return [{"child": uid, **clock.as_row()} for clock in child_clocks(reader, uid, on=on, as_known_on=as_known_on)]
    if as_known_on is not None or on < reader.now.date():
        then = [one for which in WORKED_WITH for one in lines_then(reader, on=on, as_known_on=as_known_on, which=which)]
        looked(reader, then, "clocks as they stood")
        return list(
            {
                line.key: line.as_row()
                for show in (Show.OVERDUE, Show.NOW, Show.COMING)
                for line in in_order(_of(then, show), show)
            }.values()
        )
    rows: list[dict[str, Any]] = []
    for which in WORKED_WITH:
        for show in (Show.OVERDUE, Show.NOW, Show.COMING):
            rows += [line.as_row() for line in every_line(reader, on=on, which=which, show=show, most=20_000)]
    return list({row["key"]: row for row in rows}.values())


def _of(lines: list[Line], show: Show) -> list[Line]:
    return [line for line in lines if line.state in STATES[show]]


__all__ = ["catalogue", "child_clocks", "clock_rows", "council_of", "kept_kinds"]
