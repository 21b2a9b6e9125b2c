"""
A table that people fill in, as CSV or a workbook: what it may hold, the empty one, and one that was filled in, read.

What does not fit is said by file, row and field with what to do, all of it at once, so that a file is sent back once.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook

from kinfold.files.day_spellings import as_iso
from kinfold.files.tabular import header_of, matched_columns
from kinfold.terms.errors import FileRefused
from kinfold.terms.identifiers import is_urn
from kinfold.terms.places import authorities, demo_authorities

MOST_ROWS = 5_000
WORKBOOK_MARK = b"PK"  # a workbook is a zip file, whatever its name says
YES, NO = frozenset({"yes", "y", "true", "1"}), frozenset({"no", "n", "false", "0"})


@dataclass(frozen=True, slots=True)
class Field:
    """
    One column: its `name` here, the heading people see, and what it may hold.

    `sort` is text, number (whole, from 0), pounds (kept as pence), day, yes_no, council, urn or one (of `choices`).
    """

    name: str
    heading: str
    sort: str = "text"
    needed: bool = False
    about: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing to put right: the file, the row as a spreadsheet counts it, the field, and what to do."""

    file: str
    row: int
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class FilledRow:
    """One row: its number, and what it says by the fields' names; a field left empty is not there."""

    number: int
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Filled:
    """A file that was read: its rows, everything to put right in it, and the columns that were not read."""

    name: str
    rows: Sequence[FilledRow] = ()
    refusals: Sequence[Refusal] = ()
    unread: Sequence[str] = ()


def read_filled(content: bytes, *, name: str, fields: Sequence[Field], today: date) -> Filled:
    """
    Return what a filled-in file says, with everything that must be put right in it.

    Columns may stand in any order, by heading or by name. Raises FileRefused for a file that is no such table.
    """
    grid = _grid(content, name)
    header = [str(cell).strip() for cell in grid[0]] if grid else []
    places = matched_columns(header, [one.name for one in fields], aliases={one.heading: one.name for one in fields})
    missing = [one.heading for one in fields if one.needed and one.name not in places]
    if missing:
        raise _refused(
            name,
            f"has no column “{missing[0]}” in its first row",
            "Take the template, fill it in and rename no column.",
        )
    if len(grid) > MOST_ROWS + 1:
        raise _refused(name, f"has more than {MOST_ROWS:,} rows", "Send it in parts.")
    reading = _Reading(name, today)
    rows = [
        FilledRow(number, reading.row(number, cells, fields, places))
        for number, cells in enumerate(grid[1:], start=2)
        if any(cell.strip() for cell in cells)
    ]
    unread = [heading for at, heading in enumerate(header) if heading and at not in places.values()]
    return Filled(name, rows, tuple(reading.refusals), unread)


def _refused(name: str, what: str, fix: str) -> FileRefused:
    return FileRefused(f"{name} {what}. {fix}", file=name, code="not_this_table", fix=fix)


def _grid(content: bytes, name: str) -> list[list[str]]:
    """Return every row as text, the heading row first. Raises FileRefused where the file cannot be read as a table."""
    try:
        if content[:2] == WORKBOOK_MARK:
            sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
            return [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
        text = content.decode("utf-8-sig")
        return [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=header_of(text)[0])]
    except UnicodeDecodeError:
        raise _refused(name, "is not in UTF-8", "Save it as “CSV UTF-8”, or as a workbook (.xlsx).") from None
    except (CalamineError, csv.Error, OSError, ValueError, IndexError) as error:
        raise _refused(
            name, "cannot be read as a table", "Save it as CSV or as a workbook (.xlsx) and send it again."
        ) from error


