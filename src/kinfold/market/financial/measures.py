"""How well a score tells failures from others: order, calibration, and what is caught at the top."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kinfold.market.signals.back_test import area_under_curve

Numbers = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Measured:
    """Area under the curve, average precision, Brier score (and of the bare rate), calibration error, caught in the top tenth."""

    area: float
    average_precision: float
    brier: float
    brier_of_rate: float
    calibration_error: float
    caught_in_top_tenth: float


def measured(chance: Numbers, truth: Truth) -> Measured:
    """Return the measures of chances of failing against what came."""
    rate = float(truth.mean())
    order = np.argsort(-chance, kind="stable")
    hits = truth[order].cumsum()
    precision = hits / np.arange(1, len(truth) + 1)
    top = max(1, len(truth) // 10)
    return Measured(
        area_under_curve(chance, truth),
        float(precision[truth[order]].mean()),
        float(((chance - truth) ** 2).mean()),
        rate * (1 - rate),
        calibration_error(chance, truth),
        float(hits[top - 1] / truth.sum()),
    )


def calibration_error(chance: Numbers, truth: Truth, *, bins: int = 10) -> float:
    """Return the mean distance between chance and what came, over bins of equal size by rank."""
    order = np.argsort(chance, kind="stable")
    parts = np.array_split(order, bins)
    return float(
        sum(len(part) * abs(chance[part].mean() - truth[part].mean()) for part in parts if len(part)) / len(truth)
    )
