"""
Which groups to look at first, and what the figures cannot say about them.

A rank is not a finding. Measured on the published register, a group's other homes tell whether a home will be below good
next year with an area under the curve of about 0.6, where 0.5 is chance: a reason to read on, none to act. Nothing here
can begin a notice: that needs concerns that people have confirmed (`market/oversight`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import polars as pl

from kinfold.market.policy import Pack
from kinfold.market.signals.scan import scan
from kinfold.market.signals.shrinkage import Prior, Rate, fitted, rate_of

BELOW_GOOD = ("Requires improvement to be good", "Adequate", "Inadequate")
CANNOT_SEE = (
    "Judgements only say what inspectors found on a day: homes that were judged good have been closed for abuse within the year.",
    "Owners are told apart by name: homes of one parent under another name are not counted here.",
    "Complaints, allegations, restraint, staffing and what visitors saw are not in the published register.",
    "Homes that have never been inspected have no judgement and are left out of the rates.",
    "Only children's homes are ranked: residential special schools, secure homes and supported accommodation are judged otherwise.",
)


@dataclass(frozen=True, slots=True)
class Signal:
    """One group's place in the order. `family_chance` is by how often chance alone makes any group look so, 1 where not scanned."""

    group: str
    name: str
    rate: Rate
    not_judged: int
    suspended: int
    family_chance: float
    discovery: bool


@dataclass(frozen=True, slots=True)
class Triage:
    """Groups in the order in which to look at them, with what holds for the whole list; `interval` is the width of each rate's."""

    signals: tuple[Signal, ...]
    prior: Prior
    critical: float
    scanned: int
    interval: float
    how_well: str
    cannot_see: tuple[str, ...] = CANNOT_SEE
    may_start_a_notice: bool = False


def triage(settings: pl.DataFrame, policy: Pack, *, at_least: int | None = None, shuffles: int | None = None) -> Triage:
    """
    Return the groups of a day's children's homes with enough judged homes, the likeliest to be much above the usual rate first.

    What is enough and much, and how often chance is drawn, the policy pack says; `at_least` and `shuffles` may be asked for
    otherwise. Shuffles are within sectors, so that a sector as a whole flags nobody.
    """
    interval, how_well = policy["signal_interval"], str(policy["words_how_well_signals_tell"])
    homes = settings.filter((pl.col("type") == "Children's home") & pl.col("owner_key").is_not_null())
    judged = homes.filter(pl.col("overall").is_not_null()).with_columns(bad=pl.col("overall").is_in(BELOW_GOOD))
    if judged.is_empty():
        return Triage((), Prior(1, 1), 0.0, 0, interval, how_well)
    counts = judged.group_by("owner_key").agg(pl.col("bad").sum().alias("k"), pl.len().alias("n"))
    prior = fitted(list(counts.select("k", "n").iter_rows()))
    scanned = scan(
        judged["owner_key"].to_list(), judged["bad"].to_list(), strata=judged["sector"].fill_null("").to_list(),
        shuffles=shuffles or policy["signal_shuffles"], at_least=at_least or policy["signal_least_homes"],
        fdr=policy["signal_false_discoveries"], critical=policy["signal_critical"],
    )  # fmt: skip
    chance = dict(zip(scanned.groups, scanned.family_chance.tolist(), strict=True))
    found = dict(zip(scanned.groups, scanned.discoveries.tolist(), strict=True))
    rate = partial(rate_of, prior=prior, times=policy["signal_times"], width=interval)
    about = _about(homes)
    signals = [
        Signal(group, *about[group][:1], rate(k, n), *about[group][1:], chance[group], found[group])
        for group, k, n in counts.iter_rows()
        if group in chance
    ]
    signals.sort(key=lambda one: (-one.rate.above, one.family_chance, one.group))
    return Triage(tuple(signals), prior, scanned.critical, len(scanned.groups), interval, how_well)


def _about(homes: pl.DataFrame) -> Mapping[str, tuple[str, int, int]]:
    rows = homes.group_by("owner_key").agg(
        pl.col("owner").mode().sort().first(),
        pl.col("overall").is_null().sum(),
        (pl.col("status") == "Suspended").fill_null(False).sum().alias("suspended"),
    )
    return {key: (name, not_judged, suspended) for key, name, not_judged, suspended in rows.iter_rows()}
