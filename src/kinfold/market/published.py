"""
Ofsted's published provider files, whatever their year and form, as tables of text under our names for the columns.

CSV with lines of title above the header, Parquet, and workbooks (ODS, XLSX) of which each sheet with a column URN is
a table. Nothing is guessed from a column's place: only its header counts.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import python_calamine

from kinfold.files.received import READING_ERRORS, Limits
from kinfold.market.values import column_of, day_of
from kinfold.terms.errors import FileRefused

ENDINGS = (".csv", ".parquet", ".ods", ".xlsx")
_DEEPEST_HEADER = 40
_AS_AT = re.compile(r"as at (?:(\d{1,2}) )?([a-z]+) (\d{4})", re.IGNORECASE)
_IN_NAME = re.compile(
    r"(?:(\d{1,2})[ _-]?)?(march|mar|august|aug|september|sep|december|dec)[a-z]*[ _-]*(20\d\d)", re.IGNORECASE
)
_MONTHS = {"mar": (3, 31), "aug": (8, 31), "sep": (9, 30), "dec": (12, 31), "jun": (6, 30)}
_DAYS_OF_DATE_COLUMNS = ("registration_date", "inspection_date", "publication_date")


@dataclass(frozen=True, slots=True)
class Table:
    """
    One table: text cells under our names. `title` is what stood above the header, `as_at` the day it is of, if it says so.

    `unread` are the headers of columns that have no name here; `headers` are the published headers by our names, `rows` the number
    in the file of each row of cells.
    """

    name: str
    title: str
    cells: pl.DataFrame
    as_at: date | None
    unread: tuple[str, ...]
    headers: Mapping[str, str]
    rows: Sequence[int]

    def has(self, *columns: str) -> bool:
        """Return whether the table has all these columns."""
        return set(columns) <= set(self.cells.columns)


def files_under(paths: Iterable[Path]) -> list[Path]:
    """Return the files to read: those named, and those of a folder that have a known ending, in order of name."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(one for one in path.rglob("*") if one.suffix.lower() in ENDINGS and one.is_file())
        elif path.exists():
            found.append(path)
        else:
            raise _refused(path.name, "missing", "is not there", "Check the path.")
    return found


def tables_in(path: Path) -> list[Table]:
    """
    Return the tables of a file that have a column URN; none is no error (a workbook has sheets of other things).

    Raises FileRefused where the file cannot be read or is larger than a delivery may be.
    """
    if path.stat().st_size > Limits().file_bytes:
        raise _refused(path.name, "too_big", "is larger than a delivery may be", "Send the file of one year at a time.")
    try:
        if path.suffix.lower() == ".parquet":
            frame = pl.read_parquet(path).cast(pl.String)
            return _tables(path.name, [(path.name, [frame.columns, *frame.iter_rows()])])
        if path.suffix.lower() in (".ods", ".xlsx"):
            book = python_calamine.CalamineWorkbook.from_path(str(path))
            sheets = ((f"{path.name}, sheet {name}", _sheet(book, name)) for name in book.sheet_names)
            return _tables(path.name, sheets)
        return _tables(path.name, [(path.name, list(csv.reader(io.StringIO(_text(path)))))])
    except (*READING_ERRORS, csv.Error, pl.exceptions.PolarsError, python_calamine.CalamineError) as error:
        raise _refused(
            path.name,
            "unreadable",
            f"cannot be read: it is not whole, or is no {path.suffix.lower().lstrip('.') or 'table'}",
            "Download it again and load it.",
        ) from error


def _text(path: Path) -> str:
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")  # the files of 2015 to 2018 were saved by a spreadsheet


def _sheet(book: Any, name: str) -> list[Sequence[str | None]]:
    return [[_cell(value) for value in row] for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]


def _cell(value: object) -> str | None:
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return None if value is None or value == "" else str(value)


def _tables(file: str, grids: Iterable[tuple[str, list[Sequence[str | None]]]]) -> list[Table]:
    return [table for name, grid in grids if (table := _table(file, name, grid)) is not None]


def _table(file: str, name: str, grid: list[Sequence[str | None]]) -> Table | None:
    place = next((row for row, cells in enumerate(grid[:_DEEPEST_HEADER]) if _is_header(cells)), None)
    if place is None:
        return None
    names = [column_of(cell) if cell else None for cell in grid[place]]
    unread = tuple(str(cell).strip() for cell, known in zip(grid[place], names, strict=True) if cell and not known)
    picks: dict[str, int] = {}
    for column, known in enumerate(names):
        if known is not None:
            picks.setdefault(known, column)  # the first of two columns with one name: the later ones repeat it
    numbered = [(number, row) for number, row in enumerate(grid[place + 1 :], start=place + 2) if any(row)]
    cells = {known: [row[at] if at < len(row) else None for _, row in numbered] for known, at in picks.items()}
    headers = {known: " ".join(str(grid[place][at]).split()) for known, at in picks.items()}
    title = " ".join(str(cell).strip() for row in grid[:place] for cell in row if cell)
    frame = pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String))
    return Table(name, title, frame, _day(title, file), unread, headers, [number for number, _ in numbered])


def _is_header(cells: Sequence[str | None]) -> bool:
    known = {column_of(cell) for cell in cells if cell}
    return "urn" in known and len(known - {None}) >= 4


def _day(title: str, file: str) -> date | None:
    """Return the day a table is of, from its title or, failing that, from the file's name."""
    for found in (_AS_AT.search(title), _IN_NAME.search(file)):
        if found and (last := _MONTHS.get(found[2][:3].lower())):
            month, day = last
            return date(int(found[3]), month, int(found[1] or day))
    return None


def days_within(table: Table) -> Iterator[date]:
    """Yield each day that stands in the table's columns of dates: what it is of when nothing says so."""
    for column in _DAYS_OF_DATE_COLUMNS:
        if column in table.cells.columns:
            yield from (day for cell in table.cells[column].unique() if (day := day_of(cell)))


def _refused(name: str, code: str, what: str, fix: str) -> FileRefused:
    return FileRefused(f"{name} {what}. {fix}", file=name, code=code, fix=fix)
