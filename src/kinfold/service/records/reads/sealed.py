"""Records sealed after an adoption order: which there are, and what waits for a second person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from kinfold.access.roles import ROLES
from kinfold.access.things import Thing as Asked
from kinfold.access.words import Label, Verb
from kinfold.record.retention import schedule, years_after
from kinfold.service.records.models import EventFact, Grant, PersonIndex, SealRequest, SpellFact, Thing
from kinfold.service.records.reads.person import find_person
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import NotPermitted

REASON = "sealed adoption records"
MOST = 200  # children in a list


def for_sealing(reader: Reader) -> Reader:
    """Return the reader at work on sealed records, with that as the reason of every look."""
    return Reader(reader.account, reader.now, reason=reader.reason or REASON)


@dataclass(frozen=True, slots=True)
class Sealed:
    """
    A sealed record as those see it who keep sealed records: that it exists, and until when they may open it.

    `kept_until` is the last day on which it must be kept, counted from the order; None where no order's day is known.
    """

    uid: str
    name: str
    born: date | None
    open_until: datetime | None
    kept_until: date | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that waits for a second person."""

    uid: str
    act: str
    name: str
    purpose: str
    asked_by: str
    asked_at: datetime
    basis: str
    order_date: date | None
    own: bool


def sealed_records(reader: Reader) -> list[Sealed]:
    """Return the sealed records that the reader keeps, by name; none for whoever keeps none. The View is recorded."""
    reader = for_sealing(reader)
    with as_system():
        rows = list(
            PersonIndex.objects.filter(held_by__in=reader.holders, label=Label.SEALED.value)
            .select_related("person").order_by("name", "pk")
        )  # fmt: skip
        reader.prepare([row.person_id for row in rows])
        mine = [row for row in rows if reader.decide(Verb.SEE_EXISTS, reader.thing(row))]
        grants = Grant.objects.filter(account=reader.account, reason=Verb.UNSEAL.value, until_at__gt=reader.now)
        until = dict(grants.values_list("person_id", "until_at"))
        orders = dict(
            _agreed_seals().filter(person__in=[row.person_id for row in mine]).values_list("person_id", "order_date")
        )
    for held_by in reader.holders if mine else ():
        reader.looked(held_by, "list of sealed records", [str(r.person.uid) for r in mine if r.held_by_id == held_by])
    return [
        Sealed(
            str(row.person.uid),
            row.name,
            row.birth_date,
            until.get(row.person_id),
            kept_until(orders.get(row.person_id)),
        )
        for row in mine
    ]


def _agreed_seals() -> QuerySet[SealRequest]:
    return SealRequest.objects.filter(act=SealRequest.Act.SEAL, agreed=True).order_by("answered_at")


def kept_until(order: date | None) -> date | None:
    """Return the day to which an adoption record is kept by the schedule of retention: a hundred years from the order."""
    return years_after(order, int(schedule()["adoption_from_order"].on(order))) if order is not None else None


@dataclass(frozen=True, slots=True)
class ToSeal:
    """A child with a decision or a placement for adoption, whose record may be sealed after the order."""

    uid: str
    name: str
    born: date | None


def to_seal(reader: Reader) -> list[ToSeal]:
    """Return the children whose record the reader may ask to seal, by name, and record the View."""
    reader = for_sealing(reader)
    with as_system():
        decided = EventFact.objects.filter(kind="adoption_decision", known_to__isnull=True, status="final")
        placed = SpellFact.objects.filter(
            kind="placed_for_adoption", known_to__isnull=True, status="final", valid_to__isnull=True
        )
        rows = list(
            reader.listed().filter(Q(pk__in=decided.values("subject")) | Q(pk__in=placed.values("subject")))
            .select_related("person").order_by("name", "pk")[:MOST]
        )  # fmt: skip
        reader.prepare([row.person_id for row in rows])
        mine = [row for row in rows if _may_ask(reader, reader.thing(row), Verb.SEAL)]
    for held_by in {row.held_by_id for row in mine}:
        reader.looked(held_by, "list of children to seal", [str(r.person.uid) for r in mine if r.held_by_id == held_by])
    return [ToSeal(str(row.person.uid), row.name, row.birth_date) for row in mine]


def insist_may_ask(reader: Reader, uid: str, act: str) -> Thing:
    """Return the person, where all that is missing is a second person's agreement. Raises NotPermitted otherwise."""
    row, verb, reader = find_person(uid), Verb(act), for_sealing(reader)
    thing = reader.thing(row)
    if not _may_ask(reader, thing, verb):
        decision = reader.decide(verb, thing)
        reader.refused(act, thing, decision)
        raise NotPermitted(decision.shown)
    return row


def _may_ask(reader: Reader, thing: Asked, verb: Verb) -> bool:
    if (Label.SEALED in thing.labels) != (verb is Verb.UNSEAL):
        return False
    decision = reader.decide(verb, thing)
    return bool(decision) or decision.rule == "two_people"


def waiting_requests(reader: Reader) -> list[Waiting]:
    """Return what waits for a second person that the reader asked for or may agree to, the oldest first."""
    with as_system():
        rows = list(_waiting(reader))
        names = dict(PersonIndex.objects.filter(pk__in=[row.person_id for row in rows]).values_list("pk", "name"))
    return [
        Waiting(str(row.uid), row.get_act_display(), names.get(row.person_id, ""), row.purpose, row.asked_by.name,
                row.asked_at, row.basis, row.order_date, row.asked_by_id == reader.account.pk)
        for row in rows
        if row.asked_by_id == reader.account.pk or _may_agree(reader, row.act)
    ]  # fmt: skip


def to_answer(reader: Reader, uid: str) -> Waiting:
    """Return a request as the second person reads it. Raises NotPermitted when there is none, or it is their own."""
    found = next((one for one in waiting_requests(reader) if one.uid == uid and not one.own), None)
    if found is None:
        raise NotPermitted("There is nothing here that you can open.")
    return found


def waiting_request(reader: Reader, uid: str) -> SealRequest:
    """Return a request that waits. Raises NotPermitted when there is none that the reader may answer."""
    with as_system():
        found = _waiting(reader).filter(uid=UUID(uid)).first()
    if found is None or not _may_agree(reader, found.act):
        raise NotPermitted("There is nothing here that you can open.")
    return found


def _waiting(reader: Reader) -> QuerySet[SealRequest]:
    rows = SealRequest.objects.filter(held_by__in=reader.holders, answered_at__isnull=True)
    return rows.select_related("person", "asked_by").order_by("asked_at", "pk")


def _may_agree(reader: Reader, act: str) -> bool:
    return any(act in ROLES[name].powers_two_people for name in reader.role_names if name in ROLES)
