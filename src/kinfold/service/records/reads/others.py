"""
Everybody else in a person's record: who they are to the person, and every way in which they are named.

Workers are not among them: their names stay, because they are there in the course of their work.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Q

from kinfold.access.third_parties import Mark, Other, Redactor
from kinfold.record.declare import KINDS
from kinfold.service.records.models import PersonFact, SpellFact, TieFact
from kinfold.service.records.models import Thing as ThingRow
from kinfold.service.records.reads.family import GROUP, PARENTS, names_of
from kinfold.service.records.scope import as_system

SPOKEN = {
    "spouse": "husband, wife or civil partner", "partner": "partner", "former_partner": "former partner",
    "alleged_perpetrator": "somebody else", "must_not_know_address": "somebody else",
    "significant_professional": "a professional you trust", "mother_of": "mother", "sibling": "brother or sister",
    "half_sibling": "half-brother or half-sister", "step_sibling": "step-brother or step-sister",
}  # fmt: skip


def others_of(persons: Sequence[int]) -> list[Other]:
    """Return everybody else in a person's record, restricted ones too: who they are to the person, and their marks."""
    with as_system():
        roles = _roles(persons)
        own = set(_marks_of(persons).get(0, ())) if persons else set()
        marks = {one: _marks_of([one]).get(0, []) for one in roles}
        return [
            Other(role, tuple(names_of(one)), tuple(mark for mark in marks[one] if mark not in own))
            for one, role in roles.items()
        ]


def _roles(persons: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    ties = TieFact.objects.filter(status="final")
    for row in ties.filter(Q(subject__in=persons) | Q(party__in=persons)).exclude(kind=GROUP).order_by("kind"):
        other = row.party_id if row.subject_id in persons else row.subject_id
        if other and other not in persons:
            found.setdefault(other, _spoken(row.kind, other_is_subject=other == row.subject_id))
    parents = [pk for pk, role in found.items() if role in ("your mother", "your father", "your parent")]
    for pk in ties.filter(subject__in=parents, kind__in=PARENTS).values_list("party_id", flat=True):
        if pk and pk not in persons:
            found.setdefault(pk, "your brother or sister")
    groups = ties.filter(subject__in=persons, kind=GROUP).values_list("party_id", flat=True)
    for pk in ties.filter(party__in=list(groups), kind=GROUP).values_list("subject_id", flat=True):
        if pk not in persons:
            found.setdefault(pk, "somebody in your family")
    people = set(ThingRow.objects.filter(pk__in=found, sort__in=("child", "adult")).values_list("pk", flat=True))
    return {pk: role for pk, role in found.items() if pk in people}


def _spoken(kind: str, *, other_is_subject: bool) -> str:
    declared = KINDS[kind]
    if kind in SPOKEN and (other_is_subject or declared.label == declared.inverse):
        said = SPOKEN[kind]
        return said if said.startswith(("somebody", "a ")) else f"your {said}"
    label = declared.label if other_is_subject else str(declared.inverse)
    return f"your {label.removesuffix(' of').lower()}" if label.endswith(" of") else "somebody else"


def _marks_of(persons: Sequence[int]) -> dict[int, list[str]]:
    """Return the postcodes, addresses and numbers of some persons together, under 0."""
    found: dict[int, list[str]] = defaultdict(list)
    for payload in SpellFact.objects.filter(subject__in=persons, kind="address").values_list("payload", flat=True):
        found[0] += [str(payload[name]) for name in ("postcode", "address_lines") if payload.get(name)]
    for payload in PersonFact.objects.filter(subject__in=persons, kind="identifier").values_list("payload", flat=True):
        found[0] += [str(payload["value"])] if payload.get("value") else []
    return found


def redactor_for(persons: Sequence[int], marks: Sequence[Mark] = ()) -> Redactor:
    """Return what names others in a person's record by who they are."""
    own = [" ".join(name) for one in persons[:1] for name in names_of(one)]
    return Redactor(others_of(persons), own=own, marks=marks)
