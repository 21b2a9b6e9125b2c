"""
Work that custodians pull: taken under a lease, renewed, never held by two at once.

On PostgreSQL rows that somebody else is taking are passed over; SQLite has one writer at a time. A lease that runs out
is open again without any sweeper, and an answer is taken only under the lease that is in force.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.utils import timezone

from kinfold.service.records import audit
from kinfold.service.records.models import CustodianWork, FetchLink, SharingOrganisation
from kinfold.service.records.reads.finding_person import known_by
from kinfold.service.records.scope import as_system
from kinfold.sharing.finding import lease_end, number
from kinfold.terms.errors import EditConflict, NotPermitted

MOST_AT_ONCE = 500
ROLE = "system of another organisation"
_OPEN = "done_at is null and until > %s and run_after <= %s and attempts < %s and (lease_until is null or lease_until <= %s)"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of work with what is asked, read in one go: models for each of them would cost most of the time."""

    pk: int
    uid: UUID
    attempts: int
    fetch: bool
    record_types: list[str]
    ask_id: int
    ask: UUID
    person_id: int
    person: UUID
    asker: str
    asker_name: str
    role: str
    user: UUID
    purpose: str
    basis: str
    because: str
    trace: str
    policy: str
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a piece of work stands: under which lease, since when, whether it is over."""

    lease: UUID | None
    lease_until: datetime | None
    first_leased_at: datetime | None
    until: datetime
    done_at: datetime | None
    stopped: bool


Told = tuple[Piece, Mapping[str, Any]]
_ASKED = (
    "pk", "uid", "attempts", "fetch", "record_types", "ask_id", "ask__uid", "ask__person_id", "ask__person__uid",
    "ask__organisation__code", "ask__organisation__name", "ask__role", "ask__by__uid", "ask__purpose", "ask__basis",
    "ask__because", "ask__trace", "ask__policy",
)  # fmt: skip
_STANDING = ("lease", "lease_until", "first_leased_at", "until", "done_at", "stopped")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A piece of work under lease, with what the custodian needs to do it."""

    work: str
    lease: str
    lease_until: datetime
    fetch: bool
    record_types: Sequence[str]
    ask: str
    asker: str
    asker_name: str
    role: str
    user: str
    purpose: str
    basis: str
    trace: str
    person: dict[str, Any]
    system: str = ""
    record: str = ""


def waiting(custodian: SharingOrganisation, *, now: datetime | None = None) -> bool:
    """Return whether work waits for a custodian: one look along the index of what is open."""
    moment = now or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            f"select 1 from custodian_work where custodian_id = %s and {_OPEN} limit 1",
            [custodian.pk, *_bounds(moment)],
        )
        return cursor.fetchone() is not None


def _bounds(now: datetime) -> list[Any]:
    return [now, now, number("most_attempts", now.date()), now]


def claim(custodian: SharingOrganisation, *, most: int = 1, now: datetime | None = None) -> list[Claimed]:
    """Take up to `most` pieces of work for a custodian, the oldest first, and record that it was told of the children."""
    moment = now or timezone.now()
    with as_system():
        ids, lease = _take(custodian.pk, max(1, min(most, MOST_AT_ONCE)), moment)
        if not ids:
            return []
        ours = CustodianWork.objects.filter(pk__in=ids).order_by("pk")
        rows = [Piece(*row) for row in ours.values_list(*_ASKED)]
        persons = known_by(row.person_id for row in rows)
        links = _links([row.pk for row in rows if row.fetch])
        told: list[Told] = [(row, {}) for row in rows if not row.fetch]
        given: list[Told] = [(row, {}) for row in rows if row.fetch]
        audit.append(
            custodian.held_by_id,
            [*said_of(custodian, told, "custodian asked what it holds"),
             *said_of(custodian, given, "custodian asked for a record")],
            at=moment,
        )  # fmt: skip
    until = lease_end(moment)
    return [_claimed(row, lease, until, persons, links) for row in rows]


def _take(custodian: int, most: int, now: datetime) -> tuple[list[int], UUID]:
    lease = uuid4()
    skip = " for update skip locked" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(
            "update custodian_work set lease = %s, lease_until = %s, attempts = attempts + 1, "
            "first_leased_at = coalesce(first_leased_at, %s) where id in (select id from custodian_work "
            f"where custodian_id = %s and {_OPEN} order by id limit %s{skip}) returning id",
            [lease if connection.vendor == "postgresql" else lease.hex, lease_end(now), now, custodian, *_bounds(now),
             most],
        )  # fmt: skip
        return sorted(row[0] for row in cursor.fetchall()), lease


