"""How fast the market's register, signals, ownership and exits are, against their limits."""

from __future__ import annotations

import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from kinfold.market.exits import Supply, simulate_exit
from kinfold.market.exits.children import Kinds
from kinfold.market.groups import groups_on, settings_of
from kinfold.market.invented import Invented, invented_register
from kinfold.market.ownership import Entity, Interest, controllers, economic_interests, graph_on
from kinfold.market.policy import pack
from kinfold.market.register import Register
from kinfold.market.signals import triage
from kinfold.market.store import keep, load, open_register

Row = dict[str, Any]
DATA = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"
PUBLISHED = ("providers_panel.parquet", "providers_places.csv", "providers_joiners_leavers.csv",
             "providers_inspections_in_year.csv", "providers_supported_accommodation_premises_2025.csv")  # fmt: skip


def _timed(what: str, limit: float, begun: float, **more: Any) -> Row:
    seconds = time.perf_counter() - begun
    return {"what": what, "seconds": round(seconds, 2), **more, "of_limit": {"time": seconds / limit}}


def market() -> list[Row]:
    """Return every figure of this file."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = [_loading(folder)]
        register = open_register(folder)
        day = register.days[-1]
        return [*rows, *_reading(register, day), _signals(register, day), _exit(register, day), *_ownership()]


def _loading(folder: Path) -> Row:
    begun = time.perf_counter()
    files = [DATA / name for name in PUBLISHED if (DATA / name).exists()]
    if files:
        said = load(files, folder=folder)
    else:
        homes = [Invented(f"SC9{n:04d}", "Children's home", "Private", f"Tarn {n % 900} Ltd", f"{990 + n % 9}", "Quillmere",
                          "North West", 1 + n % 5) for n in range(4_000)]  # fmt: skip
        said = keep(invented_register(homes, last_year=2025, seed=1), folder=folder)
    open_register(folder).on(open_register(folder).days[-1])
    return _timed(
        "register loaded and indexed, all years", 20, begun, sightings=said["sightings"], published=bool(files)
    )


def _reading(register: Register, day: date) -> list[Row]:
    begun = time.perf_counter()
    found = groups_on(register, day)["groups"]
    every = _timed("every group of a day", 1, begun, groups=len(found))
    begun = time.perf_counter()
    for one in found[:50]:
        settings_of(register.on(day), one["key"])
    seconds = (time.perf_counter() - begun) / 50
    return [every, {"what": "one group's settings", "seconds": round(seconds, 4), "of_limit": {"time": seconds / 0.1}}]


def _signals(register: Register, day: date) -> Row:
    begun = time.perf_counter()
    found = triage(register.on(day), pack("england", day), shuffles=999)
    return _timed("signals of the whole market, 999 shuffles", 30, begun, groups=found.scanned)


def _exit(register: Register, day: date) -> Row:
    homes = register.on(day).filter(pl.col("type") == "Children's home")
    leaves = np.random.default_rng(0).random(homes.height) < 0.43
    leaving, staying = homes.filter(pl.Series(leaves)), homes.filter(pl.Series(~leaves))
    # as many homes as before stay beside those that leave, so that five thousand children look over four thousand homes
    staying = pl.concat([staying, leaving])
    policy = pack("england", day)
    begun, busy = time.perf_counter(), time.process_time()
    said = simulate_exit(Supply.of(leaving), Supply.of(staying), policy=policy, occupancy=0.8, kinds=Kinds.of(policy))
    # on a machine that others use too, the processor's own time is what can be compared
    return _timed(
        "exit with its uncertainty", 20, begun, children=said["curve"][0]["displaced"]["middle"], homes=staying.height,
        processor_seconds=round(time.process_time() - busy, 2),
    )  # fmt: skip


def _ownership() -> list[Row]:
    entities, interests, targets = chains()
    begun = time.perf_counter()
    graph = graph_on(entities, interests, date(2026, 4, 1))
    control = controllers(graph)
    economic = economic_interests(graph)
    found = [economic.of(uid) for uid in targets]
    return [
        _timed(
            "ownership resolved", 10, begun, entities=graph.size, interests=len(interests), asked=len(found),
            controlled=int((control.ultimate != np.arange(graph.size)).sum()), circular=sum(one.circular for one in found),
        )
    ]  # fmt: skip


def chains(
    *, size: int = 50_000, links: int = 200_000, seed: int = 1
) -> tuple[list[Entity], list[Interest], list[str]]:
    """
    Return invented groups: chains of up to seven companies, people and funds at the top, some circles, and the homes' own
    companies at the bottom.
    """
    chance = np.random.default_rng(seed)
    people = size // 2
    entities = [Entity(f"e{n}", sort="person" if n < people else "entity") for n in range(size)]
    level = np.sort(chance.integers(1, 8, size - people))
    starts = {one: people + int(np.searchsorted(level, one)) for one in range(1, 9)}
    interests = []
    for _ in range(links):
        subject = int(chance.integers(people, size))
        above = int(level[subject - people])
        drawn = chance.random()
        if drawn < 0.0005:  # a circle: somebody below owns somebody above
            owner = int(chance.integers(starts[above], size))
        elif drawn < 0.75 or above == 1:
            owner = int(chance.integers(0, people))
        else:
            owner = int(chance.integers(starts[above - 1], max(starts[above], starts[above - 1] + 1)))
        share = float(chance.choice([0.05, 0.1, 0.25, 0.51]))
        interests.append(
            Interest(f"e{owner}", f"e{subject}", "shares", share, min(1.0, share + float(chance.choice([0.0, 0.25]))))
        )
    return entities, interests, [f"e{n}" for n in range(size - 200, size)]
