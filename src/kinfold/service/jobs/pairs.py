"""Comparing all records of a council's children, to find those that may be one child."""

from __future__ import annotations

from kinfold.service.jobs.queue import Taken, progress
from kinfold.service.jobs.tasks import task
from kinfold.service.records.actions.identity import TASK, find_pairs


@task(TASK)
def find(job: Taken) -> str:
    """Compare all records and say how many pairs wait."""
    waiting = find_pairs(
        int(job.arguments["held_by"]), progress=lambda done, out_of: progress(job, done, out_of, "comparing records")
    )
    return f"pairs that wait: {waiting}"
