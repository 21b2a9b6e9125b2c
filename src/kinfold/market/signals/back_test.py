"""How well a group's other homes tell about a home's next inspection, on years that are over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from kinfold.market.register import Register
from kinfold.market.signals.shrinkage import fitted
from kinfold.market.signals.triage import BELOW_GOOD


@dataclass(frozen=True, slots=True)
class BackTest:
    """One year to the next: homes looked at, the share of them judged below good, how well the order foretold it."""

    year: int
    homes: int
    base: float
    area: float
    correlation: float


def area_under_curve(score: npt.NDArray[np.float64], outcome: npt.NDArray[np.bool_]) -> float:
    """Return the chance that one with the outcome is scored above one without, ties counting half."""
    _, position = np.unique(score, return_inverse=True)
    sizes = np.bincount(position)
    ranks = (np.cumsum(sizes) - (sizes - 1) / 2)[position]
    with_it, without = int(outcome.sum()), int((~outcome).sum())
    if not with_it or not without:
        return float("nan")
    return float((ranks[outcome].sum() - with_it * (with_it + 1) / 2) / (with_it * without))


def back_test(register: Register, year: int) -> BackTest:
    """
    Return how well groups' rates of March `year` foretold full inspections in the twelve months after.

    Each home is scored by the other homes of its group only, drawn to the usual rate; homes of groups with one home
    have nothing to be scored by and are left out.
    """
    now, later = judged_homes(register, year), judged_homes(register, year + 1)
    groups = now.group_by("owner_key").agg(pl.col("bad").sum().alias("k"), pl.len().alias("n"))
    prior = fitted(list(groups.select("k", "n").iter_rows()))
    after = later.filter(pl.col("inspection_date") > date(year, 3, 31)).select("urn", pl.col("bad").alias("came_bad"))
    homes = now.join(groups, on="owner_key").filter(pl.col("n") >= 2).join(after, on="urn")
    others = (pl.col("k") - pl.col("bad") + prior.alpha) / (pl.col("n") - 1 + prior.alpha + prior.beta)
    score, outcome = homes.select(others.alias("score"))["score"].to_numpy(), homes["came_bad"].to_numpy()
    base = float(outcome.mean()) if len(outcome) else float("nan")
    return BackTest(year, homes.height, base, area_under_curve(score, outcome), prior.correlation)


def judged_homes(register: Register, year: int) -> pl.DataFrame:
    """Return the children's homes that March's file gives a judgement of, with their owner and whether it is below good."""
    day = date(year, 3, 31)
    homes = register.sightings.filter((pl.col("as_at") == day) & (pl.col("type") == "Children's home"))
    listed = register.listed.filter((pl.col("as_at") == day) & pl.col("overall").is_not_null())
    return (
        listed.select("urn", "inspection_date", "overall")
        .join(homes.select("urn", "owner_key"), on="urn")
        .filter(pl.col("owner_key").is_not_null())
        .with_columns(bad=pl.col("overall").is_in(BELOW_GOOD))
    )
