"""
Reading the Standard Safeguarding Dataset: a CSV a table, the rows of each person brought together.

A row is held as one text with its cells joined, as in the SSDA903 reader. The files are read twice: once to
learn which row leads to which person, once to bring the rows together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from kinfold.files.day_spellings import as_iso
from kinfold.files.problems import Trouble, missing, problem, shown
from kinfold.files.received import ArrivedFile
from kinfold.files.recognise import Head, Options
from kinfold.files.standard_safeguarding_dataset.layout import DOOR, TABLES, Table, kinds_withdrawn, table_of
from kinfold.files.standard_safeguarding_dataset.rows import SEPARATOR, Line, Lookups
from kinfold.files.standard_safeguarding_dataset.to_record import subject_of
from kinfold.files.tabular import CsvTable, Record, header_of, open_table
from kinfold.record.claim import Delivery, Key, Place, Problem, SubjectRecord
from kinfold.terms.identifiers import normalise_swe_number

_LONGEST_NUMBER = 64
# A parent of whom the dataset says nothing but who they are is not one of the council's children. It names the mothers; a
# father is known by his age, for a council's care leavers are at most 25.
_GROWN = 26
_BORN_AT = TABLES["ssd_person"].names.index("pers_dob")
_OF_ANYBODY = frozenset(
    {"ssd_person", "ssd_mother", "ssd_family", "ssd_address", "ssd_linked_identifiers", "ssd_disability"}
)


def looks_like_dataset(head: Head) -> bool:
    """Return whether the file's first row names the fields of one of the dataset's tables."""
    return head.sort == "table" and table_of(head.header) is not None


def open_dataset(files: Sequence[ArrivedFile], options: Options) -> Delivery:
    """
    Return the dataset's files as one delivery: full for the tables that are there, and for all time.

    Raises FileRefused when a file stops being a table.
    """
    stock = _take_stock(files, options)
    kinds = {table: TABLES[table].kinds for table in stock.tables}
    delivery = Delivery(
        door=DOOR,
        collection="",
        window=None,
        kinds=kinds_withdrawn(stock.tables),
        full=True if options.full is None else options.full,
        files=tuple(file.received for file in files),
        read=lambda: iter(()),
        la_code=options.la_code,
        extracted_at=options.extracted_at,
        expected_rows=None if options.glance else stock.rows,
        notes=stock.notes,
        table_of_kind={
            name: frozenset(table for table, stated in kinds.items() if name in stated)
            for stated in kinds.values()
            for name in stated
        },
    )
    delivery.read = lambda: _subjects(files, options, delivery, stock.lookups)
    return delivery


@dataclass(slots=True)
class _Stock:
    rows: int = 0
    tables: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    lookups: Lookups = field(default_factory=Lookups)


class _Opened(NamedTuple):
    """One file with its table; a table that is not kept has no rows for us."""

    position: int
    file: ArrivedFile
    table: Table
    csv: CsvTable


def _opened(files: Sequence[ArrivedFile]) -> Iterator[_Opened]:
    for position, file in enumerate(files):
        table = table_of(header_of(file.head_text())[1])
        if table is None:
            raise file.refused("not_recognised", "is not a table of the dataset", "Its first row must name the fields.")
        yield _Opened(position, file, table, open_table(file, table.names))


def _take_stock(files: Sequence[ArrivedFile], options: Options) -> _Stock:
    stock = _Stock()
    for opened in _opened(files):
        name = opened.table.name
        stock.notes += opened.csv.notes
        if not opened.table.kept:
            stock.notes.append(f"{opened.file.name} ({name}) holds nothing about a child and was not read.")
            continue
        if name in stock.tables:
            stock.notes.append(f"{opened.file.name} is {name} again: the rows of both files were read.")
        stock.tables.add(name)
        if options.glance:
            continue
        for line in _lines(opened, options):
            stock.rows += 1
            if line.spoilt is None:
                _learn(stock.lookups, opened.table, line.text)
        if stock.rows > options.limits.rows:
            raise opened.file.refused(
                "too_many_rows", f"brings the rows to more than {options.limits.rows:,}", "Split it."
            )
    return stock


# Tables to which others lead, with the field by which they do.
_LED_TO = {table.through.table: table.through.key for table in TABLES.values() if table.through is not None}


def _learn(lookups: Lookups, table: Table, text: str) -> None:
    """Remember what other tables need of this row: whose it is, or which worker it numbers."""
    if table.name not in _LED_TO and table.name not in ("ssd_professionals", "ssd_mother"):
        return
    cells = dict(zip(table.names, text.split(SEPARATOR), strict=True))
    if table.name == "ssd_professionals":
        number = cells["prof_professional_id"]
        registered = normalise_swe_number(cells["prof_social_worker_registration_no"])
        lookups.workers[number] = Key("worker", registered or number)
    elif table.name == "ssd_mother":
        lookups.mothers.add(cells["moth_person_id"])
    else:
        up = table.who or (table.through.field if table.through else "")
        if cells[_LED_TO[table.name]]:
            lookups.leads_to.setdefault(table.name, {}).setdefault(cells[_LED_TO[table.name]], cells[up])


def _lines(opened: _Opened, options: Options) -> Iterator[Line]:
    names = opened.table.names
    for number, cells in opened.csv.records(names, options.limits):
        if isinstance(cells, Record):
            text = SEPARATOR.join(cells.cells).replace("\n", " ")
            yield Line(opened.position, number, text, cells.trouble)
            continue
        text = SEPARATOR.join(_without_guard(cell) for cell in cells)
        spoilt = None
        if text.count(SEPARATOR) != len(names) - 1:
            spoilt = Trouble("wrong_characters", "the row holds a control character", "Take the character out.")
        yield Line(opened.position, number, text, spoilt)


def _without_guard(cell: str) -> str:
    """Return the cell without the apostrophe that keeps a spreadsheet from running it as a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell


