"""
Which groups are difficult to replace, by conditions of size, spread and concentration; each threshold can be moved.

The Act leaves the conditions to regulations (Care Standards Act 2000, s.30ZE, inserted in 2026). The shape is that of
SI 2015/314 for adult social care: size, or spread, or concentration.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from kinfold.market.policy import Pack


@dataclass(frozen=True, slots=True)
class Thresholds:
    """
    Shares of places from which a group counts, in how many authorities the last must be reached, and the number of homes.

    A threshold of nothing is a condition that is not asked.
    """

    national: float
    regional: float
    authority: float
    authorities: int
    homes: int = 0

    @classmethod
    def of(cls, pack: Pack) -> Thresholds:
        """Return the thresholds of a policy pack."""
        return cls(
            pack["replace_national"], pack["replace_regional"], pack["replace_authority"], pack["replace_authorities"],
            pack["replace_homes"],
        )  # fmt: skip


def difficult_to_replace(homes: pl.DataFrame, limits: Thresholds) -> list[dict[str, Any]]:
    """Return the groups of a day's children's homes that meet a condition, as `measured_groups` measures them."""
    return [row for row in measured_groups(homes, limits) if row["conditions"]]


def measured_groups(homes: pl.DataFrame, limits: Thresholds) -> list[dict[str, Any]]:
    """
    Return every group of a day's children's homes, the largest first, with each condition that it meets.

    `national_share` and `top_region_share` are of places; `authorities` counts those in which the group has at least the
    threshold's share of places. `margin` is the nearest condition's share of its threshold: 1 is on the line.
    """
    known = homes.filter(pl.col("owner_key").is_not_null())
    total = homes["places"].sum() or 1
    own = known.group_by("owner_key").agg(
        pl.col("owner").mode().sort().first().alias("group"), pl.len().alias("homes"), pl.col("places").sum()
    )
    top = _shares(known, homes, "region").group_by("owner_key").agg(pl.col("share").max().alias("top_region_share"))
    spread = _shares(known, homes, "la_code").filter(pl.col("share") >= limits.authority)
    spread = spread.group_by("owner_key").agg(pl.len().alias("authorities"))
    rows = (
        own.join(top, on="owner_key", how="left")
        .join(spread, on="owner_key", how="left")
        .with_columns(national_share=pl.col("places") / total, authorities=pl.col("authorities").fill_null(0))
    )
    found = []
    for row in rows.sort("places", "owner_key", descending=[True, False]).to_dicts():
        parts = {
            "national": (row["national_share"], limits.national),
            "regional": (row["top_region_share"] or 0, limits.regional),
            "authorities": (row["authorities"], limits.authorities),
            "homes": (row["homes"], limits.homes),
        }
        shares = {name: value / limit for name, (value, limit) in parts.items() if limit}
        row["conditions"] = [name for name, share in shares.items() if share >= 1]
        row["margin"] = round(max(shares.values(), default=0.0), 2)
        found.append(row)
    return found


def moved(homes: pl.DataFrame, *, before: Thresholds, after: Thresholds) -> dict[str, list[dict[str, Any]]]:
    """Return the groups that meet a condition of `after`, those that `before` has not (`in`), and those it has besides (`out`)."""
    were = {row["owner_key"]: row for row in difficult_to_replace(homes, before)}
    every = measured_groups(homes, after)
    now = {row["owner_key"]: row for row in every if row["conditions"]}
    return {
        "now": list(now.values()),
        "in": [row for key, row in now.items() if key not in were],
        "out": [row for row in every if row["owner_key"] in were and row["owner_key"] not in now],
    }


def _shares(known: pl.DataFrame, homes: pl.DataFrame, area: str) -> pl.DataFrame:
    whole = homes.filter(pl.col(area).is_not_null()).group_by(area).agg(pl.col("places").sum().alias("whole"))
    part = (
        known.filter(pl.col(area).is_not_null()).group_by("owner_key", area).agg(pl.col("places").sum().alias("part"))
    )
    return part.join(whole, on=area).filter(pl.col("whole") > 0).with_columns(share=pl.col("part") / pl.col("whole"))
