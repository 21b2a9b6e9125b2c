"""
Train the weights, as `kinfold retrain` does.

Invented populations of several sorts, each with its own seed and its own tail of names: three queries in four to learn
from, the fourth to calibrate. Other populations, of other seeds and names, measure. What is learnt is a logistic
regression over the levels of the comparisons, so
that every weight has a name and can be read (`fitting.py`). Labelled pairs that people have decided can be added.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from kinfold.identity.columns import columns_of
from kinfold.identity.compare import COMPARISONS, levels_of
from kinfold.identity.fitting import Choices, Floats, Levels, alone_in_the_lead, calibrated, choices_of, fit
from kinfold.identity.generator import Plan, World, invent, stock_from
from kinfold.identity.index import Register
from kinfold.identity.kept_while import working
from kinfold.identity.measure import Figures, figures, look_up_all
from kinfold.identity.normalise import particulars
from kinfold.identity.pairs import Decided
from kinfold.identity.release import held_back
from kinfold.identity.score import Model, shipped_model
from kinfold.identity.seen import seen

FULL = ("sex", "postcode", "postcode_prev", "address", "nhs", "middle")
PLAIN = ("sex", "postcode", "middle")


# What registers hold differs: some have numbers and addresses, some hardly more than names and days.
@dataclass(frozen=True, slots=True)
class Shape:
    """
    One sort of register: its stock of names, its columns, how often its records err, its share of the queries, how many
    times as many people as others have it has, the share of the queries who are not in it, and for how many one of its
    queries counts.
    """

    wide: bool
    columns: tuple[str, ...]
    share: float
    errors: float = 1.0
    area_codes: bool = False
    times: float = 1.0
    absent: float = 0.35
    worth: float = 1.0


# Half is learnt where it is hardest: the more children have one name and day, the more a match must rest on.
SHAPES: tuple[Shape, ...] = (
    Shape(True, FULL, 0.1),
    Shape(True, PLAIN, 0.1),
    Shape(False, PLAIN, 0.4, times=5.0, absent=0.2, worth=6.0),
    Shape(True, FULL, 0.1, errors=2.0, times=5.0, absent=0.2, worth=4.0),
    Shape(True, PLAIN, 0.1, errors=2.0, times=5.0, absent=0.2, worth=4.0),
    Shape(False, ("sex", "postcode", "postcode_prev", "middle"), 0.07),
    Shape(True, ("postcode",), 0.06, errors=4.0, area_codes=True),
    Shape(False, ("sex", "middle"), 0.07, errors=1.5),
)
# Every so many queries one is kept for calibration.
HELD_BACK = 4
LIMITS = {
    "match": 0.95,
    "margin": 2.0,
    "potential": 0.15,
    "match_twins": 0.999,
    "same_person": 0.7,
    "twin_at_home": 3.0,
}

Told = Callable[[str, int, int], None]


def worlds(plan: Plan, names: Path) -> Iterable[World]:
    """Yield a world for each of `SHAPES`, of `plan`'s size in all."""
    for number, shape in enumerate(SHAPES):
        seed = plan.seed + number
        yield invent(
            Plan(
                round(plan.people * shape.times),
                round(plan.queries * shape.share),
                seed,
                wide=shape.wide,
                absent=shape.absent,
                errors=shape.errors,
                columns=shape.columns,
                area_codes=shape.area_codes,
            ),
            stock_from(names, wide=shape.wide, seed=seed),
        )


def candidates_in(world: World) -> Iterator[list[tuple[Levels, bool]]]:
    """Yield, for each query, the levels of each candidate that its keys find, and whether that is the child."""
    with working():
        columns = columns_of(world.register)
        register = Register(columns)
        row_of = {unique_id: row for row, unique_id in enumerate(world.register["unique_id"])}
        for row in world.queries.iter_rows(named=True):
            person = particulars(row)
            rows = register.rows_like(person)
            asked, truth = seen(person, columns.rarity), row_of.get(row["truth"])
            others = zip(rows, register.seen(rows), strict=True)
            yield [(levels_of(asked, other), candidate == truth) for candidate, other in others]