def _links(ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    rows = FetchLink.objects.filter(work_id__in=ids).values_list("work_id", "pointer__system", "pointer__record")
    return {work: (system, record) for work, system, record in rows}


def said_of(custodian: SharingOrganisation, rows: Sequence[Told], action: str) -> list[audit.Said]:
    """
    Return the audit entries of what a custodian's system did for some asks: no word about a child in them.

    Asks for one organisation, purpose, basis and policy are one entry, as a list is one View with the ids shown. Each
    row carries what is said of it beside that.
    """
    groups: dict[tuple[str, str, str, str], list[Told]] = {}
    for row, more in rows:
        groups.setdefault((row.asker, row.purpose, row.basis, row.policy), []).append((row, more))
    return [_group(custodian, group, action) for group in groups.values()]


def _group(custodian: SharingOrganisation, group: Sequence[Told], action: str) -> audit.Said:
    first = group[0][0]
    persons = list(dict.fromkeys(str(row.person) for row, _ in group))
    one_reason = len({row.because for row, _ in group}) == 1
    said: audit.Said = {
        "actor": f"custodian:{custodian.code}", "organisation": custodian.name, "role": ROLE, "action": action,
        "reason": first.because if one_reason else f"{first.purpose}: asked by {first.asker_name}",
        "body": {
            "for": first.asker, "purpose": first.purpose, "basis": first.basis, "policy": first.policy,
            "work": [{"ask": str(row.ask), "work": str(row.uid), "trace": row.trace, **more} for row, more in group],
        },
    }  # fmt: skip
    if len(persons) == 1:
        said["person"] = persons[0]
    else:
        said["persons"] = persons
    return said


def _claimed(
    row: Piece, lease: UUID, until: datetime, persons: dict[int, dict[str, Any]], links: dict[int, tuple[str, str]]
) -> Claimed:
    system, record = links.get(row.pk, ("", ""))
    return Claimed(
        work=str(row.uid), lease=str(lease), lease_until=until, fetch=row.fetch,
        record_types=row.record_types, ask=str(row.ask), asker=row.asker, asker_name=row.asker_name, role=row.role,
        user=str(row.user), purpose=row.purpose, basis=row.basis, trace=row.trace,
        person=persons.get(row.person_id, {}), system=system, record=record,
    )  # fmt: skip


def held(custodian: SharingOrganisation, works: Sequence[UUID], *, fetch: bool | None = None) -> dict[UUID, Piece]:
    """Return a custodian's own pieces of work, locked until the transaction ends; others are as if they were not."""
    rows = CustodianWork.objects.filter(custodian=custodian, uid__in=works)
    if fetch is not None:
        rows = rows.filter(fetch=fetch)
    locked = rows.select_for_update(of=("self",)) if connection.vendor == "postgresql" else rows
    found = locked.order_by("pk").values_list(*_ASKED, *_STANDING)
    pieces = (replace(Piece(*row[: len(_ASKED)]), standing=Standing(*row[len(_ASKED) :])) for row in found)
    return {one.uid: one for one in pieces}


def insist_on_lease(row: Piece, lease: UUID, *, now: datetime) -> None:
    """Raise EditConflict unless the work is open and `lease` is the one in force: a replayed one is not."""
    stands = row.standing
    if stands is None or stands.stopped:
        raise EditConflict("This work was stopped: an answer is no longer wanted.")
    if stands.done_at is not None:
        raise EditConflict("This work was answered already.")
    if stands.lease != lease or stands.lease_until is None or min(stands.lease_until, stands.until) <= now:
        raise EditConflict("The lease has run out or is another's. Claim the work again.")


def renew(custodian: SharingOrganisation, work: UUID, lease: UUID, *, now: datetime | None = None) -> datetime:
    """
    Renew a lease: from now, and never past the longest time for one piece of work. Return until when it lasts.

    Raises EditConflict when the lease is no longer in force, NotPermitted for work that is not the custodian's.
    """
    moment = now or timezone.now()
    with as_system():
        row = held(custodian, [work]).get(work)
        if row is None:
            raise NotPermitted("There is no such work.")
        insist_on_lease(row, lease, now=moment)
        end = lease_end(moment, first_leased=row.standing.first_leased_at if row.standing else None)
        if end <= moment:
            raise EditConflict("The lease cannot be renewed any longer. Answer now, or leave it to be taken again.")
        CustodianWork.objects.filter(pk=row.pk).update(lease_until=end)
    return end
