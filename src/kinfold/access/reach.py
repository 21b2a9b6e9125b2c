"""
Which rows of the reach table follow from what the record says.

Reach is data: the service writes these rows in the transaction that changes an allocation, a team, a meeting or an
appointment. `reach_from` is the whole rule, from values; running it again over everything gives the same rows.
A row opens nothing by itself: the role decides which sorts of reach count for it and how far they go.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kinfold.access.law import policy_days
from kinfold.access.roles import ROLES
from kinfold.access.things import Reach
from kinfold.access.words import ReachSort


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """A worker, or a team alone, is allocated to a person. Half-open; `until` None is open."""

    holder: int
    person: int
    role: str
    since: date
    until: date | None = None
    worker: int | None = None
    team: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamPost:
    """An actor leads, or works in, a team. Only `leads` reaches every child of the team and of those under it."""

    team: int
    actor: int
    since: date
    until: date | None = None
    leads: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A team and the team or service above it."""

    id: int
    holder: int
    name: str
    parent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """One actor stands in for another, for a time: they reach what the other is allocated or leads."""

    absent: int
    stands_in: int
    since: date
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Tied:
    """
    An actor is tied to persons for a time by something other than a team.

    `sort` is appointment, meeting, commission, cohort, inspection_sample, self, released or partner_agreement.
    `because` finishes the sentence "You can open this because".
    """

    holder: int
    actor: int
    persons: frozenset[int]
    sort: ReachSort
    since: date
    until: date | None
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleHeld:
    """An actor holds a role at a holder for a time."""

    holder: int
    actor: int
    role: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """Persons who live together or are brothers and sisters, for a time."""

    holder: int
    persons: frozenset[int]
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that reach follows from."""

    allocations: Sequence[Allocation] = ()
    teams: Sequence[Team] = ()
    posts: Sequence[TeamPost] = ()
    covers: Sequence[Cover] = ()
    ties: Sequence[Tied] = ()
    roles: Sequence[RoleHeld] = ()
    households: Sequence[Household] = ()


def reach_from(facts: Facts) -> frozenset[Reach]:
    """Return every reach row that follows from `facts`, past and future ones included."""
    direct = [*_from_allocations(facts), *_from_teams(facts)]
    covered = _from_cover(facts, direct)
    ties = [*_from_ties(facts), *_from_roles(facts)]
    closed = _from_closed_cases(facts)
    households = _from_households(facts, [*direct, *covered, *ties])
    return frozenset([*direct, *covered, *ties, *closed, *households])


def _from_allocations(facts: Facts) -> list[Reach]:
    return [
        Reach(a.holder, a.worker, a.person, ReachSort.OPEN_ALLOCATION, a.since, a.until, "you are allocated to them")
        for a in facts.allocations
        if a.worker is not None and _lasts(a.since, a.until)
    ]


def _lasts(since: date, until: date | None) -> bool:
    return until is None or since < until


def _overlap(first: tuple[date, date | None], second: tuple[date, date | None]) -> tuple[date, date | None] | None:
    """Return the half-open time that two half-open times share, or None."""
    since = max(first[0], second[0])
    ends = [end for end in (first[1], second[1]) if end is not None]
    until = min(ends) if ends else None
    return (since, until) if _lasts(since, until) else None


def _teams_above(teams: Mapping[int, Team], team: int) -> list[int]:
    """Return `team` and every team above it, nearest first. A circle of teams ends where it began."""
    above: list[int] = []
    current: int | None = team
    while current is not None and current not in above:
        above.append(current)
        current = teams[current].parent if current in teams else None
    return above


def _from_teams(facts: Facts) -> list[Reach]:
    teams = {team.id: team for team in facts.teams}
    leaders: dict[int, list[TeamPost]] = {}
    for post in facts.posts:
        if post.leads:
            leaders.setdefault(post.team, []).append(post)
    rows: list[Reach] = []
    for allocation in facts.allocations:
        for team in _teams_above(teams, allocation.team) if allocation.team is not None else []:
            for post in leaders.get(team, ()):
                rows.extend(_team_row(allocation, post, teams))
    return rows


def _team_row(allocation: Allocation, post: TeamPost, teams: Mapping[int, Team]) -> list[Reach]:
    shared = _overlap((allocation.since, allocation.until), (post.since, post.until))
    if shared is None:
        return []
    name = teams[post.team].name if post.team in teams else "the team"
    because = f"you lead {name}, which works with them"
    return [Reach(allocation.holder, post.actor, allocation.person, ReachSort.TEAM, *shared, because)]


def _from_cover(facts: Facts, direct: Iterable[Reach]) -> list[Reach]:
    by_actor: dict[int, list[Reach]] = {}
    for row in direct:
        by_actor.setdefault(row.actor, []).append(row)
    rows: list[Reach] = []
    for cover in facts.covers:
        for row in by_actor.get(cover.absent, ()):
            shared = _overlap((row.since, row.until), (cover.since, cover.until))
            if shared is not None:
                because = f"you cover for a colleague until {cover.until:%d %B %Y}"
                rows.append(Reach(row.holder, cover.stands_in, row.person, row.sort, *shared, because))
    return rows


def _from_ties(facts: Facts) -> list[Reach]:
    rows: list[Reach] = []
    for tie in facts.ties:
        until = _with_days_after(tie)
        if _lasts(tie.since, until):
            rows.extend(
                Reach(tie.holder, tie.actor, person, tie.sort, tie.since, until, tie.because) for person in tie.persons
            )
    return rows


def _with_days_after(tie: Tied) -> date | None:
    """Return the end of a tie's reach: some sorts go on for some days, so that what is due can be written up."""
    if tie.until is None:
        return None
    return tie.until + timedelta(days=policy_days(f"reach_after_{tie.sort}", tie.until))


