"""
Working days of England and Wales, and the bank holidays as they were known on a day.

A working day is not a Saturday, a Sunday or a bank holiday in England and Wales (Care Planning,
Placement and Case Review (England) Regulations 2010, reg. 2). The day something happens is day 0.

A bank holiday proclaimed at short notice moves every date still to come, and none that had passed:
`Calendar.as_known_on(day)` gives the holidays as anybody could have known them on that day.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from importlib import resources

from kinfold.terms.errors import InputError

_ONE_DAY = timedelta(days=1)
_FIRST_YEAR, _LAST_YEAR = (
    1972,
    2099,
)  # the Act of 1971 took effect in 1972; the package's rule ends where we stop asking


@dataclass(frozen=True, slots=True, order=True)
class Holiday:
    """One bank holiday: known from the day it was announced, and, if it was withdrawn, up to the day of that."""

    day: date
    name: str
    known_from: date = date.min
    known_to: date | None = None

    def was_known_on(self, day: date) -> bool:
        """Return whether on `day` one would have counted on this holiday."""
        return self.known_from <= day and (self.known_to is None or day < self.known_to)


@dataclass(frozen=True)
class Calendar:
    """Bank holidays, each with the time over which it was known."""

    holidays: tuple[Holiday, ...]

    def as_known_on(self, day: date) -> frozenset[date]:
        """Return the bank holidays, past and to come, as they were known on `day`."""
        return frozenset(holiday.day for holiday in self.holidays if holiday.was_known_on(day))

    def as_known_now(self) -> frozenset[date]:
        """Return the bank holidays as known after everything that this calendar holds."""
        return self.as_known_on(date.max)

    def name_of(self, day: date) -> str | None:
        """Return what the holiday on `day` is called, or None if it is (or became) none."""
        names = [holiday.name for holiday in self.holidays if holiday.day == day and holiday.known_to is None]
        return names[0] if names else None

    def adding(self, day: date, *, name: str, known_from: date) -> Calendar:
        """Return the calendar with a newly proclaimed holiday. A day that is one already stays as it is."""
        if any(holiday.day == day and holiday.known_to is None for holiday in self.holidays):
            return self
        return Calendar(tuple(sorted((*self.holidays, Holiday(day, name, known_from)))))

    def withdrawing(self, day: date, *, known_to: date) -> Calendar:
        """Return the calendar in which the holiday on `day` counts no more from `known_to`, when that was announced."""
        kept = [replace(h, known_to=known_to) if h.day == day and h.known_to is None else h for h in self.holidays]
        return Calendar(tuple(sorted(kept)))


@cache
def england_and_wales(first_year: int = 2000, last_year: int = 2060) -> Calendar:
    """
    Return the bank holidays of England and Wales for whole years, both ends included.

    A holiday that the Act's Schedule gives has always been known; one that was proclaimed or moved
    carries the day of its announcement. Raises InputError for years outside 1972 to 2099.
    """
    if not _FIRST_YEAR <= first_year <= last_year <= _LAST_YEAR:
        raise InputError(
            f"Bank holidays are known for {_FIRST_YEAR} to {_LAST_YEAR}, not for {first_year} to {last_year}"
        )
    content = tomllib.loads(resources.files("kinfold.terms").joinpath("bank_holidays.toml").read_text(encoding="utf-8"))
    added = [Holiday(row["day"], row["name"], row["known_from"]) for row in content["added"]]
    withdrawn = [Holiday(row["day"], row["name"], date.min, row["known_to"]) for row in content["withdrawn"]]
    special = {holiday.day for holiday in (*added, *withdrawn)}
    ordinary = [Holiday(day, name) for day, name in _by_rule(first_year, last_year) if day not in special]
    chosen = [h for h in (*ordinary, *added, *withdrawn) if first_year <= h.day.year <= last_year]
    return Calendar(tuple(sorted(chosen)))


def _by_rule(first_year: int, last_year: int) -> Iterable[tuple[date, str]]:
    from holidays import country_holidays  # 0.1 s to import, so only when a calendar is asked for

    return country_holidays("GB", subdiv="ENG", years=range(first_year, last_year + 1)).items()


def bank_holidays(first_year: int, last_year: int) -> frozenset[date]:
    """Return the days that are bank holidays in England and Wales in these years, both included, as known today."""
    return england_and_wales(first_year, last_year).as_known_now()


def is_working_day(day: date, holidays: Collection[date]) -> bool:
    """Return whether `day` is neither a Saturday, a Sunday nor one of `holidays`."""
    return day.weekday() < 5 and day not in holidays


def add_working_days(start: date, days: int, holidays: Collection[date]) -> date:
    """
    Return the working day that is `days` working days after `start`; before it, if `days` is negative.

    `start` is day 0 and is not counted, whether or not it is a working day itself: what happens on a
    Saturday has Monday as day 1. With 0 days the answer is `start`.
    """
    step = _ONE_DAY if days >= 0 else -_ONE_DAY
    day, left = start, abs(days)
    while left:
        day += step
        left -= is_working_day(day, holidays)
    return day


def working_days_between(start: date, end: date, holidays: Collection[date]) -> int:
    """
    Return how many working days there are after `start`, up to and including `end`.

    The other way round the count is negative. It undoes `add_working_days`: n working days after a day, the count is n.
    """
    if end < start:
        return -_count(end, start, holidays, counting_first=True)
    return _count(start, end, holidays, counting_first=False)


def _count(first: date, last: date, holidays: Collection[date], *, counting_first: bool) -> int:
    """Count whole weeks by five, the rest day by day, and leave out the holidays that fall on weekdays."""
    begin = first if counting_first else first + _ONE_DAY
    length = (last - first).days
    weeks, rest = divmod(length, 7)
    weekdays = weeks * 5 + sum((begin.weekday() + extra) % 7 < 5 for extra in range(rest))
    end = begin + timedelta(days=length)
    return weekdays - sum(begin <= day < end and day.weekday() < 5 for day in holidays)
