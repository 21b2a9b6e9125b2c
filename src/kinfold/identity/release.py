"""
Whether a version of the weights may be put to use, from the report of its test.

It must find whom it should, tell twins apart, and find children of every origin of name about as well: a model that is
good on the whole and bad for some is not released. The limits are data, in `release.toml`.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from statistics import NormalDist
from typing import Any

SETS = {"wide": ("full", "full records"), "narrow": ("few", "name, day, sex and postcode alone")}
_SURE = NormalDist().inv_cdf(0.975)
_LIMITS = Path(__file__).parent / "release.toml"


@cache
def limits() -> Mapping[str, Mapping[str, Any]]:
    """Return the limits, by the figure of the report that they are about."""
    return tomllib.loads(_LIMITS.read_text(encoding="utf-8"))


def held_back(report: Mapping[str, Any]) -> list[str]:
    """
    Return why a version may not be put to use, a sentence for each reason; none where it may.

    `report` is what training writes: its `test` has the figures of `kinfold.identity.measure.Figures` for each of `SETS`.
    """
    tests = report.get("test") or {}
    missing = [words for name, (_, words) in SETS.items() if name not in tests]
    if missing:
        return [f"It was not tested on {' or '.join(missing)}. Test it with `kinfold retrain`."]
    return [reason for name, (column, words) in SETS.items() for reason in _reasons(tests[name], column, words)]


def _reasons(figures: Mapping[str, Any], column: str, words: str) -> Iterator[str]:
    for name, limit in limits().items():
        if name == "origin_gap":
            continue
        found = figures.get(name, math.nan)
        if "at_least" in limit and not found >= limit["at_least"][column]:
            yield f"{words}: {limit['label']} {_said(found)}; at least {_said(limit['at_least'][column])} is asked."
        if "at_most" in limit and not found <= limit["at_most"][column]:
            yield f"{words}: {limit['label']} {_said(found)}; at most {_said(limit['at_most'][column])} is allowed."
    most = limits()["origin_gap"]["at_most"][column]
    for origin, behind in origins_behind(figures).items():
        if behind > most:
            yield (
                f"{words}: children of {origin} names are matched {behind:.1%} less often than all, beyond chance; "
                f"at most {most:.1%} is allowed."
            )


def _said(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:.2%}"


def origins_behind(figures: Mapping[str, Any]) -> dict[str, float]:
    """
    Return how far each origin of name is surely behind the whole, the furthest first; those that may be level are left out.

    It is the whole's share less the highest share that the origin may have, at 95%, by how many of it were asked about
    (Wilson 1927). Where a report does not say how many, its shares are taken as they are.
    """
    whole, asked = figures.get("match_recall", 0.0), figures.get("origin_queries") or {}
    behind = {
        origin: whole - _highest(share, asked.get(origin, 0)) for origin, share in figures.get("by_origin", {}).items()
    }
    return dict(sorted(((origin, gap) for origin, gap in behind.items() if gap > 0), key=lambda one: -one[1]))


def _highest(share: float, asked: int) -> float:
    if not asked:
        return share
    squared = _SURE**2 / asked
    spread = _SURE * math.sqrt(share * (1 - share) / asked + squared / (4 * asked))
    return (share + squared / 2 + spread) / (1 + squared)
