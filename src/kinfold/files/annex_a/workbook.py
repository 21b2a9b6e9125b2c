"""
A workbook read safely: values only, as the spreadsheet last worked them out, within bounds.

Formulas are never run and macros never read. The library that reads the cells sets aside room for every
cell between the first and the last, so a workbook with one cell a million rows down is refused before.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import python_calamine

from kinfold.files.day_spellings import as_iso
from kinfold.files.received import READING_ERRORS, ArrivedFile

MOST_BYTES = 64 * 1024 * 1024
MOST_UNPACKED_BYTES = 256 * 1024 * 1024
MOST_CELLS = 10_000_000
_CELL = re.compile(rb'\sr="([A-Z]{1,3})([0-9]{1,7})"')
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_FIRST_DAY = date(1899, 12, 30)  # day 0 of a spreadsheet's calendar, its mistaken 29 February 1900 allowed for
_FIRST_NUMBER, _LAST_NUMBER = 10_000, 80_000  # 1927 to 2119: other numbers in a date column are slips


class Sheet(NamedTuple):
    """One sheet: its name and its rows, from the first row of the sheet on."""

    name: str
    rows: list[list[Any]]


def sheets(file: ArrivedFile) -> Iterator[Sheet]:
    """Yield the workbook's sheets. Raises FileRefused when it is too large, damaged or of another sort."""
    content = _content(file)
    workbook = _call(file, lambda: python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)))
    for name in workbook.sheet_names:
        rows = _call(file, lambda name=name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False))
        yield Sheet(name, rows)


def has_macros(file: ArrivedFile) -> bool:
    """Return whether the workbook carries macros."""
    with file.open() as stream:
        content = stream.read(MOST_BYTES + 1)
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return False
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return any(name.lower().endswith("vbaproject.bin") for name in archive.namelist())


def _content(file: ArrivedFile) -> bytes:
    if file.size > MOST_BYTES:
        raise file.refused("file_too_large", "is a workbook larger than 64 MB", "Send the lists in smaller workbooks.")
    with file.open() as stream:
        content = stream.read()
    if content.startswith(b"PK"):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                _check(file, archive)
        except READING_ERRORS as error:
            raise _damaged(file) from error
    return content


def _check(file: ArrivedFile, archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    if not any(_SHEET.fullmatch(name) for name in names):
        raise file.refused("not_a_workbook", "is not an .xlsx workbook", "Save it as .xlsx and send it again.")
    if sum(info.file_size for info in archive.infolist()) > MOST_UNPACKED_BYTES:
        raise file.refused("file_too_large", "would unpack to more than 256 MB", "Send the lists in smaller workbooks.")
    for name in names:
        if _SHEET.fullmatch(name):
            rows, columns = _extent(archive, name)
            if rows * columns > MOST_CELLS:
                what = f"has a sheet that reaches to row {rows:,} and column {columns:,}"
                raise file.refused("sheet_too_large", what, "Delete the empty rows and columns after the lists.")


def _extent(archive: zipfile.ZipFile, name: str) -> tuple[int, int]:
    """Return the last row and the last column that a sheet names."""
    rows = columns = 1
    rest = b""
    with archive.open(name) as stream:
        while chunk := stream.read(256 * 1024):
            text = rest + chunk
            for letters, digits in _CELL.findall(text):
                rows = max(rows, int(digits))
                columns = max(columns, _column_number(letters))
            rest = text[-64:]
    return rows, columns


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _call(file: ArrivedFile, read: Any) -> Any:
    try:
        return read()
    except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except BaseException as error:  # the library's own panics are no Exception
        raise _damaged(file) from error


def _damaged(file: ArrivedFile) -> Exception:
    return file.refused(
        "damaged_workbook", "is damaged or locked and cannot be read", "Save it as .xlsx without a password."
    )


def text_of(value: Any) -> str:
    """Return a cell as text: days as 2026-03-31, whole numbers without ".0", one space for any run of spaces."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return " ".join(str(value).split())


def day_text_of(value: Any) -> str:
    """Return a cell of a date column as text: numbers are days of the spreadsheet's calendar."""
    if isinstance(value, (int, float)) and _FIRST_NUMBER <= value < _LAST_NUMBER:
        return (_FIRST_DAY + timedelta(days=int(value))).isoformat()
    return as_iso(text_of(value))
