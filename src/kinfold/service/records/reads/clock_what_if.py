"""
What if the duties that are enacted and wait became law on a day: what would be due for the children of a council.

Every dormant clock is kept with the state it would have were its duty law when it began, so a date is tried by a query.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from kinfold.duties import State, duty_catalogue
from kinfold.duties.commencement import Switch, switches
from kinfold.service.records.models import KeptClock, PersonIndex
from kinfold.service.records.reads.clock_wall import Line, kept_line, named, people_of, state_on_day
from kinfold.service.records.reads.reader import Reader
from kinfold.terms.errors import InputError

MOST_LINES = 200
WAITING = frozenset({State.RUNNING, State.AMBER, State.DUE, State.PAUSED})


@dataclass(frozen=True, slots=True)
class Tried:
    """One switch tried on a day (None: not tried): how many clocks would run, be overdue, and have been met."""

    switch: Switch
    day: date | None
    would_run: int = 0
    would_be_overdue: int = 0
    would_be_met: int = 0
    people: int = 0


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Every switch with what was tried, and the lines that a wall would show."""

    switches: tuple[Tried, ...]
    lines: tuple[Line, ...]
    on: date


def what_if(reader: Reader, days: Mapping[str, date], *, on: date) -> WhatIf:
    """
    Return what would be due on `on` had the switches of `days` become law on their day, and record the View.

    Only what begins on or after the day counts, as the law would have it. Raises InputError for no such switch.
    """
    known = switches()
    for name in days:
        if name not in known:
            raise InputError(f"There is no commencement switch called “{name}”. They are {', '.join(known)}")
    tried, rows = [], []
    for switch in known.values():
        day = days.get(switch.name)
        found = list(_woken(reader, switch, day)) if day is not None else []
        tried.append(_counted(switch, day, found, on))
        rows += [one for one in found if state_on_day(one, on) in WAITING | {State.BREACHED}]
    rows.sort(key=lambda one: (one.due is None, one.due or on, one.pk))
    lines = _lines(rows[:MOST_LINES], on)
    for holder in {line.held_by for line in lines}:
        reader.looked(holder, "what if", list(dict.fromkeys(line.uid for line in lines if line.held_by == holder)),
                      because="commencement tried")  # fmt: skip
    return WhatIf(tuple(tried), tuple(named(reader, lines)), on)


def _woken(reader: Reader, switch: Switch, day: date) -> QuerySet[KeptClock]:
    rows = KeptClock.objects.filter(
        Q(sort=KeptClock.Sort.DORMANT), held_by__in=reader.holders, duty__in=switch.duties, began__gte=day
    )
    return people_of(reader, "service").whose(rows)


def _counted(switch: Switch, day: date | None, rows: Iterable[KeptClock], on: date) -> Tried:
    found = list(rows)
    states = [state_on_day(one, on) for one in found]
    return Tried(
        switch, day, sum(state in WAITING for state in states),
        sum(state in (State.BREACHED, State.MET_LATE) for state in states), states.count(State.MET),
        len({one.person_id for one in found}),
    )  # fmt: skip


def _lines(rows: Iterable[KeptClock], on: date) -> list[Line]:
    found = list(rows)
    people = {row.pk: row for row in
              PersonIndex.objects.filter(pk__in={one.person_id for one in found}).select_related("person")}  # fmt: skip
    known = duty_catalogue().duties
    return [kept_line(one, people[one.person_id], state_on_day(one, on)) for one in found
            if one.duty in known and one.person_id in people]  # fmt: skip
