"""The published cases of the statutory clock, and the dates of the eight storylines."""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path

import pytest

from kinfold.duties import due, parse_trigger
from kinfold.duties.arithmetic import LONDON

CASES = Path(__file__).parents[3] / ".." / "shared" / "conformance" / "clock_cases.csv"


def _published() -> list[dict[str, str]]:
    if not CASES.exists():
        return []
    with CASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.skipif(not CASES.exists(), reason="the specifications are not beside the project (../shared)")
def test_every_published_case_is_due_on_its_day():
    answers = {
        (row["duty"], row["rule_part"], row["trigger"]): due(
            row["duty"], trigger=date.fromisoformat(row["trigger"]), part=row["rule_part"]
        ).due.isoformat()
        for row in _published()
    }

    assert answers == {(row["duty"], row["rule_part"], row["trigger"]): row["expected"] for row in _published()}


@pytest.mark.parametrize(
    ("duty", "part", "trigger", "expected", "practical"),
    [
        pytest.param("FD01", "within", "2026-12-18T16:40", "2026-12-21", "2026-12-21", id="S1 referral on a Friday"),
        pytest.param("FD04", "within", "2026-12-18", "2027-02-24", "2027-02-24", id="S1 assessment over Christmas"),
        pytest.param("CP02", "within", "2027-01-06", "2027-01-27", "2027-01-27", id="S1 conference"),
        pytest.param("CP04", "within", "2027-01-26", "2027-02-09", "2027-02-09", id="S1 core group"),
        pytest.param("CP06", "within", "2027-01-26", "2027-04-26", "2027-04-26", id="S1 first review conference"),
        pytest.param("CP07", "every", "2027-04-20", "2027-10-20", "2027-10-20", id="S1 next review, from the day held"),
        pytest.param("LA03", "within", "2026-11-12", "2026-11-19", "2026-11-19", id="S3 placement plan"),
        pytest.param("LA12", "within", "2026-11-12", "2026-11-19", "2026-11-19", id="S3 first visit"),
        pytest.param("LA18", "within", "2026-11-12", "2026-12-10", "2026-12-10", id="S3 first review"),
        pytest.param("LA06", "within", "2026-11-12", "2026-12-10", "2026-12-10", id="S3 health assessment"),
        pytest.param(
            "LA16", "every[after_first_review]", "2026-12-08", "2027-01-05", "2027-01-05", id="S3 every four weeks"
        ),
        pytest.param("LA19", "within", "2026-12-09", "2027-03-09", "2027-03-09", id="S3 second review"),
        pytest.param("LA26", "max", "2026-11-12", "2027-03-04", "2027-03-04", id="S3 temporary approval"),
        pytest.param("LA27", "max", "2027-03-04", "2027-04-29", "2027-04-29", id="S3 extended once"),
        pytest.param("CT07", "first", "2027-02-01", "2027-02-17", "2027-02-17", id="S3 hearing not before"),
        pytest.param("CT07", "within", "2027-02-01", "2027-02-25", "2027-02-25", id="S3 hearing not after"),
        pytest.param("CT05", "within", "2027-02-01", "2027-08-01", "2027-07-30", id="S3 26 weeks end on a Sunday"),
        pytest.param("SG01", "within", "2026-12-23T15:10", "2027-01-04", "2027-01-04", id="S4 notification"),
        pytest.param("SG03", "within", "2026-12-30", "2027-01-21", "2027-01-21", id="S4 review from notification"),
        pytest.param("SG03", "within", "2026-12-23", "2027-01-18", "2027-01-18", id="S4 review from awareness"),
        pytest.param("SG05", "within", "2027-02-04", "2027-08-04", "2027-08-04", id="S4 practice review"),
        pytest.param("SG06", "within", "2027-08-04", "2027-07-26", "2027-07-26", id="S4 counted back"),
        pytest.param("LC16", "within", "2027-03-25", "2027-04-05", "2027-04-05", id="S5 over Easter"),
        pytest.param("LA04", "within", "2027-02-23", "2027-03-02", "2027-03-02", id="S6 notices"),
        pytest.param("CP10", "max", "2027-02-22", "2027-03-02", "2027-03-02", id="S6 emergency protection order"),
        pytest.param("CP10", "ext", "2027-02-22", "2027-03-09", "2027-03-09", id="S6 fifteen days in all"),
        pytest.param("LA18", "within", "2025-06-02", "2025-06-30", "2025-06-30", id="S7 first review"),
        pytest.param("AD03", "within", "2027-03-17", "2027-03-30", "2027-03-30", id="S7 decision over Easter"),
        pytest.param("AD08", "first", "2027-03-08", "2027-03-15", "2027-03-15", id="S7 first weekly visit"),
        pytest.param("AD07", "first", "2027-03-08", "2027-04-05", "2027-04-05", id="S7 first adoption review"),
        pytest.param("AD07", "second", "2027-04-01", "2027-07-01", "2027-07-01", id="S7 second, from the day held"),
        pytest.param("LC01", "within", "2027-02-09", "2027-05-09", "2027-05-07", id="S8 a Sunday, practical Friday"),
        pytest.param(
            "LC06", "first", "2027-04-26", "2027-05-03", "2027-04-30", id="S8 a bank holiday, practical Friday"
        ),
        pytest.param("LC07", "within", "2027-04-26", "2027-05-24", "2027-05-24", id="S8 review after the move"),
        pytest.param("LC08", "every", "2027-05-24", "2027-07-24", "2027-07-23", id="S8 a Saturday"),
        pytest.param("LC14", "window", "2027-03-14", "2027-04-14", "2027-04-14", id="S8 the window closes"),
    ],
)
def test_the_storylines_have_the_dates_of_the_statute_book(duty, part, trigger, expected, practical):
    answer = due(duty, trigger=parse_trigger(trigger), part=part)

    assert (answer.due.isoformat(), answer.practical_due.isoformat()) == (expected, practical)


def test_a_window_says_when_it_opens():
    assert due("LC14", trigger=date(2027, 3, 14)).opens == date(2026, 12, 14)


@pytest.mark.parametrize(
    ("duty", "trigger", "expected"),
    [
        pytest.param("LA31", "2027-01-02T23:30", "2027-01-05T23:30", id="S6 return interview, over a weekend"),
        pytest.param("CP11", "2027-02-19T22:10", "2027-02-22T22:10", id="S6 police protection"),
        pytest.param("CP11", "2027-03-26T22:10", "2027-03-29T23:10", id="the clocks go forward: 72 hours pass"),
        pytest.param("CP11", "2027-10-29T22:10", "2027-11-01T21:10", id="the clocks go back: 72 hours pass"),
        pytest.param("RC07", "2027-01-01T00:00", "2027-01-04T00:00", id="a breach known at the New Year"),
    ],
)
def test_hours_run_on_through_weekends_holidays_and_the_change_of_the_clocks(duty, trigger, expected):
    answer = due(duty, trigger=parse_trigger(trigger))

    assert answer.due == datetime.fromisoformat(expected).replace(tzinfo=LONDON)
