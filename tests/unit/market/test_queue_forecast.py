"""How long the queue of applications to register may take: the order of work, against a slow twin, and what the ranges say. All is invented."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.market.cases import registration
from kinfold.market.supply.forecast import (
    WORKING_DAYS_A_YEAR,
    Assumed,
    Job,
    arrivals_in_a_year,
    assumed_by,
    by_staffing,
    finished,
    forecast,
    waiting_jobs,
)
from kinfold.terms.errors import InputError
from kinfold.terms.working_days import bank_holidays
from tests.unit.market.supply import PACK, TODAY, Journal, ago

HOLIDAYS = bank_holidays(2024, 2028)
READY = {
    "provider_sort": "company", "need": "care", "commissioned": False, "area_short": False, "capital_grant": False, "planning": "granted",
    "location_assessment": "suitable", "manager": True, "money": True,
}  # fmt: skip
ASSUMED = Assumed(officers=2, fast_a_year=12, standard_a_year=40, work=(3, 6, 15), weeks=12, draws=40)

jobs = st.lists(
    st.builds(Job, is_fast=st.booleans(), arrives=st.integers(0, 12), work=st.integers(1, 6)), min_size=1, max_size=14
)


def day_by_day(asked: list[Job], officers: int) -> list[float]:
    """Return what `finished` does, the slow way: day after day, each free officer takes the best of those that are there."""
    left, busy, ends, day = set(range(len(asked))), [0] * officers, [0.0] * len(asked), 0
    while left:
        for officer in range(officers):
            there = [at for at in left if asked[at].arrives <= day]
            if busy[officer] <= day and there:
                best = min(there, key=lambda at: (not asked[at].is_fast, at))
                left.remove(best)
                busy[officer] = day + int(asked[best].work)
                ends[best] = float(busy[officer])
        day += 1
    return ends


@given(jobs, st.integers(1, 4))
def test_applications_are_worked_as_if_day_after_day(asked: list[Job], officers: int) -> None:
    assert finished(asked, officers) == day_by_day(asked, officers)


@given(jobs, st.integers(1, 4))
def test_nobody_works_on_two_at_once_and_nothing_is_decided_before_it_is_done(asked: list[Job], officers: int) -> None:
    ends = finished(asked, officers)

    assert all(end >= one.arrives + one.work for one, end in zip(asked, ends, strict=True))
    for one, end in zip(asked, ends, strict=True):
        under_way = sum(e - j.work < end <= e for j, e in zip(asked, ends, strict=True))
        assert under_way <= officers, one


@given(jobs, st.integers(1, 4))
def test_with_one_more_officer_nothing_that_waits_already_is_decided_later(asked: list[Job], officers: int) -> None:
    waiting = [replace(one, arrives=0) for one in asked]

    assert all(more <= fewer for fewer, more in zip(finished(waiting, officers), finished(waiting, officers + 1), strict=True))  # fmt: skip


def test_the_fast_track_goes_first_and_what_is_begun_is_not_put_aside() -> None:
    asked = [Job(False, work=5), Job(False, work=5), Job(True, arrives=1, work=2)]

    assert finished(asked, 1) == [5, 12, 7]
    assert finished([replace(one, arrives=0) for one in asked], 1) == [7, 12, 2]


def test_what_is_certain_has_no_range() -> None:
    sure = replace(ASSUMED, officers=1, fast_a_year=0, standard_a_year=0, work=(5, 5, 5))
    found = forecast([Job(False, due=4), Job(False, due=20), Job(False, work=0.4)], sure)

    assert found.clear == {"low": 12, "middle": 12, "high": 12}
    assert (found.late["middle"], found.timed) == (1, 2)
    assert [one["middle"] for one in found.by_week] == [3, 2, 1] + [0] * 10


def test_the_same_seed_gives_the_same_and_more_officers_clear_sooner() -> None:
    waiting = [Job(at % 3 == 0, due=40) for at in range(20)]
    found = by_staffing(waiting, ASSUMED, (1, 2, 4))

    assert forecast(waiting, ASSUMED) == found[2]
    assert found[1].clear["middle"] > found[2].clear["middle"] > found[4].clear["middle"]
    assert found[1].late["middle"] >= found[2].late["middle"] >= found[4].late["middle"]
    assert all(one["low"] <= one["middle"] <= one["high"] for each in found.values() for one in each.by_week)


def test_a_queue_of_officers_who_cannot_keep_up_grows() -> None:
    busy = replace(ASSUMED, officers=1, standard_a_year=2 * WORKING_DAYS_A_YEAR / 8, weeks=40)

    found = forecast([], busy)

    assert found.by_week[0]["high"] == 0
    assert found.by_week[40]["low"] > found.by_week[10]["high"]


@pytest.mark.parametrize(("wrong", "words"), [
    ({"officers": 0}, "at least 1"), ({"work": (0, 1, 2)}, "least work"), ({"work": (3, 2, 5)}, "least work"), ({"work": (1, 6, 5)}, "least work"),
])  # fmt: skip
def test_what_cannot_be_assumed_is_refused_in_words(wrong: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        forecast([Job(False)], replace(ASSUMED, **wrong))  # type: ignore[arg-type]


def application(days: int, **said: object) -> Journal:
    facts = {**READY, **said}
    return Journal(registration, name="Elm", provider="Elm Ltd", provision="children's home", council="330", received_on=ago(days), **facts)  # fmt: skip


def test_only_what_officers_can_work_on_counts_and_what_was_done_of_it_is_done() -> None:
    fit, plain, back, visited = (
        application(20, provider_sort="charity"),
        application(400),
        application(9),
        application(60),
    )
    back.write("move", to="sent back", reasons="No money is named")
    visited.write("move", to="complete", on=ago(50), reasons="Complete")
    visited.write("route", route="standard", on=ago(48), reasons="No rule opens the fast track")
    visited.write("visit", on=ago(5), who="Ann", found="Rooms ready")
    every = [one.working for one in (fit, plain, back, visited)]

    found = waiting_jobs(every, today=TODAY, holidays=HOLIDAYS, policy=PACK)

    assert [(one.is_fast, one.work, one.due is None) for one in found] == [(True, 1, True), (False, 1, True), (False, PACK["registration_work_left_visited"], False)]  # fmt: skip
    assert arrivals_in_a_year(every, TODAY) == (1, 2)


def test_the_work_that_is_assumed_stands_in_the_policy_pack() -> None:
    found = assumed_by(PACK, officers=3, fast_a_year=1, standard_a_year=2)

    assert found.work == tuple(float(PACK[f"registration_work_{one}"]) for one in ("least", "usual", "most"))
