"""
The calendars by which duties count.

Each duty names one. `england_and_wales` is the ordinary one: not a Saturday, a Sunday, Christmas Day, Good Friday
or a bank holiday in England and Wales (Care Planning, Placement and Case Review (England) Regulations 2010, reg. 2).
`representations` is that of the complaints regulations, which name Boxing Day and do not limit bank holidays to
England and Wales (SI 2006/1738, reg. 2). `any_uk` is that of the Freedom of Information Act. `school` counts the
days of the council's own terms. `days` and `hours` count every day and every hour.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from kinfold.terms.errors import InputError, SettingError

CALENDAR_NAMES = ("england_and_wales", "representations", "any_uk", "school", "days", "hours")
LABELS = {
    "england_and_wales": "working days in England and Wales",
    "representations": "working days as the complaints regulations define them",
    "any_uk": "working days, leaving out bank holidays anywhere in the United Kingdom",
    "school": "school days and terms of the council",
    "days": "calendar days, weeks, months and years",
    "hours": "hours, at weekends and on holidays too",
}

# Working days are looked up in a table between these years and counted one by one outside it.
_FIRST = date(1988, 1, 1).toordinal()
_LAST = date(2062, 12, 31).toordinal()
_HOLIDAYS_FROM, _HOLIDAYS_TO = 1991, 2060  # from the year in which the Children Act 1989 came into force


class WorkingDays:
    """The working days that `holidays` leave, laid out so that adding any number of them is one look-up."""

    __slots__ = ("_at", "_days", "holidays")

    def __init__(self, holidays: frozenset[date]) -> None:
        self.holidays = holidays
        closed = {day.toordinal() for day in holidays}
        # date.toordinal() % 7 is 0 on Sunday and 6 on Saturday
        self._days = array("i", (n for n in range(_FIRST, _LAST + 1) if n % 7 not in (0, 6) and n not in closed))
        self._at = len(self._days)

    def is_working_day(self, day: date) -> bool:
        """Return whether `day` is a working day."""
        return day.weekday() < 5 and day not in self.holidays

    def after(self, start: date, days: int) -> date:
        """Return the working day that is `days` working days after `start`; `start` is day 0 and is not counted."""
        index = bisect_right(self._days, start.toordinal()) + days - 1
        if start.toordinal() >= _FIRST and 0 <= index < self._at:
            return date.fromordinal(self._days[index])
        return self._walk(start, days, 1)

    def before(self, end: date, days: int) -> date:
        """Return the working day that is `days` working days before `end`, which is not counted."""
        index = bisect_left(self._days, end.toordinal()) - days
        if end.toordinal() <= _LAST and 0 <= index < self._at:
            return date.fromordinal(self._days[index])
        return self._walk(end, days, -1)

    def last_on_or_before(self, day: date) -> date:
        """Return `day` if it is a working day, or the last one before it."""
        return day if self.is_working_day(day) else self.before(day, 1)

    def first_on_or_after(self, day: date) -> date:
        """Return `day` if it is a working day, or the first one after it."""
        return day if self.is_working_day(day) else self.after(day, 1)

    def between(self, start: date, end: date) -> int:
        """Return how many working days come after `start` up to and including `end`; negative when `end` is earlier."""
        if end < start:
            return -self.between(end, start)
        if start.toordinal() < _FIRST or end.toordinal() > _LAST:
            days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
            return sum(1 for day in days if self.is_working_day(day))
        return bisect_right(self._days, end.toordinal()) - bisect_right(self._days, start.toordinal())

    def _walk(self, day: date, days: int, step: int) -> date:
        while days > 0:
            try:
                day += timedelta(days=step)
            except OverflowError:
                raise InputError(f"{day:%d %B %Y} is too far away to count working days from") from None
            days -= self.is_working_day(day)
        return day


@lru_cache(maxsize=32)
def working_days(holidays: frozenset[date]) -> WorkingDays:
    """Return the working days that `holidays` leave; made once for each set of holidays."""
    return WorkingDays(holidays)


@dataclass(frozen=True, slots=True)
class SchoolTerm:
    """One school term: its first and last day, and the days inside it on which schools are closed."""

    name: str
    first_day: date
    last_day: date
    closed: frozenset[date] = frozenset()

    def days(self, holidays: frozenset[date]) -> list[date]:
        """Return the term's school days in order."""
        length = (self.last_day - self.first_day).days + 1
        every = (self.first_day + timedelta(days=n) for n in range(length))
        return [day for day in every if day.weekday() < 5 and day not in holidays and day not in self.closed]


def _easter(year: int) -> date:
    """Return Easter Sunday (the Gregorian computus as set out by Meeus)."""
    golden, century, rest = year % 19, year // 100, year % 100
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    step = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * step + 114, 31)
    return date(year, month, day + 1)


