"""Family hubs of the reader's council: each a body with the services it offers, and how many families came."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet

from kinfold.access.things import Thing as Asked
from kinfold.access.things import day_of
from kinfold.access.words import Sort, Verb
from kinfold.service.records.models import BodyFact, EventFact, SpellFact
from kinfold.service.records.models import Thing as ThingRow
from kinfold.service.records.reads.child_fact import NOTHING
from kinfold.service.records.reads.questions import years_before
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import NotPermitted

HUB = "family hub"
NOT_ANSWERED = "not answered yet"


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


@dataclass(slots=True)
class Programme:
    """How many people came to a programme at a hub in a year, and how often; which practice guide it follows."""

    name: str
    practice_guide: str
    people: set[int] = field(default_factory=set)
    sessions: int = 0
    missed: int = 0


@dataclass(frozen=True, slots=True)
class Hub:
    """One family hub with what it offers, what it answered to referrals in a year, and who came: counts alone."""

    uid: str
    name: str
    services: list[Offered] = field(default_factory=list)
    answers: Mapping[str, int] = field(default_factory=dict)
    programmes: list[Programme] = field(default_factory=list)


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
        since = years_before(day_of(reader.now), 1)
        answers, programmes = _answers(list(found), since), _programmes(list(found), since)
    made = [
        Hub(str(row.subject.uid), str(row.payload.get("name") or "A hub"), offers[pk], answers[pk], programmes[pk])
        for pk, row in found.items()
    ]
    return sorted(made, key=lambda hub: hub.name)


def _events(kind: str, hubs: Sequence[int], since: date) -> QuerySet[EventFact]:
    return EventFact.objects.filter(
        kind=kind, party__in=list(hubs), known_to__isnull=True, status="final", valid_from__gte=since
    )


def _answers(hubs: Sequence[int], since: date) -> dict[int, Counter[str]]:
    """Return how many referrals came to each hub since a day, by what it answered; "not answered" where it has not."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for hub, payload in _events("service_referral", hubs, since).values_list("party_id", "payload"):
        found[hub or 0][str(payload.get("answer") or NOT_ANSWERED)] += 1
    return found


def _programmes(hubs: Sequence[int], since: date) -> dict[int, list[Programme]]:
    """Return the programmes that people came to at each hub since a day, those with most people first."""
    found: dict[int, dict[tuple[str, str], Programme]] = defaultdict(dict)
    rows = _events("service_attendance", hubs, since).values_list("party_id", "subject_id", "payload")
    for hub, person, payload in rows:
        key = (str(payload.get("programme") or "Drop in"), str(payload.get("practice_guide") or ""))
        one = found[hub or 0].setdefault(key, Programme(*key))
        if payload.get("attended") is False:
            one.missed += 1
        else:
            one.people.add(person)
            one.sessions += 1
    return defaultdict(list, {
        hub: sorted(those.values(), key=lambda one: (-len(one.people), one.name)) for hub, those in found.items()
    })  # fmt: skip


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
