"""
How fast clocks are: one child's, a wall of 20,000, everybody of a council, and a night's change; and how that grows.

The first two need nothing but the catalogue; the others are measured on what is loaded in KINFOLD_DATA. A whole England
is 400,000 children: its minutes are those of two processes at the speed measured for each child of the council.
`grows` is the power by which the time rises with the size: 1 is in step with it, 2 four times for twice as much.
"""

from __future__ import annotations

import math
import random
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from kinfold.duties import calendars_known_on, duty_catalogue, recounted, wall_on
from kinfold.duties import clocks as evaluated
from kinfold.record.in_time import FactVersion
from tests.bench.pages import set_up

TODAY = date(2026, 11, 22)
ENGLAND = 400_000
WALL = 20_000


def a_child(years: int = 1) -> list[FactVersion]:
    """Return the facts of two years of one child in care, so many times over: 27 facts, 17 of them visits."""
    start, made = date(2025, 1, 6), []

    def say(kind: str, day: date | None, **payload: Any) -> None:
        number = len(made) + 1
        made.append(
            FactVersion(id=number, fact=UUID(int=number), subject=1, kind=kind, valid_from=day, payload=payload)
        )

    say("person_details", None, birth_date="2013-05-05")
    say("care_period", start)
    say("legal_status", start, legal_status="C2")
    say("placement", start, placement_type="U6", placement_authority="901")
    say("personal_education_plan", start + timedelta(days=9))
    for number in range(17 * years):
        say("looked_after_visit", start + timedelta(days=5 + 40 * number // years), seen=True)
    for number in range(5 * years):
        say("looked_after_review", start + timedelta(days=20 + 150 * number // years))
    return made


def timed(label: str, call: Callable[[], Any], *, times: int, limit_ms: float = 0) -> dict[str, Any]:
    """Run `call` several times and return the median and the least of its processor time in milliseconds."""
    taken = []
    for _ in range(times):
        started = time.process_time()
        call()
        taken.append((time.process_time() - started) * 1000)
    row = {"what": label, "median_ms": round(statistics.median(taken), 2), "least_ms": round(min(taken), 2)}
    return {**row, "of_limit": {"median": row["median_ms"] / limit_ms}} if limit_ms else row


def grows(sizes: Sequence[int], call: Callable[[int], Any]) -> float:
    """Return the power by which the processor time of `call` rises with the size: the slope between logarithms."""
    took = [timed("", lambda size=size: call(size), times=5)["least_ms"] for size in sizes]
    across, up = [math.log(size) for size in sizes], [math.log(max(one, 0.01)) for one in took]
    return round(statistics.linear_regression(across, up).slope, 2)


def in_memory() -> list[dict[str, Any]]:
    """Time one child's clocks, and a wall of 20,000 running clocks on the next day with a holiday more."""
    facts, catalogue, calendars = a_child(), duty_catalogue(), calendars_known_on(None)

    def one(years: int = 1) -> Any:
        return evaluated(a_child(years), catalogue, calendars, today=TODAY)

    running = [clock for clock in evaluated(facts, catalogue, calendars, today=TODAY) if clock.is_waiting]
    morrow = TODAY + timedelta(days=1)

    def wall(size: int = WALL) -> Any:
        return recounted(wall_on((running * (size // len(running) + 1))[:size], morrow), calendars, morrow)

    return [
        {**timed("one child's clocks", one, times=50, limit_ms=20), "grows": grows((1, 2, 4, 8), one)},
        {**timed(f"a wall of {WALL:,} counted again", wall, times=5, limit_ms=2000),
         "grows": grows((WALL // 4, WALL // 2, WALL), wall)},
    ]  # fmt: skip


def of_a_council() -> list[dict[str, Any]]:
    """Time everybody of the council with the most people worked out again, and changes of a night."""
    from django.db.models import Count

    from kinfold.service.records.actions.clock_keeping import keep_clocks, keep_everybody
    from kinfold.service.records.clock_marks import clocks_may_change
    from kinfold.service.records.models import ClockCheck, EventFact, Holder, KeptClock, SpellFact
    from kinfold.service.records.scope import as_system

    with as_system():
        holder = Holder.objects.annotate(n=Count("personindex")).order_by("-n").first()
    if holder is None:
        return []
    started, wall = time.process_time(), time.perf_counter()
    people = keep_everybody(holder.pk, today=TODAY)
    children = ClockCheck.objects.filter(held_by=holder, person__sort="child").count()
    each = (time.process_time() - started) / max(children, 1)  # what their families' adults take is in it
    minutes = round(each * ENGLAND / 2 / 60, 1)
    with as_system():
        facts = sum(model.objects.filter(held_by=holder).count() for model in (EventFact, SpellFact))
    whole = {"what": "everybody worked out", "people": people, "children": children, "facts": facts,
             "clocks": KeptClock.objects.filter(held_by=holder).count(),
             "seconds": round(time.perf_counter() - wall, 1), "cpu_ms_a_child": round(each * 1000, 2),
             "england_minutes_on_two_cores": minutes, "of_limit": {"England": minutes / 10}}  # fmt: skip
    some = list(ClockCheck.objects.filter(held_by=holder, person__sort="child").values_list("pk", flat=True))
    random.Random(1).shuffle(some)

    def night(size: int) -> None:
        with as_system():
            clocks_may_change(holder.pk, some[:size])
        keep_clocks(holder.pk, today=TODAY)

    change = timed("a night's change of 100 people", lambda: night(100), times=3)
    return [whole, {**change, "grows": grows((100, 200, 400), night)}]


def clocks() -> list[dict[str, Any]]:
    """Return the figures of all of it."""
    rows = in_memory()
    set_up()
    return rows + of_a_council()
