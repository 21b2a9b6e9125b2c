"""
From the rows of one child in the return to what they say of the child: claims, and problems with rows.

Every row is counted once. A row with anything wrong in it is set aside whole, with one Problem that says
all of it; gaps and overlaps between rows are kept as reported and are for the returns' rules to find.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import getitem
from typing import Any

from kinfold.files.problems import Trouble, end_before_start, joined, repeated, same_day
from kinfold.files.ssda903 import statements
from kinfold.files.ssda903.columns import Cells, Retired
from kinfold.files.ssda903.layout import EPISODES, TABLES, Table, collection_name, window_of
from kinfold.files.ssda903.looked_after_episodes import Episode
from kinfold.files.ssda903.reader import SEPARATOR, ChildLines, Line, original
from kinfold.files.ssda903.spells import spells_from
from kinfold.record.claim import Key, Place, SubjectRecord

# Part of every fingerprint: raise it when the same rows come to say something else.
_VERSION = "ssda903/1"
_ADOPTED = frozenset({"E11", "E12"})  # reason ceased: adopted, with or without opposition
_TEMPORARY = frozenset({"T0", "T1", "T2", "T3", "T4"})  # may begin and end on one day


@dataclass(slots=True)
class _TableReader:
    """One table ready to be read: its cells, where its period lies, and what makes claims of its rows."""

    name: str
    table: Table
    state: statements.Statement | None  # None for episodes, which are read all together
    cells: tuple[Cells, ...]  # of every column but CHILD
    noticed: list[Trouble]  # what the cells found wrong since it was last emptied
    dated: int | None
    start: int | None
    end: int | None
    what: str


@dataclass(frozen=True, slots=True)
class Reading:
    """
    What reading a return needs to know: its collection year, and the readers of its tables.

    `collection` is "2025-26"; the yearly answers are dated `last_day`, 31 March.
    """

    year: int
    collection: str
    last_day: date
    tables: tuple[_TableReader, ...]


def reading(year: int) -> Reading:
    """Return what is needed to read a return of the collection year that ends on 31 March `year`."""
    start, end = window_of(year)
    tables = tuple(_table_reader(table, start) for table in TABLES)
    return Reading(year, collection_name(year), end - timedelta(days=1), tables)


def record_of(lines: ChildLines, using: Reading) -> SubjectRecord:
    """Return everything that one child's rows say."""
    record = SubjectRecord(subject=Key("child", lines.child), rows=0, digest=_digest(lines, using))
    known = statements.Known(record, collection=using.collection, year=using.year, last_day=using.last_day)
    for reader in using.tables:
        found = lines.tables.get(reader.name)
        if found is not None:
            record.rows += len(found)
            _state_table(found, reader, known)
    for place, spoilt in lines.spoilt:
        record.rows += 1
        record.problems.append(joined(place, [spoilt.trouble], spoilt.original))
    statements.finish(known)
    _end_with_adoption(record)
    return record


def _end_with_adoption(record: SubjectRecord) -> None:
    """End a placement for adoption on the day of the order: the return leaves its end empty for an adopted child."""
    orders = [c.valid_to for c in record.claims if c.kind == "care_period" and c.payload.get("end_reason") in _ADOPTED]
    for claim in record.claims:
        if claim.kind == "placed_for_adoption" and claim.valid_to is None and claim.valid_from is not None:
            claim.valid_to = next((day for day in orders if day is not None and day >= claim.valid_from), None)


def _table_reader(table: Table, year_start: date) -> _TableReader:
    start, end, what = table.period or (None, None, "")
    noticed: list[Trouble] = []
    return _TableReader(
        name=table.name,
        table=table,
        state=statements.OF_TABLE.get(table.name),
        cells=tuple(Cells(column, year_start, noticed) for column in table.columns[1:]),
        noticed=noticed,
        dated=table.position(table.dated) if table.dated else None,
        start=table.position(start) if start else None,
        end=table.position(end) if end else None,
        what=what,
    )


