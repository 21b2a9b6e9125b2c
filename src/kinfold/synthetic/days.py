"""
Days as whole numbers, for speed: a day is `date.toordinal()` everywhere inside `synthetic/`.

The invented England makes and writes tens of millions of dates; whole numbers compare, add and format in a fraction of
the time. They become text or `date` only in the row builders.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import date
from functools import cache

from kinfold.terms.working_days import bank_holidays

FIRST_YEAR, LAST_YEAR = 1995, 2060


def day(year: int, month: int, number: int) -> int:
    """Return a day as a whole number."""
    return date(year, month, number).toordinal()


@cache
def as_uk(ordinal: int | None) -> str:
    """Return a day as SSDA903 writes it, 31/03/2026; an empty text for None."""
    return "" if ordinal is None else date.fromordinal(ordinal).strftime("%d/%m/%Y")


@cache
def as_iso(ordinal: int | None) -> str:
    """Return a day as 2026-03-31; an empty text for None."""
    return "" if ordinal is None else date.fromordinal(ordinal).isoformat()


@cache
def birthday(born: int, age: int) -> int:
    """Return the day a person born on `born` becomes `age`; 29 February becomes 28 February."""
    birth = date.fromordinal(born)
    try:
        return birth.replace(year=birth.year + age).toordinal()
    except ValueError:
        return birth.replace(year=birth.year + age, day=28).toordinal()


def age_on(born: int, on: int) -> int:
    """Return the age in whole years on a day, negative before birth."""
    birth, then = date.fromordinal(born), date.fromordinal(on)
    return then.year - birth.year - ((then.month, then.day) < (birth.month, birth.day))


@cache
def _working_days() -> list[int]:
    holidays = {holiday.toordinal() for holiday in bank_holidays(FIRST_YEAR, LAST_YEAR)}
    first, last = day(FIRST_YEAR, 1, 1), day(LAST_YEAR, 12, 31)
    # 1 January of year 1 was a Monday, so an ordinal's remainder by 7 is 1 on Mondays, 6 on Saturdays and 0 on Sundays.
    return [one for one in range(first, last + 1) if one % 7 not in (6, 0) and one not in holidays]


def add_working(start: int, count: int) -> int:
    """Return the day `count` working days after `start`, as the statutory timescales are counted."""
    days = _working_days()
    position = bisect_left(days, start)
    if days[position] != start:
        position -= 1
    return days[position + count]


def working_day_on_or_after(one: int) -> int:
    """Return the first working day that is not before `one`."""
    days = _working_days()
    return days[bisect_left(days, one)]


def year_ending(on: int) -> tuple[int, int]:
    """Return the collection year `[first day, last day]` that a day belongs to: 1 April to 31 March."""
    then = date.fromordinal(on)
    start = then.year if then.month >= 4 else then.year - 1
    return day(start, 4, 1), day(start + 1, 3, 31)
