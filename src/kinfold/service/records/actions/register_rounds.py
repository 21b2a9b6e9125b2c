"""Beginning a round of the register by hand."""

from __future__ import annotations

from django.utils import timezone

from kinfold.service.jobs.daily import REGISTER
from kinfold.service.jobs.queue import enqueue
from kinfold.service.records import audit
from kinfold.service.records.models import Job
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system


def begin_round(reader: Reader) -> int:
    """Begin a round for each of the reader's councils in which none waits or runs, and return how many began."""
    begun = 0
    by, day = str(reader.account.uid), timezone.localdate().isoformat()
    with as_system():
        busy = Job.objects.filter(name=REGISTER, state__in=(Job.State.READY, Job.State.RUNNING))
        under_way = set(busy.values_list("held_by_id", flat=True))
        for held_by in sorted(reader.holders - under_way):
            enqueue(REGISTER, {"holder": held_by, "day": day}, held_by=held_by, by=by)
            audit.append(held_by, [{**reader.as_said(), "action": "round of the register begun"}], at=timezone.now())
            begun += 1
    return begun
