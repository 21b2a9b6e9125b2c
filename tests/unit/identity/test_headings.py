"""What a file of people calls its columns, and what is said of those that are not read."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from kinfold.identity.headings import COLUMNS, STAND_INS, headings_of
from kinfold.identity.reading_notes import ReadingNotes
from kinfold.identity.tables import people_in_parts, read_people
from kinfold.terms.errors import InputError


def written(folder: Path, text: str, name: str = "people.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("forename", "given"),
        ("First_Name", "given"),
        ("given_names", "given"),
        ("Surname", "family"),
        ("LastName", "family"),
        ("Family name", "family"),
        ("middle_names", "middle"),
        ("Date of birth", "dob"),
        ("birthdate", "dob"),
        ("DateOfBirth", "dob"),
        ("gender", "sex"),
        ("post_code", "postcode"),
        ("Post code", "postcode"),
        ("home_postcode", "postcode"),
        ("previous_postcode", "postcode_prev"),
        ("postcode_previous", "postcode_prev"),
        ("NHS number", "nhs"),
        ("NHSNumber", "nhs"),
    ],
)
def test_a_column_is_read_by_its_common_other_names_and_it_is_said(tmp_path: Path, heading: str, column: str) -> None:
    told = "dob" if column != "dob" else "family"
    path = written(tmp_path, f"unique_id,{told},{heading}\n1,2011-01-02,B\n")
    notes = ReadingNotes(path.name)

    found = read_people(path, notes)

    assert found[column].to_list() == ["B"]
    assert f"people.csv: {heading} is read as {column}." in notes.in_words()


def test_each_other_name_is_of_one_column_alone() -> None:
    every = [other for column, others in COLUMNS.items() for other in (column, *others)]

    assert len(every) == len(set(every))


def test_the_guide_names_every_heading_that_is_read() -> None:
    guide = (Path(__file__).parents[3] / "docs/how-to/match-files.md").read_text(encoding="utf-8")

    every = {name for named in (COLUMNS, STAND_INS) for column, others in named.items() for name in (column, *others)}
    assert {name for name in every if f"`{name}`" not in guide} == set()


def test_columns_that_are_not_read_are_named(tmp_path: Path) -> None:
    path = written(tmp_path, "unique_id,given,colour,family,dob,,id\n1,Ada,blue,Byron,2011-01-02,,x\n")
    notes = ReadingNotes(path.name)

    read_people(path, notes)

    assert notes.in_words() == [
        "people.csv: not read: colour, (no heading), id. Kinfold reads: unique_id, given, middle, family, dob, sex, "
        "postcode, address, postcode_prev, nhs."
    ]


def test_a_file_without_a_name_or_a_day_says_what_people_are_compared_without(tmp_path: Path) -> None:
    path = written(tmp_path, "unique_id,given,christened\n1,Ada,Byron\n")
    notes = ReadingNotes(path.name)

    read_people(path, notes)

    assert "people.csv: no column is read as family or as dob: people are compared without." in notes.in_words()


def test_a_file_that_is_read_as_it_stands_says_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, "UNIQUE_ID, Given ,family,dob\n1,Ada,Byron,2011-01-02\n")
    notes = ReadingNotes(path.name)

    read_people(path, notes)

    assert notes.in_words() == []


@pytest.mark.parametrize(
    ("headings", "says"),
    [
        ("unique_id,given,forename,dob", "people.csv: the headings given and forename both mean given"),
        ("unique_id,Surname,family_name,dob", "people.csv: the headings Surname and family_name both mean family"),
        ("unique_id,dob,postcode,post_code", "people.csv: the headings postcode and post_code both mean postcode"),
        ("unique_id,given,Given,dob", "people.csv: the heading given is there twice"),
        ("unique_id,unique_id,given,dob", "people.csv: the heading unique_id is there twice"),
    ],
)
def test_two_headings_of_one_column_are_refused_by_name(tmp_path: Path, headings: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read_people(written(tmp_path, f"{headings}\n1,Ada,Bea,2011-01-02\n"))


def test_two_headings_of_one_column_are_refused_in_parquet_too(tmp_path: Path) -> None:
    path = tmp_path / "people.parquet"
    pl.DataFrame({"unique_id": ["1"], "dob": ["2011-01-02"], "date_of_birth": [""]}).write_parquet(path)

    for reading in (lambda: read_people(path), lambda: list(people_in_parts(path))):
        with pytest.raises(InputError, match=r"people\.parquet: the headings dob and date_of_birth both mean dob"):
            reading()


def test_headings_that_are_not_read_may_be_there_twice() -> None:
    assert headings_of(["unique_id", "given", "note", "note", "", ""], file="x").not_read == [
        "note", "note", "(no heading)", "(no heading)",
    ]  # fmt: skip


def test_gender_is_another_thing_where_sex_is_there_too() -> None:
    both = headings_of(["unique_id", "given", "gender", "sex"], file="x")

    assert both.places["sex"] == 3
    assert both.not_read == ["gender"]
    assert not both.read_as


def test_no_number_but_the_unique_id_is_taken_for_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there must be a column unique_id"):
        read_people(written(tmp_path, "person_id,given,family\n1,Ada,Byron\n"))
