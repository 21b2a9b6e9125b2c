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
from kinfold.market.policy import Pack
from kinfold.market.ranges import range_of
from kinfold.terms.errors import InputError

Truths = npt.NDArray[np.bool_]
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
    """
    One draw: children displaced, and how many were placed in their authority, near, in their region, further, nowhere.

    `miles` are those of all who moved together, `placed` what became of brothers and sisters, schools and needs.
    """

    displaced: int
    same_authority: int
    near: int
    same_region: int
    further: int
    unplaced: int
    miles: float
    placed: Placed


WHERE = ("displaced", "same_authority", "near", "same_region", "further", "unplaced")
WHO = ("groups", "together", "schooled", "schools_kept", "complex_needs", "complex_unplaced")


@dataclass(frozen=True, slots=True)
class _Ways:
    """Where homes that leave (`here`) and homes that stay (`there`) lie, and how far and near those places are from one another."""

    here: Counts
    there: Counts
    areas: int
    others: int
    miles: Numbers
    same_area: Truths
    same_region: Truths
    near: Truths


def _ways(leaving: Supply, staying: Supply, *, furthest: float | None, near_miles: float) -> _Ways:
    areas, others = sorted(set(leaving.la_code)), sorted(set(staying.la_code))
    miles = miles_between_authorities(areas, others)
    if furthest is not None:
        miles = np.where(miles <= furthest, miles, np.inf)
    same_area, same_region = _alike(areas, others, (*_regions(leaving), *_regions(staying)))
    return _Ways(
        _at(leaving.la_code, areas), _at(staying.la_code, others), len(areas), len(others), miles, same_area, same_region,
        miles <= near_miles,
    )  # fmt: skip


def simulate_exit(
    leaving: Supply,
    staying: Supply,
    *,
    policy: Pack,
    occupancy: float,
    suitabilities: Sequence[float] | None = None,
    furthest: float | None = None,
    draws: int = 6,
    seed: int = 1,
    kinds: Kinds | None = None,
) -> dict[str, Any]:
    """
    Return what would come of the children in homes that leave, for each share of free places that may suit.

    For each suitability (the policy's without any) the middle and the range (5 to 95 in a hundred) over `draws`. `furthest` in
    miles closes longer moves, so that who is unplaced within it is seen. The same seed gives the same answer. With `kinds`
    brothers and sisters, school and needs are weighed; without them every child is alike and every suitable place is.
    """
    tried = policy["exit_suitabilities"] if suitabilities is None else suitabilities
    if not 0 < occupancy <= 1 or not all(0 <= one <= 1 for one in tried):
        raise InputError("Occupancy and suitability are shares: give each as a number from 0 to 1, such as 0.8.")
    ways = _ways(leaving, staying, furthest=furthest, near_miles=policy["exit_near_miles"])
    curve = []
    for suitability in tried:
        # the same draws of who lives where for each suitability, so that the curve differs by suitability alone
        chance = np.random.default_rng(seed)
        outcomes = [_drawn(leaving, staying, ways, chance, occupancy, suitability, kinds) for _ in range(draws)]
        curve.append({"suitability": suitability, **_summed(outcomes)})
    return {
        "places_leaving": int(leaving.places.sum()),
        "homes_leaving": len(leaving.places),
        "homes_staying": len(staying.places),
        "authorities": ways.areas,
        "occupancy": occupancy,
        "furthest_miles": furthest,
        "near_miles": policy["exit_near_miles"],
        "draws": draws,
        "curve": curve,
        "cannot_see": list(CANNOT_SEE),
    }


def _drawn(
    leaving: Supply, staying: Supply, ways: _Ways, chance: np.random.Generator, occupancy: float, suitability: float,
    kinds: Kinds | None,
) -> Outcome:  # fmt: skip
    """Return what becomes of the children in one draw of who lives where and which free places suit."""
    children = leaving.filled(chance, occupancy)
    free = staying.places - staying.filled(chance, occupancy)
    usable = chance.binomial(free, suitability)
    if kinds is None:
        placed = Placed(
            cheapest(_sums(children, ways.here, ways.areas), _sums(usable, ways.there, ways.others), ways.miles)
        )
    else:
        room = Room(usable, chance.binomial(usable, kinds.capable), ways.there, ways.others)
        placed = place(drawn_groups(children, ways.here, ways.areas, kinds, chance), room, ways.miles, kinds)
    return _outcome(int(children.sum()), placed, ways)


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


def _sums(counts: Counts, at: Counts, areas: int) -> Counts:
    return np.bincount(at, counts, minlength=areas).astype(np.int64)


def _outcome(displaced: int, found: Placed, ways: _Ways) -> Outcome:
    sent = found.sent
    placed = int(sent.sum())
    moved = np.where(sent > 0, ways.miles, 0.0)
    here = int(sent[ways.same_area].sum())
    near = int(sent[~ways.same_area & ways.near].sum())
    region = int(sent[~ways.same_area & ~ways.near & ways.same_region].sum())
    further = placed - here - near - region
    return Outcome(displaced, here, near, region, further, displaced - placed, float((moved * sent).sum()), found)


def _summed(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    found = {name: range_of([getattr(one, name) for one in outcomes]) for name in WHERE}
    found |= {name: range_of([getattr(one.placed, name) for one in outcomes]) for name in WHO}
    found["none_near"] = range_of([one.displaced - one.same_authority - one.near for one in outcomes])
    found["mean_miles"] = range_of([one.miles / max(one.displaced - one.unplaced, 1) for one in outcomes])
    return found
