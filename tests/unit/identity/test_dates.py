"""Dates of birth in every order."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.identity.dates import day_digits, is_month_first

NINTH_OF_MARCH = "20150309"


@pytest.mark.parametrize(
    "written",
    [
        "2015-03-09", "09/03/2015", "9/3/2015", "9.3.2015", "09-03-2015", "20150309", "09032015", "9 March 2015",
        "9th March 2015", "March 9, 2015", "9-Mar-15", "Mon 9 Mar 2015", "2015/03/09", "2015-03-09T00:00:00Z",
        "2015-03-09 00:00:00", "09/03/15", " 2015-03-09 ", "09/03/2015 00:00", "2015 Mar 9",
    ],
)  # fmt: skip
def test_a_day_is_the_same_day_however_it_is_written(written: str) -> None:
    assert day_digits(written) == NINTH_OF_MARCH


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        pytest.param("13/02/2015", "20150213", id="what cannot be a month is the day"),
        pytest.param("02/13/2015", "20150213", id="wherever it stands"),
        pytest.param("2015-02-31", "20150231", id="a day that does not exist keeps its digits"),
        pytest.param("March 2015", "20150300", id="a month alone"),
        pytest.param("2015-03", "20150300", id="a month alone, in numbers"),
        pytest.param("2015", "20150000", id="a year alone"),
        pytest.param("01/01/41", "19410101", id="two digits of a year of the last century"),
        pytest.param("not known", "", id="words"),
        pytest.param("99/99/9999", "", id="a year that cannot be"),
        pytest.param("", "", id="nothing"),
        pytest.param(None, "", id="none"),
        pytest.param("١٢/٠٣/٢٠١٥", "20150312", id="Arabic numerals"),
        pytest.param("1/2/3/4", "", id="too many parts"),
        pytest.param("0x7df", "", id="not a number that people write"),
    ],
)
def test_what_is_read_from_a_date(written: str | None, digits: str) -> None:
    assert day_digits(written) == digits


def test_a_day_of_the_calendar_is_taken_as_it_is() -> None:
    assert day_digits(date(2015, 3, 9)) == NINTH_OF_MARCH


def test_a_column_with_a_day_that_cannot_be_a_month_in_second_place_is_month_first() -> None:
    assert is_month_first(["03/04/2015", "03/24/2015", None])
    assert not is_month_first(["03/04/2015", "24/03/2015"])
    assert not is_month_first(["03/04/2015"])
    assert not is_month_first(["2015-03-24"])


def test_month_first_is_read_so_only_where_it_can_be_read_in_two_ways() -> None:
    assert day_digits("03/04/2015", month_first=True) == "20150304"
    assert day_digits("24/03/2015", month_first=True) == "20150324"


@given(st.dates(date(1900, 1, 1), date(2060, 12, 31)))
def test_every_day_comes_back_from_each_common_spelling(day: date) -> None:
    wanted = day.strftime("%Y%m%d")

    assert day_digits(day.isoformat()) == wanted
    assert day_digits(day.strftime("%d/%m/%Y")) == wanted
    assert day_digits(wanted) == wanted


@given(st.text())
def test_no_text_is_too_strange_to_be_asked_for_its_date(text: str) -> None:
    found = day_digits(text)

    assert found == "" or (len(found) == 8 and found.isdigit())
