"""Many pairs of people at once, as the questions of `predicates.py` ask of them; `pairwise.py` answers."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Numbers = npt.NDArray[Any]


class Pairs(Protocol):
    """Many pairs of people. A value is a number, the same for the same value and 0 where nothing is known."""

    def both(self, field: str) -> tuple[Numbers, Numbers]:
        """Return the field's values of the first and of the second person of each pair."""

    def members(self, field: str) -> tuple[Numbers, Numbers]:
        """Return a field that is a set of words: a row of values for each person, filled up with 0."""

    def alike(self, field: str, other: str) -> npt.NDArray[np.float64]:
        """Return the Jaro-Winkler likeness of the first person's `field` and the second's `other`."""

    def within_one_edit(self, field: str) -> Bools:
        """Return whether one letter added, dropped, changed or exchanged makes one text the other."""

    def begin_alike(self, field: str) -> Bools:
        """Return whether one text begins the other."""

    def digits_apart(self, field: str) -> Numbers:
        """Return in how many places two texts of eight digits differ."""

    def lengths(self, field: str) -> tuple[Numbers, Numbers]:
        """Return how long the texts are."""

    def levels(self, position: int) -> Numbers:
        """Return the level found by the comparison at this place."""

    def only(self, places: npt.NDArray[np.int64]) -> Pairs:
        """Return some of the pairs."""
