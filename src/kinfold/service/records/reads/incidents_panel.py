"""What the Panel received: each case with the council that notified it, and the key by which others know us."""

from __future__ import annotations

from collections.abc import Mapping

from kinfold.care.incidents import INCIDENT
from kinfold.service.records.models import BodyFact, EventFact
from kinfold.service.records.reads.incidents import Incident, incidents
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system


def received(reader: Reader) -> list[tuple[Incident, str]]:
    """Return every case the Panel received, what needs doing first, each with the name of the council."""
    found = incidents(reader)
    names = councils([one.who.person for one in found])
    return [(one, names.get(one.who.person, "a council")) for one in found]


def councils(persons: list[int]) -> Mapping[int, str]:
    """Return, for each case, the name of the council that notified it."""
    with as_system():
        parties = dict(
            EventFact.objects.filter(
                subject_id__in=persons, kind=INCIDENT, known_to__isnull=True, party__isnull=False
            ).values_list("subject_id", "party_id")
        )
        names = {
            subject: payload.get("name") or ""
            for subject, payload in BodyFact.objects.filter(
                subject_id__in=set(parties.values()), kind="partner_details", known_to__isnull=True
            ).values_list("subject_id", "payload")
        }
    return {person: names.get(party, "") for person, party in parties.items()}
