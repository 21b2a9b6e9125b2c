"""
Train the weights: `python -m kinfold.identity.train NAMES.toml OUT.toml`.

Three invented populations, each with its own seed and its own tail of names: the first to learn from, the second to
calibrate, the third to measure. What is learnt is a logistic regression over the levels of the comparisons, so
that every weight has a name and can be read. Labelled pairs that people have decided can be added.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from kinfold.identity.columns import columns_of
from kinfold.identity.compare import COMPARISONS, levels_of
from kinfold.identity.generator import Plan, World, invent, stock_from
from kinfold.identity.index import Register
from kinfold.identity.measure import Figures, figures, look_up_all
from kinfold.identity.normalise import particulars
from kinfold.identity.pairs import Decided, decisions_in, with_decisions
from kinfold.identity.score import Model
from kinfold.identity.seen import seen
from kinfold.identity.weights_file import written

Floats = npt.NDArray[np.float64]
Levels = tuple[int, ...]
FULL = ("sex", "postcode", "postcode_prev", "address", "nhs", "middle")
PLAIN = ("sex", "postcode", "middle")


# What registers hold differs: some have numbers and addresses, some hardly more than names and days.
@dataclass(frozen=True, slots=True)
class Shape:
    """One sort of register: its stock of names, its columns, how often its records err, its share of the queries."""

    wide: bool
    columns: tuple[str, ...]
    share: float
    errors: float = 1.0
    area_codes: bool = False


SHAPES: tuple[Shape, ...] = (
    Shape(True, FULL, 0.2),
    Shape(True, PLAIN, 0.2),
    Shape(False, PLAIN, 0.2),
    Shape(False, ("sex", "postcode", "postcode_prev", "middle"), 0.12),
    Shape(True, PLAIN, 0.1, errors=3.0),
    Shape(True, ("postcode",), 0.08, errors=4.0, area_codes=True),
    Shape(False, ("sex", "middle"), 0.1, errors=1.5),
)
# A weight is drawn towards 0 as if by so many pairs that say nothing.
RIDGE = 2.0
LIMITS = {"match": 0.95, "margin": 2.0, "potential": 0.15, "match_twins": 0.999, "same_person": 0.6}


def worlds(plan: Plan, names: Path) -> Iterable[World]:
    """Yield a world for each of `SHAPES`, of `plan`'s size in all."""
    for number, shape in enumerate(SHAPES):
        seed = plan.seed + number
        yield invent(
            Plan(
                plan.people,
                round(plan.queries * shape.share),
                seed,
                wide=shape.wide,
                absent=0.35,
                errors=shape.errors,
                columns=shape.columns,
                area_codes=shape.area_codes,
            ),
            stock_from(names, wide=shape.wide, seed=seed),
        )


def pairs_in(world: World) -> Iterable[tuple[Levels, bool]]:
    """Yield, for each query and each candidate that its keys find, the levels and whether they are one child."""
    columns = columns_of(world.register)
    register = Register(columns)
    row_of = {unique_id: row for row, unique_id in enumerate(world.register["unique_id"])}
    for row in world.queries.iter_rows(named=True):
        person = particulars(row)
        rows = register.rows_like(person)
        asked, truth = seen(person, columns.rarity), row_of.get(row["truth"])
        for candidate, other in zip(rows, register.seen(rows), strict=True):
            yield levels_of(asked, other), candidate == truth


def fit(counted: Counter[tuple[Levels, bool]], *, steps: int = 25) -> tuple[float, list[Floats]]:
    """
    Return the constant and the weights that make the counted pairs likeliest, by Newton's method with a ridge.

    `counted` has how often each (levels, one child or not) occurred.
    """
    sizes = [len(comparison.levels) for comparison in COMPARISONS]
    offsets = np.concatenate(([0], np.cumsum(sizes)[:-1])) + 1
    places = np.array([np.array(levels) + offsets for levels, _ in counted])
    truth = np.array([float(same) for _, same in counted])
    counts = np.array(list(counted.values()), dtype=np.float64)
    width = 1 + sum(sizes)
    weights = np.zeros(width)
    shrink = np.full(width, RIDGE)
    shrink[0] = 1e-3
    for _ in range(steps):
        change = _newton_step(places, truth, counts, weights, shrink)
        weights += change
        if np.abs(change).max() < 1e-4:
            break
    return float(weights[0]), [weights[start : start + size] for start, size in zip(offsets, sizes, strict=True)]


def _newton_step(
    places: npt.NDArray[np.int64], truth: Floats, counts: Floats, weights: Floats, shrink: Floats
) -> Floats:
    total = np.clip(weights[0] + weights[places].sum(axis=1), -30, 30)
    chance = 1 / (1 + np.exp(-total))
    slope = counts * (truth - chance)
    curve = counts * chance * (1 - chance)
    all_places = np.column_stack((np.zeros(len(places), dtype=np.int64), places))
    gradient: Floats = -shrink * weights
    hessian = np.diag(shrink)
    for one in range(all_places.shape[1]):
        gradient += np.bincount(all_places[:, one], slope, minlength=len(weights))
        for two in range(all_places.shape[1]):
            np.add.at(hessian, (all_places[:, one], all_places[:, two]), curve)
    # a step too far makes Newton's method wander; none is longer than 4
    change = np.asarray(np.linalg.solve(hessian, gradient), dtype=np.float64)
    return change * min(1.0, 4 / max(float(np.abs(change).max()), 1e-9))


