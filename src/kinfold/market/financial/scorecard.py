"""
An early-warning score that can be read: points for each ratio, reasons for each point lost, and what would change it.

Each ratio falls into a bin (a value that is missing has its own), each bin has a weight of evidence, and a logistic
regression gives the weights of the ratios. Learnt from real failures of Polish manufacturers from 2000 to 2013: whether it
carries over to children's homes is not proven, and no page calls its chance a probability that a provider fails.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import exp, isfinite, log
from typing import Any

from kinfold.terms.errors import InputError

WEIGHTS = "weights/scorecard-1.toml"
CAVEAT = (
    "Learnt from Polish manufacturers of 2000 to 2013. That it holds for children's homes is not proven: read the order and "
    "the reasons, and never the chance as that of a provider."
)


@dataclass(frozen=True, slots=True)
class Ratio:
    """
    One ratio of the card. `edges` part its bins, lowest first; `evidence` has a weight a bin, and `missing` one for none.

    `spread` holds its weight in each refit on data drawn again, for the interval.
    """

    name: str
    label: str
    better: str
    weight: float
    edges: tuple[float, ...]
    evidence: tuple[float, ...]
    missing: float
    spread: tuple[float, ...]

    def evidence_of(self, value: float | None) -> float:
        """Return the weight of evidence for safety of a value."""
        return self.missing if value is None else self.evidence[self.bin_of(value)]

    def bin_of(self, value: float) -> int:
        """Return the number of the bin that a value falls into."""
        return sum(value > edge for edge in self.edges)


@dataclass(frozen=True, slots=True)
class Card:
    """A scorecard: its ratios, where its points begin, how many double the odds, the training's share of failures."""

    version: str
    ratios: tuple[Ratio, ...]
    start: float
    start_spread: tuple[float, ...]
    base_points: float
    points_to_double: float
    failed: float
    bands: Mapping[str, float]
    report: Mapping[str, Any]

    @property
    def factor(self) -> float:
        """Return the points of one unit of log odds."""
        return self.points_to_double / log(2)


@dataclass(frozen=True, slots=True)
class Reason:
    """One ratio's part in the score: points lost against the safest bin, and the nearest value that would lose fewer."""

    ratio: str
    label: str
    value: float | None
    points: float
    lost: float


@dataclass(frozen=True, slots=True)
class Change:
    """What would move the band, all else equal: this ratio at or beyond this value."""

    ratio: str
    label: str
    at: float
    direction: str
    band: str


@dataclass(frozen=True, slots=True)
class Scored:
    """A score: points (higher is safer), its interval, band, chances as learnt and moved to a base rate, why, what would help."""

    points: int
    low: int
    high: int
    band: str
    chance_in_training: float
    chance_at_base_rate: float
    base_rate: float
    reasons: tuple[Reason, ...]
    changes: tuple[Change, ...]
    missing: tuple[str, ...]
    version: str
    caveat: str = CAVEAT


@cache
def shipped_card() -> Card:
    """Return the card that comes with Kinfold."""
    return read_card(resources.files(__package__).joinpath(WEIGHTS).read_text(encoding="utf-8"))


def read_card(text: str) -> Card:
    """Return a card from the text of its file."""
    told = tomllib.loads(text)
    ratios = tuple(
        Ratio(
            name, one["label"], one["better"], one["weight"], tuple(one["edges"]), tuple(one["evidence"]), one["missing"],
            tuple(one["spread"]),
        )
        for name, one in told["ratios"].items()
    )  # fmt: skip
    return Card(
        told["version"], ratios, told["start"], tuple(told["start_spread"]), told["base_points"], told["points_to_double"],
        told["failed"], told["bands"], told["report"],
    )  # fmt: skip


def shifted(chance: float, *, learnt: float, base: float) -> float:
    """Return a chance moved from the share of failures it was learnt at to another: the odds keep their ratio."""
    inside = min(max(chance, 1e-9), 1 - 1e-9)
    odds = log(inside / (1 - inside)) + log(base / (1 - base)) - log(learnt / (1 - learnt))
    return 1 / (1 + exp(-odds))


def score(ratios: Mapping[str, float | None], card: Card, *, base_rate: float, most_reasons: int = 5) -> Scored:
    """
    Return the score of a firm's ratios; one that is left out counts as missing.

    Raises InputError for a ratio that is not on the card, a value that is no number, or when none is given at all.
    """
    values = _checked(ratios, card)
    evidence = [one.evidence_of(values[one.name]) for one in card.ratios]
    safe = card.start + sum(one.weight * part for one, part in zip(card.ratios, evidence, strict=True))
    points = card.base_points + card.factor * safe
    spread = sorted(
        card.base_points
        + card.factor * (start + sum(one.spread[again] * part for one, part in zip(card.ratios, evidence, strict=True)))
        for again, start in enumerate(card.start_spread)
    )
    cut = len(spread) // 20
    chance = 1 / (1 + exp(safe))
    reasons = sorted((_reason(one, values[one.name], card) for one in card.ratios), key=lambda one: -one.lost)
    return Scored(
        round(points),
        round(min(spread[cut], points)) if spread else round(points),
        round(max(spread[-1 - cut], points)) if spread else round(points),
        band_of(points, card),
        chance,
        shifted(chance, learnt=card.failed, base=base_rate),
        base_rate,
        tuple(one for one in reasons if one.lost >= 0.5)[:most_reasons],
        _changes(values, points, card),
        tuple(one.name for one in card.ratios if values[one.name] is None),
        card.version,
    )


def _checked(ratios: Mapping[str, float | None], card: Card) -> dict[str, float | None]:
    known = {one.name for one in card.ratios}
    strange = sorted(set(ratios) - known)
    if strange:
        raise InputError(f"Not on the scorecard: {', '.join(strange)}. It has: {', '.join(sorted(known))}.")
    values: dict[str, float | None] = {}
    for name in known:
        value = ratios.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value)):
            raise InputError(f"{name} must be a number, or null where it is not known.")
        values[name] = None if value is None else float(value)
    if all(value is None for value in values.values()):
        raise InputError(f"No ratio is given. The scorecard has: {', '.join(sorted(known))}.")
    return values


def band_of(points: float, card: Card) -> str:
    """Return the band of points: green, amber or red."""
    return "green" if points >= card.bands["green"] else "amber" if points >= card.bands["amber"] else "red"


def _reason(one: Ratio, value: float | None, card: Card) -> Reason:
    mine = card.factor * one.weight * one.evidence_of(value)
    best = card.factor * one.weight * max(one.evidence)
    return Reason(one.name, one.label, value, round(mine, 1), round(best - mine, 1))


def _changes(values: Mapping[str, float | None], points: float, card: Card) -> tuple[Change, ...]:
    """Return for each ratio the least change of it alone that reaches the next band; none from green."""
    now = band_of(points, card)
    if now == "green":
        return ()
    wanted = card.bands["green" if now == "amber" else "amber"]
    band = "green" if now == "amber" else "amber"
    found = []
    for one in card.ratios:
        value = values[one.name]
        if value is None:
            continue
        start = one.bin_of(value)
        steps: Sequence[int] = (
            range(start + 1, len(one.evidence)) if one.better == "higher" else range(start - 1, -1, -1)
        )
        for step in steps:
            gain = card.factor * one.weight * (one.evidence[step] - one.evidence[start])
            if points + gain >= wanted:
                edge = one.edges[step - 1] if one.better == "higher" else one.edges[step]
                found.append(Change(one.name, one.label, edge, "above" if one.better == "higher" else "at most", band))
                break
    return tuple(found)
