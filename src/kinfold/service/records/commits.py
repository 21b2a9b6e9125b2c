"""
One change of the record: a transaction, a number, and the audit entry that belongs to it.

`writing` is the only way to write facts. The holder's row is locked while the change is made, so the numbers
follow the order in which changes become visible, and what was known at a number never changes afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from kinfold.service.records.models import Commit, Holder
from kinfold.service.records.scope import as_system


@dataclass(frozen=True, slots=True)
class Change:
    """The change being made: whose, its number, its moment, by whom and because what."""

    held_by: int
    number: int
    at: datetime
    by: str
    because: str
    load: int | None = None


def _locked(held_by: int) -> Holder:
    rows = Holder.objects.filter(pk=held_by)
    return (rows.select_for_update() if connection.vendor == "postgresql" else rows).get()


@contextmanager
def holding(held_by: int) -> Iterator[None]:
    """Keep the holder's record from changing while what follows from it is worked out and written."""
    with as_system():
        _locked(held_by)
        yield


@contextmanager
def writing(*, held_by: int, by: str, because: str, load: int | None = None) -> Iterator[Change]:
    """
    Make one change: everything inside is written together or not at all.

    `by` is the account's id or the name of the system task, `because` the reason in words. The moment is
    later than that of the holder's last change even if the clock was set back.
    """
    with as_system():
        holder = _locked(held_by)
        last = Commit.objects.filter(held_by=held_by, number=holder.head).values_list("at", flat=True).first()
        at = timezone.now()
        if last is not None and at <= last:
            at = last + timedelta(microseconds=1)
        number = holder.head + 1
        change = Change(held_by=held_by, number=number, at=at, by=by, because=because[:200], load=load)
        Commit.objects.create(held_by_id=held_by, number=number, at=at, by=by, because=change.because, load=load)
        Holder.objects.filter(pk=held_by).update(head=number)
        yield change


def number_known_at(*, held_by: int, moment: datetime) -> int:
    """
    Return the number of the last change known at `moment`; 0 before the first.

    The answer never moves: for a moment so near that a change may be under way, wait for it to finish.
    """
    if moment > timezone.now() - timedelta(seconds=60):
        with as_system():
            _locked(held_by)
    found = Commit.objects.filter(held_by=held_by, at__lte=moment).order_by("-at").values_list("number", flat=True)
    return found.first() or 0


def moments_of(*, held_by: int, numbers: Iterable[int]) -> dict[int, datetime]:
    """Return when each of some changes was made."""
    rows = Commit.objects.filter(held_by=held_by, number__in=set(numbers)).values_list("number", "at")
    return dict(rows)


def moment_of(*, held_by: int, number: int) -> datetime | None:
    """Return when a change was made, or None for a number that does not exist."""
    return Commit.objects.filter(held_by=held_by, number=number).values_list("at", flat=True).first()
