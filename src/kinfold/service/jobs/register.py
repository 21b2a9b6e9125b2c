"""The register's round: identifiers issued and checked, and children filed for look-ups whose record changed."""

from __future__ import annotations

from django.utils import timezone

from kinfold.service.config.national_service import national_service
from kinfold.service.jobs.daily import REGISTER
from kinfold.service.jobs.queue import Taken, progress
from kinfold.service.jobs.tasks import task
from kinfold.service.records.actions.register import bring_up_to_date
from kinfold.service.records.actions.register_lifecycle import go_round
from kinfold.service.records.register_filing import file_changed


@task(REGISTER)
def register_round(job: Taken) -> str:
    """Do one round for one council and say what it came to."""
    held_by = int(job.arguments["holder"])
    filed = file_changed(held_by)
    with national_service(held_by) as service:
        if service is None:
            issued = bring_up_to_date(held_by)
            return f"{filed} filed, {issued['provisional']} provisional identifiers; no national service is set up"
        done = go_round(
            held_by, service, today=timezone.localdate(),
            progress=lambda number, out_of: progress(job, number, out_of, "checking identifiers"),
        )  # fmt: skip
    return f"{filed} filed, {done.said}"
