"""Secure accommodation: hours over Sundays and public holidays without an order, and how long an order may last."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from kinfold.duties.arithmetic import LONDON
from kinfold.duties.limits import Stay, over_sundays
from kinfold.terms.working_days import bank_holidays

HOLIDAYS = bank_holidays(2026, 2028)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


LONG_BEFORE = Stay(at("2027-01-05T10:00"), at("2027-01-08T10:00"))


@pytest.mark.parametrize(
    ("earlier", "placed", "reached", "noon"),
    [
        pytest.param([LONG_BEFORE], "2027-01-16T10:00", "2027-01-17T10:00", "2027-01-18T12:00", id="on a Sunday"),
        pytest.param([LONG_BEFORE], "2027-01-15T10:00", "2027-01-16T13:00", "2027-01-18T12:00", id="after noon the day before"),
        pytest.param([LONG_BEFORE], "2027-01-15T10:00", "2027-01-16T11:00", None, id="before noon the day before"),
        pytest.param([LONG_BEFORE], "2027-01-17T10:00", "2027-01-18T11:00", "2027-01-18T12:00", id="the morning after"),
        pytest.param([LONG_BEFORE], "2027-01-17T10:00", "2027-01-18T13:00", None, id="after noon the day after"),
        pytest.param([], "2027-01-16T10:00", "2027-01-17T10:00", None, id="not kept before"),
        pytest.param(
            [Stay(at("2027-03-10T10:00"), at("2027-03-13T10:00"))], "2027-03-25T10:00", "2027-03-26T10:00",
            "2027-03-27T12:00", id="Good Friday: noon on Saturday",
        ),
        pytest.param(
            [Stay(at("2027-03-10T10:00"), at("2027-03-13T10:00"))], "2027-03-27T10:00", "2027-03-28T10:00",
            "2027-03-30T12:00", id="Easter Sunday and Monday",
        ),
    ],
)  # fmt: skip
def test_hours_that_run_out_around_a_closed_day_run_on_to_noon(earlier, placed, reached, noon):
    found = over_sundays(at(reached), at(placed), earlier, holidays=HOLIDAYS)

    assert found == (at(noon) if noon else None)


def test_a_second_stay_that_runs_out_on_a_sunday_runs_on_to_monday_noon(fact, read):
    facts = [
        fact("secure_accommodation", "2027-01-05", to="2027-01-08", began_at="2027-01-05T12:00:00+00:00"),
        fact("secure_accommodation", "2027-01-17", began_at="2027-01-17T01:00:00+00:00"),
    ]

    clock = read(facts, "2027-01-17", "LA33")[-1]

    assert clock.due == at("2027-01-18T12:00")
    assert "Sunday or public holiday" in clock.because


def test_a_first_secure_order_ends_after_three_months_and_one_that_follows_after_six(fact, read):
    facts = [
        fact("care_period", "2026-05-01"),
        fact("court_order", "2027-01-10", to="2027-04-01", order_type="secure accommodation"),
        fact("court_order", "2027-04-01", order_type="secure accommodation"),
    ]

    found = read(facts, "2027-04-02", "LA35")

    assert [clock.due for clock in found] == [date(2027, 4, 10), date(2027, 10, 1)]


def test_an_order_in_another_care_period_is_a_first_one(fact, read):
    facts = [
        fact("care_period", "2025-01-01", to="2025-12-01"),
        fact("court_order", "2025-02-10", to="2025-04-01", order_type="secure accommodation"),
        fact("care_period", "2026-05-01"),
        fact("court_order", "2027-04-01", order_type="secure accommodation"),
    ]

    assert read(facts, "2027-04-02", "LA35")[-1].due == date(2027, 7, 1)