def _from_roles(facts: Facts) -> list[Reach]:
    """Return a row for everybody of the holder for each role whose reach is the whole council."""
    return [
        Reach(
            held.holder, held.actor, None, ReachSort.WHOLE_COUNCIL, held.since, held.until,
            f"your role is {ROLES[held.role].label}",
        )
        for held in facts.roles
        if held.role in ROLES and ReachSort.WHOLE_COUNCIL in ROLES[held.role].reach and _lasts(held.since, held.until)
    ]  # fmt: skip


def _from_closed_cases(facts: Facts) -> list[Reach]:
    """Return a row for the months after an own case closed: ended, and nobody allocated in the same role that day."""
    by_person: dict[tuple[int, int, str], list[Allocation]] = {}
    for allocation in facts.allocations:
        by_person.setdefault((allocation.holder, allocation.person, allocation.role), []).append(allocation)
    rows: list[Reach] = []
    for allocation in facts.allocations:
        months = ROLES[allocation.role].closed_case_months if allocation.role in ROLES else 0
        others = by_person[(allocation.holder, allocation.person, allocation.role)]
        if months and allocation.worker is not None and allocation.until and _closed(allocation, others):
            until = add_months(allocation.until, months)
            because = f"your case closed on {allocation.until:%d %B %Y} and stays open to you for {months} months"
            rows.append(
                Reach(
                    allocation.holder, allocation.worker, allocation.person, ReachSort.CLOSED_CASE, allocation.until,
                    until, because,
                )
            )  # fmt: skip
    return rows


def _closed(allocation: Allocation, others: Iterable[Allocation]) -> bool:
    day = allocation.until
    return day is not None and not any(
        other.since <= day and (other.until is None or day < other.until) for other in others
    )


def add_months(day: date, months: int) -> date:
    """Return the same day of the month `months` later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_after = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), first_after - timedelta(days=1))


SPREADS: frozenset[ReachSort] = frozenset({ReachSort.OPEN_ALLOCATION, ReachSort.TEAM, ReachSort.APPOINTMENT})


def _from_households(facts: Facts, rows: Iterable[Reach]) -> list[Reach]:
    """Return rows for those who share a household with somebody who is reached directly."""
    by_person: dict[tuple[int, int], list[Household]] = {}
    for household in facts.households:
        for person in household.persons:
            by_person.setdefault((household.holder, person), []).append(household)
    found: list[Reach] = []
    for row in rows:
        if row.sort in SPREADS and row.person is not None:
            for household in by_person.get((row.holder, row.person), ()):
                found.extend(_household_rows(row, household))
    return found


def _household_rows(row: Reach, household: Household) -> list[Reach]:
    shared = _overlap((row.since, row.until), (household.since, household.until))
    if shared is None:
        return []
    because = "they are of the household of somebody you work with"
    return [
        Reach(row.holder, row.actor, person, ReachSort.HOUSEHOLD, *shared, because)
        for person in household.persons - {row.person}
    ]


def changed(before: Iterable[Reach], after: Iterable[Reach]) -> tuple[frozenset[Reach], frozenset[Reach]]:
    """Return the rows to take away and the rows to add that turn the table `before` into `after`."""
    old, new = frozenset(before), frozenset(after)
    return old - new, new - old
