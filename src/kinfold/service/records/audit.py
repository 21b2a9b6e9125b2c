"""The audit chain in the database: links added in groups under a lock, verified, cut by month."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from operator import attrgetter
from typing import Any, TypedDict

from django.db import connection, transaction
from django.utils import timezone

from kinfold.access.views import FIRST, SALT_BYTES, Broken, canonical, linked, salted, verify
from kinfold.access.views import AuditEntry as Link
from kinfold.service.records.models import AuditBody, AuditEntry, AuditHead, AuditPerson, Erasure
from kinfold.service.records.scope import as_system
from kinfold.service.records.tables import fetch, insert_few


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
        seq, last = _locked_head(held_by)
        bodies = [canonical(_body(said)) for said in entries]
        made = linked(
            (_link(held_by, said, body, moment) for said, body in zip(entries, bodies, strict=True)),
            after=_last(held_by, seq, last, moment) if seq else None,
        )
        _keep(made, bodies, entries)


def _locked_head(held_by: int) -> tuple[int, str]:
    """Return the number and the hash of a chain's last link, which is this transaction's until it ends."""
    lock = " for update" if connection.vendor == "postgresql" else ""  # SQLite has one writer at a time as it is
    asked = f"select seq, hash from audit_head where held_by = %s{lock}", [held_by]
    if not (found := fetch(*asked)):
        AuditHead.objects.get_or_create(held_by=held_by, defaults={"hash": FIRST})
        found = fetch(*asked)
    return int(found[0][0]), str(found[0][1])


def _keep(made: Sequence[Link], bodies: Sequence[bytes], entries: Sequence[Said]) -> None:
    """Write links, contents and whom they name, and the new head. Plain rows: every page and call waits for this."""
    held_by = made[0].held_by
    at = connection.ops.adapt_datetimefield_value(made[0].at)  # a group has one moment
    insert_few(AuditEntry._meta.db_table, _COLUMNS, [(at, *_rest(one)) for one in made])
    insert_few(
        AuditBody._meta.db_table,
        ("held_by", "seq", "body"),
        [(held_by, one.seq, body.decode()) for one, body in zip(made, bodies, strict=True)],
    )
    named = [
        (held_by, one.seq, uid) for one, said in zip(made, entries, strict=True) for uid in said.get("persons", ())
    ]
    insert_few(AuditPerson._meta.db_table, ("held_by", "seq", "person"), named)
    with connection.cursor() as cursor:
        cursor.execute(
            "update audit_head set seq = %s, hash = %s where held_by = %s", [made[-1].seq, made[-1].hash, held_by]
        )


def _body(said: Said) -> dict[str, Any]:
    body = dict(said.get("body", {}))
    if said.get("persons"):
        body["persons"] = list(said["persons"])
    return salted(body, os.urandom(SALT_BYTES))


def _link(held_by: int, said: Said, body: bytes, at: datetime) -> Link:
    return Link(
        held_by=held_by, seq=0, at=at, actor=said.get("actor") or "system",
        organisation=said.get("organisation", "")[:120], role=said.get("role", "")[:60], action=said["action"][:48],
        person=said.get("person", ""), reason=said.get("reason", "")[:200], body_hash=sha256(body).hexdigest(),
    )  # fmt: skip


def _last(held_by: int, seq: int, last: str, at: datetime) -> Link:
    return Link(held_by=held_by, seq=seq, at=at, actor="", action="", body_hash="", hash=last)


_NAMES = ("held_by", "seq", "at", "actor", "organisation", "role", "action", "person", "reason", "body_hash",
          "previous", "hash")  # fmt: skip


_REST = tuple(name for name in _NAMES if name != "at")
_COLUMNS = ("at", *_REST)
_rest = attrgetter(*_REST)


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
