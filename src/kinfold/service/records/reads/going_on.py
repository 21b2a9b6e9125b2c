"""Which spells go on now: shared by walls, caseloads and teams."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Exists, OuterRef, Q

from kinfold.record.in_time import silent_doors
from kinfold.service.records.models import SpellFact
from kinfold.service.records.reads.spells import open_spells

_NOW = Q(known_to__isnull=True, status="final")


def said_to_go_on(kinds: Collection[str]) -> Q:
    """
    Return the condition that a row of the spells says, as held now, that a spell of one of `kinds` goes on.

    A row without an end says nothing where its door has no field for the end: the census names no end of a section 47
    enquiry, and by its rows every enquiry there ever was would go on.
    """
    condition = Q(_NOW, kind__in=kinds, valid_to__isnull=True)
    for kind in kinds:
        if doors := silent_doors(kind):
            condition &= ~Q(kind=kind, source__in=doors)
    return condition


def ended_by_another_door() -> Exists:
    """Return the condition that another door gives the same spell an end: a return of March does not outweigh it."""
    same = {name: OuterRef(name) for name in ("subject", "kind", "valid_from")}
    return Exists(SpellFact.objects.filter(_NOW, valid_to__isnull=False, **same))


def who_has_open(kinds: Collection[str], *, held_by: int, day: date) -> dict[int, set[str]]:
    """
    Return the persons of a holder of whom a spell of `kinds` goes on, by the record's own rule where doors differ.

    For each the kinds that do. Only kinds that are told apart by their first day can be asked about. Whoever calls
    says who may be shown.
    """
    rows = SpellFact.objects.filter(said_to_go_on(kinds), held_by=held_by)
    persons = list(rows.values_list("subject_id", flat=True).distinct())
    found: dict[int, set[str]] = {}
    for kind in kinds:
        for person, spells in open_spells(kind, held_by=held_by, persons=persons, day=day).items():
            if any(spell.goes_on and spell.doubt is None for spell in spells):
                found.setdefault(person, set()).add(kind)
    return found
