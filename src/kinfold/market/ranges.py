"""The range of what was drawn by chance: the middle, and what 5 to 95 in a hundred draws gave."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def range_of(values: Sequence[float]) -> dict[str, float]:
    """Return `low` (5 in a hundred), `middle` and `high` (95) of a draw's values, to one decimal."""
    low, middle, high = (round(float(one), 1) for one in np.quantile(values, (0.05, 0.5, 0.95)))
    return {"low": low, "middle": middle, "high": high}
