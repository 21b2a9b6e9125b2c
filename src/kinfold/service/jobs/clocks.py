"""The clocks kept up with the facts, the calendar and the day, in the background."""

from __future__ import annotations

from kinfold.service.jobs.queue import Taken, progress
from kinfold.service.jobs.tasks import task
from kinfold.service.records.actions.clock_keeping import keep_clocks
from kinfold.service.records.clock_marks import KEEP
from kinfold.service.records.models import Job


@task(KEEP)
def keep(job: Taken) -> str:
    """Work out the clocks of everybody of one holder whose facts, rules or day have changed."""
    # What changes from here on asks for a job of its own: this one may have passed those people already.
    Job.objects.filter(pk=job.id).update(once_key=None)
    done = keep_clocks(
        job.arguments["holder"], progress=lambda label, done, out_of: progress(job, done, out_of, "working out clocks")
    )
    return f"{done} people"
