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
    """Shares of places from which a group counts, and in how many authorities the last must be reached."""

    national: float
    regional: float
    authority: float
    authorities: int

    @classmethod
    def of(cls, pack: Pack) -> Thresholds:
        """Return the thresholds of a policy pack."""
        return cls(
            pack["replace_national"], pack["replace_regional"], pack["replace_authority"], pack["replace_authorities"]
        )


def difficult_to_replace(homes: pl.DataFrame, limits: Thresholds) -> list[dict[str, Any]]:
    """
    Return the groups of a day's children's homes that meet a condition, the largest first, with each condition met.

    `national_share` and `top_region_share` are of places; `authorities` counts those in which the group has at least the
    threshold's share of places. `margin` is the nearest condition's share of its threshold: 1 is on the line.
    """
    known = homes.filter(pl.col("owner_key").is_not_null())
    total = homes["places"].sum()
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
            "national": row["national_share"] / limits.national,
            "regional": (row["top_region_share"] or 0) / limits.regional,
            "authorities": row["authorities"] / limits.authorities,
        }
        row["conditions"] = [name for name, part in parts.items() if part >= 1]
        row["margin"] = round(max(parts.values()), 2)
        if row["conditions"]:
            found.append(row)
    return found


def _shares(known: pl.DataFrame, homes: pl.DataFrame, area: str) -> pl.DataFrame:
    whole = homes.filter(pl.col(area).is_not_null()).group_by(area).agg(pl.col("places").sum().alias("whole"))
    part = (
        known.filter(pl.col(area).is_not_null()).group_by("owner_key", area).agg(pl.col("places").sum().alias("part"))
    )
    return part.join(whole, on=area).filter(pl.col("whole") > 0).with_columns(share=pl.col("part") / pl.col("whole"))
