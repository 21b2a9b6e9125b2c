"""The audit chain in the database: links added in groups under a lock, verified, cut by month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, TypedDict

from django.db import connection, transaction
from django.utils import timezone

from kinfold.access.views import FIRST, AuditEntry as Link, Broken, body_hash, link, verify
from kinfold.service.records.models import AuditBody, AuditEntry, AuditHead, AuditPerson


class Said(TypedDict, total=False):
    """What an action says of itself to the audit. `person` and `persons` are public ids; never a name or number."""

    actor: str
    organisation: str
    role: str
    action: str
    person: str
    persons: Sequence[str]
    reason: str
    body: dict[str, Any]


def append(held_by: int, entries: Sequence[Said], *, at: datetime | None = None) -> None:
    """Add a group of links to a holder's chain, in one transaction with whatever they are about."""
    if not entries:
        return
    with transaction.atomic():
        AuditHead.objects.get_or_create(held_by=held_by, defaults={"hash": FIRST})
        heads = AuditHead.objects.filter(held_by=held_by)
        head = (heads.select_for_update() if connection.vendor == "postgresql" else heads).get()
        seq, previous = head.seq, head.hash
        rows, bodies, persons = [], [], []
        for said in entries:
            seq += 1
            body = dict(said.get("body", {}))
            if said.get("persons"):
                body["persons"] = list(said["persons"])
            row = AuditEntry(
                held_by=held_by, seq=seq, at=at or timezone.now(), actor=said.get("actor", "system"),
                organisation=said.get("organisation", ""), role=said.get("role", ""), action=said["action"],
                person=said.get("person", ""), reason=said.get("reason", "")[:200], body_hash=body_hash(body),
                previous=previous,
            )  # fmt: skip
            row.hash = previous = link(previous, _as_link(row))
            rows.append(row)
            bodies.append(AuditBody(held_by=held_by, seq=seq, body=body))
            persons += [AuditPerson(held_by=held_by, seq=seq, person=uid) for uid in said.get("persons", ())]
        AuditEntry.objects.bulk_create(rows, batch_size=200)
        AuditBody.objects.bulk_create(bodies, batch_size=200)
        AuditPerson.objects.bulk_create(persons, batch_size=200)
        heads.update(seq=seq, hash=previous)


def _as_link(row: AuditEntry) -> Link:
    return Link(
        held_by=row.held_by, seq=row.seq, at=row.at, actor=row.actor, organisation=row.organisation, role=row.role,
        action=row.action, person=row.person, reason=row.reason, body_hash=row.body_hash, previous=row.previous,
        hash=row.hash,
    )  # fmt: skip


def links(held_by: int) -> Iterator[Link]:
    """Yield a holder's chain from its first link."""
    for row in AuditEntry.objects.filter(held_by=held_by).order_by("seq").iterator(chunk_size=5000):
        yield _as_link(row)


def verify_chain(held_by: int) -> list[Broken]:
    """Return every place where a holder's chain is broken; empty when it is whole."""
    return list(verify(links(held_by)))
