"""
How long a queue of applications may take to clear: whoever decides takes the next one when free, the fast track first.

How much work an application is and when the next one arrives are not known, and are drawn many times; what is given is a range.
A route changes the order alone: the checks of fitness, and so the work, are the same on both.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from heapq import heapify, heappop, heappush
from random import Random
from typing import Any

from kinfold.market.cases.registration import (
    APPEALED,
    COMPLETE,
    DECIDED,
    PROPOSED,
    RETURNED,
    SUBMITTED,
    VISITS,
    Working,
    clocks,
)
from kinfold.market.policy import Pack
from kinfold.market.ranges import range_of
from kinfold.market.supply.fast_track import FAST_TRACK, STANDARD, eligibility
from kinfold.terms.errors import InputError
from kinfold.terms.working_days import working_days_between

WEEK = 5
WORKING_DAYS_A_YEAR = 253
_STAGES: Mapping[str, str] = {
    SUBMITTED: "whole",
    COMPLETE: "whole",
    FAST_TRACK: "whole",
    STANDARD: "whole",
    VISITS: "visited",
    PROPOSED: "proposed",
}
_ELSEWHERE = frozenset({*DECIDED, RETURNED, APPEALED})  # nobody here can work on these: they wait for somebody else


@dataclass(frozen=True, slots=True)
class Job:
    """
    One application: the working day from today on which it arrives (0: it waits already), and the working days of one officer it takes.

    `due` are the working days left until it must be decided, below 0 where that day has passed, None where none is known.
    """

    is_fast: bool
    arrives: float = 0.0
    work: float = 1.0
    due: int | None = None


@dataclass(frozen=True, slots=True)
class Assumed:
    """What a forecast assumes: officers, applications that arrive in a year by route, and the least, usual and most work of one."""

    officers: int
    fast_a_year: float
    standard_a_year: float
    work: tuple[float, float, float]
    weeks: int = 26
    draws: int = 200


@dataclass(frozen=True, slots=True)
class Forecast:
    """
    What is drawn of a queue, each as a range: `low`, `middle` and `high`.

    `clear` are working days until the last of those who wait today is decided, `late` how many of the `timed` ones who have a last day
    are decided after it, `by_week` how many wait at the end of each week from today (week 0), new ones with them.
    """

    clear: Mapping[str, float]
    late: Mapping[str, float]
    timed: int
    by_week: Sequence[Mapping[str, float]]


def waiting_jobs(applications: Sequence[Working], *, today: date, holidays: frozenset[date], policy: Pack) -> list[Job]:
    """
    Return the applications that officers can work on, in the order given; `work` is the share of an application's work still to do.

    One without a route counts as the rules of the fast track would have it. Those that wait for whoever applied, or for the Tribunal,
    are left out.
    """
    found = []
    for one in applications:
        if one.now in _ELSEWHERE:
            continue
        left = _STAGES[one.now]
        share = 1.0 if left == "whole" else float(policy[f"registration_work_left_{left}"])
        is_fast = one.is_fast or (one.route is None and eligibility(one.said, today).eligible)
        decided = next(
            (clock for clock in clocks(one, holidays=holidays, policy=policy) if clock.what == "Decided"), None
        )
        due = None if decided is None or decided.done else _days_to(decided.due, today, holidays)
        found.append(Job(is_fast, work=share, due=due))
    return found


def _days_to(due: date, today: date, holidays: frozenset[date]) -> int:
    return working_days_between(today, due, holidays) if due >= today else -working_days_between(due, today, holidays)


def arrivals_in_a_year(applications: Sequence[Working], today: date) -> tuple[int, int]:
    """Return how many applications were received in the year before a day: on the fast track (or fit for it), and others."""
    since = today - timedelta(days=365)
    lately = [one for one in applications if one.days[SUBMITTED] > since]
    fast = sum(one.is_fast or (one.route is None and eligibility(one.said, today).eligible) for one in lately)
    return fast, len(lately) - fast


def finished(jobs: Sequence[Job], officers: int) -> list[float]:
    """
    Return the working day on which each application is decided.

    An officer who is free takes the next that is there: the fast track first, then in the order given; what is begun is not put aside.
    """
    coming = sorted(range(len(jobs)), key=lambda at: (jobs[at].arrives, at), reverse=True)
    there: list[tuple[bool, int]] = []
    free = [0.0] * officers
    heapify(free)
    ends, now = [0.0] * len(jobs), 0.0
    for _ in jobs:
        now = max(now, heappop(free))
        if not there and jobs[coming[-1]].arrives > now:
            now = jobs[coming[-1]].arrives
        while coming and jobs[coming[-1]].arrives <= now:
            at = coming.pop()
            heappush(there, (not jobs[at].is_fast, at))
        _, at = heappop(there)
        ends[at] = now + jobs[at].work
        heappush(free, ends[at])
    return ends


def forecast(waiting: Sequence[Job], assumed: Assumed, *, seed: int = 1) -> Forecast:
    """
    Return how a queue may clear. The same seed gives the same answer.

    Raises InputError for fewer than one officer, or work whose least, usual and most are not in that order.
    """
    least, usual, most = assumed.work
    if assumed.officers < 1:
        raise InputError("Nobody decides an application without an officer: enter at least 1.")
    if not 0 < least <= usual <= most:
        raise InputError("The least work of an application is more than none, and no more than the usual and the most.")
    clear, late, by_week = [], [], []
    days = range(0, (assumed.weeks + 1) * WEEK, WEEK)
    for draw in range(assumed.draws):
        chance = Random(f"{seed}-{draw}")  # noqa: S311 - a simulation, no secret
        jobs = [replace(one, work=one.work * chance.triangular(least, most, usual)) for one in waiting]
        jobs += _arrivals(assumed, chance)
        ends = finished(jobs, assumed.officers)
        today = list(zip(waiting, ends, strict=False))
        clear.append(max((end for _, end in today), default=0.0))
        late.append(sum(one.due is not None and end > one.due for one, end in today))
        came, went = sorted(one.arrives for one in jobs), sorted(ends)
        by_week.append([bisect_right(came, day) - bisect_right(went, day) for day in days])
    weeks = [range_of(column) for column in zip(*by_week, strict=True)]
    return Forecast(range_of(clear), range_of(late), sum(one.due is not None for one in waiting), weeks)


def _arrivals(assumed: Assumed, chance: Random) -> list[Job]:
    """Return what may arrive until the last week, at random times; both routes with the same work."""
    least, usual, most = assumed.work
    found = []
    for is_fast, a_year in ((True, assumed.fast_a_year), (False, assumed.standard_a_year)):
        day = 0.0
        while a_year > 0 and (day := day + chance.expovariate(a_year / WORKING_DAYS_A_YEAR)) < assumed.weeks * WEEK:
            found.append(Job(is_fast, day, chance.triangular(least, most, usual)))
    return found


def draws_for(waiting: int, arriving: float) -> int:
    """Return how often chance is drawn for a queue of a size: 200 times, and less often the longer it is, so that a page is quick."""
    return min(200, max(30, int(40_000 / (waiting + arriving + 1))))


def by_staffing(waiting: Sequence[Job], assumed: Assumed, officers: Sequence[int]) -> dict[int, Forecast]:
    """Return the forecast for each number of officers, everything else as assumed."""
    return {one: forecast(waiting, replace(assumed, officers=one)) for one in officers}


def assumed_by(policy: Pack, **said: Any) -> Assumed:
    """Return what a policy pack assumes of the work, with the officers and arrivals that are said."""
    least, usual, most = (float(policy[f"registration_work_{one}"]) for one in ("least", "usual", "most"))
    return Assumed(work=(least, usual, most), **said)
