"""
Is any group worse than chance, looking at all of them at once?

For each group the Bernoulli scan statistic (Kulldorff) compares its share with everybody else's. The largest of all
groups is then found again and again with the outcomes shuffled over the homes: a group's chance is how often chance alone
gives somebody so large a statistic. That holds for the whole family of groups, not for one looked at by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scanned:
    """
    The statistic of each group (`groups`, `bad` of `homes`), and its chance over the family.

    `critical` is the statistic that chance reaches as often as was asked for. `discoveries` are groups kept when false
    discoveries may be a `fdr` share of them (Benjamini and Hochberg).
    """

    groups: Sequence[str]
    bad: npt.NDArray[np.int64]
    homes: npt.NDArray[np.int64]
    statistic: Numbers
    family_chance: Numbers
    critical: float
    discoveries: npt.NDArray[np.bool_]


def statistic_of(bad: Numbers, homes: Numbers, *, all_bad: float, all_homes: float) -> Numbers:
    """Return the logarithm of the likelihood ratio, 0 where a group is no worse than the rest."""
    rest_bad, rest = all_bad - bad, all_homes - homes
    inside = _surprise(bad, homes) + _surprise(rest_bad, rest)
    none = _surprise(np.array([all_bad]), np.array([all_homes]))
    worse = bad * rest > rest_bad * homes
    return np.asarray(np.where(worse, np.maximum(inside - none, 0), 0.0))


def _surprise(bad: Numbers, homes: Numbers) -> Numbers:
    """Return k log(k / n) + (n - k) log((n - k) / n), with 0 log 0 as 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        one = np.where(bad > 0, bad * np.log(bad / homes), 0.0)
        other = np.where(homes - bad > 0, (homes - bad) * np.log((homes - bad) / homes), 0.0)
    return np.asarray(one + other)


def scan(
    groups: Sequence[str],
    bad: Sequence[bool],
    *,
    shuffles: int,
    at_least: int,
    fdr: float,
    critical: float,
    strata: Sequence[str] | None = None,
    seed: int = 1,
) -> Scanned:
    """
    Return the scan over groups with `at_least` so many homes. One entry a home: its group and whether it is below good.

    Outcomes are shuffled within `strata` (kinds of home, sizes), so that a group is not flagged for what sort of homes
    it runs. `fdr` is the share of false discoveries allowed, `critical` how often chance may reach the limit that is given. The
    same seed gives the same chances.
    """
    names, position = np.unique(np.asarray(groups), return_inverse=True)
    sizes = np.bincount(position, minlength=len(names))
    outcome = np.asarray(bad, dtype=np.float64)
    kept = sizes >= at_least
    homes = sizes[kept].astype(np.float64)
    whole, total = float(outcome.sum()), float(len(outcome))
    counts = np.bincount(position, outcome, minlength=len(names))[kept].astype(np.float64)
    statistic = statistic_of(counts, homes, all_bad=whole, all_homes=total)
    largest = np.zeros(shuffles)
    at_least_as_large = np.zeros(len(statistic))
    for number, shuffled in enumerate(_shuffled(outcome, strata, shuffles, seed)):
        drawn = np.bincount(position, shuffled, minlength=len(names))[kept].astype(np.float64)
        found = statistic_of(drawn, homes, all_bad=whole, all_homes=total)
        largest[number] = found.max(initial=0.0)
        at_least_as_large += found >= statistic - 1e-12
    family = (1 + (largest[:, None] >= statistic[None, :] - 1e-12).sum(axis=0)) / (shuffles + 1)
    own = (1 + at_least_as_large) / (shuffles + 1)
    limit = float(np.quantile(largest, 1 - critical)) if shuffles else 0.0
    return Scanned(
        names[kept].tolist(),
        counts.astype(np.int64),
        sizes[kept],
        statistic,
        family,
        limit,
        discoveries(own, fdr),
    )


def _shuffled(outcome: Numbers, strata: Sequence[str] | None, shuffles: int, seed: int) -> Iterator[Numbers]:
    """Yield the outcomes dealt out anew so many times, within strata."""
    layers, chance = _layers(strata, len(outcome)), np.random.default_rng(seed)
    for _ in range(shuffles):
        shuffled = outcome.copy()
        for layer in layers:
            shuffled[layer] = chance.permutation(outcome[layer])
        yield shuffled


def _layers(strata: Sequence[str] | None, size: int) -> list[npt.NDArray[np.int64]]:
    if strata is None:
        return [np.arange(size)]
    _, number = np.unique(np.asarray(strata), return_inverse=True)
    return [np.flatnonzero(number == one) for one in range(int(number.max(initial=-1)) + 1)]


def discoveries(chances: Numbers, fdr: float) -> npt.NDArray[np.bool_]:
    """Return which of many chances may be taken for real when a share `fdr` of those taken may be false."""
    order = np.argsort(chances)
    limits = fdr * np.arange(1, len(chances) + 1) / max(len(chances), 1)
    below = np.flatnonzero(chances[order] <= limits)
    kept = np.zeros(len(chances), dtype=bool)
    if len(below):
        kept[order[: below[-1] + 1]] = True
    return kept
