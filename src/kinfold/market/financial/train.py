"""
Train the scorecard: `python -m kinfold.market.financial.train insolvency_poland.parquet OUT.toml`.

Eight bins of equal size for each ratio, neighbours pooled where their weight of evidence goes against what is safer, a bin for
missing values, and a logistic regression with a ridge whose weights may not be negative. Measured by five folds: bins and
weights are learnt on four and measured on the fifth.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import resources
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from kinfold.market.financial.measures import Measured, Numbers, Truth, measured

BINS = 8
RIDGE = 1.0
AGAIN = 40
BASE_POINTS, POINTS_TO_DOUBLE = 600.0, 20.0
_HALF = 0.5  # half a firm is added to each side of a bin: none is ever certain


@dataclass(slots=True)
class Binned:
    """One ratio's bins: edges between them and the weight of evidence for safety of each, and of a missing value."""

    edges: list[float]
    evidence: list[float]
    missing: float

    def of(self, values: Numbers) -> Numbers:
        """Return the weight of evidence of each value; NaN is missing."""
        found = np.array(self.evidence)[np.searchsorted(self.edges, np.nan_to_num(values), side="left")]
        return np.asarray(np.where(np.isnan(values), self.missing, found))


def card_ratios() -> Mapping[str, Mapping[str, Any]]:
    """Return the ratios of the card as its file declares them."""
    text = resources.files(__package__).joinpath("scorecard.toml").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, Any]] = tomllib.loads(text)["ratios"]
    return found


def binned(values: Numbers, failed: Truth, *, better: str, missing_tells: bool = True) -> Binned:
    """Return the bins of one ratio, their evidence never going against what is safer."""
    known = ~np.isnan(values)
    edges = np.unique(np.quantile(values[known], np.linspace(0, 1, BINS + 1)[1:-1]))
    number = np.searchsorted(edges, values[known], side="left")
    counts = [
        [float(((number == one) & ~failed[known]).sum()), float(((number == one) & failed[known]).sum())]
        for one in range(len(edges) + 1)
    ]
    sign = 1 if better == "higher" else -1
    blocks: list[tuple[list[float], list[int]]] = []
    for one, count in enumerate(counts):
        blocks.append((count, [one]))
        while len(blocks) > 1 and sign * _evidence(blocks[-2][0], failed) >= sign * _evidence(blocks[-1][0], failed):
            last, bins = blocks.pop()
            blocks[-1] = ([x + y for x, y in zip(blocks[-1][0], last, strict=True)], blocks[-1][1] + bins)
    kept = [float(edges[bins[-1]]) for _, bins in blocks[:-1]]
    gone = [float((~known & ~failed).sum()), float((~known & failed).sum())]
    # nobody gains by leaving a figure out: a missing value may tell against a firm and never for it
    missing = min(_evidence(gone, failed), 0.0) if missing_tells else 0.0
    return Binned(kept, [_evidence(count, failed) for count, _ in blocks], missing)


def _evidence(count: Sequence[float], failed: Truth) -> float:
    safe, bad = float((~failed).sum()), float(failed.sum())
    # few firms say little: evidence is drawn towards none as if by ten firms of the usual mix
    usual = bad / (safe + bad)
    good, gone = count[0] + 10 * (1 - usual) + _HALF, count[1] + 10 * usual + _HALF
    return log((good / safe) / (gone / bad))


def fitted(evidence: Numbers, failed: Truth) -> tuple[float, Numbers]:
    """Return the constant and the weights of the logarithm of the odds of not failing; no weight is below 0."""
    active = list(range(evidence.shape[1]))
    while True:
        start, weights = _logistic(evidence[:, active], ~failed)
        wrong = [one for one, weight in zip(active, weights, strict=True) if weight < 0]
        if not wrong:
            full = np.zeros(evidence.shape[1])
            full[active] = weights
            return start, full
        # a negative weight would give points for what is less safe: the ratio says nothing beside the others
        worst = active[int(np.argmin(weights))]
        active.remove(worst)


def _logistic(evidence: Numbers, safe: Truth) -> tuple[float, Numbers]:
    table = np.column_stack((np.ones(len(evidence)), evidence))
    shrink = np.full(table.shape[1], RIDGE)
    shrink[0] = 0
    weights = np.zeros(table.shape[1])
    for _ in range(40):
        chance = 1 / (1 + np.exp(-np.clip(table @ weights, -30, 30)))
        slope = table.T @ (safe - chance) - shrink * weights
        curve = (table * (chance * (1 - chance))[:, None]).T @ table + np.diag(shrink)
        change = np.linalg.solve(curve, slope)
        weights = weights + change
        if np.abs(change).max() < 1e-8:
            break
    return float(weights[0]), weights[1:]


def _chance(start: float, weights: Numbers, evidence: Numbers) -> Numbers:
    return np.asarray(1 / (1 + np.exp(np.clip(start + evidence @ weights, -30, 30))))


