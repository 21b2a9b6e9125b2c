"""
Restrictions on whole records: who may put one on, whom it can name, what is in force, and what must be looked at again.

Nobody learns here of a record that the rule of access keeps from them: every row is asked about before it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Q, QuerySet

from kinfold.access.policy import may
from kinfold.access.things import Thing, day_of
from kinfold.access.words import Label, Verb
from kinfold.service.records.models import Account, PersonIndex, Reach, Restriction, RestrictionRequest
from kinfold.service.records.models import Thing as ThingRow
from kinfold.service.records.reads.child_fact import NOTHING
from kinfold.service.records.reads.person import find_person
from kinfold.service.records.reads.reader import OF_FAMILY, Reader
from kinfold.service.records.reads.versions import one_person
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import NotPermitted

MOST = 500  # rows of the list
# The family reads the reason of a look, also once the restriction is over: it must not tell that there was one.
LISTED, REASON = "list", "a list of records"


class Power(StrEnum):
    """How somebody restricts a record: by themselves, or by asking somebody who may."""

    ALONE = "alone"
    ASKS = "asks"


@dataclass(frozen=True, slots=True)
class Held:
    """A restriction, in force or over: why, who is named, whom to ask, since when, until which review; how it ended."""

    reason: str
    because: str
    named: tuple[str, ...]
    by: str
    since: datetime
    review_date: date | None
    until: datetime | None
    ended_by: str
    ended_because: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A restriction that waits for an answer, as the one who answers reads it."""

    uid: str
    person: str
    name: str
    reason: str
    because: str
    named: tuple[str, ...]
    review_date: date
    asked_by: str
    asked_at: datetime
    own: bool


@dataclass(frozen=True, slots=True)
class Restricted:
    """A restricted record in the list of them."""

    uid: str
    name: str
    held: Held


def power_over(reader: Reader, thing: Thing) -> Power | None:
    """Return how the reader restricts the person, or None where they may not."""
    decision = reader.decide(Verb.RESTRICT, thing)
    if decision:
        return Power.ALONE
    return Power.ASKS if decision.rule == "two_people" else None


def insist_on_power(reader: Reader, uid: str) -> tuple[ThingRow, Thing, Power]:
    """Return the person and how the reader restricts them. Raises NotPermitted, recorded, for whoever may not."""
    row = find_person(uid)
    thing = reader.thing(row)
    power = power_over(reader, thing)
    if power is None:
        decision = reader.decide(Verb.RESTRICT, thing)
        reader.refused("restriction", thing, decision)
        raise NotPermitted(decision.shown)
    return row, thing, power


def in_force(person: int) -> QuerySet[Restriction]:
    """Return the restrictions in force on a person, and on those joined to them."""
    return Restriction.objects.filter(
        person_id__in=one_person(person), label=Label.RESTRICTED.value, until_at__isnull=True
    )


def current(row: ThingRow) -> Held | None:
    """Return the restriction in force on a person; None where there is none."""
    with as_system():
        found = in_force(row.pk).prefetch_related("named").order_by("-from_at", "pk").first()
        return _held(found) if found else None


def earlier(row: ThingRow) -> list[Held]:
    """Return the restrictions of a person that are over, the latest first, each once for records that are joined."""
    with as_system():
        rows = Restriction.objects.filter(
            person_id__in=one_person(row.pk), label=Label.RESTRICTED.value, until_at__isnull=False
        )
        found = [_held(one) for one in rows.prefetch_related("named").order_by("-from_at", "pk")]
    return list(dict.fromkeys(found))


def _held(row: Restriction) -> Held:
    return Held(
        row.reason, row.because, tuple(sorted(one.name for one in row.named.all())), row.by, row.from_at,
        row.review_date, row.until_at, row.ended_by, row.ended_because,
    )  # fmt: skip


def can_be_named(reader: Reader, row: ThingRow) -> list[tuple[str, str]]:
    """
    Return (public id, name and role) of those who work with the person and would open the record if they were named.

    Those who open it in any case are not among them, nor those whom no list lets in, such as a partner's officer.
    Those already named stand in the list as long as their account is open.
    """
    with as_system():
        persons, today = one_person(row.pk), day_of(reader.now)
        near = Reach.objects.filter(person__in=persons, from_date__lte=today).filter(
            Q(until_date__isnull=True) | Q(until_date__gt=today)
        )
        rows = Account.objects.filter(is_active=True, person__in=near.values("actor")).exclude(
            roles_held__role__in=OF_FAMILY
        )
        found = [one for one in rows.order_by("name", "pk").distinct() if _opens_if_named(one, row, reader)]
        named = Account.objects.filter(is_active=True, pk__in=in_force(row.pk).values("named"))
        found += [one for one in named.order_by("name", "pk") if one.pk not in {other.pk for other in found}]
    return [(str(one.uid), f"{one.name}, {Reader(one, reader.now).role_label}") for one in found]


