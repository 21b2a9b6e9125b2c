"""What became of files sent in: the loads of the reader's own council, their totals and what could not be used."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from kinfold.access.things import Thing
from kinfold.access.words import Sort, Verb
from kinfold.service.records.models import Load, LoadFile, QuarantinedRow
from kinfold.service.records.reads.caller import Caller
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import NotPermitted


def receipt_of(load: Load) -> UUID:
    """Return the receipt of a load: made from its fingerprint, so that it is the same whenever asked for."""
    return UUID(load.fingerprint[:32])


def loads_of(caller: Caller, *, offset: int, limit: int) -> tuple[int, list[dict[str, Any]]]:
    """Return how many loads the caller's council has, and some of them, newest first."""
    held_by = _held_by(caller)
    with as_system():
        rows = Load.objects.filter(held_by_id=held_by)
        return rows.count(), [load_json(load) for load in rows.order_by("-pk")[offset : offset + limit]]


def load_of(caller: Caller, number: int) -> Load:
    """Return one load of the caller's council. Raises NotPermitted for another's and for none."""
    held_by = _held_by(caller)
    with as_system():
        found = Load.objects.filter(pk=number, held_by_id=held_by).first()
    if found is None:
        raise NotPermitted("There is nothing here that you can open.")
    return found


def quarantine_of(caller: Caller, number: int, *, offset: int, limit: int) -> tuple[int, list[dict[str, Any]]]:
    """Return how many rows of a load could not be used, and some of them; record whose rows were shown."""
    load = load_of(caller, number)
    with as_system():
        rows = QuarantinedRow.objects.filter(load=load).select_related("subject")
        total = rows.count()
        shown = list(rows.order_by("file_position", "table", "row", "pk")[offset : offset + limit])
    persons = sorted({str(row.subject.uid) for row in shown if row.subject is not None})
    caller.looked(load.held_by_id, "quarantine of a load", persons, because="loading files")
    return total, [
        {"file": row.file, "table": row.table, "row": row.row, "field": row.field, "code": row.code,
         "message": row.message, "fix": row.fix, "state": row.state}
        for row in shown
    ]  # fmt: skip


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


def _held_by(caller: Caller) -> int | None:
    caller.insist(Verb.LOAD_FILES, Thing(sort=Sort.FILES, held_by=caller.own_holder), action="loads")
    return caller.own_holder
