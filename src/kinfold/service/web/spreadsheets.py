"""
Tables as files to keep: CSV and workbooks that no spreadsheet runs anything of.

A cell of a CSV file that begins as a formula does is given an apostrophe, as spreadsheets themselves mark text; in a
workbook every text is written as text, whatever it begins with.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

import xlsxwriter
from django.http import HttpResponse

Value = str | int | float | None
_RUNS = ("=", "+", "-", "@", "\t", "\r")
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def safe(value: Value) -> Value:
    """Return a value as a CSV cell may hold it: text that a spreadsheet would run is marked as text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_RUNS) else value


def csv_file(name: str, header: Sequence[str], rows: Iterable[Sequence[Value]]) -> HttpResponse:
    """Return rows as a CSV file to keep, in UTF-8 with the mark by which spreadsheets know it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    for row in rows:
        writer.writerow([safe(value) for value in row])
    return _kept(name, "text/csv; charset=utf-8", ("\ufeff" + out.getvalue()).encode())


def workbook_file(name: str, header: Sequence[str], rows: Iterable[Sequence[Value]]) -> HttpResponse:
    """Return rows as a workbook of one sheet to keep. Nothing in it is a formula or a link."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, header, workbook.add_format({"bold": True}))
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(number, column, value)
                elif value is not None:
                    sheet.write_number(number, column, value)
        sheet.freeze_panes(1, 0)
    return _kept(name, WORKBOOK, out.getvalue())


def _kept(name: str, media_type: str, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
