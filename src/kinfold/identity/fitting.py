"""
Learning the weights: which candidate is the child, if any of them is.

A look-up chooses among the candidates of one query and nobody (`decide.ranked`), so that is what is fitted: for each
query the probability of its child, or of nobody, under a conditional logistic regression with a ridge. A pair that
somebody decided is a query with a single candidate.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from kinfold.identity.compare import COMPARISONS

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Levels = tuple[int, ...]
SIZES = [len(comparison.levels) for comparison in COMPARISONS]
WIDTH = 1 + sum(SIZES)
_OFFSETS = np.concatenate(([0], np.cumsum(SIZES)[:-1])) + 1
# A weight is drawn towards 0 as if by so many pairs that say nothing.
RIDGE = 2.0
# A pair that somebody looked at tells more than one invented pair; so many invented ones does it count for.
WORTH = 5
# Groups of scores among which calibration tells how often they were right, and the least size of one.
_EDGES = np.array([-30, -8, -5, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 8, 10, 30], dtype=np.float64)
_LEAST_IN_GROUP = 30
# A total below any that is a sum of weights: that of a candidate who is not there.
_NOBODY = 1e6


@dataclass(slots=True)
class Choices:
    """
    Candidates, all those of a query together: their levels (one row each), the query they belong to (0 on, rising),
    whether they are the child, and how often each query counts.
    """

    levels: Ints
    query: Ints
    truth: npt.NDArray[np.bool_]
    counts: Floats

    def with_decided(self, decided: Counter[tuple[Levels, bool]]) -> Choices:
        """Return these and the pairs that people decided, each counted `WORTH` times."""
        if not decided:
            return self
        first = len(self.counts)
        return Choices(
            np.concatenate([self.levels, np.array([levels for levels, _ in decided], dtype=np.int64)]),
            np.concatenate([self.query, np.arange(first, first + len(decided))]),
            np.concatenate([self.truth, np.array([same for _, same in decided])]),
            np.concatenate([self.counts, np.array(list(decided.values()), dtype=np.float64) * WORTH]),
        )


def choices_of(queries: Iterable[Iterable[tuple[Levels, bool]]]) -> Choices:
    """Return the candidates of queries, each of which gives (levels, whether this is the child)."""
    levels, query, truth, size = [], [], [], 0
    for candidates in queries:
        for one, same in candidates:
            levels.append(one)
            query.append(size)
            truth.append(same)
        size += 1
    shaped = np.array(levels, dtype=np.int64).reshape(len(levels), len(SIZES))
    return Choices(shaped, np.array(query, dtype=np.int64), np.array(truth, dtype=np.bool_), np.ones(size))


def fit(choices: Choices, *, steps: int = 30) -> tuple[float, list[Floats]]:
    """Return the constant and the weights of each comparison's levels that make the true choices likeliest (Newton)."""
    places = np.column_stack((np.zeros(len(choices.levels), dtype=np.int64), choices.levels + _OFFSETS))
    weights = np.zeros(WIDTH)
    shrink = np.full(WIDTH, RIDGE)
    shrink[0] = 1e-3
    for _ in range(steps):
        change = _newton_step(places, choices, weights, shrink)
        weights += change
        if np.abs(change).max() < 1e-3:
            break
    return float(weights[0]), [weights[start : start + size] for start, size in zip(_OFFSETS, SIZES, strict=True)]


def _newton_step(places: Ints, choices: Choices, weights: Floats, shrink: Floats) -> Floats:
    chance = _chances(weights[places].sum(axis=1), choices.query, len(choices.counts))
    counted = choices.counts[choices.query]
    slope, curve = counted * (choices.truth - chance), counted * chance
    gradient: Floats = -shrink * weights
    hessian = np.diag(shrink).ravel()
    expected = np.zeros((len(choices.counts), WIDTH))
    for one in range(places.shape[1]):
        gradient += np.bincount(places[:, one], slope, minlength=WIDTH)
        expected += np.bincount(
            choices.query * WIDTH + places[:, one], chance, minlength=len(choices.counts) * WIDTH
        ).reshape(-1, WIDTH)
        for two in range(places.shape[1]):
            hessian += np.bincount(places[:, one] * WIDTH + places[:, two], curve, minlength=WIDTH * WIDTH)
    whole = hessian.reshape(WIDTH, WIDTH) - (expected * choices.counts[:, None]).T @ expected
    # a step too far makes Newton's method wander; none is longer than 4
    change = np.asarray(np.linalg.solve(whole, gradient), dtype=np.float64)
    return change * min(1.0, 4 / max(float(np.abs(change).max()), 1e-9))


def _chances(totals: Floats, query: Ints, queries: int) -> Floats:
    """Return the probability of each candidate beside the others of its query and nobody, whose total is 0."""
    top = np.zeros(queries)
    np.maximum.at(top, query, totals)
    odds = np.exp(totals - top[query])
    whole = np.exp(-top) + np.bincount(query, odds, minlength=queries)
    return np.asarray(odds / whole[query], dtype=np.float64)


def alone_in_the_lead(choices: Choices, totals: Floats, *, lead: float) -> npt.NDArray[np.bool_]:
    """Return which candidates are the best of their query by at least `lead`: of these the probability is calibrated."""
    queries = len(choices.counts)
    best, second = np.full(queries, -_NOBODY), np.full(queries, -_NOBODY)
    np.maximum.at(best, choices.query, totals)
    first = totals == best[choices.query]
    np.maximum.at(second, choices.query[~first], totals[~first])
    found: npt.NDArray[np.bool_] = first & (best - second >= lead)[choices.query]
    return found


def calibrated(totals: Floats, truth: npt.NDArray[np.bool_]) -> list[tuple[float, float]]:
    """
    Return knots (sum of weights, logarithm of the odds as it turned out), both rising.

    Sums are put into groups between fixed edges; neighbours whose share of children falls are pooled.
    """
    blocks: list[list[float]] = []
    for low, high in pairwise(_EDGES.tolist()):
        inside = (totals >= low) & (totals < high)
        if inside.sum() < _LEAST_IN_GROUP:
            continue
        # half a pair of each sort is added: nothing is certain because it has always been so
        blocks.append([float(totals[inside].sum()), float(truth[inside].sum()) + 0.5, float(inside.sum()) + 1])
        while len(blocks) > 1 and blocks[-2][1] / blocks[-2][2] >= blocks[-1][1] / blocks[-1][2]:
            last = blocks.pop()
            blocks[-1] = [x + y for x, y in zip(blocks[-1], last, strict=True)]
    knots = [(total / size, float(np.log(right / (size - right)))) for total, right, size in blocks]
    # too few to tell: a sum of weights is taken for the logarithm of odds that it was learnt as
    knots = knots or [(0.0, 0.0)]
    first, last_knot = knots[0], knots[-1]
    # beyond the last knot the line goes on with a slope of 1, so that better is always better
    return [(first[0] - 20, first[1] - 20), *knots, (last_knot[0] + 20, last_knot[1] + 20)]
