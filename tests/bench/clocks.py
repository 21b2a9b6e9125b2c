"""
How fast clocks are: one child's, a wall of 20,000, a council's children a second, and a night's change.

    python -m tests.bench.clocks            the first two: nothing but the catalogue is needed
    python -m tests.bench.clocks council    the others too, on what is loaded in KINFOLD_DATA

A whole England is 400,000 children: the last line says how long it would take two processes at the speed measured.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from kinfold.duties import calendars_known_on, clocks, duty_catalogue, recounted, wall_on
from kinfold.record.in_time import FactVersion

TODAY = date(2026, 11, 22)
ENGLAND = 400_000
WALL = 20_000


def a_child() -> list[FactVersion]:
    """Return the facts of two years of one child in care: 27 facts, 17 of them visits."""
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
    for number in range(17):
        say("looked_after_visit", start + timedelta(days=5 + 40 * number), seen=True)
    for number in range(5):
        say("looked_after_review", start + timedelta(days=20 + 150 * number))
    return made


def timed(label: str, call: Callable[[], Any], *, times: int, unit: float = 1000) -> dict[str, Any]:
    """Run `call` several times and return the median and the least of its processor time in milliseconds."""
    taken = []
    for _ in range(times):
        started = time.process_time()
        call()
        taken.append((time.process_time() - started) * unit)
    return {"what": label, "median_ms": round(statistics.median(taken), 2), "least_ms": round(min(taken), 2)}


def in_memory() -> list[dict[str, Any]]:
    """Time one child's clocks, and a wall of 20,000 running clocks on the next day with a holiday more."""
    facts, catalogue, calendars = a_child(), duty_catalogue(), calendars_known_on(None)

    def one() -> Any:
        return clocks(facts, catalogue, calendars, today=TODAY)

    running = [clock for clock in one() if clock.is_waiting]
    wall = (running * (WALL // len(running) + 1))[:WALL]
    morrow = TODAY + timedelta(days=1)
    return [
        timed("one child's clocks", one, times=50),
        timed(
            f"a wall of {WALL:,} counted again", lambda: recounted(wall_on(wall, morrow), calendars, morrow), times=5
        ),
    ]


def of_a_council() -> list[dict[str, Any]]:
    """Time everybody of the council with the most people worked out again, and one changed fact."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kinfold.service.config.settings")
    import django

    django.setup()
    from django.db.models import Count

    from kinfold.service.records.actions.clock_keeping import keep_clocks, keep_everybody
    from kinfold.service.records.clock_marks import clocks_may_change
    from kinfold.service.records.models import ClockCheck, Holder, KeptClock
    from kinfold.service.records.scope import as_system

    with as_system():
        holder = Holder.objects.annotate(n=Count("personindex")).order_by("-n").first()
    if holder is None:
        raise SystemExit("Nothing is loaded in KINFOLD_DATA: run `kinfold demo --build-only` there first.")
    started, wall = time.process_time(), time.perf_counter()
    people = keep_everybody(holder.pk, today=TODAY)
    each = (time.process_time() - started) / max(people, 1)
    whole = {"what": "everybody worked out", "people": people, "clocks": KeptClock.objects.count(),
             "seconds": round(time.perf_counter() - wall, 1), "cpu_ms_each": round(each * 1000, 2),
             "england_minutes_on_two_cores": round(each * ENGLAND / 2 / 60, 1)}  # fmt: skip
    some = list(ClockCheck.objects.filter(held_by=holder).values_list("pk", flat=True)[:100])
    changes = []
    for number in (1, 10, 100):
        with as_system():
            clocks_may_change(holder.pk, some[:number])
        changes.append(timed(f"a change of {number}", lambda: keep_clocks(holder.pk, today=TODAY), times=1))
    return [whole, *changes]


def main() -> None:
    """Print the figures, a line each, then as JSON."""
    rows = in_memory() + (of_a_council() if "council" in sys.argv[1:] else [])
    for row in rows:
        print("; ".join(f"{key} {value}" for key, value in row.items()))
    print(json.dumps(rows))


if __name__ == "__main__":
    main()
