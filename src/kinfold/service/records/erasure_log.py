"""
What was erased by law, noted outside the database: a backup made before an erasure still holds what was erased.

The erasing action calls `log_after_commit` in its transaction; each erasure becomes one line of
`erasures.log` beside the data. `restore` replays the lines that a backup does not know. A line holds random ids,
the law, two accounts' ids and a moment: nothing that tells who it was about. `catch_up` adds what a fault kept
from the log; backups and `kinfold doctor` call it.

What an erasure empties is said by the form of its `fact`:

    <uuid>          the payload of every version of one fact
    audit:<number>  the content of one entry of the audit chain
    file:<uuid>     a kept file
    row:<number>    what a quarantined row said
    mended:<number> what somebody put in the place of a received row: the row is left out from then on
    received:<hash> a received file, by the name it is kept under
    person:<uuid>   what only helps to find a person: their numbers, what loads last said of them, drafts about them
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from kinfold.service.records.clock_marks import clocks_may_change
from kinfold.service.records.loading.indexing import index_persons
from kinfold.service.records.models import (
    FACT_TABLES,
    Ask,
    AuditBody,
    Contribution,
    Correction,
    CustodianWork,
    Draft,
    Erasure,
    FetchLink,
    FormDraft,
    IdentifierKey,
    KeptFile,
    LoadedSubject,
    Pointer,
    QuarantinedRow,
    RegisterEntry,
    RegisterKey,
    SharingDecision,
    Subscription,
    Thing,
)
from kinfold.service.records.reads.versions import one_person
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import InputError


@dataclass(frozen=True, slots=True)
class Erased:
    """One erasure as the log holds it; `at` is text so that equal lines are equal erasures."""

    held_by: int
    person: str
    fact: str
    law: str
    proposed_by: str
    approved_by: str
    at: str


def log_path() -> Path:
    """Return where the log lies, outside the database."""
    return Path(settings.DATA) / "erasures.log"


def _as_logged(row: Erasure) -> Erased:
    at = row.at.astimezone(UTC).isoformat(timespec="microseconds")
    return Erased(row.held_by, row.person, row.fact, row.law, row.proposed_by, row.approved_by, at)


def append(erasures: Iterable[Erased], *, to: Path | None = None) -> None:
    """Add lines to the log and wait until they are on the disk."""
    lines = "".join(json.dumps(asdict(one), ensure_ascii=False, sort_keys=True) + "\n" for one in erasures)
    if not lines:
        return
    path = to or log_path()
    descriptor = os.open(path, os.O_CREAT | os.O_APPEND | os.O_RDWR, 0o600)
    with os.fdopen(descriptor, "rb+", buffering=0) as log:
        size = log.seek(0, os.SEEK_END)
        log.seek(max(size - 1, 0))
        torn = size > 0 and log.read(1) != b"\n"  # a line that a power cut left unfinished
        log.write(("\n" if torn else "").encode() + lines.encode())
        os.fsync(log.fileno())


def log_after_commit(erasures: Iterable[Erasure]) -> None:
    """Note erasures in the log as soon as the transaction that records them is committed."""
    logged = [_as_logged(row) for row in erasures]
    transaction.on_commit(lambda: append(logged))


def read_log(path: Path | None = None) -> tuple[list[Erased], list[int]]:
    """Return the log's erasures in order, and the numbers of lines that cannot be read (a torn one)."""
    found: list[Erased] = []
    unreadable: list[int] = []
    path = path or log_path()
    if not path.exists():
        return found, unreadable
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            said = json.loads(line)
            datetime.fromisoformat(said["at"])
            found.append(Erased(**{**said, "held_by": int(said["held_by"])}))
        except (ValueError, TypeError, KeyError):
            unreadable.append(number)
    return found, unreadable


def _recorded() -> set[Erased]:
    return {_as_logged(row) for row in Erasure.objects.all().iterator(chunk_size=2000)}


def catch_up() -> int:
    """Add to the log every erasure that the database records and the log lacks; return how many there were."""
    with as_system():
        recorded = _recorded()
    logged = set(read_log()[0])
    lacking = sorted(recorded - logged, key=lambda one: one.at)
    append(lacking)
    return len(lacking)


