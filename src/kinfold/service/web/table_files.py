"""
Tables as files: CSV and workbooks that no spreadsheet program takes for formulas.

A text that a program could read as a formula gets an apostrophe before it in CSV; in a workbook every text is written
as text. Numbers and days stay numbers and days.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
from django.http import HttpResponse

from kinfold.service.web.downloads import download

# What a spreadsheet program may take for the beginning of a formula, in their full-width forms too.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")  # fmt: skip
CSV, XLSX = "csv", "xlsx"
MEDIA = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# The longest text one cell of a workbook holds.
LONGEST_CELL = 32_767


def safe_text(value: str) -> str:
    """Return a text as it may stand in a CSV file: with an apostrophe where it could be taken for a formula."""
    return f"'{value}" if value.lstrip(" ").startswith(FORMULA_SIGNS) or value.startswith(FORMULA_SIGNS) else value


def _for_csv(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, str):
        return safe_text(value)
    return value.isoformat() if isinstance(value, date) else value


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a table as CSV in UTF-8 with the mark that spreadsheet programs know it by."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([safe_text(heading) for heading in headings])
    writer.writerows([_for_csv(value) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_workbook(title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]], *, note: str = "") -> bytes:
    """Return a table as a workbook of one sheet; `note` stands below the table."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(title[:31].translate(str.maketrans("", "", "[]:*?/\\'")) or "Table")
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.freeze_panes(1, 1)
        for place, heading in enumerate(headings):
            sheet.write_string(0, place, heading, bold)
            sheet.set_column(place, place, max(12, min(len(heading) + 2, 40)))
        last = 0
        for last, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                _write(sheet, last, place, value, day)
        if note:
            sheet.write_string(last + 2, 0, note)
    return out.getvalue()


def _write(sheet: Any, row: int, column: int, value: Any, day: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_string(row, column, "Yes" if value else "No")
    elif isinstance(value, (int, float)):
        sheet.write_number(row, column, value)
    elif isinstance(value, date) and not isinstance(value, datetime):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
    else:
        sheet.write_string(row, column, str(value)[:LONGEST_CELL])


def file_answer(
    form: str, *, name: str, title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]], note: str = ""
) -> HttpResponse:
    """Return a table as a file to keep. `form` is csv or xlsx, `name` the file's name without its ending."""
    content = as_csv(headings, rows) if form == CSV else as_workbook(title, headings, rows, note=note)
    return download(content, name=f"{name}.{form}", media_type=MEDIA[form])
