"""CSV as councils write it, and the cells in it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kinfold.files.cells import parse_code, parse_day, parse_moment, parse_whole_number, parse_yes_no
from kinfold.files.problems import Trouble
from kinfold.files.received import ArrivedFile, Incoming, Limits, arrivals
from kinfold.files.tabular import CsvTable, open_table
from kinfold.terms.codes import code_set
from kinfold.terms.errors import FileRefused

COLUMNS = ("CHILD", "DOB", "REVIEW")


def arrived(path: Path, text: str) -> ArrivedFile:
    path.write_bytes(text.encode())
    (file,) = arrivals([Incoming(path.name, path)]).files
    return file


def table(tmp_path: Path, text: str) -> CsvTable:
    return open_table(arrived(tmp_path / "reviews.csv", text), COLUMNS)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("CHILD,DOB,REVIEW\n1,2,3\n", id="as it should be"),
        pytest.param("child , Dob,re view\r\n 1,2 ,3\r\n", id="case and spaces"),
        pytest.param("REVIEW;CHILD;DOB\n3;1;2\n", id="semicolons, another order"),
        pytest.param("CHILD\tDOB\tREVIEW\n1\t2\t3", id="tabs, no last line break"),
        pytest.param("CHILD,EXTRA,DOB,REVIEW\n1,x,2,3\n", id="an extra column"),
        pytest.param('CHILD,DOB,REVIEW\r1,"2",3\r', id="old line ends, quotation marks"),
        pytest.param("CHILD,DOB,REVIEW\n1,2,3,,\n", id="blank cells beyond the header"),
    ],
)
def test_a_row_is_read_however_the_table_is_written(tmp_path: Path, text: str) -> None:
    (row,) = table(tmp_path, text).rows()

    assert (row.number, dict(row.values)) == (2, {"CHILD": "1", "DOB": "2", "REVIEW": "3"})


def test_row_numbers_are_those_a_spreadsheet_shows(tmp_path: Path) -> None:
    text = 'CHILD,DOB,REVIEW\n1,2,3\n\n,,\n"4\nand more",5,6\n7,8,9\n'

    rows = list(table(tmp_path, text).rows())

    assert [(row.number, row.values["CHILD"]) for row in rows] == [(2, "1"), (5, "4\nand more"), (6, "7")]


def test_extra_and_absent_columns_are_noted(tmp_path: Path) -> None:
    found = table(tmp_path, "CHILD,REVIEW,Team\n1,3,East\n")

    assert found.absent == ("DOB",)
    assert any("Team" in note for note in found.notes)
    assert any("DOB" in note for note in found.notes)
    assert next(found.rows()).values["DOB"] == ""


@pytest.mark.parametrize(
    ("row", "code"),
    [("1,2", "ragged_row"), ("1,2,3,4", "ragged_row"), (f"1,2,{'x' * 30_000}", "too_long")],
)
def test_a_row_that_cannot_be_used_carries_its_trouble(tmp_path: Path, row: str, code: str) -> None:
    (bad, good) = table(tmp_path, f"CHILD,DOB,REVIEW\n{row}\n4,5,6\n").rows()

    assert bad.trouble is not None
    assert bad.trouble.code == code
    assert good.trouble is None


def test_too_many_rows_are_refused(tmp_path: Path) -> None:
    found = table(tmp_path, "CHILD,DOB,REVIEW\n" + "1,2,3\n" * 20)

    with pytest.raises(FileRefused, match="more than 10 rows"):
        list(found.rows(Limits(rows=10)))


def test_a_quotation_mark_never_closed_is_refused_with_advice(tmp_path: Path) -> None:
    found = table(tmp_path, 'CHILD,DOB,REVIEW\n1,"2,3\n' + "4,5,6\n" * 40_000)

    with pytest.raises(FileRefused, match="quotation mark"):
        list(found.rows())


def test_a_table_without_any_expected_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="none of the expected columns"):
        table(tmp_path, "a,b\n1,2\n")


@pytest.mark.parametrize(
    ("text", "form", "day"),
    [
        ("02/05/2025", "dd/mm/yyyy", date(2025, 5, 2)),
        ("2025-05-02", "yyyy-mm-dd", date(2025, 5, 2)),
        (" 29/02/2024 ", "dd/mm/yyyy", date(2024, 2, 29)),
        ("", "dd/mm/yyyy", None),
    ],
)
def test_a_day_is_read_in_the_form_the_door_declares(text: str, form: Any, day: date | None) -> None:
    assert parse_day(text, form) == day


@pytest.mark.parametrize(
    ("text", "form", "advice"),
    [
        ("31/02/2025", "dd/mm/yyyy", "Correct the date"),
        ("2025-05-02", "dd/mm/yyyy", "this one is written as yyyy-mm-dd"),
        ("02/05/2025", "yyyy-mm-dd", "this one is written as dd/mm/yyyy"),
        ("05/12/1993 00:00:00", "dd/mm/yyyy", "without a time"),
        ("2025-05-02T00:00:00", "yyyy-mm-dd", "without a time"),
        ("2/5/2025", "dd/mm/yyyy", "such as 31/03/2026"),
        ("45000", "dd/mm/yyyy", "such as 31/03/2026"),
        ("٠٢/٠٥/٢٠٢٥", "dd/mm/yyyy", "such as 31/03/2026"),
        ("00/00/0000", "dd/mm/yyyy", "Correct the date"),
    ],
)
def test_a_day_that_cannot_be_read_says_how_to_write_it(text: str, form: Any, advice: str) -> None:
    found = parse_day(text, form)

    assert isinstance(found, Trouble)
    assert found.code == "impossible_date"
    assert advice in found.fix


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("40", 40), (" 7 ", 7), ("21.0", 21), ("", None)])
def test_a_whole_number_is_read(text: str, number: int | None) -> None:
    assert parse_whole_number(text, highest=40) == number


@pytest.mark.parametrize(
    ("text", "code"), [("41", "out_of_range"), ("-1", "out_of_range"), ("1.5", "not_a_number"), ("x", "not_a_number")]
)
def test_a_number_that_cannot_be_is_refused(text: str, code: str) -> None:
    found = parse_whole_number(text, highest=40)

    assert isinstance(found, Trouble)
    assert found.code == code


@pytest.mark.parametrize(
    ("text", "answer"),
    [("1", True), ("true", True), ("Y", True), ("1.0", True), ("0", False), ("FALSE", False), ("n", False), ("", None)],
)
def test_yes_and_no_are_read_as_files_write_them(text: str, answer: bool | None) -> None:
    assert parse_yes_no(text) is answer


def test_neither_yes_nor_no_is_said() -> None:
    assert isinstance(parse_yes_no("2"), Trouble)


@pytest.mark.parametrize(
    ("text", "on", "code"),
    [("c2", None, "C2"), (" C2 ", date(2025, 4, 1), "C2"), ("", None, None)],
)
def test_a_code_is_read_as_its_set_spells_it(text: str, on: date | None, code: str | None) -> None:
    assert parse_code(code_set("legal_status"), text, on) == code


def test_an_unknown_code_is_said_with_codes_that_are_known() -> None:
    found = parse_code(code_set("legal_status"), "Q9", meaning="legal status")

    assert isinstance(found, Trouble)
    assert found.code == "unknown_code"
    assert "C2" in found.fix


def test_a_moment_is_read_with_its_offset() -> None:
    found = parse_moment("2026-03-31T09:30:00+01:00")

    assert not isinstance(found, Trouble)
    assert found is not None
    assert found.utcoffset() is not None
    assert isinstance(parse_moment("31 March"), Trouble)
