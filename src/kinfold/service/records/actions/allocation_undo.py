"""
Undoing an allocation on the day it was made: a wrong click over thirty children is put right as quickly as it was made.

Nothing vanishes: what the change wrote is withdrawn and says why, and what it ended goes on as before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kinfold.access.things import day_of
from kinfold.service.records import audit
from kinfold.service.records.actions.facts import write_version
from kinfold.service.records.actions.staff import children_to_change
from kinfold.service.records.commits import Change, writing
from kinfold.service.records.models import Commit, SpellFact
from kinfold.service.records.reaching import write_reach
from kinfold.service.records.reads.office import council_of
from kinfold.service.records.reads.person import find_person
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.staff import find_worker
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import InputError, NotPermitted

UNDONE = "the allocation was undone"


@dataclass(frozen=True, slots=True)
class Undoable:
    """An allocation of the reader's own that can still be undone: its change, when, to whom, of whom."""

    number: int
    at: datetime
    worker: str
    worker_uid: str
    children: tuple[str, ...]


def undoable(reader: Reader, number: int) -> Undoable:
    """
    Return what undoing an allocation would take back.

    Raises NotPermitted for anybody else's change, and InputError, saying what to do instead, once its day is over or
    somebody has changed one of the allocations since.
    """
    with as_system():
        change = Commit.objects.filter(held_by=council_of(reader), number=number, by=str(reader.account.uid)).first()
        rows = _rows(council_of(reader), number)
    made = [row for row in rows if row.supersedes_id is None]
    if change is None or not made:
        raise NotPermitted("There is nothing here that you can open.")
    if day_of(change.at) != day_of(reader.now):
        raise InputError("An allocation is undone on the day it was made. Allocate the children again instead.")
    if any(row.known_to is not None for row in rows):
        raise InputError("One of these allocations has changed since. Look at each child, and allocate again.")
    worker = find_worker(reader, str(made[0].party.uid)) if made[0].party else None
    children_to_change(reader, sorted({str(row.subject.uid) for row in rows}), "undo an allocation")
    return Undoable(
        number, change.at, worker.name if worker else "", worker.uid if worker else "",
        tuple(sorted({str(row.subject.uid) for row in made})),
    )  # fmt: skip


def undo_allocation(reader: Reader, number: int) -> Undoable:
    """Put every child of an allocation back to whom they were with before it; return what was undone."""
    found = undoable(reader, number)
    held_by = council_of(reader)
    with as_system(), writing(held_by=held_by, by=str(reader.account.uid), because=UNDONE) as change:
        rows = _rows(held_by, number)
        for row in sorted(rows, key=lambda one: one.supersedes_id is not None):
            _put_back(change, row)
        write_reach(held_by, {row.subject_id for row in rows})
        audit.append(
            held_by,
            [{"actor": change.by, "action": "allocation undone", "persons": list(found.children), "reason": UNDONE,
              "body": {"change": number, "worker": str(find_person(found.worker_uid).uid)}}],
            at=change.at,
        )  # fmt: skip
    return found


def _rows(held_by: int, number: int) -> list[SpellFact]:
    rows = SpellFact.objects.filter(held_by_id=held_by, kind="allocation", known_from=number)
    return list(rows.select_related("subject", "party", "supersedes"))


def _put_back(change: Change, row: SpellFact) -> None:
    """Withdraw what the change began; let go on what it ended."""
    before = row.supersedes or row
    write_version(
        change, kind="allocation", subject=row.subject_id, values=before.payload, valid_from=before.valid_from,
        valid_to=before.valid_to, party=before.party_id, ref=before.ref, old=row,
        **({} if row.supersedes else {"status": "void", "reason": UNDONE}),
    )  # fmt: skip
