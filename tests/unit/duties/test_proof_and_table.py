"""What can be shown: the proof of a clock, timeliness, the page of cases, the place of a placement, and the speed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from kinfold.duties import Council, clocks, due, parse_trigger, prove, timeliness, where_it_lies
from kinfold.duties.table import cases, markdown
from kinfold.terms.errors import InputError


def commit_moment(number):
    return datetime(2026, 11, 12, 12, tzinfo=UTC) + timedelta(days=number)


def test_a_proof_prints_facts_rule_and_arithmetic(fact, catalogue, calendars):
    facts = [fact("placement", "2026-11-12", placement_type="U6", known_from=0)]
    clock = next(c for c in clocks(facts, catalogue, calendars, today=date(2026, 11, 21)) if c.duty.id == "LA12")

    shown = str(prove(clock, calendars, when_known=commit_moment))

    assert "It started with the placement of Thursday 12 November 2026, known since" in shown
    assert (
        "Nothing on record meets it. What would: “Statutory visit to a looked after child”, where “the child was seen” is answered yes"
        in shown
    )
    assert "1 week after Thursday 12 November 2026, which is day 0 and is not counted: Thursday 19 November" in shown
    assert "legislation.gov.uk/uksi/2010/959/regulation/28" in shown
    assert "How sure: primary text read" in shown


def test_late_recording_is_shown_apart_from_late_doing(fact, catalogue, calendars):
    facts = [
        fact("placement", "2026-11-12", placement_type="U6", known_from=0),
        fact("looked_after_visit", "2026-11-18", seen=True, known_from=14),
    ]
    found = clocks(facts, catalogue, calendars, today=date(2026, 12, 1))
    clock = next(c for c in found if c.duty.id == "LA12")

    kept = timeliness(found, first=date(2026, 11, 1), end=date(2026, 12, 1), when_known=commit_moment)["LA12"]

    assert "It was done in time and recorded late, on Thursday 26 November 2026." in str(
        prove(clock, calendars, when_known=commit_moment)
    )
    assert (kept.in_time, kept.late, kept.not_done, kept.recorded_late, kept.share_in_time) == (1, 0, 0, 1, 1.0)


def test_every_clock_of_a_busy_child_can_be_proved(fact, catalogue, calendars):
    found = clocks(busy_child(fact, 1), catalogue, calendars, today=date(2026, 11, 22))

    assert all(clock.duty.deadline in str(prove(clock, calendars)) for clock in found)


def test_the_page_has_at_least_ten_cases_for_each_duty(catalogue, calendars):
    made = {duty.id: list(cases(duty, calendars, catalogue)) for duty in catalogue}

    assert len(made) == 170
    assert all(len(several) >= 10 for several in made.values())


def test_every_case_of_the_page_is_on_or_after_its_practical_day(catalogue, calendars):
    for duty in catalogue:
        for case in cases(duty, calendars, catalogue):
            if case.due is not None:
                last = case.due.date() if isinstance(case.due, datetime) else case.due
                assert case.practical_due <= last
                assert calendars.working(duty.calendar).is_working_day(case.practical_due)


def test_the_page_of_cases_is_markdown_with_a_section_for_each_duty(catalogue, calendars):
    page = markdown(catalogue, calendars)

    assert page.count("\n## ") == 170
    assert (
        "| Referral episode on Friday 18 December 2026 (before Christmas) | "
        "Child and family assessment: due by Wednesday 24 February 2027 |"
    ) in page


def test_the_legal_test_and_the_twenty_miles_stand_side_by_side(fact):
    council = Council("901", lambda code: frozenset({"902"}), lambda postcode: {"ZZ1 1ZZ": "950"}.get(postcode))

    def lies(miles, **payload):
        found = where_it_lies(fact("placement", "2027-02-23", **payload), council=council, miles=miles)
        return found.legal, found.over_20_miles

    assert lies(31.0, placement_authority="902") == ("in an adjoining area", True)
    assert lies(12.0, placement_authority="950") == ("at a distance", False)
    assert lies(None, postcode="ZZ1 1ZZ") == ("at a distance", None)
    assert lies(25.0, placement_authority="901") == ("in the area", True)
    assert lies(25.0) == ("not known", True)


@pytest.mark.parametrize(
    ("duty", "trigger", "part", "said"),
    [
        pytest.param("LA99", "2027-01-01", None, "There is no duty called", id="no such duty"),
        pytest.param("LA18", "2027-01-01", "every", "Its parts are within", id="no such part"),
        pytest.param("LA24", "2027-01-01", None, "has no date to work out", id="a gate"),
        pytest.param("LA18", "1 January", None, "Write it as 2027-02-09", id="not a date"),
        pytest.param("LA18", "2027-02-30", None, "is not a date", id="no such day"),
    ],
)
def test_a_question_that_cannot_be_answered_says_how_to_ask(duty, trigger, part, said):
    with pytest.raises(InputError, match=said):
        due(duty, trigger=parse_trigger(trigger), part=part)


def test_an_answer_has_the_seven_keys_of_the_command_line():
    row = due("LA18", trigger=date(2026, 11, 12)).as_row()

    assert list(row) == ["duty", "part", "trigger", "due", "practical_due", "arithmetic", "source"]
    assert (row["part"], row["due"]) == ("within", "2026-12-10")


def test_every_part_with_a_number_can_be_asked_for(catalogue, calendars):
    for duty in catalogue:
        for part in duty.rule.parts:
            if part.amount is not None:
                answer = due(duty.id, trigger=date(2026, 9, 14), part=part.label, calendars=calendars)
                assert answer.arithmetic, (duty.id, part.label)


def busy_child(fact, subject):
    start = date(2025, 1, 6)
    spells = [
        fact("person_details", None, birth_date="2013-05-05", subject=subject),
        fact("care_period", "2025-01-06", subject=subject),
        fact("legal_status", "2025-01-06", legal_status="C2", subject=subject),
        fact("placement", "2025-01-06", placement_type="U6", placement_authority="901", subject=subject),
        fact("personal_education_plan", "2025-01-15", subject=subject),
    ]
    visits = [
        fact("looked_after_visit", (start + timedelta(days=5 + 40 * n)).isoformat(), seen=True, subject=subject)
        for n in range(17)
    ]
    reviews = [
        fact("looked_after_review", (start + timedelta(days=20 + 150 * n)).isoformat(), subject=subject)
        for n in range(5)
    ]
    return spells + visits + reviews


def test_a_proof_says_from_which_day_a_hearing_may_be_held(fact, catalogue, calendars):
    facts = [fact("proceedings", "2027-02-01", application_type="care or supervision order")]
    clock = next(c for c in clocks(facts, catalogue, calendars, today=date(2027, 2, 1)) if c.duty.id == "CT07")

    shown = str(prove(clock, calendars))

    assert str(clock.due) == "2027-02-25"
    assert "The first day on which it may be done is Wednesday 17 February 2027." in shown


@pytest.mark.parametrize(
    ("duty", "part", "day", "happened", "then"),
    [
        ("FD04", "", 0, "Referral episode on Friday 18 December 2026", "due by Wednesday 24 February 2027"),
        ("CP02", "", 0, "Strategy discussion or section 47 enquiry on Friday 18 December 2026", "due by Wednesday 13 January 2027"),
        ("LA16", "every[before_first_review]", 4, "Placement (regulation 24)", "where the first review has not been held"),
        ("LC12", "", 0, "Somebody born on Friday 18 December 2026", "due on Sunday 18 December 2044"),
        ("LA46", "within", 0, "Step of a complaint (stage 3 requested)", "due by"),
        ("CP01", "default", 0, "Concern of significant harm", "due by the council’s own target, Monday 21 December 2026"),
    ],
)  # fmt: skip
def test_a_worked_case_reads_as_what_happened_and_what_is_then_due(
    catalogue, calendars, duty, part, day, happened, then
) -> None:
    worked = [case for case in cases(catalogue.duty(duty), calendars, catalogue) if not part or case.part == part]

    assert happened in worked[day].happened
    assert then in worked[day].then


def test_no_worked_case_shows_the_notation_of_the_catalogue(catalogue, calendars) -> None:
    notation = re.compile(r"\w\[|[<>=!]|\d(?:WD|SD)\b|_")
    for duty in catalogue:
        for case in cases(duty, calendars, catalogue):
            for said in (case.happened, case.then, case.arithmetic):
                assert not notation.search(said), (case.duty, said)
