"""The invented world keeps the rules that real records are expected to keep."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.synthetic.as_daily_feed import child_of
from kinfold.synthetic.council import CouncilMaker, Size
from kinfold.synthetic.days import birthday, day
from kinfold.synthetic.episodes import episodes_of
from kinfold.synthetic.market import councils_of
from kinfold.synthetic.pathways import draw_pathway
from kinfold.synthetic.window import window_of
from kinfold.synthetic.world import CarePeriod, Child, Council, Referral
from kinfold.terms.identifiers import (
    is_nhs_number,
    is_upn,
)

TODAY = day(2026, 6, 30)
WINDOW = window_of(reference=day(2026, 3, 31), today=TODAY, years=5)


@pytest.fixture(scope="module")
def council() -> Council:
    """A small council beside two others."""
    councils = councils_of("region")
    return CouncilMaker(7, councils[0], Size(120, 900, 6), WINDOW, (councils[1], councils[2])).make()


@pytest.fixture(scope="module")
def periods(council: Council) -> list[tuple[Child, CarePeriod]]:
    return [(child, period) for child in council.children for period in child.care]


def test_the_council_has_as_many_children_in_care_as_asked_for(council: Council) -> None:
    in_window = [
        c for c in council.children if any(p.start <= WINDOW.last and (p.end or TODAY) >= WINDOW.first for p in c.care)
    ]

    assert 120 <= len(in_window) <= 130


def test_placements_and_legal_statuses_tile_each_period_of_care(periods: list[tuple[Child, CarePeriod]]) -> None:
    for _, period in periods:
        for spells in ([(p.start, p.end) for p in period.placements], [(s.start, s.end) for s in period.statuses]):
            assert spells[0][0] == period.start
            assert spells[-1][1] == period.end
            assert all(one[1] == other[0] for one, other in itertools.pairwise(spells))
            assert all(end is None or end > start for start, end in spells)


def test_episodes_begin_with_s_and_follow_one_another(periods: list[tuple[Child, CarePeriod]]) -> None:
    for _, period in periods:
        episodes = episodes_of(period)

        assert [one.new_reason == "S" for one in episodes] == [True] + [False] * (len(episodes) - 1)
        assert all(one.ceased_reason == "X1" for one in episodes[:-1])
        assert all(one.end == other.start for one, other in itertools.pairwise(episodes))


@pytest.mark.parametrize(
    ("reason", "status_changes", "placement_changes"),
    [("L", True, False), ("P", False, True), ("T", False, True), ("B", True, True), ("U", True, True)],
)
def test_the_reason_for_a_new_episode_says_what_changed(
    periods: list[tuple[Child, CarePeriod]], reason: str, status_changes: bool, placement_changes: bool
) -> None:
    for _, period in periods:
        episodes = episodes_of(period)
        for before, after in itertools.pairwise(episodes):
            if after.new_reason == reason:
                assert (before.status is not after.status) == status_changes
                assert (before.placement is not after.placement) == placement_changes


def test_no_child_is_placed_with_parents_while_accommodated_by_agreement(
    periods: list[tuple[Child, CarePeriod]],
) -> None:
    placed = [e for _, period in periods for e in episodes_of(period) if e.placement.kind == "P1"]

    assert placed
    assert {e.status.code for e in placed} <= {"C1", "C2", "E1"}


def test_nobody_is_looked_after_past_their_eighteenth_birthday(periods: list[tuple[Child, CarePeriod]]) -> None:
    for child, period in periods:
        assert child.birth is not None
        assert period.start >= child.birth
        assert (period.end or TODAY) <= birthday(child.birth, 18)


def test_an_adopted_child_was_placed_for_adoption_from_foster_care(periods: list[tuple[Child, CarePeriod]]) -> None:
    adopted = [period for _, period in periods if period.end_reason in ("E11", "E12")]

    assert adopted
    for period in adopted:
        plan = period.adoption
        assert plan is not None
        assert plan.matched is not None
        assert plan.placed is not None
        assert plan.decision <= plan.order < plan.placed
        assert plan.matched <= plan.placed
        assert period.placements[-1].kind in ("A5", "A6")
        assert period.placements[-2].kind.startswith("U")
        assert period.statuses[-1].code == "E1"


def test_care_lies_within_an_episode_of_need(periods: list[tuple[Child, CarePeriod]]) -> None:
    for child, period in periods:
        assert any(
            r.made <= period.start and (r.closed is None or (period.end is not None and r.closed >= period.end))
            for r in child.referrals
        )


def test_plans_conferences_and_assessments_lie_within_their_referral(council: Council) -> None:
    for referral in (r for child in council.children for r in child.referrals):
        closed = referral.closed or TODAY
        for start, end in _spans(referral):
            assert referral.made <= start
            assert start <= (end if end is not None else start) <= closed


def _spans(referral: Referral) -> Iterator[tuple[int, int | None]]:
    yield from ((one.start, one.authorised) for one in referral.assessments)
    yield from ((one.start, one.end) for one in referral.need_plans)
    yield from ((one.start, one.end) for one in referral.protection_plans)
    yield from ((one.start, one.end) for one in referral.enquiries)


def test_a_child_in_need_plan_never_runs_beside_a_protection_plan(council: Council) -> None:
    for referral in (r for child in council.children for r in child.referrals):
        for need in referral.need_plans:
            for plan in referral.protection_plans:
                assert need.start > (plan.end or TODAY) or (need.end or TODAY) < plan.start


def test_a_protection_plan_starts_on_the_day_of_its_conference(council: Council) -> None:
    for referral in (r for child in council.children for r in child.referrals):
        conferences = {e.conference_id: e.conference for e in referral.enquiries}
        assert all(conferences[plan.conference_id] == plan.start for plan in referral.protection_plans)


def test_nothing_is_known_of_the_future(council: Council) -> None:
    for child in council.children:
        days = [r.made for r in child.referrals] + [r.closed for r in child.referrals if r.closed]
        days += [d for p in child.care for d in (*p.reviews, *p.visits, p.start, p.end or 0)]
        assert max(days, default=0) <= TODAY


def test_every_number_is_well_formed_and_given_once(council: Council) -> None:
    numbers = [child.la_child_id for child in council.children]

    assert len(numbers) == len(set(numbers))
    for child in council.children:
        assert re.fullmatch(r"[A-Za-z0-9]{1,20}", child.la_child_id)
        assert is_nhs_number(child.nhs_number)
        assert child.nhs_number.startswith("999"), "the range set apart for made-up people"
        assert is_upn(child.upn) if child.upn else child.upn_unknown
    assert all(re.fullmatch(r"(SW|XX)[A-Za-z0-9]{2,10}", worker.registration) for worker in council.workers)


def test_settings_have_numbers_that_ofsted_has_not_given_out(periods: list[tuple[Child, CarePeriod]]) -> None:
    urns = {place.urn for _, period in periods for place in period.placements}

    assert all(urn in ("", "XXXXXXX") or (len(urn) == 7 and urn.startswith("SC9")) for urn in urns)


def test_the_world_has_twins_siblings_unborn_and_unaccompanied_children(council: Council) -> None:
    children = {child.la_child_id: child for child in council.children}
    families: dict[str, int] = {}
    for child in council.children:
        families[child.family.number] = families.get(child.family.number, 0) + 1

    assert any(count > 2 for count in families.values())
    assert any(child.unaccompanied for child in council.children)
    assert any(child.birth is None and child.expected is not None for child in council.children)
    assert any("-" in child.surname or " " in child.surname for child in council.children)
    for child in council.children:
        if child.twin_of in children:
            assert children[child.twin_of].birth == child.birth


def test_codes_are_those_of_their_day(periods: list[tuple[Child, CarePeriod]]) -> None:
    for _, period in periods:
        for place in period.placements:
            last = (place.end or TODAY) - 1
            assert place.kind != "H5" or last < day(2023, 10, 28)
            assert place.kind != "K3" or place.start >= day(2023, 10, 28)
            assert place.kind != "Z1" or last < day(2025, 4, 1)


def test_the_same_seed_makes_the_same_council_and_another_seed_another() -> None:
    def made(seed: int) -> list[dict[str, object]]:
        council = councils_of("council")[0]
        maker = CouncilMaker(seed, council, Size(10, 40, 0), WINDOW, None)
        return [child_of(child) for child in maker.make().children]

    assert made(3) == made(3)
    assert made(3) != made(4)


def test_a_mover_is_one_person_under_two_numbers_in_two_councils(council: Council) -> None:
    councils = councils_of("region")
    after = CouncilMaker(7, councils[2], Size(5, 40, 6), WINDOW, (councils[0], councils[3])).make()
    left = {c.person: c for c in council.children if c.elsewhere and c.elsewhere[0] == councils[2].la_code}
    came = {c.person: c for c in after.children if c.elsewhere and c.elsewhere[0] == councils[0].la_code}

    assert len(left) == 6
    assert left.keys() == came.keys()
    for person, there in came.items():
        here = left[person]
        assert (here.forename, here.birth, here.sex, here.nhs_number) == (
            there.forename,
            there.birth,
            there.sex,
            there.nhs_number,
        )
        assert here.elsewhere == (councils[2].la_code, there.la_child_id)
        assert there.elsewhere == (councils[0].la_code, here.la_child_id)
        assert here.referrals[-1].closure_reason == "RC5"
        assert there.referrals[0].made >= (here.referrals[-1].closed or 0)


def test_each_present_social_worker_holds_about_sixteen_cases(council: Council) -> None:
    held = sum(a.end is None for child in council.children for a in child.allocations)
    present = sum(w.full_time_equivalent for w in council.workers if w.left is None and w.title == "Social worker")

    assert held / present == pytest.approx(16.0, abs=1.5)


@pytest.mark.parametrize(
    ("reference", "first", "last"),
    [
        pytest.param(date(2026, 3, 31), date(2021, 4, 1), date(2026, 3, 31), id="on the last day of the year"),
        pytest.param(date(2026, 7, 14), date(2021, 4, 1), date(2026, 3, 31), id="in the summer after"),
        pytest.param(date(2026, 3, 30), date(2020, 4, 1), date(2025, 3, 31), id="the day before the year ends"),
    ],
)
def test_the_window_ends_with_the_last_whole_year(reference: date, first: date, last: date) -> None:
    window = window_of(reference=reference.toordinal(), today=reference.toordinal(), years=5)

    assert (window.first, window.last) == (first.toordinal(), last.toordinal())
    assert len(window.year_ends) == 5


@given(seed=st.integers(0, 2**32), start=st.integers(day(2003, 4, 1), TODAY))
def test_every_pathway_begins_after_birth_and_ends_by_eighteen(seed: int, start: int) -> None:
    path = draw_pathway(Random(seed), start)

    assert path.birth <= path.start < path.end <= birthday(path.birth, 18)
