"""Repeatable chance: one generator for each thing that is invented, so that councils can be made in any order."""

from __future__ import annotations

import hashlib
import math
import random
from bisect import bisect
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any


class Weights:
    """Things to choose from, each as likely as its weight. Made once and used for every choice."""

    __slots__ = ("_sums", "_things", "_total")

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._things: tuple[str, ...] = tuple(weights)
        self._sums = list(accumulate(weights.values()))
        self._total = self._sums[-1]

    def choose(self, chance: random.Random) -> str:
        """Return one of the things."""
        return self._things[bisect(self._sums, chance.random() * self._total)]


class Bands:
    """Bands of whole numbers `[weight, lowest, highest]`; choosing gives a number of a band, both ends included."""

    __slots__ = ("_bands", "_sums", "_total")

    def __init__(self, bands: Sequence[Sequence[float]]) -> None:
        self._bands = [(int(low), int(high)) for _, low, high in bands]
        self._sums = list(accumulate(float(band[0]) for band in bands))
        self._total = self._sums[-1]

    def choose(self, chance: random.Random) -> int:
        """Return a whole number of one of the bands."""
        low, high = self._bands[bisect(self._sums, chance.random() * self._total)]
        return low + int(chance.random() * (high - low + 1))


def chance_for(*parts: Any) -> random.Random:
    """Return a generator that depends on `parts` alone: the same in every process and on every machine."""
    digest = hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).digest()
    return random.Random(int.from_bytes(digest[:8], "big"))


def long_tailed(chance: random.Random, *, lowest: float, median: float, highest: float, spread: float = 0.9) -> int:
    """Return a whole number of days, log-normal about `median` and held between `lowest` and `highest`."""
    drawn = median * math.exp(spread * chance.gauss(0.0, 1.0))
    return int(min(max(drawn, lowest), highest))
