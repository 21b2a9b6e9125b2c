"""Which rows of the reach table follow from allocations, teams, cover, meetings, roles and households."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.access.reach import (
    Allocation,
    Cover,
    Facts,
    Household,
    RoleHeld,
    Team,
    TeamPost,
    Tied,
    add_months,
    changed,
    reach_from,
)
from kinfold.access.things import Reach
from kinfold.access.words import ReachSort

LA, TIA, ANN, BEN, MANAGER, HEAD = 1, 11, 901, 902, 903, 904
SPRING, SUMMER, AUTUMN = date(2026, 3, 2), date(2026, 6, 1), date(2026, 9, 1)
TO_ANN = Allocation(holder=LA, person=TIA, role="social_worker", worker=ANN, team=1, since=SPRING)
TEAMS = (Team(id=1, holder=LA, name="Team Rowan", parent=2), Team(id=2, holder=LA, name="Assessment service"))


def periods(rows: frozenset[Reach], actor: int, sort: ReachSort) -> list[tuple[int | None, date, date | None]]:
    return sorted((row.person or 0, row.since, row.until) for row in rows if (row.actor, row.sort) == (actor, sort))


def test_an_allocation_reaches_the_child_while_it_lasts() -> None:
    rows = reach_from(Facts(allocations=[TO_ANN]))

    assert periods(rows, ANN, ReachSort.OPEN_ALLOCATION) == [(TIA, SPRING, None)]


def test_whoever_leads_a_team_or_the_service_above_it_reaches_its_children() -> None:
    posts = [
        TeamPost(team=1, actor=MANAGER, since=SUMMER, leads=True),
        TeamPost(team=2, actor=HEAD, since=date(2020, 1, 1), until=AUTUMN, leads=True),
        TeamPost(team=1, actor=BEN, since=SPRING),
    ]

    rows = reach_from(Facts(allocations=[TO_ANN], teams=TEAMS, posts=posts))

    assert periods(rows, MANAGER, ReachSort.TEAM) == [(TIA, SUMMER, None)]
    assert periods(rows, HEAD, ReachSort.TEAM) == [(TIA, SPRING, AUTUMN)]
    assert periods(rows, BEN, ReachSort.TEAM) == []


def test_a_circle_of_teams_does_not_hang() -> None:
    circle = (Team(id=1, holder=LA, name="One", parent=2), Team(id=2, holder=LA, name="Two", parent=1))
    posts = [TeamPost(team=2, actor=HEAD, since=SPRING, leads=True)]

    rows = reach_from(Facts(allocations=[TO_ANN], teams=circle, posts=posts))

    assert periods(rows, HEAD, ReachSort.TEAM) == [(TIA, SPRING, None)]


def test_cover_reaches_what_the_absent_colleague_reaches_for_those_days() -> None:
    cover = Cover(absent=ANN, stands_in=BEN, since=SUMMER, until=SUMMER + timedelta(days=14))

    rows = reach_from(Facts(allocations=[TO_ANN], covers=[cover]))

    assert periods(rows, BEN, ReachSort.OPEN_ALLOCATION) == [(TIA, SUMMER, SUMMER + timedelta(days=14))]


def test_an_own_case_stays_open_to_read_for_six_months_after_it_closed() -> None:
    rows = reach_from(Facts(allocations=[replace(TO_ANN, until=AUTUMN)]))

    assert periods(rows, ANN, ReachSort.CLOSED_CASE) == [(TIA, AUTUMN, date(2027, 3, 1))]


def test_a_case_handed_to_a_colleague_is_closed_to_the_worker_who_left_it() -> None:
    to_ben = replace(TO_ANN, worker=BEN, since=AUTUMN)

    rows = reach_from(Facts(allocations=[replace(TO_ANN, until=AUTUMN), to_ben]))

    assert periods(rows, ANN, ReachSort.CLOSED_CASE) == []


def test_a_household_is_reached_with_the_child_and_not_beyond_it() -> None:
    home = Household(holder=LA, persons=frozenset({TIA, 12, 13}), since=SUMMER, until=AUTUMN)

    rows = reach_from(Facts(allocations=[TO_ANN], households=[home]))

    assert periods(rows, ANN, ReachSort.HOUSEHOLD) == [(12, SUMMER, AUTUMN), (13, SUMMER, AUTUMN)]


@pytest.mark.parametrize(
    ("sort", "ends"),
    [
        pytest.param(ReachSort.COMMISSION, AUTUMN + timedelta(days=7), id="a provider: 7 days after the placement"),
        pytest.param(ReachSort.MEETING, AUTUMN + timedelta(days=28), id="a meeting: 28 days, for the minutes"),
        pytest.param(ReachSort.INSPECTION_SAMPLE, AUTUMN, id="an inspection: the session and no more"),
        pytest.param(ReachSort.PARTNER_AGREEMENT, AUTUMN, id="an agreement: to its last day"),
    ],
)
def test_how_long_a_tie_reaches(sort: ReachSort, ends: date) -> None:
    tie = Tied(
        holder=LA, actor=BEN, persons=frozenset({TIA}), sort=sort, since=SPRING, until=AUTUMN, because="of a tie"
    )

    assert periods(reach_from(Facts(ties=[tie])), BEN, sort) == [(TIA, SPRING, ends)]


def test_only_a_role_of_the_whole_council_reaches_everybody() -> None:
    held = [
        RoleHeld(holder=LA, actor=HEAD, role="director_of_childrens_services", since=SPRING),
        RoleHeld(holder=LA, actor=ANN, role="social_worker", since=SPRING),
    ]

    rows = reach_from(Facts(roles=held))

    assert [(row.actor, row.person, row.sort) for row in rows] == [(HEAD, None, ReachSort.WHOLE_COUNCIL)]


def test_a_leavers_rows_end_with_the_allocation() -> None:
    before = reach_from(Facts(allocations=[TO_ANN]))
    after = reach_from(Facts(allocations=[replace(TO_ANN, until=SUMMER), replace(TO_ANN, worker=BEN, since=SUMMER)]))

    taken, added = changed(before, after)

    assert {row.until for row in taken} == {None}
    assert {(row.actor, row.since, row.until) for row in added} == {(ANN, SPRING, SUMMER), (BEN, SUMMER, None)}


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 6, 30), 6, date(2026, 12, 30)),
        (date(2026, 5, 31), 7, date(2026, 12, 31)),
    ],
)
def test_months_are_counted_to_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int, then: date) -> None:
    assert add_months(day, months) == then


days = st.dates(date(2024, 1, 1), date(2027, 1, 1))
allocations = st.builds(
    Allocation,
    holder=st.just(LA),
    person=st.integers(1, 4),
    role=st.sampled_from(["social_worker", "personal_adviser"]),
    worker=st.sampled_from([ANN, BEN, None]),
    team=st.sampled_from([1, None]),
    since=days,
    until=st.none() | days,
)


@given(st.lists(allocations, max_size=6), days)
def test_somebody_is_reached_on_a_day_by_allocation_if_and_only_if_they_are_allocated_that_day(
    some: list[Allocation], day: date
) -> None:
    rows = reach_from(Facts(allocations=some))

    reached = {(row.actor, row.person) for row in rows if row.sort is ReachSort.OPEN_ALLOCATION and row.holds_on(day)}
    allocated = {
        (a.worker, a.person) for a in some if a.worker and a.since <= day and (a.until is None or day < a.until)
    }
    assert reached == allocated


@given(st.lists(allocations, max_size=6))
def test_no_row_is_empty_and_the_same_facts_give_the_same_rows(some: list[Allocation]) -> None:
    rows = reach_from(Facts(allocations=some))

    assert all(row.until is None or row.since < row.until for row in rows)
    assert rows == reach_from(Facts(allocations=list(reversed(some))))