def candidate(
    plan: Plan, names: Path, *, version: str, decided: Decided | None = None, progress: Told = lambda *_: None
) -> Model:
    """
    Return weights learnt, calibrated and tested, with their whole report: what they learnt from, how they do on people
    they have never seen, how often they agree with what people decided, and why they may not be put to use, if so.

    `decided` is what people decided about real pairs (`kinfold pairs --decisions`), as `pairs.decisions_in` reads it.
    `progress` is told which part is under way, how many registers are done in it and of how many.
    """
    learnt = partial(progress, "Learning")
    decided = Counter() if decided is None else decided
    model = trained(plan, names, version=version, decided=decided, progress=learnt)
    others = Plan(plan.people, max(500, plan.queries // 6), plan.seed + 9_000)
    measured = tested(model, others, names, progress=partial(progress, "Testing"))
    report = {**model.report, "test": {label: _figures(one) for label, one in measured.items()}}
    if decided:
        report["agreement_with_people_before"] = agreement(shipped_model(), decided)
        report["agreement_with_people"] = agreement(model, decided)
    return replace(model, report=report | {"held_back": " ".join(held_back(report))})


def _figures(found: Figures) -> dict[str, Any]:
    """Return what a test found. How long it took is the machine's and not the weights': the same seed gives the same file."""
    return {name: value for name, value in asdict(found).items() if not name.startswith(("p50_", "p99_"))}


def trained(plan: Plan, names: Path, *, version: str, decided: Decided, progress: Callable[[int, int], None]) -> Model:
    """Return weights learnt and calibrated on invented populations and, if any, on what people decided of real pairs."""
    every, worth = list[list[tuple[Levels, bool]]](), list[float]()
    for done, world in enumerate(worlds(plan, names)):
        every += candidates_in(world)
        worth += [SHAPES[done].worth] * world.queries.height
        progress(done + 1, len(SHAPES))
    learnt = np.arange(len(every)) % HELD_BACK > 0
    choices = choices_of(query for query, is_learnt in zip(every, learnt, strict=True) if is_learnt)
    choices.counts *= np.array(worth)[learnt]
    others = choices_of(query for query, is_learnt in zip(every, learnt, strict=True) if not is_learnt)
    start, weights = fit(choices.with_decided(decided))
    fill_unseen(weights, choices)
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
    totals = np.array([model.raw(levels) for levels in others.levels.tolist()])
    chosen = alone_in_the_lead(others, totals, lead=LIMITS["margin"])
    report = {"pairs": len(choices.truth), "people": plan.people, "queries": plan.queries, "seed": plan.seed,
              "decided_pairs": decided.total()}  # fmt: skip
    return replace(
        model,
        knots=tuple(calibrated(totals[chosen], others.truth[chosen])),
        prior=float(np.mean(others.truth)),
        report=report,
    )


def fill_unseen(weights: Sequence[Floats], choices: Choices) -> None:
    """
    Give a level that no pair here has, and others' registers may have, the weight of what is nearest to it.

    The rarest names weigh as much as the next rarest; two names of which nobody counted how many have them, as much as
    those that are counted do on the average of the children.
    """
    for levels, comparison, values in zip(choices.levels.T, COMPARISONS, weights, strict=True):
        seen_here = np.bincount(levels, minlength=len(comparison.levels))
        children = np.bincount(levels[choices.truth], minlength=len(comparison.levels))
        for place, level in enumerate(comparison.levels):
            if seen_here[place]:
                continue
            if re.fullmatch(r"same_[1-9]", level.name):
                values[place] = values[place + 1]
            elif level.name == "uncounted" and children[:place].any():
                values[place] = np.average(values[:place], weights=children[:place])


def tested(model: Model, plan: Plan, names: Path, *, progress: Callable[[int, int], None]) -> dict[str, Figures]:
    """Return the figures on two populations that the weights have never seen: a wide stock of names and a narrow."""
    found = {}
    sorts = (("wide", True, FULL), ("narrow", False, PLAIN))
    for done, (label, wide, columns) in enumerate(sorts, start=1):
        world = invent(replace(plan, wide=wide, columns=columns), stock_from(names, wide=wide, seed=plan.seed))
        found[label] = figures(look_up_all(world.register, world.queries, model))
        progress(done, len(sorts))
    return found


def agreement(model: Model, decided: Decided) -> float:
    """Return the share of what people decided that a model would say too, taking even odds as the limit."""
    said = sum(count for (levels, same), count in decided.items() if (model.calibrated(model.raw(levels)) > 0) == same)
    return said / decided.total() if decided else 0.0
