"""
What is kept once for a family, read through the record of one of its children.

Where one of the children that it is about is hidden from the reader, all of it is: it could tell that the child exists.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from kinfold.access.words import Verb
from kinfold.record.declare import KINDS, Word
from kinfold.record.in_time import FactVersion
from kinfold.service.records.models import About, PersonIndex
from kinfold.service.records.models import Thing as ThingRow
from kinfold.service.records.reads.reader import Reader
from kinfold.terms.errors import NotPermitted

GROUP = "group"


def also_about(facts: Iterable[UUID]) -> dict[UUID, set[int]]:
    """Return the further people that some facts are about: for what is kept for a family, its children."""
    found: dict[UUID, set[int]] = {}
    for fact, person in About.objects.filter(fact__in=list(facts)).values_list("fact", "person_id"):
        found.setdefault(fact, set()).add(person)
    return found


def without_hidden_families(reader: Reader, told: list[FactVersion], persons: Sequence[int]) -> list[FactVersion]:
    """Return what is told without what is kept for a family with a child in it of whom the reader may not know."""
    kept = {v.fact for v in told if v.subject not in persons and KINDS[v.kind].word is Word.PLAN}
    if not kept:
        return told
    children = also_about(kept)
    unknown = _unknown(reader, {one for those in children.values() for one in those} - set(persons))
    return [v for v in told if v.fact not in kept or not children.get(v.fact, set()) & unknown]


def _unknown(reader: Reader, persons: set[int]) -> set[int]:
    rows = ThingRow.objects.filter(pk__in=persons)
    reader.prepare(sorted(persons))
    return {row.pk for row in rows if not reader.decide(Verb.SEE_EXISTS, reader.thing(row))}


def read_through(reader: Reader, subject: ThingRow, fact: UUID) -> ThingRow:
    """
    Return the person through whose record a fact is read: its subject, or for a family a child whom the reader opens.

    Raises NotPermitted where the reader opens none of the children, or may not know of one.
    """
    if subject.sort != GROUP:
        return subject
    children = also_about([fact]).get(fact, set())
    rows = list(ThingRow.objects.filter(pk__in=children).select_related("held_by").order_by("pk"))
    opened = next((row for row in rows if reader.reads(reader.thing(row))), None)
    if opened is None or _unknown(reader, children):
        raise NotPermitted("There is nothing here that you can open.")
    return opened


def kept_for_these_alone(persons: Sequence[int]) -> list[str]:
    """Return the plans kept for a family of which nobody else is on record any more: they go with the last child."""
    mine = set(About.objects.filter(person__in=persons, word=Word.PLAN.value).values_list("fact", flat=True))
    others = About.objects.filter(fact__in=mine).exclude(person__in=persons)
    living = PersonIndex.objects.values("person_id")
    return [str(fact) for fact in mine - set(others.filter(person__in=living).values_list("fact", flat=True))]
