"""What became of files a client sent in: loads a stretch at a time, by the same rule as their pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from kinfold.service.records.models import Load, LoadFile, QuarantinedRow
from kinfold.service.records.reads.caller import Caller
from kinfold.service.records.reads.loads import closed_to, find_load, holders_of, reads_rows
from kinfold.service.records.scope import as_system


def receipt_of(load: Load) -> UUID:
    """Return the receipt of a load: made from its fingerprint, so that it is the same whenever asked for."""
    return UUID(load.fingerprint[:32])


def loads_of(caller: Caller, *, offset: int, limit: int) -> tuple[int, list[dict[str, Any]]]:
    """Return how many loads the caller may see, and some of them, newest first."""
    with as_system():
        rows = Load.objects.filter(held_by_id__in=holders_of(caller)).order_by("-pk")
        return rows.count(), [load_json(load) for load in rows[offset : offset + limit]]


def one_load(caller: Caller, number: int) -> dict[str, Any]:
    """Return one load. Raises NotPermitted for another council's and for none."""
    return load_json(find_load(caller, number))


def quarantine_of(caller: Caller, number: int, *, offset: int, limit: int) -> tuple[int, list[dict[str, Any]]]:
    """
    Return how many rows of a load could not be used, and some of them; record whose rows were shown.

    Of a row about a record that the caller may not open, only where it stands and its code are given.
    """
    load = find_load(caller, number)
    with as_system():
        rows = QuarantinedRow.objects.filter(load=load).select_related("subject")
        total = rows.count()
        shown = list(rows.order_by("file_position", "table", "row", "pk")[offset : offset + limit])
        closed = closed_to(caller, load, {row.subject_id for row in shown if row.subject_id})
        reads = reads_rows(caller, load)
    open_rows = [row for row in shown if reads and row.subject_id not in closed]
    persons = sorted({str(row.subject.uid) for row in open_rows if row.subject is not None})
    caller.looked(load.held_by_id, "rows of a load", persons, because=f"load {load.pk}")
    return total, [_row_json(row, hidden=row not in open_rows) for row in shown]


def _row_json(row: QuarantinedRow, *, hidden: bool) -> dict[str, Any]:
    return {
        "file": row.file, "table": row.table, "row": row.row, "field": row.field, "code": row.code,
        "message": "" if hidden else row.message, "fix": "" if hidden else row.fix, "state": row.state,
        "withheld": hidden,
    }  # fmt: skip


def load_json(load: Load) -> dict[str, Any]:
    """Return a load as the API gives it."""
    with as_system():
        files = list(LoadFile.objects.filter(load=load).order_by("position").values("name", "size"))
    return {
        "id": load.pk, "receipt": receipt_of(load), "door": load.door, "collection": load.collection,
        "full": load.full, "state": load.state, "files": files, "rows": load.rows, "facts": load.facts,
        "unchanged": load.unchanged, "quarantined": load.quarantined, "children": load.children,
        "withdrawn": load.withdrawn, "to_withdraw": load.to_withdraw, "extracted_at": load.extracted_at,
        "started_at": load.started_at, "finished_at": load.finished_at, "message": load.message,
        "notes": [str(note) for note in load.notes],
    }  # fmt: skip
