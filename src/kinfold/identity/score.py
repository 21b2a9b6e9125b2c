"""
The score of two records: a sum of named weights, and the probability that it comes to.

The weights are read from a versioned file, which also says how they were trained and how well they do.
"""

from __future__ import annotations

import hashlib
import math
import tomllib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from kinfold.identity.compare import COMPARISONS, POSITION_OF_PATTERN, SINGLE_LEVELS, TWINS, UNNAMED, pattern_of
from kinfold.identity.seen import Seen
from kinfold.terms.errors import InputError

_SHIPPED = Path(__file__).parent / "weights" / "model-6.toml"
# Beyond this the probability is 1 to thirteen decimals, and saying more would be boasting.
_FURTHEST = 30.0
_REMEMBERED = 200_000


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one comparison added to a score: the words for its level, and the weight (natural logarithm of odds)."""

    comparison: str
    level: str
    words: str
    weight: float


@dataclass(frozen=True, slots=True)
class Score:
    """The levels found, their `total` (natural logarithm of the odds) and whether they have the marks of twins."""

    levels: tuple[int, ...]
    total: float

    @property
    def is_unnamed(self) -> bool:
        """Return whether one of the two has no given name yet, and their day of birth and family or home are one."""
        return self.levels[POSITION_OF_PATTERN] in UNNAMED

    @property
    def looks_like_twins(self) -> bool:
        """Return whether the levels have the marks of two children of one birth."""
        return self.levels[POSITION_OF_PATTERN] in TWINS


@dataclass(slots=True)
class Model:
    """
    A version of the weights. `weights` has for each comparison a weight for each level; `knots` are the pairs
    (sum of weights, calibrated logarithm of odds) between which the calibration is a straight line,
    and `prior` the share of the pairs it was calibrated on that were one child.
    """

    version: str
    digest: str
    start: float
    weights: tuple[tuple[float, ...], ...]
    knots: tuple[tuple[float, float], ...]
    prior: float
    decision: dict[str, float]
    report: dict[str, Any]
    _known: dict[tuple[int, ...], Score] = field(default_factory=dict, repr=False)

    def score(self, a: Seen, b: Seen) -> Score:
        """Return the calibrated score of two people."""
        single = tuple([level(a, b) for level in SINGLE_LEVELS])
        known = self._known.get(single)
        return known if known is not None else self._scored(single)

    def _scored(self, single: tuple[int, ...]) -> Score:
        levels = (*single, pattern_of(single))
        score = Score(levels, self.calibrated(self.raw(levels)))
        if len(self._known) < _REMEMBERED:
            self._known[single] = score
        return score

    def raw(self, levels: Sequence[int]) -> float:
        """Return the sum of the weights of these levels, before calibration."""
        return self.start + sum(weights[level] for weights, level in zip(self.weights, levels, strict=True))

    def calibrated(self, raw: float) -> float:
        """Return the logarithm of the odds that a sum of weights has turned out to mean, never falling as it rises."""
        knots = self.knots
        place = min(max(bisect_right(knots, (raw, math.inf)), 1), len(knots) - 1)
        (x0, y0), (x1, y1) = knots[place - 1], knots[place]
        return min(max(y0 + (raw - x0) * (y1 - y0) / (x1 - x0), -_FURTHEST), _FURTHEST)

    def contributions(self, levels: Sequence[int]) -> list[Contribution]:
        """Return what each comparison added, the weightiest first."""
        found = [
            Contribution(comparison.name, comparison.levels[level].name, comparison.levels[level].words, weights[level])
            for comparison, weights, level in zip(COMPARISONS, self.weights, levels, strict=True)
        ]
        return sorted(found, key=lambda one: -abs(one.weight))


def probability(total: float) -> float:
    """Return the probability of which `total` is the logarithm of the odds."""
    return 1 / (1 + math.exp(-total)) if total >= 0 else math.exp(total) / (1 + math.exp(total))


@cache
def shipped_model() -> Model:
    """Return the weights that Kinfold comes with."""
    return read_model(_SHIPPED)


def read_model(path: Path) -> Model:
    """Read a file of weights; raises InputError where it does not fit the comparisons of this version."""
    text = path.read_bytes()
    raw = tomllib.loads(text.decode())
    return Model(
        version=str(raw["version"]),
        digest=hashlib.sha256(text).hexdigest()[:16],
        start=float(raw["start"]),
        weights=tuple(_weights_of(raw["weights"], number, path) for number in range(len(COMPARISONS))),
        knots=tuple((float(x), float(y)) for x, y in raw["calibration"]["knots"]),
        prior=float(raw["calibration"]["prior"]),
        decision={key: float(value) for key, value in raw["decision"].items()},
        report=raw.get("report", {}),
    )


def _weights_of(table: dict[str, dict[str, float]], number: int, path: Path) -> tuple[float, ...]:
    comparison = COMPARISONS[number]
    given = table.get(comparison.name, {})
    expected = [level.name for level in comparison.levels]
    if sorted(given) != sorted(expected):
        differing = ", ".join(sorted(set(given) ^ set(expected)))
        raise InputError(
            f"{path.name} does not fit the comparison {comparison.name}: {differing}. Train the weights again."
        )
    return tuple(float(given[name]) for name in expected)


def sentence(contributions: Sequence[Contribution], *, most: int = 4) -> str:
    """Return the weightiest reasons for and against, as one or two sentences for a person to read."""
    said = [one for one in contributions if one.level not in ("missing", "neither") and abs(one.weight) >= 0.25]
    by_pattern = {one.words for one in said if one.comparison != "pattern"}
    said = [one for one in said if one.comparison != "pattern" or one.words not in by_pattern]
    for_it = [_said(one) for one in said if one.weight > 0 and one.level != "else"][:most]
    against = [_said(one) for one in said if one.weight < 0 and one.level != "else"][:most]
    parts = []
    if for_it:
        parts.append(f"For: {'; '.join(for_it)}.")
    if against:
        parts.append(f"Against: {'; '.join(against)}.")
    return " ".join(parts) or "They have nothing in common that we can compare."


def _said(one: Contribution) -> str:
    return f"{one.words} ({one.weight:+.1f})"
