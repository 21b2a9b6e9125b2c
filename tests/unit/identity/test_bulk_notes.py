"""What is said of a file in which something is written that cannot be read: which rows, and what to do."""

from __future__ import annotations

import polars as pl

from kinfold.identity.bulk import dedupe_all, match_all
from kinfold.identity.score import shipped_model

EMPTY = {"given": "Ada", "family": "Byron", "dob": "", "sex": "", "postcode": "", "nhs": ""}


def notes_of(*rows: dict[str, str]) -> list[str]:
    frame = pl.DataFrame([{"unique_id": f"R{number}"} | EMPTY | row for number, row in enumerate(rows, start=1)])
    return dedupe_all(frame, shipped_model()).notes


def test_what_cannot_be_read_is_named_by_column_and_row_with_what_to_do() -> None:
    said = notes_of({"dob": "soon", "nhs": "9434765918"}, {"postcode": "??"}, {"dob": "2015-03-09"})

    assert said == [
        "dob could not be read in 1 row (unique_id R1): compared without it. Write a day as 2015-03-09.",
        "postcode could not be read in 1 row (unique_id R2): compared without it. "
        "Write a whole postcode, such as LS1 4AP.",
        "nhs could not be read in 1 row (unique_id R1): compared without it. "
        "Write the ten digits; one that fails its own check is not used.",
    ]


def test_of_many_rows_the_first_are_named() -> None:
    (said,) = notes_of(*({"dob": f"day {number} of none", "given": f"Ada{number}"} for number in range(7)))

    assert said.startswith("dob could not be read in 7 rows (unique_id R1, R2, R3, R4, R5 and others)")


def test_of_what_is_empty_or_not_a_day_of_the_calendar_nothing_is_said() -> None:
    assert notes_of({}, {"given": "Bo", "dob": "2015-02-30", "sex": "unknown"}) == []


def test_what_cannot_be_read_in_the_queries_is_named_too() -> None:
    register = pl.DataFrame([{"unique_id": "R1"} | EMPTY | {"dob": "2015-03-09"}])
    queries = pl.DataFrame([{"unique_id": "Q1"} | EMPTY | {"dob": "soon"}, {"unique_id": "Q2"} | EMPTY])

    assert match_all(register, queries, shipped_model()).notes == [
        "Of the queries, the date of birth could not be read in 1 row (unique_id Q1): looked up without it."
    ]
