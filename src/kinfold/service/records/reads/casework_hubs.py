"""Family hubs of the reader's council: each a body with the services it offers, and how many families came."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kinfold.access.things import Thing as Asked
from kinfold.access.words import Sort, Verb
from kinfold.service.records.models import BodyFact, SpellFact
from kinfold.service.records.models import Thing as ThingRow
from kinfold.service.records.reads.child_fact import NOTHING
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import NotPermitted

HUB = "family hub"


@dataclass(frozen=True, slots=True)
class Offered:
    """One service that a hub offers, from a day, and until one where it ended."""

    service: str
    for_whom: str
    how_to_reach: str
    practice_guide: str
    places: int | None
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Hub:
    """One family hub with what it offers."""

    uid: str
    name: str
    services: list[Offered] = field(default_factory=list)


def as_offer(held_by: int) -> Asked:
    """Return what a hub offers as the rule of access takes it: nobody's record, kept by those who do Family Help."""
    return Asked(sort=Sort.RECORD, held_by=held_by, slice="family_help")


def hubs(reader: Reader) -> list[Hub]:
    """Return the hubs of the reader's councils with the services they offer, in order of name."""
    with as_system():
        rows = BodyFact.objects.filter(
            kind="partner_details", known_to__isnull=True, status="final", held_by__in=reader.holders
        ).select_related("subject")
        found = {row.subject_id: row for row in rows if row.payload.get("partner_type") == HUB}
        offers: dict[int, list[Offered]] = defaultdict(list)
        spells = SpellFact.objects.filter(kind="service_offered", known_to__isnull=True, subject__in=list(found))
        for one in spells.exclude(status="void").order_by("valid_from"):
            offers[one.subject_id].append(_offered(one))
    made = [Hub(str(row.subject.uid), str(row.payload.get("name") or "A hub"), offers[pk]) for pk, row in found.items()]
    return sorted(made, key=lambda hub: hub.name)


def _offered(row: SpellFact) -> Offered:
    said: dict[str, Any] = row.payload
    return Offered(
        service=str(said.get("service") or ""), for_whom=str(said.get("for_whom") or ""),
        how_to_reach=str(said.get("how_to_reach") or ""), practice_guide=str(said.get("practice_guide") or ""),
        places=said.get("places"), since=row.valid_from, until=row.valid_to,
    )  # fmt: skip


def may_change(reader: Reader) -> bool:
    """Return whether the reader may add hubs and what they offer."""
    held_by = reader.account.held_by_id
    return held_by is not None and bool(reader.decide(Verb.WRITE, as_offer(held_by)))


def hub_of(reader: Reader, uid: str) -> ThingRow:
    """Return a hub of the reader's own council. Raises NotPermitted for any other."""
    if not any(hub.uid == uid for hub in hubs(reader)):
        raise NotPermitted(NOTHING)
    return ThingRow.objects.select_related("held_by").get(uid=uid)


def hub_choices(held_by: int) -> list[tuple[str, str]]:
    """Return the hubs of a council to choose from: (public id, name)."""
    with as_system():
        rows = BodyFact.objects.filter(
            kind="partner_details", known_to__isnull=True, status="final", held_by_id=held_by
        ).select_related("subject")
        found = [(str(row.subject.uid), str(row.payload.get("name") or "A hub"))
                 for row in rows if row.payload.get("partner_type") == HUB]  # fmt: skip
    return sorted(found, key=lambda pair: pair[1])