def _week_off(monday: date) -> frozenset[date]:
    return frozenset(monday + timedelta(days=n) for n in range(5))


def _monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def usual_terms(first_year: int, last_year: int) -> tuple[SchoolTerm, ...]:
    """
    Return three terms a year on the pattern most councils follow, for use until a council loads its own.

    It is an assumption, not a source: councils and academies set their own terms (Education Act 2002, s. 32).
    """
    terms: list[SchoolTerm] = []
    for year in range(first_year, last_year + 1):
        easter = _easter(year)
        spring_break, summer_break = _monday_of(date(year, 2, 16)), _monday_of(date(year, 5, 31))
        autumn_break = _monday_of(date(year, 10, 28))
        first_back = date(year, 1, 5) if date(year, 1, 5).weekday() < 5 else _monday_of(date(year, 1, 10))
        terms += [
            SchoolTerm(f"spring {year}", first_back, easter - timedelta(days=3), _week_off(spring_break)),
            SchoolTerm(f"summer {year}", easter + timedelta(days=15), date(year, 7, 22), _week_off(summer_break)),
            SchoolTerm(f"autumn {year}", date(year, 9, 3), date(year, 12, 18), _week_off(autumn_break)),
        ]
    return tuple(terms)


@dataclass(frozen=True, slots=True)
class Calendars:
    """
    Every calendar a duty may name, as it was known on one day.

    `holidays` are the bank holidays of England and Wales; `uk_holidays` those anywhere in the United Kingdom.
    `terms_assumed` is true while the council has not loaded its own school terms.
    `changes` maps a bank holiday proclaimed late to the day it became known.
    """

    holidays: frozenset[date]
    uk_holidays: frozenset[date] = frozenset()
    terms: Sequence[SchoolTerm] = ()
    terms_assumed: bool = False
    known_on: date | None = None
    _school: list[date] = field(default_factory=list, init=False, compare=False, repr=False)

    def working(self, name: str) -> WorkingDays:
        """Return the working days of the calendar called `name`. Raises SettingError when there is none."""
        if name in ("england_and_wales", "days", "hours", "school"):
            return working_days(self.holidays)
        if name == "any_uk":
            return working_days(self.holidays | self.uk_holidays)
        if name == "representations":
            return working_days(self.holidays | self.uk_holidays | _boxing_days())
        raise SettingError(f"There is no calendar called {name}. Use one of {', '.join(CALENDAR_NAMES)}")

    def school_day_after(self, start: date, days: int) -> date:
        """Return the school day that is `days` school days after `start`. Raises InputError outside the terms known."""
        known = self._school_days()
        index = bisect_right(known, start) + days - 1
        if not known or start < known[0] or index >= len(known):
            raise InputError(f"The school terms around {start:%d %B %Y} are not loaded. Load the council's term dates")
        return known[index]

    def term_after(self, held: date) -> SchoolTerm:
        """Return the school term after the one in which `held` falls. Raises InputError outside the terms known."""
        later = [term for term in self.terms if term.first_day > held]
        if not later or not any(term.first_day <= held for term in self.terms):
            raise InputError(f"The school terms after {held:%d %B %Y} are not loaded. Load the council's term dates")
        return min(later, key=lambda term: term.first_day)

    def _school_days(self) -> list[date]:
        if not self._school and self.terms:
            found: Iterable[date] = (day for term in self.terms for day in term.days(self.holidays))
            self._school.extend(sorted(set(found)))
        return self._school


@lru_cache(maxsize=1)
def _boxing_days() -> frozenset[date]:
    return frozenset(date(year, 12, 26) for year in range(1988, 2063))


@lru_cache(maxsize=64)
def calendars_known_on(day: date | None = None) -> Calendars:
    """
    Return the calendars as they were known on `day` (None: as known now), with the usual school terms assumed.

    A bank holiday proclaimed after `day` is not in them.
    """
    from kinfold.terms.working_days import england_and_wales

    known = england_and_wales(_HOLIDAYS_FROM, _HOLIDAYS_TO)
    holidays = known.as_known_now() if day is None else known.as_known_on(day)
    return Calendars(
        holidays=holidays,
        uk_holidays=_other_nations(),
        terms=usual_terms(_HOLIDAYS_FROM, _HOLIDAYS_TO),
        terms_assumed=True,
        known_on=day,
    )


@lru_cache(maxsize=1)
def _other_nations() -> frozenset[date]:
    """Return the bank holidays of Scotland and of Northern Ireland, which two calendars leave out as well."""
    from holidays import country_holidays  # slow to import, so only when a calendar is asked for

    years = range(_HOLIDAYS_FROM, _HOLIDAYS_TO + 1)
    scotland, northern_ireland = (set(country_holidays("GB", subdiv=part, years=years)) for part in ("SCT", "NIR"))
    return frozenset(scotland | northern_ireland)
