"""What somebody types to find a child is taken apart as they meant it."""

from __future__ import annotations

from datetime import date

import pytest

from kinfold.service.records.reads.search import understand


@pytest.mark.parametrize(
    "typed",
    [
        "Olivia Smith 3 May 2012", "Olivia Smith, 3rd of May 2012", "3 MAY 2012 Olivia Smith", "Olivia Smith May 3, 2012",
        "Olivia Smith 03/05/2012", "Olivia Smith 2012-05-03", "Olivia Smith 3 may, 2012", "3 May. 2012 Olivia Smith",
    ],
)  # fmt: skip
def test_a_day_is_understood_as_people_write_it(typed: str) -> None:
    question = understand(typed)

    assert question.born == date(2012, 5, 3)
    assert sorted(question.parts) == ["olivia", "smith"]
    assert question.numbers == ()


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        pytest.param("May Carter", ["carter", "may"], id="a name that is a month"),
        pytest.param("April Jones", ["april", "jones"], id="another"),
        pytest.param("3 Mayfield 2012", ["mayfield"], id="a street that begins so"),
        pytest.param("Augusta Marchetti", ["augusta", "marchetti"], id="names that begin so"),
    ],
)
def test_a_month_without_a_day_and_a_year_stays_a_name(typed: str, parts: list[str]) -> None:
    question = understand(typed)

    assert question.born is None
    assert sorted(question.parts) == parts