def learnt(
    values: Numbers, failed: Truth, better: Sequence[str], *, missing_tells: bool = True
) -> tuple[list[Binned], float, Numbers]:
    """Return bins, constant and weights from one row a firm and one column a ratio."""
    bins = [binned(values[:, one], failed, better=way, missing_tells=missing_tells) for one, way in enumerate(better)]
    evidence = np.column_stack([one.of(values[:, number]) for number, one in enumerate(bins)])
    start, weights = fitted(evidence, failed)
    return bins, start, weights


def folded(
    values: Numbers, failed: Truth, better: Sequence[str], *, folds: int = 5, seed: int = 1, missing_tells: bool = True
) -> Numbers:
    """
    Return each firm's chance of failing by a card that has never seen it.

    Without `missing_tells` a missing value counts for nothing: firms about to fail filed less, which another register may
    not show.
    """
    chance = np.zeros(len(failed))
    number = np.zeros(len(failed), dtype=np.int64)
    draw = np.random.default_rng(seed)
    for outcome in (True, False):  # each fold has its share of failures
        rows = draw.permutation(np.flatnonzero(failed == outcome))
        number[rows] = np.arange(len(rows)) % folds
    for one in range(folds):
        seen = number != one
        bins, start, weights = learnt(values[seen], failed[seen], better, missing_tells=missing_tells)
        unseen = np.column_stack([each.of(values[~seen][:, at]) for at, each in enumerate(bins)])
        chance[~seen] = _chance(start, weights, unseen)
    return chance


def training_data(path: Path, *, years: int = 1) -> tuple[Numbers, Truth]:
    """Return the card's ratios of every firm, NaN where missing, and whether it failed within so many years."""
    frame = pl.read_parquet(path).filter(pl.col("years_ahead") == years)
    columns = [frame[f"attr{one['attribute']}"].to_numpy() for one in card_ratios().values()]
    values = np.column_stack(columns).astype(np.float64)
    values[~np.isfinite(values)] = np.nan
    return values, frame["failed"].to_numpy() == 1


def written(values: Numbers, failed: Truth, report: Mapping[str, Measured], *, version: str) -> str:
    """Return the text of a card learnt from all the data, with its report."""
    ratios = card_ratios()
    better = [one["better"] for one in ratios.values()]
    bins, start, weights = learnt(values, failed, better)
    evidence = np.column_stack([one.of(values[:, number]) for number, one in enumerate(bins)])
    draw = np.random.default_rng(7)
    again = [
        fitted(evidence[rows], failed[rows])
        for rows in (draw.integers(0, len(failed), len(failed)) for _ in range(AGAIN))
    ]
    points = BASE_POINTS + POINTS_TO_DOUBLE / log(2) * (start + evidence @ weights)
    # a tenth of firms are red, the next fifth amber, as in the training data
    lines = [
        "# Learnt by `python -m kinfold.market.financial.train`; a file is never edited, a new version is.",
        "# Weights of evidence are natural logarithms of odds of not failing: higher is safer.",
        f'version = "{version}"', f"start = {start:.5f}", f"start_spread = {_list([one[0] for one in again])}",
        f"base_points = {BASE_POINTS}", f"points_to_double = {POINTS_TO_DOUBLE}", f"failed = {failed.mean():.5f}", "",
        "[bands]", f"green = {np.quantile(points, 0.3):.1f}", f"amber = {np.quantile(points, 0.1):.1f}", "",
    ]  # fmt: skip
    for number, (name, one) in enumerate(ratios.items()):
        lines += [
            f"[ratios.{name}]", f'label = "{one["label"]}"', f'better = "{one["better"]}"', f"weight = {weights[number]:.5f}",
            f"edges = {_list(bins[number].edges)}", f"evidence = {_list(bins[number].evidence)}",
            f"missing = {bins[number].missing:.5f}", f"spread = {_list([each[1][number] for each in again])}", "",
        ]  # fmt: skip
    for name, figures in report.items():
        lines += [f"[report.{name}]", *(f"{key} = {value:.4f}" for key, value in asdict(figures).items()), ""]
    return "\n".join(lines)


def _list(values: Sequence[float]) -> str:
    return "[" + ", ".join(f"{float(value):.5f}" for value in values) + "]"


def main(arguments: Sequence[str]) -> None:
    """Measure by five folds on failures one and five years ahead, learn from all of the first, and write the card."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--version", default="1")
    said = parser.parse_args(arguments)
    better = [one["better"] for one in card_ratios().values()]
    report = {}
    for years, name in ((1, "one_year_ahead"), (5, "five_years_ahead")):
        values, failed = training_data(said.data, years=years)
        report[name] = measured(folded(values, failed, better), failed)
        print(name, asdict(report[name]))
    values, failed = training_data(said.data)
    name = "one_year_ahead_where_missing_says_nothing"
    report[name] = measured(folded(values, failed, better, missing_tells=False), failed)
    print(name, asdict(report[name]))
    said.out.write_text(written(values, failed, report, version=said.version), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
