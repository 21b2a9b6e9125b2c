"""
A leased job table, the same on both databases.

A job is enqueued in the transaction that needs it. A worker takes it under a lease and renews the lease while
it works; a worker that dies loses it and the job is taken again. Finishing is guarded by worker and attempt,
so a worker that lost its lease cannot overwrite the one that has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils import timezone

from kinfold.service.records.models import Job

LEASE = timedelta(seconds=60)
# Each attempt waits twice as long as the one before, from half a minute.
FIRST_WAIT = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Taken:
    """A job in hand: enough to do it and to prove that it is still ours."""

    id: int
    name: str
    arguments: dict[str, Any]
    attempts: int
    worker: str


def enqueue(
    name: str,
    arguments: dict[str, Any],
    *,
    held_by: int | None = None,
    by: str = "",
    after: datetime | None = None,
    once_key: str | None = None,
) -> Job:
    """Add a job to the table and return it. With `once_key` the same job is added once, however often asked."""
    values = {
        "name": name,
        "arguments": arguments,
        "run_after": after or timezone.now(),
        "held_by_id": held_by,
        "by": by,
    }
    if once_key is None:
        return Job.objects.create(**values)
    return Job.objects.get_or_create(once_key=once_key, defaults=values)[0]


def take(worker: str) -> Taken | None:
    """Take the next job that is ready, or whose worker's lease has run out; None when there is none."""
    now = timezone.now()
    skip = " for update skip locked" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(
            "update job set state = 'running', worker = %s, attempts = attempts + 1, lease_until = %s where id = ("
            "select id from job where (state = 'ready' and run_after <= %s) or (state = 'running' and lease_until < %s) "
            f"order by run_after, id limit 1{skip}) returning id",
            [worker, now + LEASE, now, now],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    job = Job.objects.get(pk=row[0])
    return Taken(job.pk, job.name, job.arguments, job.attempts, worker)


def _ours(job: Taken) -> Any:
    return Job.objects.filter(pk=job.id, state=Job.State.RUNNING, worker=job.worker, attempts=job.attempts)


def renew(job: Taken) -> bool:
    """Renew the lease; False when somebody else has the job now."""
    return bool(_ours(job).update(lease_until=timezone.now() + LEASE))


def progress(job: Taken, done: int, out_of: int | None, doing: str = "") -> None:
    """Say how far the job is, and renew its lease with it."""
    _ours(job).update(done_so_far=done, out_of=out_of or 0, doing=doing[:120], lease_until=timezone.now() + LEASE)


def finish(job: Taken, message: str = "") -> bool:
    """Mark the job done; False when it was no longer ours."""
    return bool(_ours(job).update(state=Job.State.DONE, finished_at=timezone.now(), message=message, once_key=None))


def fail(job: Taken, message: str, *, again: bool) -> bool:
    """Mark the job failed, or put it back for another attempt while it has any left."""
    mine = _ours(job)
    if again:
        wait = FIRST_WAIT * 2 ** (job.attempts - 1)
        put_back = mine.filter(attempts__lt=F("most_attempts")).update(
            state=Job.State.READY, run_after=timezone.now() + wait, message=message, lease_until=None
        )
        if put_back:
            return True
    return bool(mine.update(state=Job.State.FAILED, finished_at=timezone.now(), message=message, once_key=None))
