"""Putting a received row right, loading the files again, and taking a load back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from kinfold.files.corrections import LEFT_OUT
from kinfold.service.jobs.queue import enqueue
from kinfold.service.records import audit
from kinfold.service.records.actions.uploads import start
from kinfold.service.records.loading.corrected import mark_of, same_again
from kinfold.service.records.loading.run import begin
from kinfold.service.records.models import Correction, Load, QuarantinedRow
from kinfold.service.records.reads.loads import find_load
from kinfold.service.records.reads.quarantine import find_row
from kinfold.service.records.reads.reader import Reader, uid_of
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import EditConflict, InputError

CAN_BE_CORRECTED = (Load.State.DONE, Load.State.CONFIRM)


def correct(
    reader: Reader, number: int, row: int, *, values: Mapping[str, str] | None, because: str, made_from: str
) -> QuarantinedRow:
    """
    Keep what a person says a row should have been; `values` None leaves the row out.

    It takes effect when the files are loaded again (`load_again`). `made_from` is the mark of the correction
    that the form showed. Raises EditConflict when somebody else corrected the row meanwhile.
    """
    load, found = find_row(reader, number, row)
    if load.state not in CAN_BE_CORRECTED:
        raise InputError("Rows can be put right once the load has finished.")
    if not because.strip():
        raise InputError("Say why, for whoever reads it later.")
    place: dict[str, Any] = {
        "held_by_id": load.held_by_id, "table": found.table, "row": found.row,
        "sha256": load.files.get(position=found.file_position).sha256,
    }  # fmt: skip
    kept = dict(LEFT_OUT if values is None else values)
    by = str(reader.account.uid)
    with as_system():
        before = Correction.objects.filter(**place).first()
        if mark(before) != made_from and (before is None or before.values != kept):
            raise EditConflict("Somebody else put this row right while you did. Look at both and choose.")
        Correction.objects.update_or_create(
            **place, defaults={"values": kept, "by": by, "because": because[:200], "at": timezone.now()}
        )
        QuarantinedRow.objects.filter(pk=found.pk).update(state=QuarantinedRow.State.CORRECTED)
        said: audit.Said = {
            "actor": by, "organisation": reader.account.organisation, "role": ", ".join(reader.role_names)[:60],
            "action": "corrected a received row", "reason": because[:200],
            "person": uid_of(found.subject_id) if found.subject_id else "",
            "body": {"load": load.pk, "table": found.table, "row": found.row},
        }  # fmt: skip
        audit.append(load.held_by_id, [said])
    return found


def mark(correction: Correction | None) -> str:
    """Return what a form keeps to notice that somebody else corrected the row meanwhile."""
    return correction.at.isoformat() if correction is not None else ""


def load_again(reader: Reader, number: int) -> Load:
    """
    Begin another load of the same files, with what has been put right laid over them, and return it.

    Children of whom nothing changed are passed over. Raises InputError when nothing has changed since.
    """
    load = find_load(reader, number)
    if load.state not in CAN_BE_CORRECTED:
        raise InputError("The files can be loaded again once this load has finished.")
    by = str(reader.account.uid)
    with as_system():
        hashes = set(load.files.values_list("sha256", flat=True))
        delivery = same_again(load)
        corrections = mark_of(load.held_by_id, load.door, hashes)
        made, before = begin(delivery, held_by=load.held_by_id, by=by, corrections=corrections)
        if before or made.pk == load.pk:
            raise InputError("Nothing has been put right since these files were loaded, so there is nothing to do.")
        start(made, by=by)
    return made


def ask_to_take_back(reader: Reader, number: int, *, because: str) -> Load:
    """Let a worker take a load back. Raises InputError where it cannot be, or no reason is given."""
    load = find_load(reader, number)
    if load.state not in (*CAN_BE_CORRECTED, Load.State.FAILED):
        raise InputError("A load can be taken back once it has finished.")
    if not because.strip():
        raise InputError("Say why the load is taken back.")
    by = str(reader.account.uid)
    with as_system():
        enqueue(
            "take back", {"load": load.pk, "by": by, "because": because[:180]}, held_by=load.held_by_id, by=by,
            once_key=f"take back {load.pk}",
        )  # fmt: skip
    return load
