"""The queue of applications to register: who is next, what each route has come to, and how long it took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from kinfold.market.cases.registration import (
    COMPLETE,
    DECIDED,
    PROPOSED,
    REFUSED,
    REGISTERED,
    WITHDRAWN,
    Clock,
    Working,
)
from kinfold.market.policy import Pack
from kinfold.market.signals.triage import BELOW_GOOD
from kinfold.market.supply.fast_track import FAST_TRACK, STANDARD
from kinfold.terms.working_days import working_days_between

NO_ROUTE = "no route yet"


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    One route: its applications, how each ended, and working days from complete to decided in the middle.

    `in_time` is the share of those decided that were decided by their last day; both are None before the first decision. `inspected`
    are homes registered since whose first full judgement the register has, `good` those judged good or better.
    """

    route: str
    applications: int
    waiting: int
    registered: int
    refused: int
    withdrawn: int
    days: float | None
    in_time: float | None
    inspected: int
    good: int


def route_of(working: Working) -> str:
    """Return the route of an application."""
    return str(working.route.said["route"]) if working.route else NO_ROUTE


def first_come(found: Sequence[tuple[Working, Clock | None]]) -> list[int]:
    """Return the order of a queue: the fast track before the rest, then by the next last day, then by the day it was received."""

    def place(at: int) -> tuple[bool, date, date, int]:
        working, clock = found[at]
        return not working.is_fast, clock.due if clock else date.max, min(working.days.values()), at

    return sorted(range(len(found)), key=place)


def outcomes(
    applications: Sequence[Working], *, holidays: frozenset[date], policy: Pack, judged: Mapping[str, str] | None = None
) -> list[Outcome]:
    """Return what each route has come to; a route without applications is left out. `judged` are first judgements by number of a home."""
    found = []
    for route in (FAST_TRACK, STANDARD, NO_ROUTE):
        some = [one for one in applications if route_of(one) == route]
        took = [took for one in some if (took := _took(one, holidays)) is not None]
        limit = int(
            policy["registration_decision_fast_track" if route == FAST_TRACK else "registration_decision_standard"]
        )
        ended = {name: sum(one.now == name for one in some) for name in (REGISTERED, REFUSED, WITHDRAWN)}
        first = [word for one in some if (word := (judged or {}).get(one.urn))]
        if some:
            found.append(Outcome(
                route, len(some), sum(one.now not in DECIDED for one in some), ended[REGISTERED], ended[REFUSED], ended[WITHDRAWN],
                median(took) if took else None, sum(one <= limit for one in took) / len(took) if took else None,
                len(first), sum(word not in BELOW_GOOD for word in first),
            ))  # fmt: skip
    return found


def _took(working: Working, holidays: frozenset[date]) -> int | None:
    decided = min(
        (working.days[name] for name in (REGISTERED, PROPOSED, REFUSED) if name in working.days), default=None
    )
    complete = working.days.get(COMPLETE)
    return working_days_between(complete, decided, holidays) if complete and decided else None