def _text(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


class _Reading:
    """The rows of a file while they are read; what is wrong is gathered on the way."""

    def __init__(self, name: str, today: date) -> None:
        self.name, self.today = name, today
        self.refusals: list[Refusal] = []

    def row(
        self, number: int, cells: Sequence[str], fields: Sequence[Field], places: Mapping[str, int]
    ) -> dict[str, Any]:
        """Return what one row says."""
        said = {}
        for one in fields:
            at = places.get(one.name)
            text = cells[at].strip() if at is not None and at < len(cells) else ""
            if text:
                value, fault = value_of(one, text)
                if fault:
                    self.refusals.append(Refusal(self.name, number, one.heading, fault))
                else:
                    said[one.name] = value
            elif one.needed:
                self.refusals.append(Refusal(self.name, number, one.heading, "Fill this in: it is needed."))
        return said


def value_of(one: Field, text: str) -> tuple[Any, str]:
    """Return what a cell says and no fault, or nothing and what to do about it."""
    shown = text[:40]
    if one.sort == "text":
        return text[:200], ""
    if one.sort == "day":
        return _day(as_iso(text), shown)
    if one.sort == "yes_no":
        word = text.casefold()
        return (word in YES, "") if word in YES | NO else (None, f"“{shown}” is neither yes nor no. Write yes or no.")
    if one.sort == "council":
        code = council_codes().get(text.casefold(), "")
        return code, "" if code else f"“{shown}” is no council. Write its name in full, or its three-digit code."
    if one.sort == "urn":
        urn = text.upper()
        return urn, "" if is_urn(
            urn
        ) else f"“{shown}” is no number of a setting. Write it as registered, such as SC012345."
    if one.sort == "one":
        known = {name.casefold(): name for name in one.choices} | {
            said.casefold(): name for name, said in one.choices.items()
        }
        found = known.get(text.casefold(), "")
        return found, "" if found else f"“{shown}” is not one of: {', '.join(one.choices.values())}."
    return _amount(one, text, shown)


def _day(text: str, shown: str) -> tuple[str | None, str]:
    try:
        return date.fromisoformat(text).isoformat(), ""
    except ValueError:
        return None, f"“{shown}” is no date. Write it as 2026-03-31 or 31/03/2026."


def _amount(one: Field, text: str, shown: str) -> tuple[int | None, str]:
    in_pounds = one.sort == "pounds"
    example = "an amount in pounds from 0, such as 450000" if in_pounds else "a whole number from 0"
    fault = f"“{shown}” cannot be taken. Write {example}."
    try:
        value = Decimal(text.replace(",", "").removeprefix("£").strip())
    except InvalidOperation:
        return None, fault
    if not value.is_finite() or not 0 <= value <= 10**9 or (not in_pounds and value != int(value)):
        return None, fault
    return int(value * 100) if in_pounds else int(value), ""


def council_codes() -> dict[str, str]:
    """Return the code of every council, the invented ones too, by its name and by its code."""
    every = [(one.name, one.la_code) for one in authorities()] + [(one.name, one.la_code) for one in demo_authorities()]
    return {name.casefold(): code for name, code in every} | {code.casefold(): code for _, code in every}


def template(title: str, fields: Sequence[Field], rows: Sequence[Mapping[str, Any]] = ()) -> bytes:
    """Return the workbook to fill in, with what is known already, and a second sheet that says what each column holds."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True})
        sheet, about = book.add_worksheet(title[:31]), book.add_worksheet("What each column holds")
        sheet.freeze_panes(1, 1)
        about.set_column(0, 2, 40)
        for column, heading in enumerate(("Column", "Needed?", "What it holds")):
            about.write_string(0, column, heading, bold)
        for column, one in enumerate(fields):
            sheet.write_string(0, column, one.heading, bold)
            sheet.set_column(column, column, max(12, len(one.heading) + 2))
            for place, text in enumerate((one.heading, "Yes" if one.needed else "No", _holds(one))):
                about.write_string(column + 1, place, text)
            for row, said in enumerate(rows, start=1):
                if said.get(one.name) is not None:
                    sheet.write(row, column, said[one.name])
    return out.getvalue()


def _holds(one: Field) -> str:
    sorts = {
        "text": "Words", "number": "A whole number from 0", "pounds": "Pounds", "day": "A date, such as 2026-03-31",
        "yes_no": "Yes or no", "council": "A council: its name in full, or its three-digit code",
        "urn": "A setting's number, such as SC012345", "one": f"One of: {', '.join(one.choices.values())}",
    }  # fmt: skip
    return f"{sorts[one.sort]}. {one.about}".strip()