def _digest(lines: ChildLines, using: Reading) -> bytes:
    """Return a fingerprint of the child's rows, whatever their order and their place in the files."""
    texts = [f"{name}{SEPARATOR}{text}" for name, found in lines.tables.items() for _, _, text in found]
    texts += [f"{place.table}{SEPARATOR}{sorted(spoilt.original.items())}" for place, spoilt in lines.spoilt]
    texts.sort()
    texts.append(f"{_VERSION} {using.year} {lines.child}")
    return hashlib.blake2b("\n".join(texts).encode("utf-8", "replace"), digest_size=16).digest()


def _state_table(lines: Sequence[Line], reader: _TableReader, known: statements.Known) -> None:
    """Read the rows of one table: repeats once only, wrong ones set aside, the rest stated."""
    if len(lines) > 1:
        lines = _unlike(lines, reader.table, known.record)
    if reader.state is None:
        _state_episodes(lines, reader, known)
        return
    name, state = reader.name, reader.state
    for line in lines:
        values = _values(line, reader, known.record)
        if values is not None:
            state(known, values, Place(line[0], name, line[1]))


def _state_episodes(lines: Sequence[Line], reader: _TableReader, known: statements.Known) -> None:
    """Put the child's episodes together; remember the first day on which a care period begins."""
    episodes: list[tuple[Episode, Place]] = []
    for line in lines:
        values = _values(line, reader, known.record)
        if values is not None:
            episodes.append((Episode._make(values[1:]), Place(line[0], reader.name, line[1])))
    known.record.claims += spells_from(episodes)
    known.began = min((e.started for e, _ in episodes if e.reason_for_new_episode == "S"), default=None)


def _unlike(lines: Sequence[Line], table: Table, record: SubjectRecord) -> list[Line]:
    """Return the rows without exact repeats; in a table of one row a child, a second one is set aside."""
    first: dict[str, Line] = {}
    for line in lines:
        first.setdefault(line[2], line)
    kept = list(first.values())
    if not table.one_a_child or len(kept) == 1:
        return kept
    names, stands = table.names, kept[0][2].split(SEPARATOR)
    for line in kept[1:]:
        cells = line[2].split(SEPARATOR)
        differing = [name for name, one, other in zip(names, stands, cells, strict=True) if one != other]
        trouble = repeated("CHILD", value=f"child {cells[0]}", first_row=kept[0][1], differing=differing)
        place = Place(line[0], table.name, line[1])
        record.problems.append(joined(place, [trouble], original(table, line[2])))
    return kept[:1]


def _values(line: Line, reader: _TableReader, record: SubjectRecord) -> list[Any] | None:
    """Return the row's values, or None when something is wrong with it: its Problem is then in the record."""
    texts = line[2].split(SEPARATOR)
    values = [texts[0], *map(getitem, reader.cells, texts[1:])]
    troubles: list[Trouble] = []
    if reader.noticed:
        troubles = _standing(texts, values, reader)
        reader.noticed.clear()
    if reader.end is not None and not troubles:
        troubles = _period_troubles(values, reader)
    if not troubles:
        return values
    place = Place(line[0], reader.table.name, line[1])
    record.problems.append(joined(place, troubles, original(reader.table, line[2])))
    return None


def _standing(texts: Sequence[str], values: list[Any], reader: _TableReader) -> list[Trouble]:
    """Return the troubles that stand once retired codes have been judged by the row's own day."""
    day = values[reader.dated] if reader.dated is not None else None
    for position, value in enumerate(values):
        if isinstance(value, Retired):
            held = reader.cells[position - 1].held_on(texts[position], day if isinstance(day, date) else None)
            values[position] = held or value
    return [value for value in values if isinstance(value, Trouble)]


def _period_troubles(values: Sequence[Any], reader: _TableReader) -> list[Trouble]:
    """Return that the row's period ends before it starts, or, for an episode, on the day it starts."""
    start, end = values[reader.start or 0], values[reader.end or 0]
    if end is None or start is None or end > start:
        return []
    field_name = reader.table.names[reader.end or 0]
    if end < start:
        return [end_before_start(field_name, what=reader.what, start=start, end=end)]
    if reader.table is EPISODES and values[5] not in _TEMPORARY:
        return [same_day(field_name, what=reader.what, day=start)]
    return []
