"""Working days of England and Wales, and bank holidays as they were known on a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.terms.errors import InputError
from kinfold.terms.working_days import (
    add_working_days,
    bank_holidays,
    england_and_wales,
    is_working_day,
    working_days_between,
)

HOLIDAYS = bank_holidays(2000, 2060)
DAYS = st.dates(date(2001, 1, 1), date(2059, 12, 31))


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        pytest.param(date(2025, 3, 3), 20, date(2025, 3, 31), id="no holidays: 4 weeks"),
        pytest.param(date(2025, 4, 1), 20, date(2025, 5, 1), id="Easter adds 2 days"),
        pytest.param(date(2025, 3, 1), 20, date(2025, 3, 28), id="starts on a Saturday"),
        pytest.param(date(2026, 12, 18), 1, date(2026, 12, 21), id="late on a Friday: Monday"),
        pytest.param(date(2026, 12, 18), 45, date(2027, 2, 24), id="45 working days over Christmas"),
        pytest.param(date(2026, 12, 23), 5, date(2027, 1, 4), id="skips 25 and 28 December and 1 January"),
        pytest.param(date(2027, 3, 25), 5, date(2027, 4, 5), id="skips Good Friday and Easter Monday"),
        pytest.param(date(2026, 8, 28), 1, date(2026, 9, 1), id="over the August bank holiday"),
        pytest.param(date(2026, 11, 12), 0, date(2026, 11, 12), id="0 days is the day itself"),
        pytest.param(date(2027, 1, 4), -1, date(2026, 12, 31), id="backwards over New Year"),
    ],
)
def test_the_day_itself_is_day_0_and_holidays_do_not_count(start, days, due):
    assert add_working_days(start, days, HOLIDAYS) == due


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2022, 9, 19), "State Funeral of Queen Elizabeth II"),
        (date(2023, 5, 8), "Coronation of King Charles III"),
        (date(2020, 5, 8), "Early May bank holiday (moved to VE Day)"),
        (date(2022, 6, 3), "Platinum Jubilee"),
        (date(2012, 6, 5), "Diamond Jubilee"),
        (date(2011, 4, 29), "Royal wedding"),
        (date(2022, 5, 30), None),
        (date(2020, 5, 4), None),
        (date(2026, 12, 28), "Boxing Day (observed)"),
    ],
)
def test_proclaimed_and_moved_holidays_are_known_by_name(day, name):
    assert england_and_wales().name_of(day) == name
    assert (day in HOLIDAYS) is (name is not None)


@pytest.mark.parametrize(
    ("asked_on", "holiday", "known"),
    [
        pytest.param(date(2022, 9, 9), date(2022, 9, 19), False, id="the funeral, the day before it was announced"),
        pytest.param(date(2022, 9, 10), date(2022, 9, 19), True, id="the funeral, on the day"),
        pytest.param(date(2020, 11, 11), date(2022, 5, 30), True, id="the spring holiday before it was moved"),
        pytest.param(date(2020, 11, 12), date(2022, 5, 30), False, id="the spring holiday once moved"),
        pytest.param(date(2020, 11, 12), date(2022, 6, 2), True, id="to a Thursday"),
        pytest.param(date(1990, 1, 1), date(2026, 12, 25), True, id="Christmas has always been known"),
    ],
)
def test_a_holiday_counts_only_from_the_day_it_was_announced(asked_on, holiday, known):
    assert (holiday in england_and_wales().as_known_on(asked_on)) is known


def test_a_newly_proclaimed_holiday_moves_a_date_still_to_come():
    before = england_and_wales()
    after = before.adding(date(2027, 6, 14), name="Invented jubilee", known_from=date(2027, 1, 8))

    assert add_working_days(date(2027, 6, 11), 1, before.as_known_now()) == date(2027, 6, 14)
    assert add_working_days(date(2027, 6, 11), 1, after.as_known_now()) == date(2027, 6, 15)
    assert add_working_days(date(2027, 6, 11), 1, after.as_known_on(date(2027, 1, 7))) == date(2027, 6, 14)
    assert after.adding(date(2027, 6, 14), name="Again", known_from=date(2027, 2, 1)) == after


def test_a_withdrawn_holiday_counts_until_the_day_it_was_withdrawn():
    calendar = england_and_wales().withdrawing(date(2028, 5, 1), known_to=date(2027, 9, 1))

    assert date(2028, 5, 1) in calendar.as_known_on(date(2027, 8, 31))
    assert date(2028, 5, 1) not in calendar.as_known_on(date(2027, 9, 1))
    assert calendar.name_of(date(2028, 5, 1)) is None


@given(DAYS, st.integers(0, 80))
def test_counting_undoes_adding(start, days):
    assert working_days_between(start, add_working_days(start, days, HOLIDAYS), HOLIDAYS) == days


@given(DAYS, st.integers(-400, 400))
def test_counting_agrees_with_looking_at_each_day(start, length):
    end = start + timedelta(days=length)
    first, last = min(start, end), max(start, end)
    each = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    days = each[1:] if end >= start else each[:-1]
    slow = sum(is_working_day(day, HOLIDAYS) for day in days) * (1 if end >= start else -1)

    assert working_days_between(start, end, HOLIDAYS) == slow


@pytest.mark.parametrize(("first", "last"), [(1950, 2000), (2020, 2150), (2030, 2020)])
def test_years_without_a_calendar_are_refused_in_words(first, last):
    with pytest.raises(InputError, match="Bank holidays are known for 1972 to 2099"):
        bank_holidays(first, last)
