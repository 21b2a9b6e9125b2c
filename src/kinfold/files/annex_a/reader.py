"""Reading an Annex A workbook: find the lists by their headings, then bring the rows of each child together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from kinfold.files.annex_a.columns import Column, List
from kinfold.files.annex_a.layout import ADOPTERS, list_of
from kinfold.files.annex_a.to_record import DOOR, DOOR_KINDS, Cells, subject_of, without_number
from kinfold.files.annex_a.workbook import day_text_of, has_macros, sheets, text_of
from kinfold.files.corrections import OfFile
from kinfold.files.problems import problem, shown
from kinfold.files.received import ArrivedFile
from kinfold.files.recognise import Head, Options
from kinfold.record.claim import Delivery, Key, Place, Problem, SubjectRecord
from kinfold.terms.errors import FileRefused

_HEADINGS_WITHIN = 15  # rows from the top of a sheet in which its headings are looked for
_LONGEST_NUMBER = 36


def looks_like_annex_a(head: Head) -> bool:
    """Return whether the workbook has one of the lists in it."""
    if head.sort != "workbook":
        return False
    try:
        return any(_headings_of(sheet.rows) is not None for sheet in sheets(head.file))
    except FileRefused:
        # A workbook that cannot be read: ours only if its name says so, for then our message helps most.
        return "annex" in head.file.name.lower()


def open_annex_a(files: Sequence[ArrivedFile], options: Options) -> Delivery:
    """
    Return the workbook's lists as one delivery, partial unless `options` say otherwise.

    Raises FileRefused when the workbook is damaged, too large, or has none of the lists.
    """
    if len(files) != 1:
        raise files[1].refused("too_many_files", "came with another workbook", "Load one workbook at a time.")
    file = files[0]
    book = _read(file, options)
    delivery = Delivery(
        door=DOOR,
        collection="",
        window=None,
        kinds=DOOR_KINDS,
        full=bool(options.full),
        files=(file.received,),
        read=lambda: _subjects(book),
        la_code=options.la_code,
        extracted_at=options.extracted_at,
        expected_rows=book.rows,
        problems=book.problems,
        orphan_rows=len(book.problems),
        notes=book.notes,
    )
    return delivery


@dataclass(slots=True)
class _Book:
    """A workbook as read: the rows of each child, those of nobody, and what to say of the whole."""

    rows: int = 0
    subjects: dict[Key, list[Cells]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    tables: set[str] = field(default_factory=set)
    corrections: OfFile = field(default_factory=dict)


def _read(file: ArrivedFile, options: Options) -> _Book:
    book = _Book(notes=[*file.notes], corrections=file.corrections)
    if has_macros(file):
        book.notes.append(f"{file.name} has macros in it: they were ignored.")
    for sheet in sheets(file):
        found = _headings_of(sheet.rows)
        if found is None:
            if any(cell != "" for row in sheet.rows for cell in row):
                book.notes.append(f"The sheet {shown(sheet.name)!r} is none of the lists and was not read.")
            continue
        first, list_, columns = found
        _note_columns(book, sheet.name, list_, columns, sheet.rows[first])
        table = list_.table if list_.table not in book.tables else f"{list_.table} ({sheet.name})"[:40]
        book.tables.add(table)
        for number, row in enumerate(sheet.rows[first + 1 :], start=first + 2):
            _take(book, list_, columns, row, Place(0, table, number))
            if book.rows > options.limits.rows:
                raise file.refused("too_many_rows", f"has more than {options.limits.rows:,} rows", "Split it.")
    if not book.tables:
        raise file.refused("not_recognised", "has none of the lists of Annex A", "Check the headings of its sheets.")
    book.notes.append("Allocated teams and workers were not kept: the lists give no date for them.")
    return book


def _headings_of(rows: Sequence[Sequence[Any]]) -> tuple[int, List, dict[int, Column]] | None:
    """Return where a sheet's headings are, which list they make, and its columns; None if it is no list."""
    for position, row in enumerate(rows[:_HEADINGS_WITHIN]):
        found = list_of([cell if isinstance(cell, str) else "" for cell in row])
        if found is not None:
            return position, *found
    return None


def _note_columns(book: _Book, sheet: str, list_: List, columns: dict[int, Column], headings: Sequence[Any]) -> None:
    unread = [shown(str(cell)) for position, cell in enumerate(headings) if position not in columns and cell != ""]
    if unread:
        book.notes.append(f"{list_.table} ({shown(sheet)}): columns that were not read: {', '.join(unread[:10])}.")
    known = {column.name for column in columns.values()}
    lacking = [column.heading for column in list_.columns if column.name not in known and column.shape != "ignored"]
    if lacking:
        book.notes.append(f"{list_.table} ({shown(sheet)}) has no column for: {', '.join(lacking[:10])}.")


def _take(book: _Book, list_: List, columns: dict[int, Column], row: Sequence[Any], place: Place) -> None:
    values = {
        column.name: day_text_of(row[position]) if column.shape == "day" else text_of(row[position])
        for position, column in columns.items()
        if position < len(row)
    }
    if not any(values.values()):
        return
    read = tuple(columns.values())
    corrected = book.corrections.get((place.table, place.row))
    if corrected is not None:
        if not corrected:
            return
        read += tuple(c for c in list_.columns if c.heading in corrected and c not in read and c.shape != "ignored")
        values |= {c.name: _corrected(c, corrected[c.heading]) for c in read if c.heading in corrected}
    book.rows += 1
    cells = Cells(list_, place, read, values)
    key = _subject(cells)
    if key is None:
        original = {column.heading: values[column.name] for column in read if values.get(column.name)}
        book.problems.append(problem(place, without_number(cells), original))
    else:
        book.subjects.setdefault(key, []).append(cells)


def _corrected(column: Column, text: str) -> str:
    return day_text_of(text) if column.shape == "day" else text_of(text)


def _subject(cells: Cells) -> Key | None:
    is_adopter = cells.list is ADOPTERS
    number = cells.values.get("adopter_id" if is_adopter else "la_child_id", "")
    if not number or len(number) > _LONGEST_NUMBER or not number.isprintable():
        return None
    # An adopter's number may be some child's number too: it is kept apart.
    return Key("person", f"adopter-{number}") if is_adopter else Key("child", number)


def _subjects(book: _Book) -> Iterator[SubjectRecord]:
    for key, rows in book.subjects.items():
        digest = hashlib.blake2b(digest_size=16)
        for cells in rows:
            digest.update(repr((cells.list.number, sorted(cells.values.items()))).encode("utf-8", "surrogatepass"))
        yield subject_of(key, rows, digest.digest())
