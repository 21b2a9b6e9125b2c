"""
An invented register of the published shape, for where the publisher's files are absent.

Its settings are handed in (the invented England's own, so that placements join to them by number); what is drawn here is
their past: when they were registered, which closed, how they were judged. Companies differ in how well they do, so
that there is something to see, and nothing of it is about a real body.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy
import polars as pl

from kinfold.market.reading import (
    FLOW_COLUMNS,
    INSPECTION_COLUMNS,
    PREMISES_COLUMNS,
    SETTING_COLUMNS,
    Delivery,
)

_GRADES = ("Outstanding", "Good", "Requires improvement to be good", "Inadequate")
_SOURCE = "invented register"
_FIRST_YEAR = 2015


@dataclass(frozen=True, slots=True)
class Invented:
    """One invented setting as it stands today."""

    urn: str
    type: str
    sector: str
    owner: str
    la_code: str
    la_name: str
    region: str
    places: int
    name: str | None = None


def invented_register(settings: Sequence[Invented], *, last_year: int, seed: int) -> Delivery:
    """
    Return yearly files at 31 March from 2015 to `last_year`, of these settings and of some that have closed since.

    The same settings and seed give the same register.
    """
    chance = numpy.random.default_rng(seed)
    worth = {owner: float(chance.normal(0, 0.55)) for owner in sorted({one.owner for one in settings})}
    lives = [(one, *_life(chance, last_year, closed=False)) for one in settings]
    lives += [(one, *_life(chance, last_year, closed=True)) for one in _gone(chance, settings)]
    seen, inspected, moved = [], [], []
    for one, opened, closed in lives:
        visits = list(_visits(chance, one, opened, closed or date(last_year, 3, 31), worth[one.owner]))
        inspected += visits
        for year in range(_FIRST_YEAR, last_year + 1):
            day = date(year, 3, 31)
            if opened <= day and (closed is None or day < closed):
                seen.append(_sighting(one, opened, day))
        if opened > date(_FIRST_YEAR - 1, 3, 31):
            moved.append(_flow(one, opened, opened, None))
        if closed is not None:
            moved.append(_flow(one, closed, opened, closed))
    return Delivery(
        settings=pl.DataFrame(seen, schema=SETTING_COLUMNS, orient="row"),
        inspections=pl.DataFrame(inspected, schema=INSPECTION_COLUMNS, orient="row"),
        flows=pl.DataFrame(moved, schema=FLOW_COLUMNS, orient="row"),
        premises=pl.DataFrame(schema=PREMISES_COLUMNS),
        files=[{"file": _SOURCE, "table": "settings on a day", "rows": len(seen)}],
        notes=["Everything in this register is invented."],
    )


def _gone(chance: numpy.random.Generator, settings: Sequence[Invented]) -> Iterable[Invented]:
    """Yield settings that have closed: as today's, with numbers that are given to none of them."""
    homes = [one for one in settings if one.type == "Children's home"]
    for number in range(len(homes) // 3):
        like = homes[int(chance.integers(len(homes)))]
        yield Invented(
            f"SG{number:05d}", like.type, like.sector, like.owner, like.la_code, like.la_name, like.region, like.places
        )


def _life(chance: numpy.random.Generator, last_year: int, *, closed: bool) -> tuple[date, date | None]:
    end = date(last_year, 3, 31)
    # half of today's homes are less than five years old, as in the published register
    age = int(min(chance.exponential(2_300), 9_000))
    if not closed:
        return end - timedelta(days=age), None
    closing = end - timedelta(days=int(chance.integers(1, 365 * (last_year - _FIRST_YEAR))))
    return closing - timedelta(days=200 + age), closing


def _visits(
    chance: numpy.random.Generator, one: Invented, opened: date, end: date, worth: float
) -> Iterable[tuple[object, ...]]:
    """Yield yearly full inspections, each nearer the last one's grade than a new draw would be."""
    standing = worth + float(chance.normal(0, 0.8))
    day = opened + timedelta(days=int(chance.integers(150, 400)))
    number = 0
    while day <= end:
        standing = 0.6 * standing + 0.4 * worth + float(chance.normal(0, 0.55))
        grades = [_grade(standing + float(chance.normal(0, 0.25))) for _ in range(3)]
        overall = _GRADES[max(_GRADES.index(grades[1]), _GRADES.index(grades[0]))]
        number += 1
        yield (
            one.urn, f"{one.urn}-{number}", "Full inspection", day, day + timedelta(days=40), overall, grades[1], grades[2],
            None, None, None, None, None, None, _SOURCE,
        )  # fmt: skip
        day += timedelta(days=int(chance.integers(280, 460)))


def _grade(standing: float) -> str:
    # shares of the published register of March 2023: 10 % outstanding, 70 % good, 18 % requires improvement, 2 % inadequate
    return (
        _GRADES[0]
        if standing > 1.5
        else _GRADES[1]
        if standing > -0.75
        else _GRADES[2]
        if standing > -1.9
        else _GRADES[3]
    )


def _sighting(one: Invented, opened: date, day: date) -> tuple[object, ...]:
    return (
        day, one.urn, one.type, opened, "Active", one.name, one.la_code, one.la_name, one.region, one.sector, one.places,
        None, None, None, one.owner, True, _SOURCE,
    )  # fmt: skip


def _flow(one: Invented, day: date, opened: date, closed: date | None) -> tuple[object, ...]:
    """Return the row of a setting that joined, or left where it `closed`, in the publisher's year of a day."""
    first = day.year if day.month > 3 else day.year - 1
    left = closed is not None
    reason = (
        "In previous year, not in current dataset (closed date in Year)"
        if left
        else "Not in previous year, in current dataset"
    )
    return (
        f"{first}-{(first + 1) % 100:02d}", one.urn, one.type, one.la_code, one.la_name, one.region, one.sector, one.places,
        opened, closed, "resigned" if left else None, not left, left, reason, _SOURCE,
    )  # fmt: skip
