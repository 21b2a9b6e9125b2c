"""Stretches of days: where several hold at once, and where none does. Half-open, as everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from kinfold.record.in_time import FactVersion, says_it_is_open


class Stretch(NamedTuple):
    """
    The days on which a fact holds, from `start` up to, not including, `end`.

    `end` is None while it goes on; `end_known` is False where the source has no field for the end.
    """

    start: date
    end: date | None
    end_known: bool
    fact: FactVersion

    def meets(self, other: Stretch) -> bool:
        """Return whether both hold on some day."""
        return (other.end is None or self.start < other.end) and (self.end is None or other.start < self.end)


def stretches(facts: Iterable[FactVersion]) -> list[Stretch]:
    """
    Return the stretches of `facts` in order of start.

    Left out are facts whose start we have not been told, and those that begin and end on one day: they hold
    on no night, so they neither overlap nor fill a gap.
    """
    made = [
        Stretch(fact.valid_from, fact.valid_to, fact.valid_to is not None or says_it_is_open(fact), fact)
        for fact in facts
        if fact.valid_from is not None and fact.valid_to != fact.valid_from
    ]
    return sorted(made, key=lambda one: (one.start, one.end or date.max, one.fact.id))


def overlaps(ordered: Iterable[Stretch]) -> list[tuple[Stretch, Stretch, date]]:
    """
    Return each stretch that begins while an earlier one holds: the earlier one, itself, and the first day of both.

    A stretch whose end is not known is not said to overlap what comes after it.
    """
    found: list[tuple[Stretch, Stretch, date]] = []
    longest: Stretch | None = None
    for one in ordered:
        if longest is not None and (longest.end is None or one.start < longest.end):
            found.append((longest, one, one.start))
        if one.end_known and (longest is None or _later(one.end, longest.end)):
            longest = one
    return found


def gaps(period: Stretch, ordered: Iterable[Stretch]) -> list[tuple[date, date | None]]:
    """
    Return the stretches of `period` in which none of `ordered` holds, as first day and first day after.

    The end of the last is None where both the gap and the period go on. A stretch whose end is not known
    is taken to go on, so that it leaves no gap that nobody reported.
    """
    found: list[tuple[date, date | None]] = []
    covered: date | None = period.start
    for one in ordered:
        if covered is None or (period.end is not None and one.start >= period.end):
            break
        if one.end is not None and one.end <= covered:
            continue
        if one.start > covered:
            found.append((covered, one.start))
        covered = one.end
    if covered is not None and (period.end is None or covered < period.end):
        found.append((covered, period.end))
    return found


def _later(end: date | None, other: date | None) -> bool:
    return other is not None and (end is None or end > other)