def _subjects(
    files: Sequence[ArrivedFile], options: Options, delivery: Delivery, lookups: Lookups
) -> Iterator[SubjectRecord]:
    """Yield every subject with all its rows, in the order in which the files name them first."""
    delivery.problems.clear()
    delivery.orphan_rows = 0
    held: dict[Key, dict[str, list[Line]]] = {}
    for opened in _opened(files):
        if not opened.table.kept:
            continue
        for line in _lines(opened, options):
            key = None if line.spoilt else _subject(opened.table, line.text, lookups)
            if key is None:
                delivery.problems.append(_orphan(opened.table, line))
                delivery.orphan_rows += 1
            else:
                held.setdefault(key, {}).setdefault(opened.table.name, []).append(line)
    while held:
        key = next(iter(held))
        tables = held.pop(key)
        is_parent = key.value in lookups.mothers or _is_grown(tables.get("ssd_person", ()), options.today)
        if key.sort == "child" and is_parent and _OF_ANYBODY.issuperset(tables):
            key = Key("person", key.value)
        yield subject_of(key, tables, lookups)


def _is_grown(lines: Iterable[Line], today: date | None) -> bool:
    """Return whether a row says of somebody that they were born at least `_GROWN` years ago."""
    for line in lines:
        try:
            born = date.fromisoformat(as_iso(line.text.split(SEPARATOR)[_BORN_AT]))
        except (IndexError, ValueError):
            continue
        if today is not None and (today.year - born.year, today.month, today.day) >= (_GROWN, born.month, born.day):
            return True
    return False


def _subject(table: Table, text: str, lookups: Lookups) -> Key | None:
    """Return whose row it is, or None where it leads to nobody."""
    at = _WHO_AT.get(table.name)
    value = text.split(SEPARATOR)[at] if at is not None else ""
    if table.who is None:
        through = table.through
        while through is not None and value:
            value = lookups.leads_to.get(through.table, {}).get(value, "")
            through = TABLES[through.table].through if TABLES[through.table].who is None else None
    if not value or len(value) > _LONGEST_NUMBER or not value.isprintable():
        return None
    if table.subject == "worker":
        return lookups.workers.get(value, Key("worker", value))
    return Key(table.subject, value)


# Where in a row the number stands that leads to its person.
_WHO_AT = {
    table.name: table.names.index(name)
    for table in TABLES.values()
    if (name := table.who or (table.through.field if table.through else None)) is not None
}


def _orphan(table: Table, line: Line) -> Problem:
    place = Place(line.file, table.name, line.number)
    if line.spoilt is not None:
        return problem(place, line.spoilt, {"row": shown(line.text.replace(SEPARATOR, ","))})
    cells = {n: t for n, t in zip(table.names, line.text.split(SEPARATOR), strict=True) if t}
    name = table.who or (table.through.field if table.through else table.row_id)
    if not cells.get(name):
        trouble = missing(name, "the number of the person" if table.subject == "child" else "the number")
    elif table.who is not None:
        trouble = Trouble("impossible_number", f"{name} is not a number of anybody", f"Correct {name}.", name)
    else:
        found = table.through.table if table.through else ""
        what = f"{name} {shown(cells[name])!r} leads to nobody: {found} has no such row, or it was not sent"
        trouble = Trouble("no_parent", what, f"Send {found} with it, or correct {name}.", name)
    return problem(place, trouble, cells)
