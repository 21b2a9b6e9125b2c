"""
The walls: what is to be done for the children a reader works with, from the kept clocks in one indexed query.

Whoever's facts changed a moment ago, and has not been worked out since, is worked out as the wall is shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from kinfold.duties import Clock, Duty, State, duty_catalogue, sentence
from kinfold.duties.arithmetic import day_of
from kinfold.service.records.models import ClockCheck, Holder, KeptClock, PersonIndex, Reach
from kinfold.service.records.reads.caseload import OWN
from kinfold.service.records.reads.clock_sight import WITHHELD, kept_seen, names_withheld, only_seen
from kinfold.service.records.reads.clock_working import clocks_of_people
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system

PAGE = 30
FEW = 1000  # more people than this stay a question to the database, which takes no longer list
AT_SIGHT = 40  # people worked out while a wall is shown; beyond that the worker is seconds away
WALLS: dict[str, tuple[str, ...]] = {
    "mine": OWN,
    "team": ("team",),
    "service": (),  # everybody the reader may list
}


class Show(StrEnum):
    """Which part of a wall is shown."""

    NOW = "now"
    OVERDUE = "overdue"
    COMING = "coming"


STATES = {
    Show.NOW: (State.DUE, State.AMBER, State.PAUSED),
    Show.OVERDUE: (State.BREACHED,),
    Show.COMING: (State.RUNNING,),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a wall: a clock that is to be done, as it stands today."""

    uid: str
    name: str
    duty: Duty
    part: str
    state: State
    due: date | datetime | None
    practical_due: date | None
    opens: date | None
    why: str
    key: str
    held_by: int
    person: int

    @property
    def due_day(self) -> date | None:
        """Return the last day."""
        return day_of(self.due) if self.due is not None else None

    @property
    def because(self) -> str:
        """Return why it is in its state, in one sentence with the source."""
        return sentence(self.duty, self.state, due=self.due, met_on=None, why=self.why)

    @property
    def accountable(self) -> str:
        """Return who answers for it now: whoever does it, then the next along the duty's chain as it grows late."""
        chain = self.duty.escalation
        if chain and self.state is State.BREACHED:
            return chain[-1]
        return chain[0] if chain and self.state is State.AMBER else self.duty.who

    def as_row(self) -> dict[str, Any]:
        """Return the line as plain values, for JSON."""
        return {
            "child": self.uid, "key": self.key, "duty": self.duty.id, "label": self.duty.label, "part": self.part,
            "state": self.state.value, "due": self.due.isoformat() if self.due is not None else None,
            "practical_due": self.practical_due.isoformat() if self.practical_due else None,
            "accountable": self.accountable, "because": self.because, "source": self.duty.source.title,
            "href": self.duty.source.href,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wall:
    """A page of a wall: its lines, how many there are of each part, and how many people are being worked out."""

    lines: tuple[Line, ...]
    counts: dict[Show, int]
    due_today: int
    working: int
    show: Show
    page: int
    day: date


@dataclass(frozen=True, slots=True)
class People:
    """
    The people a wall is about: those the reader may list, and of them those reached in one way, where one is given.

    `few` are their numbers where they are few, as those of a worker or a team are: who may be listed is then asked once.
    """

    listed: QuerySet[PersonIndex]
    few: tuple[int, ...] | None

    def whose(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return those of `rows` (with a column `person`) that are about these people."""
        if self.few is not None:
            return rows.filter(person__in=self.few)
        return rows.filter(Exists(self.listed.order_by().filter(pk=OuterRef("person"))))


def people_of(reader: Reader, which: str) -> People:
    """Return the people of one of the reader's WALLS today."""
    sorts = WALLS.get(which, ())
    listed = reader.listed(sort=None)
    if not sorts:
        return People(listed, None)
    day = reader.now.date()
    reached = Reach.objects.filter(
        actor_id=reader.account.person_id, sort__in=sorts, person__isnull=False, from_date__lte=day
    ).exclude(until_date__lte=day)
    theirs = listed.filter(pk__in=reached.values("person_id"))
    few = tuple(theirs.order_by().values_list("pk", flat=True)[: FEW + 1])
    return People(theirs, few if len(few) <= FEW else None)


def wall(reader: Reader, *, on: date, which: str = "mine", show: Show = Show.NOW, page: int = 1) -> Wall:
    """Return one page of what waits for the people the reader reaches in this way, and record the View."""
    people = people_of(reader, which)
    kept, live, working = _split(reader, people, people.whose(_open_clocks(reader)), on)
    counts, due_today = _counted(kept, live, on)
    first, last = (page - 1) * PAGE, page * PAGE
    lines = _lines(_shown(kept, show, on)[0 if live else first : last], on)
    if live:
        lines = in_order([*lines, *(one for one in live if one.state in STATES[show])], show)[first:last]
    looked(reader, lines, "wall")
    return Wall(tuple(named(reader, lines)), counts, due_today, working, show, page, on)


def how_many(reader: Reader, *, on: date, which: str) -> tuple[dict[Show, int], int]:
    """Return how many lines each part of a wall has, and how many are due today. Nobody is shown."""
    people = people_of(reader, which)
    kept, live, _ = _split(reader, people, people.whose(_open_clocks(reader)), on)
    return _counted(kept, live, on)


def _open_clocks(reader: Reader) -> QuerySet[KeptClock]:
    """Return the clocks that are to be done, or grew late, on the duties that the reader is shown."""
    return KeptClock.objects.filter(held_by__in=reader.holders, sort=KeptClock.Sort.OPEN, **kept_seen(reader))


@dataclass(frozen=True, slots=True)
class Pressing:
    """What presses of some duties: the first lines, those overdue before those due soon, and how many there are of each."""

    lines: tuple[Line, ...]
    overdue: int
    soon: int


def pressing(
    reader: Reader, people: QuerySet[PersonIndex], *, duties: Collection[str], on: date, most: int
) -> Pressing:
    """Return what is overdue, due or soon due on some duties for some people, and record the View of those shown."""
    theirs = People(people, None)
    kept = theirs.whose(KeptClock.objects.filter(held_by__in=reader.holders, sort=KeptClock.Sort.OPEN, duty__in=duties))
    kept, live, _ = _split(reader, theirs, kept.exclude(state=State.PAUSED.value), on)
    live = [line for line in live if line.duty.id in duties and line.state is not State.PAUSED]
    counts, _ = _counted(kept, live, on)
    lines: list[Line] = []
    for show in (Show.OVERDUE, Show.NOW):
        left = most - len(lines)
        worked = [line for line in live if line.state in STATES[show]]
        lines += in_order([*_lines(_shown(kept, show, on)[:left], on), *worked], show)[:left]
    looked(reader, lines, "safety wall")
    return Pressing(tuple(named(reader, lines)), counts[Show.OVERDUE], counts[Show.NOW])


def running_by_duty(reader: Reader) -> dict[str, int]:
    """Return how many clocks are to be done on each duty, over everybody the reader may list. Nobody is shown."""
    counted = people_of(reader, "service").whose(_open_clocks(reader)).order_by().values("duty").annotate(n=Count("pk"))
    return {row["duty"]: row["n"] for row in counted}


def every_line(
    reader: Reader, *, on: date, which: str, show: Show, action: str = "wall", most: int = 500
) -> list[Line]:
    """Return up to `most` lines of one part of a wall, for calendars and letters, and record one View of them."""
    people = people_of(reader, which)
    kept, live, _ = _split(reader, people, people.whose(_open_clocks(reader)), on)
    found = [*_lines(_shown(kept, show, on)[:most], on), *(one for one in live if one.state in STATES[show])]
    lines = in_order(found, show)[:most]
    looked(reader, lines, action)
    return named(reader, lines)


def _counted(kept: QuerySet[KeptClock], live: Sequence[Line], on: date) -> tuple[dict[Show, int], int]:
    """Return how many lines each part of the wall has, and how many are due today."""
    parts = {show.value: Count("pk", filter=_is_part(show, on)) for show in Show}
    today = Count("pk", filter=Q(due=on, state__in=_MOVES))
    found = kept.aggregate(today=today, **parts)
    counts = {show: found[show.value] + sum(line.state in STATES[show] for line in live) for show in Show}
    return counts, found["today"] + sum(line.state is State.DUE for line in live)


# The states between which only the day moves a clock that has a last day.
_MOVES = tuple(state.value for state in (State.RUNNING, State.AMBER, State.DUE, State.BREACHED))


def _is_part(show: Show, on: date) -> Q:
    """Return the condition that a kept clock stands in a part of the wall on a day."""
    stays = Q(due__isnull=True, state__in=[state.value for state in STATES[show]])
    match show:
        case Show.OVERDUE:
            return stays | Q(due__lt=on, state__in=_MOVES)
        case Show.NOW:
            soon = Q(due=on) | Q(due__gt=on, amber_on__lte=on)
            return stays | Q(state=State.PAUSED.value) | (soon & Q(state__in=_MOVES))
    return stays | Q(Q(amber_on__isnull=True) | Q(amber_on__gt=on), due__gt=on, state__in=_MOVES)


def state_on_day(one: KeptClock, on: date) -> State:
    """Return the state of a kept clock on a day: those with a last day move with it, the others stay."""
    if one.due is None or one.state not in _MOVES:
        return State(one.state)
    if one.due < on:
        return State.BREACHED
    if one.due == on:
        return State.DUE
    return State.AMBER if one.amber_on is not None and one.amber_on <= on else State.RUNNING


def _split(
    reader: Reader, people: People, kept: QuerySet[KeptClock], on: date
) -> tuple[QuerySet[KeptClock], list[Line], int]:
    """Return the kept clocks that stand, the lines of those worked out now, and how many wait for the worker."""
    moved = people.whose(ClockCheck.objects.filter(Q(stale=True) | Q(look_again__lte=on), held_by__in=reader.holders))
    waiting = list(moved.order_by().values_list("pk", flat=True)[: AT_SIGHT + 1])
    if not waiting:
        return kept, [], 0
    if len(waiting) > AT_SIGHT:
        return kept, [], moved.count()
    return kept.exclude(person__in=waiting), only_seen(reader, _worked_out(waiting, on)), 0


def _worked_out(persons: Sequence[int], on: date) -> list[Line]:
    rows = {row.pk: row for row in PersonIndex.objects.filter(pk__in=persons).select_related("person")}
    found: list[Line] = []
    for holder in Holder.objects.filter(pk__in={row.held_by_id for row in rows.values()}):
        mine = [row.pk for row in rows.values() if row.held_by_id == holder.pk]
        with as_system():
            worked = clocks_of_people(mine, holder, on=on)
        found += [
            line_of(clock, rows[clock.subject])
            for clock in worked
            if (clock.is_waiting or clock.is_overdue) and clock.subject in rows
        ]
    return found


def line_of(clock: Clock, row: PersonIndex) -> Line:
    """Return a clock that was just worked out as a line of a wall."""
    return Line(
        str(row.person.uid), name_of(row), clock.duty, clock.part.label, clock.state, clock.due, clock.practical_due,
        clock.opens, clock.why, clock.key, row.held_by_id, row.pk,
    )  # fmt: skip


def name_of(row: PersonIndex) -> str:
    """Return what a person is called on a wall."""
    return row.name or row.la_child_id or "Name not known"


def _shown(kept: QuerySet[KeptClock], show: Show, on: date) -> QuerySet[KeptClock]:
    day = F("due").desc(nulls_last=True) if show is Show.OVERDUE else F("due").asc(nulls_last=True)
    return kept.filter(_is_part(show, on)).order_by(day, "pk")


def in_order(lines: Iterable[Line], show: Show) -> list[Line]:
    """Return lines as a part of a wall has them: what is due first comes first, and what grew late last."""

    def key(line: Line) -> tuple[bool, int]:
        day = line.due_day
        return (day is None, 0 if day is None else -day.toordinal() if show is Show.OVERDUE else day.toordinal())

    return sorted(lines, key=key)


def _lines(rows: Iterable[KeptClock], on: date) -> list[Line]:
    found = list(rows)
    people = {row.pk: row for row in
              PersonIndex.objects.filter(pk__in={one.person_id for one in found}).select_related("person")}  # fmt: skip
    catalogue = duty_catalogue().duties
    return [
        kept_line(one, people[one.person_id], state_on_day(one, on))
        for one in found
        if one.duty in catalogue and one.person_id in people
    ]


def kept_line(one: KeptClock, row: PersonIndex, state: State) -> Line:
    """Return a kept clock as a line of a wall, in the state it has today."""
    return Line(
        str(row.person.uid), name_of(row), duty_catalogue().duties[one.duty], one.part, state, one.due_at or one.due,
        one.practical_due, one.opens, one.why, one.key, row.held_by_id, row.pk,
    )  # fmt: skip


def named(reader: Reader, lines: Sequence[Line]) -> list[Line]:
    """Return lines without the names of those whom the reader may know of and not by name, as an analyst does."""
    withheld = names_withheld(reader, {line.person for line in lines})
    return [replace(line, name=WITHHELD) if line.person in withheld else line for line in lines]


def looked(reader: Reader, lines: Sequence[Line], action: str) -> None:
    """Record one View for each holder, with the people whose lines were shown."""
    for holder in {line.held_by for line in lines}:
        shown = dict.fromkeys(line.uid for line in lines if line.held_by == holder)
        reader.looked(holder, action, list(shown), because="own work")
