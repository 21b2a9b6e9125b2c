"""Counts of what operating Kinfold needs to know: jobs, loads, the audit, backups. Nothing about a person."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Max, Sum

from kinfold.service.records.backups import last_backup
from kinfold.service.records.models import AuditCut, AuditEntry, AuditHead, Job, Load, QuarantinedRow
from kinfold.service.records.scope import as_system

STUCK_AFTER = timedelta(minutes=5)


@dataclass(slots=True)
class Measures:
    """What there is now; ages in seconds, None where there is nothing to be old."""

    jobs: dict[str, int] = field(default_factory=dict)
    loads: dict[str, int] = field(default_factory=dict)
    oldest_waiting_job: float | None = None
    stuck_jobs: int = 0
    quarantined_rows: int = 0
    audit_links: int = 0
    audit_last_link_age: float | None = None
    audit_links_since_cut: int = 0
    backup_age: float | None = None


def stuck_jobs(now: datetime) -> int:
    """Return how many jobs run whose worker's lease ran out STUCK_AFTER ago: nobody took them again."""
    return Job.objects.filter(state=Job.State.RUNNING, lease_until__lt=now - STUCK_AFTER).count()


def waiting_since(now: datetime) -> datetime | None:
    """Return since when the longest-waiting job that is due has waited, or None."""
    due = Job.objects.filter(state=Job.State.READY, run_after__lte=now)
    return due.order_by("run_after").values_list("run_after", flat=True).first()


def failed_jobs(since: datetime) -> int:
    """Return how many jobs gave up since a moment."""
    return Job.objects.filter(state=Job.State.FAILED, finished_at__gte=since).count()


def measure(now: datetime) -> Measures:
    """Return the counts as they are now."""
    with as_system():
        jobs = dict(Job.objects.values_list("state").annotate(n=Count("pk")))
        loads = dict(Load.objects.values_list("state").annotate(n=Count("pk")))
        links = AuditHead.objects.aggregate(n=Sum("seq"))["n"] or 0
        cut = sum(row["n"] for row in AuditCut.objects.values("held_by").annotate(n=Max("seq")))
        return Measures(
            jobs={state: jobs.get(state, 0) for state in Job.State.values},
            loads={state: loads.get(state, 0) for state in Load.State.values},
            oldest_waiting_job=_age(waiting_since(now), now),
            stuck_jobs=stuck_jobs(now),
            quarantined_rows=QuarantinedRow.objects.filter(state=QuarantinedRow.State.OPEN).count(),
            audit_links=links,
            audit_last_link_age=_age(AuditEntry.objects.aggregate(at=Max("at"))["at"], now),
            audit_links_since_cut=links - cut,
            backup_age=_age(last_backup(), now),
        )


def _age(moment: datetime | None, now: datetime) -> float | None:
    return None if moment is None else max(0.0, (now - moment).total_seconds())