def carry_out(erasure: Erased | Erasure) -> None:
    """
    Empty what an erasure names, inside the caller's transaction, which has recorded the erasure already.

    Raises InputError for a name of a form that is not known. What is empty or gone already stays so.
    """
    prefix, colon, rest = erasure.fact.partition(":")
    eraser = _ERASERS.get(prefix if colon else "fact")
    if eraser is None:
        raise InputError(f"Nothing knows how to erase {erasure.fact}. Update Kinfold, then run this again.")
    if erasure.fact:
        eraser(erasure.held_by, rest if colon else erasure.fact)


def replay(erasures: Iterable[Erased]) -> int:
    """
    Record and carry out every erasure that the database does not know yet; return how many there were.

    Called by `restore` inside its transaction: what the law removed does not come back with a backup.
    """
    done = 0
    known = _recorded()
    for one in erasures:
        if one in known:
            continue
        at = datetime.fromisoformat(one.at)
        Erasure.objects.create(**{**asdict(one), "at": at})
        carry_out(one)
        known.add(one)
        done += 1
    return done


def _erase_fact(held_by: int, fact: str) -> None:
    for model in FACT_TABLES.values():
        versions = model.objects.filter(held_by_id=held_by, fact=UUID(fact))
        subjects = set(versions.values_list("subject_id", flat=True))
        if subjects:
            versions.exclude(payload={}, ref__isnull=True).update(payload={}, ref=None)
            index_persons(held_by, subjects)
            clocks_may_change(held_by, subjects)


def _erase_audit_body(held_by: int, number: str) -> None:
    AuditBody.objects.filter(held_by=held_by, seq=int(number)).update(body={})


def _erase_file(held_by: int, uid: str) -> None:
    for kept in KeptFile.objects.filter(held_by_id=held_by, uid=UUID(uid)):
        KeptFile.objects.filter(pk=kept.pk).update(content=None, name="", erased_at=kept.erased_at or timezone.now())
        shared = KeptFile.objects.filter(held_by_id=held_by, sha256=kept.sha256, erased_at__isnull=True).exists()
        path = Path(settings.RECEIVED_FILES) / str(held_by) / kept.sha256
        if kept.on_disk and not shared:
            transaction.on_commit(lambda path=path: path.unlink(missing_ok=True))  # type: ignore[misc]


def _erase_row(held_by: int, number: str) -> None:
    QuarantinedRow.objects.filter(held_by_id=held_by, pk=int(number)).update(original={})


def _erase_correction(held_by: int, number: str) -> None:
    Correction.objects.filter(held_by_id=held_by, pk=int(number)).update(values={}, because="")


def _erase_received(held_by: int, mark: str) -> None:
    if not mark.isalnum():
        raise InputError("A received file is named by its hash. Nothing was erased.")
    path = Path(settings.RECEIVED_FILES) / str(held_by) / mark
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def _forget_shared(persons: Sequence[int]) -> None:
    """Delete what was asked of other organisations about a person, what came of it, and what partners added."""
    FetchLink.objects.filter(ask__person_id__in=persons).delete()
    Pointer.objects.filter(person_id__in=persons).delete()
    CustodianWork.objects.filter(ask__person_id__in=persons).delete()
    for model in (Ask, Contribution, Subscription, SharingDecision):
        model._default_manager.filter(person_id__in=persons).delete()


def _forget_person(held_by: int, uid: str) -> None:
    for row in Thing.objects.filter(held_by_id=held_by, uid=UUID(uid)):
        persons = one_person(row.pk)
        IdentifierKey.objects.filter(thing_id__in=persons).delete()
        RegisterKey.objects.filter(person_id__in=persons).delete()
        RegisterEntry.objects.filter(person_id__in=persons).update(replaced_by=None)
        RegisterEntry.objects.filter(person_id__in=persons).delete()
        LoadedSubject.objects.filter(subject_id__in=persons).delete()
        Draft.objects.filter(about__startswith=str(row.uid)).delete()
        FormDraft.objects.filter(person_id__in=persons).delete()
        _forget_shared(persons)
        index_persons(held_by, persons)
        clocks_may_change(held_by, persons)


_ERASERS: dict[str, Callable[[int, str], Any]] = {
    "fact": _erase_fact,
    "audit": _erase_audit_body,
    "file": _erase_file,
    "row": _erase_row,
    "mended": _erase_correction,
    "received": _erase_received,
    "person": _forget_person,
}