def _opens_if_named(account: Account, row: ThingRow, reader: Reader) -> bool:
    asking = Reader(account, reader.now)
    thing = replace(asking.thing(row), labels=frozenset({Label.RESTRICTED}), named=frozenset())
    named = replace(thing, named=frozenset({account.person_id or 0}))
    opens = (bool(may(asking.actor, Verb.READ_HEADLINE, one, reader.now)) for one in (thing, named))
    return tuple(opens) == (False, True)


def named_now(row: ThingRow) -> list[str]:
    """Return the public ids of those whom the restriction in force names."""
    with as_system():
        found = Account.objects.filter(pk__in=in_force(row.pk).values("named"))
        return sorted(str(uid) for uid in found.values_list("uid", flat=True))


def restricted_records(reader: Reader) -> list[Restricted]:
    """Return the restricted records that the reader may restrict, the first to be looked at again first; a View."""
    with as_system():
        rows = list(
            Restriction.objects.filter(
                held_by__in=reader.holders, label=Label.RESTRICTED.value, until_at__isnull=True
            ).select_related("person").prefetch_related("named")
        )  # fmt: skip
        things = _things(reader, [row.person for row in rows])
        mine = [row for row in rows if power_over(reader, things[row.person_id]) is not None]
        names = _names(row.person_id for row in mine)
    mine.sort(key=lambda row: (row.review_date or date.min, row.from_at, row.pk))
    for held_by in sorted({row.held_by_id for row in mine}):
        uids = [str(row.person.uid) for row in mine if row.held_by_id == held_by]
        reader.looked(held_by, LISTED, uids, because=REASON)
    return [Restricted(str(row.person.uid), names.get(row.person_id, ""), _held(row)) for row in mine[:MOST]]


def _things(reader: Reader, persons: Sequence[ThingRow]) -> dict[int, Thing]:
    reader.prepare([row.pk for row in persons])
    return {row.pk: reader.thing(row) for row in persons}


def _names(persons: Iterable[int]) -> dict[int, str]:
    return dict(PersonIndex.objects.filter(pk__in=list(persons)).values_list("pk", "name"))


def _waiting(reader: Reader) -> QuerySet[RestrictionRequest]:
    rows = RestrictionRequest.objects.filter(held_by__in=reader.holders, answered_at__isnull=True)
    return rows.select_related("person", "asked_by").prefetch_related("named").order_by("asked_at", "pk")


def waiting_requests(reader: Reader) -> list[Wanted]:
    """Return the requests that wait: those the reader made, and those on which they may answer; the oldest first."""
    with as_system():
        rows = list(_waiting(reader))
        things = _things(reader, [row.person for row in rows])
        mine = [row for row in rows if _concerns(reader, row, things[row.person_id])]
        names = _names(row.person_id for row in mine)
    for held_by in sorted({row.held_by_id for row in mine}):
        uids = [str(row.person.uid) for row in mine if row.held_by_id == held_by]
        reader.looked(held_by, LISTED, uids, because=REASON)
    return [_wanted(reader, row, names.get(row.person_id, "")) for row in mine]


def _concerns(reader: Reader, row: RestrictionRequest, thing: Thing) -> bool:
    power = power_over(reader, thing)
    return power is Power.ALONE or (power is Power.ASKS and row.asked_by_id == reader.account.pk)


def request_of(reader: Reader, uid: str) -> RestrictionRequest:
    """Return a request that the reader may answer. Raises NotPermitted for any other, their own among them."""
    with as_system():
        row = _waiting(reader).filter(uid=UUID(uid)).first()
    if row is None or row.asked_by_id == reader.account.pk:
        raise NotPermitted(NOTHING)
    _, _, power = insist_on_power(reader, str(row.person.uid))
    if power is not Power.ALONE:
        raise NotPermitted(NOTHING)
    return row


def request_to_answer(reader: Reader, uid: str) -> Wanted:
    """Return a request as the one who answers reads it, and record the View. Raises NotPermitted as `request_of`."""
    row = request_of(reader, uid)
    person = str(row.person.uid)
    reader.looked(row.held_by_id, LISTED, [person], because=REASON)
    with as_system():
        return _wanted(reader, row, _names([row.person_id]).get(row.person_id, ""))


def request_about(reader: Reader, row: ThingRow) -> Wanted | None:
    """Return the request about a person that waits; None where none does."""
    with as_system():
        found = _waiting(reader).filter(person__in=one_person(row.pk)).first()
        return _wanted(reader, found, "") if found else None


def _wanted(reader: Reader, row: RestrictionRequest, name: str) -> Wanted:
    return Wanted(
        str(row.uid), str(row.person.uid), name, row.reason, row.because,
        tuple(sorted(one.name for one in row.named.all())), row.review_date, row.asked_by.name, row.asked_at,
        row.asked_by_id == reader.account.pk,
    )  # fmt: skip