def calibrated(totals: Floats, truth: npt.NDArray[np.bool_]) -> list[tuple[float, float]]:
    """
    Return knots (sum of weights, logarithm of the odds as it turned out), both rising.

    Sums are put into groups of equal size by rank among those near the boundary; neighbours that fall are pooled.
    """
    edges = np.array([-30, -8, -5, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 8, 10, 30], dtype=np.float64)
    blocks: list[list[float]] = []
    for low, high in pairwise(edges.tolist()):
        inside = (totals >= low) & (totals < high)
        if inside.sum() < 30:
            continue
        # half a pair of each sort is added: nothing is certain because it has always been so
        blocks.append([float(totals[inside].sum()), float(truth[inside].sum()) + 0.5, float(inside.sum()) + 1])
        while len(blocks) > 1 and blocks[-2][1] / blocks[-2][2] >= blocks[-1][1] / blocks[-1][2]:
            last = blocks.pop()
            blocks[-1] = [x + y for x, y in zip(blocks[-1], last, strict=True)]
    knots = [(total / size, float(np.log(right / (size - right)))) for total, right, size in blocks]
    first, last_knot = knots[0], knots[-1]
    # beyond the last knot the line goes on with a slope of 1, so that better is always better
    return [(first[0] - 20, first[1] - 20), *knots, (last_knot[0] + 20, last_knot[1] + 20)]


def trained(
    names: Path, *, people: int, queries: int, seed: int, version: str, decided: Decided | None = None
) -> Model:
    """
    Return weights learnt and calibrated on invented populations; nothing is measured yet.

    `decided` is what people decided about real pairs (`kinfold pairs --decisions`), as `pairs.decisions_in` reads it.
    """
    counted: Counter[tuple[Levels, bool]] = Counter()
    for world in worlds(Plan(people, queries, seed), names):
        counted.update(pairs_in(world))
    counted = with_decisions(counted, decided or Counter())
    start, weights = fit(counted)
    model = Model(
        version,
        "",
        start,
        tuple(tuple(map(float, row)) for row in weights),
        ((-1.0, -1.0), (1.0, 1.0)),
        0.5,
        LIMITS,
        {},
    )
    totals, truth = [], []
    for world in worlds(Plan(people, queries // 2, seed + 1_000), names):
        for levels, same in pairs_in(world):
            totals.append(model.raw(levels))
            truth.append(same)
    knots = calibrated(np.array(totals), np.array(truth))
    report = {"pairs": counted.total(), "people": people, "queries": queries, "seed": seed}
    return replace(model, knots=tuple(knots), prior=float(np.mean(truth)), report=report)


def tested(model: Model, names: Path, *, people: int, queries: int, seed: int) -> dict[str, Figures]:
    """Return the figures on two populations that the weights have never seen: a wide stock of names and a narrow."""
    found = {}
    for label, wide, columns in (("wide", True, FULL), ("narrow", False, PLAIN)):
        stock = stock_from(names, wide=wide, seed=seed)
        world = invent(Plan(people, queries, seed, wide=wide, columns=columns), stock)
        found[label] = figures(look_up_all(world.register, world.queries, model))
    return found


def external(model: Model, register: pl.DataFrame, queries: pl.DataFrame) -> Figures:
    """Return the figures on somebody else's labelled data: `queries` has `truth`, the register's `unique_id`."""
    return figures(look_up_all(register, queries, model))


def main(arguments: Sequence[str]) -> None:
    """Train, calibrate, test, and write the file of weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", type=Path, help="a stock of names, such as synthetic/names.toml")
    parser.add_argument("out", type=Path)
    parser.add_argument("--people", type=int, default=150_000)
    parser.add_argument("--queries", type=int, default=60_000)
    parser.add_argument("--test-queries", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=100)
    parser.add_argument("--version", default="1")
    parser.add_argument("--decisions", type=Path, help="what people decided, as written by `kinfold pairs`")
    said = parser.parse_args(arguments)
    decided = decisions_in(said.decisions) if said.decisions else None
    model = trained(
        said.names, people=said.people, queries=said.queries, seed=said.seed, version=said.version, decided=decided
    )
    measured = tested(model, said.names, people=said.people, queries=said.test_queries, seed=said.seed + 9_000)
    report: dict[str, Any] = {**model.report, "test": {label: asdict(one) for label, one in measured.items()}}
    said.out.write_text(written(replace(model, report=report)), encoding="utf-8")
    for label, one in measured.items():
        print(label, {key: value for key, value in asdict(one).items() if key not in ("by_error",)})


if __name__ == "__main__":
    main(sys.argv[1:])
