"""Counting: each rule of the law as a table, and what must hold for every day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.duties import Calendars, SchoolTerm, calendars_known_on
from kinfold.duties.arithmetic import LONDON, add_months, age_on, birthday, reckon
from kinfold.duties.calendars import working_days
from kinfold.duties.grammar import parse_rule
from kinfold.duties.limits import Stay, limit_reached
from kinfold.terms.errors import InputError
from kinfold.terms.working_days import add_working_days, bank_holidays, working_days_between

HOLIDAYS = bank_holidays(2000, 2045)
DAYS = st.dates(date(2005, 1, 1), date(2040, 12, 31))
COUNTS = st.integers(1, 260)


def counted(rule, start, calendars, calendar="england_and_wales", **more):
    return reckon(parse_rule(rule).parts[0], start=start, calendars=calendars, calendar=calendar, **more)


@pytest.mark.parametrize(
    ("rule", "start", "due", "practical"),
    [
        pytest.param("within=1WD", date(2026, 12, 18), date(2026, 12, 21), None, id="Friday: Monday"),
        pytest.param("within=1WD", date(2026, 12, 24), date(2026, 12, 29), None, id="Christmas Eve: 29 December"),
        pytest.param("within=5WD", date(2026, 12, 19), date(2026, 12, 29), None, id="starts on a Saturday"),
        pytest.param("within=40WD!", date(2027, 3, 1), date(2027, 4, 27), None, id="beginning with: that day is day 1"),
        pytest.param("within=26W!", date(2027, 2, 1), date(2027, 8, 1), date(2027, 7, 30), id="26 weeks, a Sunday"),
        pytest.param("within=8W!", date(2027, 2, 1), date(2027, 3, 28), date(2027, 3, 25), id="8 weeks, Easter Sunday"),
        pytest.param("max=7D!", date(2027, 2, 1), date(2027, 2, 7), date(2027, 2, 5), id="7 days beginning with"),
        pytest.param("within=1M", date(2027, 1, 31), date(2027, 2, 28), date(2027, 2, 26), id="31 January + 1 month"),
        pytest.param("within=1M", date(2028, 1, 31), date(2028, 2, 29), None, id="in a leap year"),
        pytest.param("within=1Y", date(2028, 2, 29), date(2029, 2, 28), None, id="29 February + 1 year"),
        pytest.param("every=6W", date(2027, 1, 1), date(2027, 2, 12), None, id="6 weeks are 42 days"),
    ],
)
def test_each_counting_rule_has_its_day(calendars, rule, start, due, practical):
    answer = counted(rule, start, calendars)

    assert (answer.due, answer.practical_due) == (due, practical or due)


def test_a_last_day_rolls_forward_only_where_the_rule_says_so(calendars):
    assert counted("within=1M", date(2027, 1, 28), calendars).due == date(2027, 2, 28)
    assert counted("within=1M", date(2027, 1, 28), calendars, roll_forward=True).due == date(2027, 3, 1)


def test_the_sentence_names_the_holidays_that_were_left_out(calendars):
    answer = counted("within=45WD", date(2026, 12, 18), calendars)

    assert answer.arithmetic == (
        "45 working days after Friday 18 December 2026, which is day 0 and is not counted: Wednesday 24 February "
        "2027. Weekends are not counted, nor the bank holidays 25 December 2026, 28 December 2026 and 1 January 2027."
    )


def test_the_complaints_regulations_have_their_own_working_days(calendars):
    # 2 January and St Patrick's Day are holidays elsewhere in the United Kingdom.
    ordinary = counted("within=2WD", date(2029, 12, 31), calendars)
    complaints = counted("within=2WD", date(2029, 12, 31), calendars, "representations")

    assert (ordinary.due, complaints.due) == (date(2030, 1, 3), date(2030, 1, 4))


def test_school_days_leave_out_the_holidays_of_the_councils_own_terms(calendars):
    autumn = SchoolTerm("autumn", date(2026, 9, 3), date(2026, 12, 18), frozenset())
    spring = SchoolTerm("spring", date(2027, 1, 5), date(2027, 3, 25), frozenset())
    own = replace(calendars, terms=(autumn, spring))

    assert counted("within=20SD", date(2026, 12, 10), own, "school").due == date(2027, 1, 22)
    assert counted("every=TERM", date(2026, 11, 12), own, "school").due == date(2027, 3, 25)
    with pytest.raises(InputError, match="Load the council's term dates"):
        counted("within=60SD", date(2027, 2, 1), own, "school")


def test_a_time_of_day_that_is_not_recorded_counts_from_the_earliest_it_can_have_been(calendars):
    answer = counted("within=72H", date(2027, 1, 2), calendars, "hours")

    assert answer.due == datetime(2027, 1, 5, tzinfo=LONDON)
    assert "the earliest it can be" in answer.arithmetic


@pytest.mark.parametrize(
    ("born", "age", "expected"),
    [
        pytest.param(date(2011, 2, 9), 16, date(2027, 2, 9), id="an ordinary birthday"),
        pytest.param(date(2012, 2, 29), 16, date(2028, 2, 29), id="29 February in a leap year"),
        pytest.param(date(2012, 2, 29), 18, date(2030, 3, 1), id="29 February in a common year"),
    ],
)
def test_birthdays(born, age, expected):
    assert birthday(born, age) == expected
    assert age_on(born, expected) == age
    assert age_on(born, expected - timedelta(days=1)) == age - 1


def test_days_too_far_away_get_a_message_and_not_a_failure(calendars):
    with pytest.raises(InputError, match="too far away"):
        counted("within=1Y", date(9999, 1, 1), calendars)


@given(DAYS, COUNTS)
def test_the_quick_look_up_agrees_with_counting_one_day_at_a_time(start, days):
    quick = working_days(HOLIDAYS)

    assert quick.after(start, days) == add_working_days(start, days, HOLIDAYS)
    assert quick.before(start, days) == add_working_days(start, -days, HOLIDAYS)
    assert quick.between(start, start + timedelta(days=days)) == working_days_between(
        start, start + timedelta(days=days), HOLIDAYS
    )


@given(st.dates(date(1950, 1, 1), date(1988, 6, 1)), st.integers(1, 30))
def test_days_outside_the_table_are_counted_all_the_same(start, days):
    assert working_days(HOLIDAYS).after(start, days) == add_working_days(start, days, HOLIDAYS)


@given(DAYS, COUNTS, DAYS)
def test_one_more_holiday_never_brings_a_last_day_forward(start, days, holiday):
    before = working_days(HOLIDAYS).after(start, days)
    after = working_days(HOLIDAYS | {holiday}).after(start, days)

    moves = start < holiday <= before and holiday.weekday() < 5 and holiday not in HOLIDAYS
    assert (after > before) is moves


@given(DAYS, COUNTS, st.integers(-40, 40))
def test_shifting_start_and_holidays_by_whole_weeks_shifts_the_last_day(start, days, weeks):
    shift = timedelta(weeks=weeks)
    moved = frozenset(day + shift for day in HOLIDAYS)

    assert add_working_days(start + shift, days, moved) == working_days(HOLIDAYS).after(start, days) + shift


@given(DAYS, st.integers(-60, 60))
def test_months_go_to_the_corresponding_date_or_the_last_of_the_month(start, months):
    there = add_months(start, months)

    assert (there.year * 12 + there.month) - (start.year * 12 + start.month) == months
    assert there.day == start.day or (there.day < start.day and (there + timedelta(days=1)).day == 1)


@given(DAYS, COUNTS)
def test_no_last_day_in_working_days_is_a_weekend_or_a_holiday(start, days):
    due = working_days(HOLIDAYS).after(start, days)

    assert due.weekday() < 5
    assert due not in HOLIDAYS


def test_a_holiday_proclaimed_late_is_in_the_calendar_only_from_its_proclamation():
    # The holiday for the coronation, 8 May 2023, was announced in November 2022.
    before, after = calendars_known_on(date(2022, 9, 1)), calendars_known_on(date(2023, 1, 1))

    assert counted("within=5WD", date(2023, 5, 2), before).due == date(2023, 5, 9)
    assert counted("within=5WD", date(2023, 5, 2), after).due == date(2023, 5, 10)


def hours(start, length):
    begin = datetime(2027, 1, 1, tzinfo=LONDON) + timedelta(hours=start)
    return Stay(begin, begin + timedelta(hours=length))


@pytest.mark.parametrize(
    ("stays", "reached"),
    [
        pytest.param([(0, 80)], 72, id="one stay"),
        pytest.param([(0, 40), (100, 40)], 132, id="two stays inside 28 days"),
        pytest.param([(0, 40), (24 * 30, 40)], None, id="the first has left the window"),
        pytest.param([(0, 40), (24 * 28 - 10, 80)], 24 * 28 - 10 + 72, id="leaving hour by hour as the other runs"),
        pytest.param([(0, 71)], None, id="an hour less"),
    ],
)
def test_a_total_in_a_rolling_window(stays, reached):
    found = limit_reached(
        [hours(*stay) for stay in stays],
        limit=timedelta(hours=72),
        window=timedelta(days=28),
        until=datetime(2028, 1, 1, tzinfo=LONDON),
    )

    expected = None if reached is None else datetime(2027, 1, 1, tzinfo=LONDON) + timedelta(hours=reached)
    assert found == expected


def test_calendars_without_holidays_still_count():
    bare = replace(Calendars(holidays=frozenset()), terms_assumed=False)

    assert counted("within=5WD", date(2026, 12, 24), bare).due == date(2026, 12, 31)
