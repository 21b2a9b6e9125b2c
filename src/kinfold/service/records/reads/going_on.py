"""Which spells go on now: the condition on their rows, shared by walls, caseloads and teams."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from kinfold.record.in_time import silent_doors


def going_on(kinds: Collection[str]) -> Q:
    """
    Return the condition that a row of the spells says, as held now, that a spell of one of `kinds` goes on.

    A row without an end says nothing where its door has no field for the end: the census names no end of a section 47
    enquiry, and by its rows every enquiry there ever was would go on.
    """
    condition = Q(kind__in=kinds, known_to__isnull=True, valid_to__isnull=True, status="final")
    for kind in kinds:
        if doors := silent_doors(kind):
            condition &= ~Q(kind=kind, source__in=doors)
    return condition
