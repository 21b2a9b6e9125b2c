"""What can be done in the background, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from kinfold.service.jobs.queue import Taken, progress
from kinfold.service.records.actions import receiving, uploads
from kinfold.service.records.loading.taking_back import take_back
from kinfold.service.records.models import Load
from kinfold.terms.errors import KinfoldError

Task = Callable[[Taken], str]
TASKS: dict[str, Task] = {}


def task(name: str) -> Callable[[Task], Task]:
    """Give a function its name in the job table."""

    def register(function: Task) -> Task:
        TASKS[name] = function
        return function

    return register


@task("load")
def load_files(job: Taken) -> str:
    """Run a load from its kept files, after any earlier one of the council through the same door."""
    load = Load.objects.get(pk=job.arguments["load"])
    if load.state in (Load.State.DONE, Load.State.CONFIRM):
        uploads.tell(load)  # the worker before may have died between the two
        return "already loaded"
    if uploads.must_wait(load):
        uploads.wait(load)
        return "waits for an earlier load"
    try:
        finished = receiving.run_kept(load, today=timezone.localdate(), progress=_telling(job, "reading and checking"))
    except KinfoldError as error:
        uploads.stopped(load, error)
        raise
    uploads.tell(finished)
    return f"{finished.rows} rows"


@task("take back")
def take_back_load(job: Taken) -> str:
    """Take a load back: withdraw what it wrote and is still held."""
    load = Load.objects.get(pk=job.arguments["load"])
    if load.state == Load.State.TAKEN_BACK:
        return "already taken back"
    said = job.arguments
    taken_back = take_back(load, by=said["by"], because=said["because"], progress=_telling(job, "withdrawing"))
    return f"{taken_back.withdrawn} withdrawn"


def _telling(job: Taken, doing: str) -> Callable[[int, int | None], None]:
    return lambda done, out_of: progress(job, done, out_of, doing)


def run_task(job: Taken) -> str:
    """Do one job and return a line about it. Raises KeyError for a name nothing does."""
    return TASKS[job.name](job)


__all__: list[Any] = ["TASKS", "run_task", "task"]
