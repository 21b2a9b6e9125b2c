"""
Unusual looking: what a data-protection officer looks into first.

A pattern is counted from the chain and says nothing about anybody: a busy week looks the same. It names who and how
often; whom they looked at is opened from there, as a look of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from kinfold.access.things import Thing as About
from kinfold.access.words import Sort, Verb
from kinfold.service.records.models import Account, AuditEntry, PersonIndex
from kinfold.service.records.reads.reader import Reader
from kinfold.sharing.finding import number
from kinfold.terms.errors import NotPermitted

SEVEN_DAYS = timedelta(days=7)
MOST = 100
# Actions of systems and of the family themselves are no looking of staff.
_PEOPLE = Q(actor__regex=r"^[0-9a-f]{8}-")


@dataclass(frozen=True, slots=True)
class Unusual:
    """One pattern: its sort, who, how often, from which number on it is shown, and the day or the child it is about."""

    sort: str
    who: str
    organisation: str
    role: str
    times: int
    limit: int
    about: str = ""
    name: str = ""


def limits(on: date) -> tuple[int, int, int]:
    """Return from how many on each pattern is shown: looks at one record, refusals, records in a day."""
    return number("unusual_looks", on), number("unusual_refusals", on), number("unusual_children", on)


def unusual_looks(reader: Reader) -> list[Unusual]:
    """Return the patterns of the last seven days, the furthest above their limit first; records the View."""
    held_by = reader.account.held_by_id
    if held_by is None:
        raise NotPermitted("There is nothing here that you can open.")
    reader.insist(Verb.AUDIT, About(sort=Sort.AUDIT, held_by=held_by), action="unusual looks")
    since = timezone.now() - SEVEN_DAYS
    recent = AuditEntry.objects.filter(_PEOPLE, held_by=held_by, at__gte=since)
    found = [*_one_child(recent, since), *_refusals(recent, since), *_many_children(recent, since)]
    reader.looked(held_by, "unusual looks", sorted({one.about for one in found if len(one.about) == 36}))
    return sorted(found, key=lambda one: -one.times / max(one.limit, 1))[:MOST]


def _named(actors: Iterable[str]) -> dict[str, tuple[str, str]]:
    accounts = Account.objects.filter(uid__in=set(actors))
    return {str(one.uid): (one.name, one.organisation) for one in accounts}


def _one_child(recent: QuerySet[AuditEntry], since: datetime) -> list[Unusual]:
    limit = number("unusual_looks", since.date())
    seen = recent.exclude(person="").exclude(action__startswith="refused:")
    rows = list(
        seen.values("actor", "role", "person").annotate(n=Count("seq")).filter(n__gte=limit).order_by("-n")[:MOST]
    )
    who = _named(row["actor"] for row in rows)
    names = {str(uid): name for uid, name in PersonIndex.objects.filter(person__uid__in=[row["person"] for row in rows])
             .values_list("person__uid", "name")}  # fmt: skip
    return [
        Unusual("often at one record", *who.get(row["actor"], (row["actor"], "")), row["role"], row["n"], limit,
                row["person"], names.get(row["person"], ""))
        for row in rows
    ]  # fmt: skip


def _refusals(recent: QuerySet[AuditEntry], since: datetime) -> list[Unusual]:
    limit = number("unusual_refusals", since.date())
    refused = recent.filter(action__startswith="refused:")
    rows = list(refused.values("actor", "role").annotate(n=Count("seq")).filter(n__gte=limit).order_by("-n")[:MOST])
    who = _named(row["actor"] for row in rows)
    return [
        Unusual("refused again and again", *who.get(row["actor"], (row["actor"], "")), row["role"], row["n"], limit)
        for row in rows
    ]


def _many_children(recent: QuerySet[AuditEntry], since: datetime) -> list[Unusual]:
    limit = number("unusual_children", since.date())
    seen = recent.exclude(person="").annotate(day=TruncDate("at"))
    rows = list(
        seen.values("actor", "role", "day").annotate(n=Count("person", distinct=True)).filter(n__gte=limit)
        .order_by("-n")[:MOST]
    )  # fmt: skip
    who = _named(row["actor"] for row in rows)
    return [
        Unusual("many records in a day", *who.get(row["actor"], (row["actor"], "")), row["role"], row["n"], limit,
                row["day"].isoformat())
        for row in rows
    ]  # fmt: skip
