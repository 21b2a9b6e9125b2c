"""The engine: what starts, meets, ends and re-dates a clock, whatever the order and the state of the facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kinfold.duties import State, World, clocks, clocks_of, compare, days_in_force, one_story
from kinfold.terms.errors import InputError

from .conftest import only


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
    loaded = fact("care_period", "2026-01-12", source="ssda903")

    clock = read([loaded], "2027-01-05", "LA05", kept=frozenset({"looked_after_review"}))[0]

    assert clock.state is State.NOT_APPLICABLE
    assert "nothing loaded here could show" in clock.because


def test_what_was_typed_in_here_starts_its_clock_though_nothing_like_its_answer_was_ever_recorded(fact, read):
    complaint = fact("complaint", "2026-11-20", about="A visit was cancelled")

    clock = read([complaint], "2026-11-22", "LA44", kept=frozenset({"looked_after_review"}))[0]

    assert (clock.state, clock.due) == (State.RUNNING, date(2026, 12, 7))  # 30 November is a bank holiday in Scotland


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

    story = one_story(facts, subject=1, commit_number=None)
    found = clocks_of(story, World(catalogue, calendars, date(2026, 10, 10), {}))

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
