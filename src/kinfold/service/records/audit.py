"""The audit chain in the database: links added in groups under a lock, verified, cut by month."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, TypedDict

from django.db import connection, transaction
from django.utils import timezone

from kinfold.access.views import FIRST, SALT_BYTES, Broken, body_hash, linked, salted, verify
from kinfold.access.views import AuditEntry as Link
from kinfold.service.records.models import AuditBody, AuditEntry, AuditHead, AuditPerson, Erasure
from kinfold.service.records.scope import as_system


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
    moment = at or timezone.now()
    with transaction.atomic():
        AuditHead.objects.get_or_create(held_by=held_by, defaults={"hash": FIRST})
        heads = AuditHead.objects.filter(held_by=held_by)
        head = (heads.select_for_update() if connection.vendor == "postgresql" else heads).get()
        bodies = [_body(said) for said in entries]
        made = linked(
            (_link(held_by, said, body, moment) for said, body in zip(entries, bodies, strict=True)),
            after=_last(head, moment) if head.seq else None,
        )
        AuditEntry.objects.bulk_create([_row(one) for one in made], batch_size=200)
        AuditBody.objects.bulk_create(
            [AuditBody(held_by=held_by, seq=one.seq, body=body) for one, body in zip(made, bodies, strict=True)],
            batch_size=200,
        )
        AuditPerson.objects.bulk_create(
            [
                AuditPerson(held_by=held_by, seq=one.seq, person=uid)
                for one, said in zip(made, entries, strict=True)
                for uid in said.get("persons", ())
            ],
            batch_size=500,
        )
        heads.update(seq=made[-1].seq, hash=made[-1].hash)


def _body(said: Said) -> dict[str, Any]:
    body = dict(said.get("body", {}))
    if said.get("persons"):
        body["persons"] = list(said["persons"])
    return salted(body, os.urandom(SALT_BYTES))


def _link(held_by: int, said: Said, body: dict[str, Any], at: datetime) -> Link:
    return Link(
        held_by=held_by, seq=0, at=at, actor=said.get("actor") or "system",
        organisation=said.get("organisation", "")[:120], role=said.get("role", "")[:60], action=said["action"][:48],
        person=said.get("person", ""), reason=said.get("reason", "")[:200], body_hash=body_hash(body),
    )  # fmt: skip


def _last(head: AuditHead, at: datetime) -> Link:
    return Link(held_by=head.held_by, seq=head.seq, at=at, actor="", action="", body_hash="", hash=head.hash)


_NAMES = ("held_by", "seq", "at", "actor", "organisation", "role", "action", "person", "reason", "body_hash",
          "previous", "hash")  # fmt: skip


def _row(one: Link) -> AuditEntry:
    return AuditEntry(**{name: getattr(one, name) for name in _NAMES})


def links(held_by: int) -> Iterator[Link]:
    """Yield a holder's chain from its first link."""
    for row in AuditEntry.objects.filter(held_by=held_by).order_by("seq").iterator(chunk_size=5000):
        yield Link(**{name: getattr(row, name) for name in _NAMES})


def verify_chain(held_by: int) -> list[Broken]:
    """Return every place where a holder's chain is broken; empty when it is whole."""
    with as_system():
        erased = {
            int(fact.removeprefix("audit:"))
            for fact in Erasure.objects.filter(held_by=held_by, fact__startswith="audit:").values_list(
                "fact", flat=True
            )
        }
        bodies = _Bodies(held_by)
        return list(verify(links(held_by), bodies=bodies.of, erasures=erased))


class _Bodies:
    """The bodies of a chain in order, read beside its links a stretch at a time."""

    def __init__(self, held_by: int) -> None:
        rows = AuditBody.objects.filter(held_by=held_by).order_by("seq")
        self._rows = iter(rows.iterator(chunk_size=5000))
        self._next: AuditBody | None = next(self._rows, None)

    def of(self, link: Link) -> dict[str, Any] | None:
        """Return the body of a link, or None when it is gone."""
        while self._next is not None and self._next.seq < link.seq:
            self._next = next(self._rows, None)
        if self._next is None or self._next.seq != link.seq or not self._next.body:
            return None
        return dict(self._next.body)
