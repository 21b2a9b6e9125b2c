"""
The rows of a load that could not be used, and what people have put right in them.

The content of a row is shown by the rule of the record it is about: a restricted child's row is counted, and
nothing of it is shown to those who may not open the record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from kinfold.access.things import Thing
from kinfold.access.words import Sort, Verb
from kinfold.files.corrections import fields_of
from kinfold.service.records.models import Correction, Load, QuarantinedRow
from kinfold.service.records.reads.loads import NOTHING, closed_to, find_load, names_of, reads_rows
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import NotPermitted

ROWS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class BadRow:
    """One row that could not be used. `hidden`: it is about a record that the reader may not open."""

    number: int
    file: str
    table: str
    row: int
    field: str
    code: str
    message: str
    fix: str
    state: str
    person: str
    original: Mapping[str, str]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list of rows is narrowed to; empty is everything."""

    file: str = ""
    table: str = ""
    code: str = ""
    state: str = ""


@dataclass(slots=True)
class Choices:
    """What the rows of a load may be narrowed to, with how many there are of each."""

    files: dict[str, int] = field(default_factory=dict)
    tables: dict[str, int] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)
    states: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Corrected:
    """What somebody put right in a row: the values, who, why and when; `mark` notices a change meanwhile."""

    values: Mapping[str, str]
    by: str
    because: str
    at: datetime
    mark: str


def choices_of(load: Load) -> Choices:
    """Return what a load's rows may be narrowed to."""
    rows = QuarantinedRow.objects.filter(load=load)
    count = {name: dict(rows.values_list(name).annotate(n=Count("pk")).order_by(name)) for name in
             ("file", "table", "code", "state")}  # fmt: skip
    return Choices(count["file"], count["table"], count["code"], count["state"])


def _narrowed(load: Load, asked: Asked) -> QuerySet[QuarantinedRow]:
    wanted = Q(load=load)
    for name in ("file", "table", "code", "state"):
        if text := getattr(asked, name):
            wanted &= Q(**{name: text})
    rows = QuarantinedRow.objects.filter(wanted).select_related("subject")
    return rows.order_by("file_position", "table", "row", "pk")


def quarantine(reader: Reader, number: int, asked: Asked, *, page: int = 1) -> tuple[Load, list[BadRow], int, Choices]:
    """Return a page of a load's rows that could not be used, how many there are, and what to narrow them by; one View."""
    load = find_load(reader, number)
    with as_system():
        rows = _narrowed(load, asked)
        total = rows.count()
        shown = list(_as_shown(reader, load, list(rows[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE])))
        choices = choices_of(load)
    _looked(reader, load, "rows of a load", shown)
    return load, shown, total, choices


def every_row(reader: Reader, number: int, asked: Asked, *, action: str) -> tuple[Load, list[BadRow]]:
    """Return all the rows asked for, for a file to keep; one View with everybody in it."""
    load = find_load(reader, number)
    with as_system():
        shown = list(_as_shown(reader, load, list(_narrowed(load, asked))))
    _looked(reader, load, action, shown)
    return load, shown


def _as_shown(reader: Reader, load: Load, rows: Sequence[QuarantinedRow]) -> Iterator[BadRow]:
    closed = closed_to(reader, load, {row.subject_id for row in rows if row.subject_id})
    reads = reads_rows(reader, load)
    for row in rows:
        hidden = not reads or row.subject_id in closed
        yield BadRow(
            number=row.pk, file=row.file, table=row.table, row=row.row, field=row.field, code=row.code,
            message="" if hidden else row.message, fix="" if hidden else row.fix, state=row.state,
            person="" if hidden or row.subject is None else str(row.subject.uid),
            original={} if hidden else {str(k): str(v) for k, v in row.original.items()}, hidden=hidden,
        )  # fmt: skip


def _looked(reader: Reader, load: Load, action: str, rows: Sequence[BadRow]) -> None:
    persons = sorted({row.person for row in rows if row.person})
    reader.looked(load.held_by_id, action, persons, because=f"load {load.pk}")


def find_row(reader: Reader, number: int, row: int) -> tuple[Load, QuarantinedRow]:
    """Return one row of a load. Raises NotPermitted, recorded, where it is about a record the reader may not open."""
    load = find_load(reader, number)
    with as_system():
        found = QuarantinedRow.objects.filter(pk=row, load=load).select_related("subject").first()
        closed = found is not None and (
            not reads_rows(reader, load)
            or (found.subject_id is not None and bool(closed_to(reader, load, {found.subject_id})))
        )
    if found is None:
        raise NotPermitted(NOTHING)
    if closed:
        thing = Thing(sort=Sort.FILES, held_by=load.held_by_id, person=found.subject_id)
        reader.refused("row of a load", thing, reader.decide(Verb.READ, thing))
        raise NotPermitted(NOTHING)
    return load, found


def row_with_fields(reader: Reader, number: int, row: int) -> tuple[Load, BadRow, tuple[str, ...], Corrected | None]:
    """Return a row, the fields it may have, and what somebody has put right in it; a View of whom it is about."""
    load, found = find_row(reader, number, row)
    with as_system():
        shown = next(iter(_as_shown(reader, load, [found])))
        sha256 = load.files.get(position=found.file_position).sha256
        correction = Correction.objects.filter(
            held_by=load.held_by_id, sha256=sha256, table=found.table, row=found.row
        ).first()
        names = names_of([correction.by] if correction else [])
    _looked(reader, load, "row of a load", [shown])
    corrected = (
        Corrected(dict(correction.values), names.get(correction.by, correction.by), correction.because,
                  correction.at, correction.at.isoformat())
        if correction else None
    )  # fmt: skip
    return load, shown, fields_of_row(load, shown), corrected


def fields_of_row(load: Load, row: BadRow) -> tuple[str, ...]:
    """Return the names of the fields of a row: those of its layout, then any other that it was received with."""
    known = fields_of(load.door, row.table)
    # a row with too many or too few cells is known by the headings of its own file; "row" is all of it as one text
    own = tuple(name for name in row.original if name not in known and name != "row")
    return (*known, *own) if not known or row.code == "ragged_row" else known


def next_open_row(reader: Reader, number: int, after: int) -> int | None:
    """Return the next row of the load, after row `after`, that is still to be put right and open to the reader."""
    load = find_load(reader, number)
    with as_system():
        rows = QuarantinedRow.objects.filter(load=load, state=QuarantinedRow.State.OPEN).order_by("pk")
        for found in [*rows.filter(pk__gt=after)[:20], *rows.filter(pk__lt=after)[:20]]:
            if found.subject_id is None or not closed_to(reader, load, {found.subject_id}):
                return found.pk
    return None
