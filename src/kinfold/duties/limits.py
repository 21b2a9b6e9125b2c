"""
Limits on a total in a rolling period: 72 hours in secure accommodation in any 28 days, 75 days of short breaks a year.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from kinfold.duties.arithmetic import LONDON, day_of, moment_of
from kinfold.duties.duty import Duty
from kinfold.duties.rule import Amount, Part, Unit
from kinfold.duties.story import Occurrence, Story

_NOON = time(12)
_A_DAY = timedelta(days=1)
_MUCH_BEFORE, _DAYS_BEFORE = timedelta(hours=48), timedelta(days=27)
OVER_SUNDAYS = "over_sundays"


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay that counts towards a limit; `end` is None while it lasts."""

    start: datetime
    end: datetime | None


def limit_reached(stays: Iterable[Stay], *, limit: timedelta, window: timedelta, until: datetime) -> datetime | None:
    """
    Return the first moment by which stays of `limit` in all have fallen inside one rolling `window`, or None.

    A stay that still lasts is counted up to `until`, so an answer after now says when the limit will be reached.
    Used for 72 hours in any 28 days (Children (Secure Accommodation) Regulations 1991, reg. 10) and for 75 days
    in 12 months (Care Planning, Placement and Case Review (England) Regulations 2010, reg. 48).
    """
    known = sorted(
        ((stay.start.astimezone(UTC), (stay.end or until).astimezone(UTC)) for stay in stays), key=lambda pair: pair[0]
    )
    for index, (start, end) in enumerate(known):
        reached = _reached_in(known[: index + 1], start, end, limit=limit, window=window)
        if reached is not None:
            return reached.astimezone(LONDON)
    return None


def _reached_in(
    stays: list[tuple[datetime, datetime]], start: datetime, end: datetime, *, limit: timedelta, window: timedelta
) -> datetime | None:
    """Return when, in the stay from `start` to `end`, the total in the window reaches `limit`."""

    def total(at: datetime) -> timedelta:
        opens = at - window
        inside = (min(finish, at) - max(begin, opens) for begin, finish in stays)
        return sum((part for part in inside if part > timedelta(0)), timedelta(0))

    # The total changes its slope only where a stay's end enters or leaves the window, so those moments suffice.
    corners = {start, end} | {edge + window for pair in stays for edge in pair if start < edge + window < end}
    ordered = sorted(corners)
    for low, high in pairwise(ordered):
        before, after = total(low), total(high)
        if before >= limit:
            return low
        if after >= limit:
            return low + (limit - before) * ((high - low) / (after - before))
    return None


def over_sundays(
    reached: datetime, placed: datetime, earlier: Iterable[Stay], *, holidays: frozenset[date]
) -> datetime | None:
    """
    Return the noon to which a limit that runs out around a Sunday or public holiday runs on, or None where it does not.

    It runs on only for a child kept in secure accommodation for more than 48 hours in all in the 27 days before the day
    of this placement, and only where it would run out between noon on the day before and noon on the day after.
    Source: Children (Secure Accommodation) Regulations 1991, reg. 10(3).
    """
    floor = moment_of(day_of(placed))
    before = sum(
        (max(min(stay.end or floor, floor) - max(stay.start, floor - _DAYS_BEFORE), timedelta(0)) for stay in earlier),
        timedelta(0),
    )
    closed = next((day for day in _days_around(reached) if _is_closed(day, holidays)), None)
    if closed is None or before <= _MUCH_BEFORE:
        return None
    while _is_closed(closed, holidays):
        closed += _A_DAY
    return datetime.combine(closed, _NOON, tzinfo=LONDON)


def _days_around(moment: datetime) -> tuple[date, ...]:
    """Return the days from noon before to noon after which a moment lies: its own, and the nearer neighbour."""
    local = moment.astimezone(LONDON)
    return (local.date(), local.date() + (-_A_DAY if local.time() < _NOON else _A_DAY))


def _is_closed(day: date, holidays: frozenset[date]) -> bool:
    return day.weekday() == 6 or day in holidays


def length_of(amount: Amount) -> timedelta:
    """Return an amount of hours, days or (as 365 days each) years as a length of time."""
    if amount.unit is Unit.HOURS:
        return timedelta(hours=amount.number)
    return timedelta(days=amount.number if amount.unit is Unit.DAYS else 365)


def stays_until(duty: Duty, trigger: Occurrence, story: Story) -> list[Stay]:
    """Return the stays that count for a trigger: of its duty's kinds, begun no later."""
    found = []
    for one in story.all_occurrences(duty.trigger):
        end = one.fact.valid_to
        found.append(Stay(moment_of(one.when), moment_of(end) if end is not None else None))
    return [stay for stay in found if stay.start <= moment_of(trigger.when)]


def limit_of(
    duty: Duty, part: Part, trigger: Occurrence, story: Story, *, holidays: frozenset[date]
) -> tuple[datetime | None, str]:
    """Return the moment at which the total of the trigger's stays reaches the limit, or None, and why it is another."""
    if part.amount is None or part.per is None:
        return None, ""
    limit, window = length_of(part.amount), length_of(part.per)
    stays: Sequence[Stay] = stays_until(duty, trigger, story)
    placed = moment_of(trigger.when)
    reached = limit_reached(stays, limit=limit, window=window, until=placed + limit + window)
    if reached is None or duty.roll != OVER_SUNDAYS:
        return reached, ""
    later = over_sundays(reached, placed, [one for one in stays if one.start < placed], holidays=holidays)
    if later is None:
        return reached, ""
    return later, "the hours run out around a Sunday or public holiday after more than 48 hours in the 27 days before"
