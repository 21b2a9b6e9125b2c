"""
The folders of several councils taken in side by side, a process for each processor.

Only where the database takes several writers (PostgreSQL; SQLite has one). Councils share no record, so their loads
wait for nobody; what each became is added up.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import date
from functools import reduce
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from kinfold.command.line import start_service

if TYPE_CHECKING:
    from kinfold.files.received import Incoming
    from kinfold.files.recognise import Options

Report = dict[str, Any]
Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True)
class Handed:
    """What was said with the files, the same for every council."""

    by: str
    today: date
    council: str | None
    options: Options
    confirm: bool


def take_in(groups: Sequence[Sequence[Incoming]], handed: Handed, progress: Progress) -> Report:
    """Take in each group of files and return one report of all, as `receiving.report` gives it."""
    processors = os.cpu_count() or 1
    if len(groups) < 3 or processors < 2 or not _takes_several_writers():
        return added_up(_take_in_one(group, handed, progress) for group in groups)
    # The first alone: it says which councils this installation is for, which decides about the others.
    first = _take_in_one(groups[0], handed, progress)
    return added_up([first, *_side_by_side(groups[1:], handed, progress, processors)])


def added_up(reports: Iterable[Mapping[str, Any]]) -> Report:
    """Return the reports as one: counts are summed and lists joined, in the order given."""
    return reduce(
        lambda so_far, one: {name: so_far[name] + one[name] for name in so_far} if so_far else {**one}, reports, {}
    )


def _takes_several_writers() -> bool:
    from django.db import connection

    return connection.vendor == "postgresql"


def _take_in_one(group: Sequence[Incoming], handed: Handed, progress: Progress | None) -> Report:
    from kinfold.service.records.actions import receiving

    received = receiving.receive(
        [group], by=handed.by, today=handed.today, council=handed.council, options=handed.options, progress=progress
    )
    if handed.confirm:
        received.loads = [
            receiving.confirm_withdrawal(one, by=handed.by, today=handed.today) if one.state == "confirm" else one
            for one in received.loads
        ]
    return receiving.report(received)


def _side_by_side(
    groups: Sequence[Sequence[Incoming]], handed: Handed, progress: Progress, processors: int
) -> list[Report]:
    from django.db import connections

    connections.close_all()
    pool = ProcessPoolExecutor(processors, mp_context=get_context("spawn"), initializer=_begin, initargs=(os.getpid(),))
    with pool:
        waiting = {pool.submit(_take_in_one, group, handed, None): place for place, group in enumerate(groups)}
        found: dict[int, Report] = {}
        for done in as_completed(waiting):
            found[waiting[done]] = done.result()
            progress("councils", len(found), len(groups))
    return [found[place] for place in sorted(found)]


def _begin(parent: int) -> None:
    """Make Django ready in a new process, which ends with the one that started it, even one that was killed."""
    start_service()
    from kinfold.service.config.parent import when_gone

    when_gone(parent, lambda: os._exit(1))
