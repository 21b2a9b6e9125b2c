"""
Reading the SSDA903 return: a CSV a table (loose or in an archive) or one XML file, into rows by child.

A row is held as one text with its cells joined, in the order of the layout: a tenth of the memory of a
list of cells, ready to be compared and fingerprinted. The files are read twice, once to take stock
(`survey`) and once to yield the children (`by_child`): nothing is held between.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from kinfold.files.corrections import laid_over
from kinfold.files.problems import Trouble, missing, problem
from kinfold.files.received import ArrivedFile, Limits
from kinfold.files.ssda903 import xml_form
from kinfold.files.ssda903.layout import ALIASES, BY_NAME, EPISODES, MISSING, REVIEWS, TABLES, Table, table_of
from kinfold.files.tabular import CsvTable, Record, header_of, open_table
from kinfold.record.claim import Place, Problem

SEPARATOR = "\x1f"  # "unit separator": no cell of a statutory file has it, and a row that does is set aside
_LONGEST_CHILD = 36
# Days of the year that a return is for: an episode's first day may lie years before.
_YEAR_COLUMNS: Mapping[str, tuple[int, ...]] = {
    EPISODES.name: (EPISODES.position("DEC"),),
    REVIEWS.name: (REVIEWS.position("REVIEW"),),
    MISSING.name: (MISSING.position("MIS_START"), MISSING.position("MIS_END")),
}


# One data row: the file's position in the delivery, its row number, and its cells joined. A plain tuple,
# because there are millions of them.
Line = tuple[int, int, str]


class Spoilt(NamedTuple):
    """A row that cannot be read as cells (ragged, overlong): what is wrong, and what the file has."""

    trouble: Trouble
    original: Mapping[str, str]


@dataclass(slots=True)
class Survey:
    """What taking stock of the files found. `rows` are all data rows; `orphans` belong to no child."""

    rows: int = 0
    orphans: list[Problem] = field(default_factory=list)
    days: Counter[str] = field(default_factory=Counter)  # days of the return's year, as written
    starts: Counter[str] = field(default_factory=Counter)  # first days of episodes
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class ChildLines:
    """All rows of one child, by table, in the order of the files."""

    child: str
    tables: dict[str, list[Line]] = field(default_factory=dict)
    spoilt: list[tuple[Place, Spoilt]] = field(default_factory=list)


def survey(files: Sequence[ArrivedFile], limits: Limits, *, most: int | None = None) -> Survey:
    """
    Take stock of the files: count rows, find those without a child, collect the days that tell the year.

    At `most` so many rows of each file are looked at, where that is given.
    """
    found = Survey()
    seen: dict[str, str] = {}
    for position, file in enumerate(files):
        found.notes += _notes_on(file, seen)
        for table, child, number, content in islice(_rows(file, limits), most):
            found.rows += 1
            if child is None:
                found.orphans.append(_orphan(Place(position, table.name, number), table, content))
            elif table.name in _YEAR_COLUMNS and isinstance(content, str):
                _collect_days(found, table.name, content)
        if found.rows > limits.rows:
            fix = "Send one year at a time."
            raise file.refused("too_many_rows", f"brings the rows to more than {limits.rows:,}", fix)
    if not found.rows:
        raise files[0].refused("no_rows", "has a header and no rows", "Export it again and check that it has rows.")
    return found


def by_child(files: Sequence[ArrivedFile], limits: Limits) -> Iterator[ChildLines]:
    """Yield every child with all their rows of all the files, in the order in which the files name them first."""
    children: dict[str, ChildLines] = {}
    for position, file in enumerate(files):
        for table, child, number, content in _rows(file, limits):
            if child is None:
                continue
            lines = children.get(child)
            if lines is None:
                lines = children[child] = ChildLines(child)
            if isinstance(content, Spoilt):
                lines.spoilt.append((Place(position, table.name, number), content))
            elif table.name in lines.tables:
                lines.tables[table.name].append((position, number, content))
            else:
                lines.tables[table.name] = [(position, number, content)]
    while children:
        # Each child's rows are let go of once yielded.
        yield children.pop(next(iter(children)))


def read_tables(files: Sequence[ArrivedFile], limits: Limits | None = None) -> dict[str, list[dict[str, str]]]:
    """Return the return's tables as they are written, rows in file order: {"Episodes": [{"CHILD": ..}, ..], ..}."""
    tables: dict[str, list[dict[str, str]]] = {}
    for file in files:
        for table, _, _, content in _rows(file, limits or Limits()):
            tables.setdefault(table.name, []).append(_as_written(table, content))
    return tables


