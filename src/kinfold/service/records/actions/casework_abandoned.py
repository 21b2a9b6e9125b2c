"""Forms that were begun and left: forgotten when their time is over, so that half a record is never kept for ever."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from kinfold.service.records.models import FormDraft, SpellFact
from kinfold.service.records.reads.casework import kept_days
from kinfold.service.records.scope import as_system

LEFT = (FormDraft.State.WRITING, FormDraft.State.RETURNED)


def forget_abandoned(held_by: int, *, today: date) -> int:
    """
    Forget the forms of a holder that nobody went on with in time; return how many.

    One that waits for approval stays, and so does every form about a person whose record a legal hold protects.
    """
    before = timezone.make_aware(datetime.combine(today, time(0))) - kept_days(today)
    with as_system(), transaction.atomic():
        held = SpellFact.objects.filter(
            held_by_id=held_by, kind="legal_hold", known_to__isnull=True, status="final", valid_to__isnull=True
        )
        rows = FormDraft.objects.filter(held_by_id=held_by, state__in=LEFT, at__lt=before)
        gone, _ = rows.exclude(person_id__in=held.values("subject_id")).delete()
    return int(gone)
