"""
If a group closed: how many children would move, to which free places, how far, and for how many there is none.

A free place is not a place for this child: only a share of them is suitable, nobody knows which share, and so the answer is
a curve over it and never one figure. Occupancy is drawn for each home; the range is of those draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from kinfold.market.exits.children import Kinds, Placed, Room, drawn_groups, place
from kinfold.market.exits.distances import miles_between_authorities
from kinfold.market.exits.flow import Counts, Numbers, cheapest
from kinfold.terms.errors import InputError

Truths = npt.NDArray[np.bool_]
SUITABILITIES = (1.0, 0.5, 0.25, 0.1)
NEAR_MILES = 20.0
CANNOT_SEE = (
    "Registered places are published; who lives in them is not: occupancy is assumed, but for homes whose provider has said what is free.",
    "Which child could live where is not known: suitability is assumed, and shown as a curve.",
    "Homes' addresses are not published: distances are between the middles of authorities.",
    "Brothers and sisters, schools and needs are not published: shares of them are assumed, drawn and weighed. Prices are not.",
)


@dataclass(frozen=True, slots=True)
class Supply:
    """
    Homes as they are used here: places, authority and region, one entry a home.

    `free` has how many places of a home are free where its provider has said so, and -1 where nobody has; None where nobody has of any.
    """

    places: Counts
    la_code: Sequence[str]
    region: Sequence[str]
    free: Counts | None = None

    @classmethod
    def of(cls, homes: pl.DataFrame, free: Mapping[str, int] | None = None) -> Supply:
        """Return the homes of a table that have places and an authority; `free` is what was said of some, by number."""
        kept = homes.filter((pl.col("places") > 0) & pl.col("la_code").is_not_null())
        return cls(
            kept["places"].to_numpy().astype(np.int64),
            kept["la_code"].to_list(),
            kept["region"].fill_null("").to_list(),
            np.array([free.get(urn, -1) for urn in kept["urn"].to_list()], dtype=np.int64) if free else None,
        )

    def filled(self, chance: np.random.Generator, occupancy: float) -> Counts:
        """Return how many places of each home are filled: as its provider has said, else drawn."""
        drawn: Counts = chance.binomial(self.places, occupancy)
        if self.free is None:
            return drawn
        return np.where(self.free >= 0, np.maximum(self.places - self.free, 0), drawn)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One draw: children displaced, and how many were placed in their authority, near, in their region, further, nowhere."""

    displaced: int
    same_authority: int
    near: int
    same_region: int
    further: int
    unplaced: int
    miles: float
    groups: int = 0
    together: int = 0
    schooled: int = 0
    schools_kept: int = 0
    complex_needs: int = 0
    complex_unplaced: int = 0


COUNTS = ("displaced", "same_authority", "near", "same_region", "further", "unplaced", "groups", "together", "schooled", "schools_kept",
          "complex_needs", "complex_unplaced")  # fmt: skip


def simulate_exit(
    leaving: Supply,
    staying: Supply,
    *,
    occupancy: float,
    suitabilities: Sequence[float] = SUITABILITIES,
    furthest: float | None = None,
    draws: int = 6,
    seed: int = 1,
    kinds: Kinds | None = None,
) -> dict[str, Any]:
    """
    Return what would come of the children in homes that leave, for each share of free places that may suit.

    For each suitability the middle and the range (5 to 95 in a hundred) over `draws`. `furthest` in miles closes longer
    moves, so that who is unplaced within it is seen. The same seed gives the same answer. With `kinds` brothers and sisters,
    school and needs are weighed; without them every child is alike and every suitable place is.
    """
    if not 0 < occupancy <= 1 or not all(0 <= one <= 1 for one in suitabilities):
        raise InputError("Occupancy and suitability are shares: give each as a number from 0 to 1, such as 0.8.")
    areas = sorted(set(leaving.la_code))
    others = sorted(set(staying.la_code))
    miles = miles_between_authorities(areas, others)
    if furthest is not None:
        miles = np.where(miles <= furthest, miles, np.inf)
    same_area, same_region = _alike(areas, others, (*_regions(leaving), *_regions(staying)))
    here, there = _at(leaving.la_code, areas), _at(staying.la_code, others)
    curve = []
    for suitability in suitabilities:
        # the same draws of who lives where for each suitability, so that the curve differs by suitability alone
        chance = np.random.default_rng(seed)
        outcomes = []
        for _ in range(draws):
            children = leaving.filled(chance, occupancy)
            free = staying.places - staying.filled(chance, occupancy)
            usable = chance.binomial(free, suitability)
            if kinds is None:
                placed = Placed(cheapest(_sums(children, here, areas), _sums(usable, there, others), miles))
            else:
                room = Room(usable, chance.binomial(usable, kinds.capable), there, len(others))
                placed = place(drawn_groups(children, here, len(areas), kinds, chance), room, miles, kinds)
            outcomes.append(_outcome(int(children.sum()), placed, miles, same_area, same_region))
        curve.append({"suitability": suitability, **_summed(outcomes)})
    return {
        "places_leaving": int(leaving.places.sum()),
        "homes_leaving": len(leaving.places),
        "homes_staying": len(staying.places),
        "authorities": len(areas),
        "occupancy": occupancy,
        "furthest_miles": furthest,
        "draws": draws,
        "curve": curve,
        "cannot_see": list(CANNOT_SEE),
    }


def _regions(supply: Supply) -> list[tuple[str, str]]:
    return list(zip(supply.la_code, supply.region, strict=True))


def _alike(areas: Sequence[str], others: Sequence[str], told: Sequence[tuple[str, str]]) -> tuple[Truths, Truths]:
    """Return which pairs of authorities are the same one, and which lie in the same region."""
    regions = dict(told)
    shape = (len(areas), len(others))
    same_area = np.array([one == other for one in areas for other in others], dtype=bool).reshape(shape)
    same_region = np.array([regions[one] == regions[other] for one in areas for other in others], dtype=bool)
    return same_area, same_region.reshape(shape)


def _at(codes: Sequence[str], areas: Sequence[str]) -> Counts:
    place_of = {code: number for number, code in enumerate(areas)}
    return np.array([place_of[code] for code in codes], dtype=np.int64)


def _sums(counts: Counts, at: Counts, areas: Sequence[str]) -> Counts:
    return np.bincount(at, counts, minlength=len(areas)).astype(np.int64)


def _outcome(displaced: int, found: Placed, miles: Numbers, same_area: Truths, same_region: Truths) -> Outcome:
    sent = found.sent
    placed = int(sent.sum())
    moved = np.where(sent > 0, miles, 0.0)
    here = int(sent[same_area].sum())
    near = int(sent[~same_area & (miles <= NEAR_MILES)].sum())
    region = int(sent[~same_area & (miles > NEAR_MILES) & same_region].sum())
    return Outcome(
        displaced, here, near, region, placed - here - near - region, displaced - placed, float((moved * sent).sum()),
        found.groups, found.together, found.schooled, found.schools_kept, found.complex_needs, found.complex_unplaced,
    )  # fmt: skip


def _summed(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in COUNTS:
        values = np.array([getattr(one, name) for one in outcomes])
        found[name] = _range(values)
    placed = np.array([max(one.displaced - one.unplaced, 1) for one in outcomes])
    found["mean_miles"] = _range(np.array([one.miles for one in outcomes]) / placed)
    return found


def _range(values: Any) -> dict[str, float]:
    low, middle, high = (round(float(one), 1) for one in np.quantile(values, (0.05, 0.5, 0.95)))
    return {"low": low, "middle": middle, "high": high}