def original(table: Table, text: str) -> dict[str, str]:
    """Return a row as its cells by column."""
    return dict(zip(table.names, text.split(SEPARATOR), strict=True))


def tables_in(files: Sequence[ArrivedFile]) -> frozenset[str]:
    """Return the tables that the files carry, with or without rows. An XML file carries them all."""
    found: set[str] = set()
    for file in files:
        found |= {table.name for table in TABLES} if file.sort == "xml" else {_table(file).name}
    return frozenset(found)


_Row = tuple[Table, str | None, int, str | Spoilt]


def _rows(file: ArrivedFile, limits: Limits) -> Iterator[_Row]:
    """Yield (table, child or None, row number, joined cells) for each data row of one file, each once."""
    if file.sort == "xml":
        last: dict[str, int] = {}
        for name, line, found in xml_form.rows(file, limits):
            # a file without line breaks has every row on line 1: each still has a number of its own
            number = last[name] = max(line, last.get(name, 0) + 1)
            corrected = file.corrections.get((name, number))
            if corrected is None:
                yield _row(BY_NAME[name], number, found)
            elif corrected:
                names = BY_NAME[name].names
                values = laid_over(dict(zip(names, found, strict=True)), corrected, known=names)
                yield _row(BY_NAME[name], number, list(values.values()))
        return
    table = _table(file)
    csv_table = open_table(file, table.names, aliases=ALIASES)
    separators = len(table.names) - 1
    for number, cells in csv_table.records(table.names, limits):
        if isinstance(cells, Record):
            yield _ragged(table, csv_table, cells)
            continue
        child, text = cells[0], SEPARATOR.join(cells)
        if "'" in text:
            cells = [_without_guard(cell) for cell in cells]
            child, text = cells[0], SEPARATOR.join(cells)
        if child and len(child) <= _LONGEST_CHILD and child.isprintable() and text.count(SEPARATOR) == separators:
            yield table, child, number, text
        else:
            yield _row(table, number, cells)


def _row(table: Table, number: int, cells: Sequence[str]) -> _Row:
    child = _child(cells[0])
    if any(SEPARATOR in cell for cell in cells):
        trouble = Trouble("wrong_characters", "the row holds a control character", "Take the character out.")
        return table, child, number, Spoilt(trouble, dict(zip(table.names, cells, strict=True)))
    return table, child, number, SEPARATOR.join(cells)


def _ragged(table: Table, csv_table: CsvTable, record: Record) -> _Row:
    place = csv_table.positions.get("CHILD", len(record.cells))
    child = _child(record.cells[place].strip()) if place < len(record.cells) else None
    cells = dict(zip(csv_table.header, record.cells, strict=False))
    return table, child, record.number, Spoilt(record.trouble, cells)


def _as_written(table: Table, content: str | Spoilt) -> dict[str, str]:
    return dict(content.original) if isinstance(content, Spoilt) else original(table, content)


def _without_guard(cell: str) -> str:
    """Return the cell without the apostrophe that keeps a spreadsheet from running it as a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell


def _child(text: str) -> str | None:
    """Return the child's number, or None when nobody could be meant by it."""
    return text if text and len(text) <= _LONGEST_CHILD and text.isprintable() else None


def _table(file: ArrivedFile) -> Table:
    found = table_of(header_of(file.head_text())[1])
    if found is None:
        raise file.refused("not_recognised", "is not a table of the SSDA903 return", "Check its first row.")
    return found


def _notes_on(file: ArrivedFile, seen: dict[str, str]) -> list[str]:
    """Return what is worth saying of a file as a whole; `seen` remembers which file had which table."""
    if file.sort == "xml":
        return list(file.notes)
    table = _table(file)
    notes = open_table(file, table.names, aliases=ALIASES).notes
    if table.name in seen:
        notes.append(f"{file.name} and {seen[table.name]} are both the table {table.name}: the rows of both were read.")
    seen.setdefault(table.name, file.name)
    return notes


def _orphan(place: Place, table: Table, content: str | Spoilt) -> Problem:
    cells = _as_written(table, content)
    if isinstance(content, Spoilt):
        trouble = content.trouble
    elif cells.get("CHILD"):
        what = f"the child's number (CHILD) must be letters and digits, at most {_LONGEST_CHILD} of them"
        trouble = Trouble("impossible_number", what, "Correct CHILD.", "CHILD")
    else:
        trouble = missing("CHILD", "the child's number")
    return problem(place, trouble, cells)


def _collect_days(found: Survey, name: str, text: str) -> None:
    cells = text.split(SEPARATOR)
    for position in _YEAR_COLUMNS[name]:
        found.days[cells[position]] += 1
    if name == EPISODES.name:
        found.starts[cells[1]] += 1
