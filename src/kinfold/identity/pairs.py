"""
Doubtful pairs of one register: two records that may be one person, for somebody to decide, and what they decided.

Every pair above the limit under which it is surely two people is put to a person, however sure the model is: records of
children are joined by people. What they decide is kept as (levels, same or not), which training takes in the next time.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kinfold.identity.columns import columns_of
from kinfold.identity.compare import COMPARISONS
from kinfold.identity.index import Register
from kinfold.identity.kept_while import working
from kinfold.identity.normalise import particulars
from kinfold.identity.score import Model, probability
from kinfold.identity.seen import seen
from kinfold.terms.errors import InputError

# How often people decided for levels like these that they are one person, or not.
Decided = Counter[tuple[tuple[int, ...], bool]]


@dataclass(frozen=True, slots=True)
class DoubtfulPair:
    """Two records, by their `unique_id`, how likely they are one person, and the level of each comparison."""

    first: str
    second: str
    probability: float
    levels: tuple[int, ...]


def doubtful_pairs(
    people: pl.DataFrame,
    model: Model,
    *,
    leave_out: Collection[tuple[str, str]] = (),
    progress: Callable[[int, int], None] | None = None,
) -> list[DoubtfulPair]:
    """
    Return the pairs of a register that a person should look at, the likeliest first.

    `people` has the columns of `kinfold match`. `leave_out` are pairs (the lower id first) that need no asking: they are
    joined, or somebody has decided.
    """
    with working():
        return _doubtful(people, model, set(leave_out), progress)


def _doubtful(
    people: pl.DataFrame,
    model: Model,
    left_out: set[tuple[str, str]],
    progress: Callable[[int, int], None] | None,
) -> list[DoubtfulPair]:
    columns = columns_of(people)
    register = Register(columns)
    ids = people["unique_id"].to_list()
    found: dict[tuple[str, str], DoubtfulPair] = {}
    for row, values in enumerate(people.iter_rows(named=True)):
        for other, total, levels in _like(register, model, row, values):
            pair = (min(ids[row], ids[other]), max(ids[row], ids[other]))
            chance = probability(total)
            if pair[0] != pair[1] and pair not in left_out and chance >= model.decision["potential"]:
                found[pair] = DoubtfulPair(*pair, round(chance, 6), levels)
        if progress is not None and row % 500 == 0:
            progress(row, len(ids))
    return sorted(found.values(), key=lambda one: (-one.probability, one.first, one.second))


def _like(
    register: Register, model: Model, row: int, values: dict[str, object]
) -> Iterator[tuple[int, float, tuple[int, ...]]]:
    person = particulars(values)
    if person.says_nothing:
        return
    about = seen(person, register.rarity)
    others = [other for other in register.rows_like(person) if other > row]
    for other, shape in zip(others, register.seen(others), strict=True):
        score = model.score(about, shape)
        yield other, score.total, score.levels


def decisions_in(file: Path) -> Decided:
    """Return the decisions in a file; raises InputError where they are not of the comparisons of this version."""
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
        decided = Counter({(tuple(map(int, levels)), bool(same)): int(count) for levels, same, count in rows})
    except (OSError, ValueError, TypeError) as wrong:
        raise InputError(f"{file.name} is not what `kinfold pairs --decisions` writes.") from wrong
    sizes = [len(comparison.levels) for comparison in COMPARISONS]
    for levels, _ in decided:
        if len(levels) != len(sizes) or not all(0 <= n < size for n, size in zip(levels, sizes, strict=True)):
            raise InputError(f"{file.name} is of another version's comparisons. Write it again with this version.")
    return decided
