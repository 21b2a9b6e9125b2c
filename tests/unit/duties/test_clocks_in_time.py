"""A wall over time: it rolls forward, is dated again, can be asked what it said, and holds for any facts at all."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinfold.duties import State, calendars_known_on, clocks, duty_catalogue, recounted, wall_on
from kinfold.duties.prove import replay
from kinfold.record.in_time import FactVersion

from .conftest import only


def test_history_is_the_life_of_a_clock_day_by_day(fact, read):
    facts = [fact("care_period", "2026-11-12"), fact("looked_after_review", "2026-12-15")]

    clock = read(facts, "2026-12-20", "LA18")[0]

    assert [(change.on.isoformat(), change.state) for change in clock.history] == [
        ("2026-11-12", State.RUNNING),
        ("2026-12-03", State.AMBER),
        ("2026-12-11", State.BREACHED),
        ("2026-12-15", State.MET_LATE),
    ]


def test_what_the_wall_said_before_a_visit_was_recorded_can_still_be_asked(fact, catalogue, calendars):
    facts = [
        fact("placement", "2026-11-12", placement_type="U6", known_from=1),
        fact("looked_after_visit", "2026-11-18", seen=True, known_from=5),
    ]
    today = date(2026, 11, 21)

    then = only(clocks(facts, catalogue, calendars, today=today, known_at=4), "LA12")[0]
    now = only(clocks(facts, catalogue, calendars, today=today), "LA12")[0]
    changes = [change for change in replay(facts, catalogue, calendars, today=today) if change.key == now.key]

    assert (then.state, now.state) == (State.BREACHED, State.MET)
    assert [(change.commit_number, change.after) for change in changes] == [(1, State.BREACHED), (5, State.MET)]


def test_the_wall_rolls_forward_without_the_facts(fact, catalogue, calendars):
    facts = [fact("care_period", "2026-11-12"), fact("placement", "2026-11-12", placement_type="U6")]
    today, later = date(2026, 11, 13), date(2026, 12, 4)

    rolled = wall_on(clocks(facts, catalogue, calendars, today=today), later)

    fresh = {clock.key: clock.state for clock in clocks(facts, catalogue, calendars, today=later)}
    assert {clock.key: clock.state for clock in rolled} == fresh


def test_a_new_bank_holiday_re_dates_the_clocks_that_run_and_no_other(fact, catalogue, calendars):
    facts = [
        fact("care_period", "2026-11-12"),
        fact("placement", "2026-11-12", placement_type="U6"),
        fact("looked_after_visit", "2026-11-16", seen=True),
    ]
    today = date(2026, 11, 20)
    more = replace(calendars, holidays=calendars.holidays | {date(2026, 12, 1)})

    moved = {clock.key: clock.due for clock in recounted(clocks(facts, catalogue, calendars, today=today), more, today)}

    assert moved == {clock.key: clock.due for clock in clocks(facts, catalogue, more, today=today)}
    assert {due for key, due in moved.items() if key.startswith("LA18")} == {date(2026, 12, 11)}


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param([("care_period", "2026-01-01", None), ("care_period", "2026-02-01", "2026-03-01")], id="overlap"),
        pytest.param(
            [("placement", "2026-05-01", "2026-05-01"), ("care_period", "2026-05-01", "2026-05-01")], id="a day"
        ),
        pytest.param(
            [("person_details", None, None), ("looked_after_visit", "1999-01-01", None)], id="before the birth"
        ),
        pytest.param([("death", "2026-01-05", None), ("looked_after_visit", "2026-03-01", None)], id="after the death"),
        pytest.param([("placement", "2026-05-01", "2026-04-01")], id="ended before it began"),
        pytest.param([("care_period", None, None), ("placement", None, "2026-01-01")], id="no first day"),
        pytest.param([("no_such_kind", "2026-01-01", None)], id="a kind nobody declared"),
        pytest.param(
            [("referral_episode", "9999-12-01", None), ("care_period", "0001-01-01", None)], id="ends of time"
        ),
    ],
)
def test_facts_that_cannot_be_true_never_stop_the_clock(catalogue, calendars, facts):
    made = [
        FactVersion(
            id=number,
            fact=number,
            subject=1,
            kind=kind,
            valid_from=date.fromisoformat(start) if start else None,
            valid_to=date.fromisoformat(end) if end else None,
            payload={"birth_date": "2020-01-01"} if kind == "person_details" else {"seen": True},
        )
        for number, (kind, start, end) in enumerate(facts, 1)
    ]

    found = clocks(made, catalogue, calendars, today=date(2026, 11, 22))

    assert all(clock.because for clock in found)


KINDS = st.sampled_from(
    [
        "care_period",
        "placement",
        "looked_after_visit",
        "looked_after_review",
        "child_protection_plan",
        "child_protection_review",
        "core_group",
        "referral_episode",
        "assessment",
        "health_assessment",
    ]
)
FACTS = st.lists(st.tuples(KINDS, st.dates(date(2024, 1, 1), date(2026, 11, 1)), st.integers(0, 400)), max_size=14)
LASTING = {"care_period", "placement", "child_protection_plan", "referral_episode", "assessment"}


def world(drawn):
    return [
        FactVersion(
            id=number,
            fact=number,
            subject=1,
            kind=kind,
            valid_from=start,
            valid_to=start + timedelta(days=length) if kind in LASTING and length % 3 else None,
            payload={"seen": True, "assessment_type": "REVIEW_HEALTH_ASSESSMENT", "quorate": True, "held": True},
            known_from=number,
        )
        for number, (kind, start, length) in enumerate(drawn, 1)
    ]


def told(found):
    return [(clock.key, clock.state, clock.due, clock.because) for clock in found]


@settings(max_examples=60, deadline=None)
@given(FACTS, st.randoms(use_true_random=False))
def test_the_order_of_the_facts_changes_nothing(drawn, shuffler: random.Random):
    facts = world(drawn)
    mixed = list(facts)
    shuffler.shuffle(mixed)
    catalogue, calendars = duty_catalogue(), calendars_known_on(None)

    one = clocks(facts, catalogue, calendars, today=date(2026, 11, 22))

    assert told(one) == told(clocks(mixed, catalogue, calendars, today=date(2026, 11, 22)))


@settings(max_examples=40, deadline=None)
@given(FACTS)
def test_each_clock_is_reproduced_from_what_was_known(drawn):
    facts = world(drawn)
    catalogue, calendars, today = duty_catalogue(), calendars_known_on(None), date(2026, 11, 22)

    for number in (0, len(facts) // 2, len(facts)):
        by_commit = clocks(facts, catalogue, calendars, today=today, known_at=number)
        assert told(by_commit) == told(clocks(facts[:number], catalogue, calendars, today=today))


@settings(max_examples=40, deadline=None)
@given(FACTS)
def test_no_two_clocks_have_one_name_but_a_superseded_one_and_its_successor(drawn):
    found = clocks(world(drawn), duty_catalogue(), calendars_known_on(None), today=date(2026, 11, 22))
    named = [clock.key for clock in found if clock.state is not State.SUPERSEDED]

    assert len(named) == len(set(named))


@settings(max_examples=40, deadline=None)
@given(FACTS, st.dates(date(2026, 11, 22), date(2027, 6, 1)))
def test_rolling_a_wall_forward_agrees_with_working_it_out_again(drawn, later):
    facts, catalogue, calendars = world(drawn), duty_catalogue(), calendars_known_on(None)
    rolled = wall_on(clocks(facts, catalogue, calendars, today=date(2026, 11, 22)), later)

    fresh = {clock.key: clock.state for clock in clocks(facts, catalogue, calendars, today=later)}
    open_ones = {clock.key: clock.state for clock in rolled if clock.is_waiting or clock.is_overdue}
    # An end that was recorded ahead of its day may come in between: then working out again knows more.
    ends = {fact.valid_to for fact in facts if fact.valid_to and date(2026, 11, 22) < fact.valid_to <= later}
    if not ends:
        assert {key: fresh[key] for key in open_ones} == open_ones
