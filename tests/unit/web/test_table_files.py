"""Tables as files: no spreadsheet program takes a text of ours for a formula."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from kinfold.service.web.table_files import FORMULA_SIGNS, as_csv, as_workbook, safe_text

texts = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=30)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", " =1", "＝1", "|cmd", "%x"])
def test_a_text_that_could_be_a_formula_gets_an_apostrophe(text: str) -> None:
    assert safe_text(text) == f"'{text}"


@given(texts)
def test_no_text_of_a_csv_file_begins_as_a_formula_does(text: str) -> None:
    rows = list(csv.reader(io.StringIO(as_csv(["Name"], [[text]]).decode("utf-8-sig"), newline="")))

    value = rows[1][0] if len(rows) > 1 and rows[1] else ""
    assert not value.lstrip(" ").startswith(FORMULA_SIGNS)


def test_numbers_and_days_stay_what_they_are() -> None:
    said = as_csv(["Miles", "Since", "Yes"], [[-4.5, date(2026, 3, 4), True], [None, None, False]]).decode("utf-8-sig")

    assert said.splitlines()[1:] == ["-4.5,2026-03-04,Yes", ",,No"]


def test_a_workbook_keeps_a_formula_as_text_and_a_number_as_a_number() -> None:
    made = as_workbook(
        "In: care/tonight?", ["Name", "Miles", "Since"], [["=cmd|' /C calc'!A0", 4.5, date(2026, 3, 4)]], note="x"
    )

    rows = CalamineWorkbook.from_filelike(io.BytesIO(made)).get_sheet_by_index(0).to_python()

    assert rows[1] == ["=cmd|' /C calc'!A0", 4.5, date(2026, 3, 4)]
    import zipfile

    sheet = zipfile.ZipFile(io.BytesIO(made)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
