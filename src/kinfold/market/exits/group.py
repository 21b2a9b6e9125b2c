"""The exit of a named group on a day: its children's homes leave, everybody else's stay."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from kinfold.market.exits.simulate import Supply, simulate_exit
from kinfold.market.groups import settings_of
from kinfold.market.policy import pack
from kinfold.market.register import Register
from kinfold.terms.errors import InputError


def exit_of_group(
    register: Register,
    group: str,
    *,
    day: date,
    occupancy: float | None = None,
    furthest: float | None = None,
    draws: int = 6,
) -> dict[str, Any]:
    """Return the simulation of a group's exit; raises InputError where it is not known or has no children's home."""
    settings = register.on(day)
    homes = settings.filter(pl.col("type") == "Children's home")
    ours = settings_of(settings, group).filter(pl.col("type") == "Children's home")
    if ours.is_empty():
        raise InputError(f"{group} had no children's home on {day:%d %B %Y}.")
    others = homes.join(ours.select("urn"), on="urn", how="anti")
    policy = pack("england", day)
    filled = policy["occupancy"] if occupancy is None else occupancy
    said = simulate_exit(Supply.of(ours), Supply.of(others), occupancy=filled, furthest=furthest, draws=draws)
    return {
        "group": ours["owner"][0],
        "on": day.isoformat(),
        "policy_pack": policy.name,
        "suitability_of_the_policy": policy["suitability"],
        **said,
    }
