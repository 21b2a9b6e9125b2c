"""The engine: what starts, meets, ends and re-dates a clock, whatever the order and the state of the facts."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinfold.duties import (
    State,
    calendars_known_on,
    clocks,
    clocks_of_council,
    compare,
    days_in_force,
    duty_catalogue,
    recounted,
    wall_on,
)
from kinfold.duties.prove import replay
from kinfold.record.in_time import FactVersion
from kinfold.terms.errors import InputError


def only(found, duty):
    return [clock for clock in found if clock.duty.id == duty]


@pytest.fixture
def read(catalogue, calendars):
    def clocks_on(facts, day, duty, **more):
        return only(clocks(facts, catalogue, calendars, today=date.fromisoformat(day), **more), duty)

    return clocks_on


@pytest.mark.parametrize(
    ("today", "state"),
    [
        pytest.param("2026-11-13", State.RUNNING, id="the day after"),
        pytest.param("2026-12-03", State.AMBER, id="five working days left"),
        pytest.param("2026-12-10", State.DUE, id="the last day"),
        pytest.param("2026-12-11", State.BREACHED, id="the day after the last"),
    ],
)
def test_a_clock_goes_from_running_to_amber_to_due_to_breached(fact, read, today, state):
    assert read([fact("care_period", "2026-11-12")], today, "LA18")[0].state is state


def test_a_clock_says_why_in_one_sentence_with_its_source(fact, read):
    clock = read([fact("care_period", "2026-11-12")], "2026-11-13", "LA18")[0]

    assert clock.because.startswith("First looked after review: due on Thursday 10 December 2026, 20 working days from")
    assert "reg. 33(1)" in clock.because


def test_who_answers_for_it_changes_as_it_grows_late(fact, read):
    facts = [fact("child_protection_plan", "2027-02-01")]

    assert read(facts, "2027-02-02", "CP08")[0].accountable == "lead social worker"
    assert read(facts, "2027-02-14", "CP08")[0].accountable == "team manager"
    assert read(facts, "2027-02-17", "CP08")[0].accountable == "head of service"


def test_done_on_the_last_day_is_in_time_and_a_day_later_is_late(fact, read):
    care = fact("care_period", "2026-11-12")

    assert read([care, fact("looked_after_review", "2026-12-10")], "2027-01-05", "LA18")[0].state is State.MET
    assert read([care, fact("looked_after_review", "2026-12-11")], "2027-01-05", "LA18")[0].state is State.MET_LATE


def test_a_cancelled_review_a_draft_and_a_void_fact_meet_nothing(fact, read):
    care = fact("care_period", "2026-11-12")
    nothing = [
        fact("looked_after_review", "2026-12-01", cancelled=True),
        fact("looked_after_review", "2026-12-02", status="draft"),
        fact("looked_after_review", "2026-12-03", status="returned"),
        fact("looked_after_review", "2026-12-04", status="void"),
    ]

    assert read([care, *nothing], "2026-12-05", "LA18")[0].state is State.AMBER


def test_one_meeting_meets_several_clocks_and_one_trigger_starts_many(fact, catalogue, calendars):
    facts = [fact("care_period", "2026-11-12"), fact("placement", "2026-11-12", placement_type="U6")]

    started = {clock.duty.id for clock in clocks(facts, catalogue, calendars, today=date(2026, 11, 13))}

    assert {"LA02", "LA03", "LA04", "LA05", "LA06", "LA12", "LA18", "ED03"} <= started


def test_a_spell_that_ended_before_the_last_day_leaves_nothing_due(fact, read):
    clock = read([fact("care_period", "2026-11-12", to="2026-11-20")], "2027-01-05", "LA18")[0]

    assert clock.state is State.NOT_APPLICABLE
    assert "before it was due" in clock.because


def test_a_breach_stays_on_record_after_the_spell_has_ended_and_is_no_longer_to_be_done(fact, read):
    clock = read([fact("care_period", "2026-11-12", to="2027-02-01")], "2027-03-05", "LA18")[0]

    assert (clock.state, clock.is_overdue) == (State.BREACHED, False)


def test_death_ends_the_clocks_of_the_living(fact, read):
    facts = [
        fact("person_details", None, birth_date="2015-01-01", death_date="2026-11-20"),
        fact("care_period", "2026-11-12"),
    ]

    assert read(facts, "2027-01-05", "LA18")[0].state is State.NOT_APPLICABLE


def test_short_breaks_have_their_own_rules(fact, read):
    facts = [fact("care_period", "2026-11-12"), fact("legal_status", "2026-11-12", legal_status="V4")]

    clock = read(facts, "2026-11-13", "LA18")[0]

    assert clock.state is State.NOT_APPLICABLE
    assert "regulation 48" in clock.because


def test_visits_run_from_the_visit_held_and_an_attempt_is_no_visit(fact, read):
    facts = [
        fact("placement", "2026-11-12", placement_type="U6"),
        fact("looked_after_visit", "2026-11-16", seen=True),
        fact("looked_after_visit", "2026-12-20", seen=False, attempted_only=True),
    ]

    first, running = read(facts, "2026-12-21", "LA12"), read(facts, "2026-12-21", "LA13")

    assert first[0].state is State.MET
    assert [(clock.started, clock.due) for clock in running] == [(date(2026, 11, 16), date(2026, 12, 28))]


def test_after_a_year_a_long_term_placement_is_visited_every_three_months(fact, read):
    def due(placement_type):
        visits = [fact("looked_after_visit", day, seen=True) for day in ("2026-01-05", "2027-01-20")]
        facts = [fact("placement", "2026-01-02", placement_type=placement_type), *visits]
        return read(facts, "2027-01-21", "LA14")[-1].due

    assert (due("U6"), due("U4")) == (date(2027, 3, 3), date(2027, 4, 20))


def test_a_health_assessment_just_before_the_fifth_birthday_is_followed_by_one_in_six_months(fact, read):
    facts = [
        fact("person_details", None, birth_date="2022-03-01"),
        fact("care_period", "2026-01-01"),
        fact("health_assessment", "2027-02-01", assessment_type="REVIEW_HEALTH_ASSESSMENT"),
    ]

    assert [clock.due for clock in read(facts, "2027-02-02", "LA07")] == [date(2027, 8, 1)]
    assert read(facts, "2027-02-02", "LA08") == []


def test_an_extension_on_record_moves_the_last_day(fact, read):
    asked = fact("subject_access_request", "2027-01-12")
    told = replace(asked, payload={"extension_told_date": "2027-02-01"})

    assert read([asked], "2027-01-20", "RC01")[0].due == date(2027, 2, 12)
    assert read([told], "2027-02-20", "RC01")[0].due == date(2027, 4, 12)


def test_emergency_protection_after_police_protection_shows_the_earlier_end_too(fact, read):
    facts = [
        fact("police_protection", "2027-02-19", began_at="2027-02-19T22:10:00+00:00"),
        fact("emergency_protection_order", "2027-02-22"),
    ]

    clock = read(facts, "2027-02-23", "CP10")[0]

    assert (clock.due, clock.also_due) == (date(2027, 3, 2), date(2027, 2, 26))


def test_a_state_that_ended_on_its_last_day_was_not_late(fact, read):
    # The end of a spell is the first day it no longer held: an order of 7 days from 1 February ends on the 8th.
    def state(end):
        return read([fact("child_assessment_order", "2027-02-01", to=end)], "2027-03-01", "CP12")[0].state

    assert (state("2027-02-08"), state("2027-02-09")) == (State.MET, State.MET_LATE)


def test_eligibility_waits_for_thirteen_weeks_in_care(fact, read):
    born = fact("person_details", None, birth_date="2011-02-09")
    earlier = fact("care_period", "2025-06-01", to="2025-07-01")
    late = fact("care_period", "2027-02-01")

    assert read([born, late], "2027-05-10", "LC01")[0].started == date(2027, 5, 3)
    assert read([born, earlier, late], "2027-05-10", "LC01")[0].started == date(2027, 4, 3)
    assert read([born, late], "2027-05-01", "LC01") == []


def test_a_duty_that_nothing_kept_here_could_show_is_not_called_late(fact, read):
    clock = read([fact("care_period", "2026-01-12")], "2027-01-05", "LA05", kept=frozenset({"looked_after_review"}))[0]

    assert clock.state is State.NOT_APPLICABLE
    assert "nothing loaded here could show" in clock.because


def test_what_if_names_the_clocks_that_a_switch_would_start(fact, catalogue, calendars):
    facts = [fact("relevant_information", "2027-01-11")]
    today = date(2027, 1, 20)

    before = clocks(facts, catalogue, calendars, today=today)
    after = clocks(
        facts, catalogue, calendars, today=today, switches=days_in_force({"information_duty": date(2027, 1, 1)})
    )

    assert [clock.duty.id for clock in compare(before, after).would_be_overdue] == ["CP17"]
    with pytest.raises(InputError, match="no commencement switch"):
        days_in_force({"no_such_switch": date(2027, 1, 1)})


def test_a_switch_changes_nothing_that_began_before_its_day(fact, read):
    facts = [fact("relevant_information", "2027-01-11")]

    later = days_in_force({"information_duty": date(2027, 2, 1)})

    assert read(facts, "2027-02-02", "CP17", switches=later)[0].state is State.DORMANT


def test_the_council_has_clocks_of_its_own(fact, catalogue, calendars):
    facts = [
        fact("council_details", "2025-04-01", la_code="901"),
        fact("post_holder", "2025-05-01", post="virtual school head", subject=7),
        fact("published_report", "2025-09-30", report_type="safeguarding partners' yearly report", step="published"),
    ]

    found = clocks_of_council(facts, catalogue, calendars, subject=1, today=date(2026, 10, 10))

    assert only(found, "ED07")[0].state is State.MET
    assert [(clock.state, clock.due) for clock in only(found, "SG07")] == [
        (State.MET, date(2026, 4, 1)),
        (State.BREACHED, date(2026, 9, 30)),
    ]
    assert [clock.due for clock in only(found, "RC04")] == [date(2026, 7, 31)]


def test_the_notice_before_publication_is_counted_back(fact, read):
    published = fact("practice_review_step", "2027-08-04", step="published")
    sent = fact("practice_review_step", "2027-07-27", step="sent to Panel and Secretary of State")

    assert read([published], "2027-07-20", "SG06")[0].due == date(2027, 7, 26)
    assert read([published, sent], "2027-08-10", "SG06")[0].state is State.MET_LATE


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
    from datetime import timedelta

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


def test_a_condition_is_said_in_words(fact, read):
    facts = [
        fact("care_period", "2026-11-12"),
        fact("placement", "2026-11-12", regulation="24"),
        fact("looked_after_visit", "2026-11-19", seen=True),
    ]

    weekly = read(facts, "2026-11-20", "LA16")[0]
    ordinary = read(facts, "2026-11-20", "LA13")[0]

    assert "1 week from Thursday 19 November 2026, because the first review has not been held, under the placement" in (
        weekly.because
    )
    assert ordinary.because.startswith(
        "Visits in the first year of a placement: not applicable, another rule of regulation 28 sets the visits of "
        "this placement; it would follow from the placement of Thursday 12 November 2026"
    )


@pytest.mark.parametrize(
    ("died", "due"),
    [
        pytest.param(None, "2085-06-14", id="the 75th birthday"),
        pytest.param("2024-03-04", "2039-03-03", id="died before 18: 15 years beginning with that day"),
        pytest.param("2030-03-04", "2085-06-14", id="died grown up: the 75th birthday all the same"),
    ],
)
def test_a_looked_after_childs_record_is_kept_as_long_as_the_regulation_says(fact, read, died, due):
    facts = [
        fact("person_details", None, birth_date="2010-06-14", death_date=died),
        fact("care_period", "2020-01-01", to=died if died == "2024-03-04" else "2024-01-01"),
    ]

    (clock,) = read(facts, "2031-01-01", "RC02")

    assert (clock.state, str(clock.due)) == (State.RUNNING, due)


def test_who_came_into_care_before_four_is_asked_about_their_feelings_from_their_fourth_birthday(fact, read):
    facts = [
        fact("person_details", None, birth_date="2021-05-05"),
        fact("care_period", "2023-01-01"),
    ]

    assert not read(facts, "2025-05-04", "LA10")
    (clock,) = read(facts, "2025-05-05", "LA10")
    assert str(clock.due) == "2026-05-05"
