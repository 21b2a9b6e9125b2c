"""
Notifications of groups month by month, as a table that the regulator fills in: whose rate has changed, and since when.

The published register has no notifications, so they come from a file of one kind of home: a row for each group and month. An alarm is
a reason to look, no finding, and can start nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kinfold.market.policy import Pack
from kinfold.market.signals.rate_change import Tuning, baseline_of, first_alarm
from kinfold.market.supply.sheet import Field, Filled
from kinfold.terms.errors import InputError

FIELDS = (
    Field("group", "Group", needed=True),
    Field("month", "Month", "day", needed=True, about="Any day of the month."),
    Field("notifications", "Notifications", "number", needed=True),
    Field("places", "Places", "number", needed=True, about="Registered places in the month."),
)


@dataclass(frozen=True, slots=True)
class Watched:
    """One group: its months, what was notified in all, and the month of its first alarm with those it rests on; None without one."""

    group: str
    months: int
    notifications: int
    alarm: date | None
    since: date | None
    seen: int | None
    expected: float | None


def watched(file: Filled, policy: Pack) -> list[Watched]:
    """
    Return every group of a file, those with the earliest alarm first; all groups together say what is usual.

    Raises InputError for a cell that cannot be read, and for a group without one row for each of its months.
    """
    if file.refusals:
        first = file.refusals[0]
        raise InputError(f"{first.file}, row {first.row}, {first.field}: {first.message}")
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for row in file.rows:
        groups.setdefault(row.said["group"], []).append(row.said)
    if not any(row.said["places"] for row in file.rows):
        raise InputError(f"{file.name} has no group with places. Fill in a row for each group and month.")
    months = {name: _months(name, rows) for name, rows in groups.items()}
    usual = baseline_of(*(_sums(months.values(), name) for name in ("notifications", "places")))
    tuning = Tuning.of(policy)
    found = []
    for name, rows in months.items():
        counts, places = ([one[field] for one in rows] for field in ("notifications", "places"))
        alarm = first_alarm(counts, places, usual, tuning)
        days = [date.fromisoformat(one["month"]).replace(day=1) for one in rows]
        rang = (days[alarm.month], days[alarm.since], alarm.seen, alarm.expected) if alarm else (None, None, None, None)
        found.append(Watched(name, len(rows), sum(counts), *rang))
    return sorted(found, key=lambda one: (one.alarm or date.max, one.group))


def _months(group: str, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return a group's rows in order of month. Raises InputError where a month is missing or stands twice."""
    ordered = sorted(rows, key=lambda one: str(one["month"]))
    numbers = [date.fromisoformat(one["month"]).year * 12 + date.fromisoformat(one["month"]).month for one in ordered]
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        raise InputError(
            f"{group}: there must be one row for each month from its first to its last, with 0 where nothing was notified."
        )
    return ordered


def _sums(groups: Iterable[Sequence[Mapping[str, Any]]], field: str) -> list[int]:
    return [sum(one[field] for one in rows) for rows in groups]
