"""What can be done in the background, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from kinfold.service.jobs.queue import Taken, progress
from kinfold.service.records.actions import receiving
from kinfold.service.records.models import Load

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
    """Run a load from its kept files."""
    load = Load.objects.get(pk=job.arguments["load"])
    if load.state == Load.State.DONE:
        return "already loaded"

    def tell(done: int, out_of: int | None) -> None:
        progress(job, done, out_of, "reading and checking")

    finished = receiving.run_kept(load, today=timezone.localdate(), progress=tell)
    return f"{finished.rows} rows"


def run_task(job: Taken) -> str:
    """Do one job and return a line about it. Raises KeyError for a name nothing does."""
    return TASKS[job.name](job)


__all__: list[Any] = ["TASKS", "run_task", "task"]
