"""
Whose clocks must be worked out again, marked in the transaction that changes a fact.

Marking is one statement a batch: working out is done afterwards, by the worker, for those marked and nobody else.
Until then a wall works them out as it is shown, so that nobody reads what is no longer so.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from kinfold.duties.catalogue import duty_catalogue, kinds_read
from kinfold.service.jobs.queue import enqueue
from kinfold.service.records.models import ClockCheck
from kinfold.service.records.tables import upsert_rows

KEEP = "keep clocks"


@cache
def kinds_that_move_clocks() -> frozenset[str]:
    """Return the kinds of fact that may start, meet, end or re-date a clock."""
    return kinds_read(duty_catalogue())


def clocks_may_change(held_by: int, persons: Iterable[int]) -> None:
    """Mark persons whose clocks a fact may have changed, and ask the worker to work them out."""
    marked = sorted(set(persons))
    if not marked:
        return
    upsert_rows(
        ClockCheck._meta.db_table, ("person", "held_by", "stale", "rules"),
        [(person, held_by, True, "") for person in marked], key=("person",),
    )  # fmt: skip
    enqueue(KEEP, {"holder": held_by}, held_by=held_by, by="clocks", once_key=f"{KEEP} {held_by}")
