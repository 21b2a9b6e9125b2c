"""The exit of a named group on a day: its children's homes leave, everybody else's stay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import ceil
from typing import Any

import polars as pl

from kinfold.market.exits.children import Kinds
from kinfold.market.exits.declared import Vacancies
from kinfold.market.exits.simulate import Supply, simulate_exit
from kinfold.market.groups import settings_of
from kinfold.market.owners import owner_key
from kinfold.market.ownership.roll_up import Joint, regrouped
from kinfold.market.policy import JURISDICTION, pack
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
    vacancies: Vacancies | None = None,
    joint: Sequence[Joint] = (),
) -> dict[str, Any]:
    """
    Return the simulation of a group's exit; raises InputError where it is not known or has no children's home.

    `vacancies` is what providers have said of free places: it goes before what is assumed. `joint` are the groups that ownership
    makes of several owners: all of one leaves together.
    """
    settings, key = regrouped(register.on(day), joint), owner_key(group)
    key = next((one.key for one in joint if key in one.members), key)
    homes = settings.filter(pl.col("type") == "Children's home")
    ours = settings_of(settings, key if joint else group).filter(pl.col("type") == "Children's home")
    if ours.is_empty():
        raise InputError(f"{group} had no children's home on {day:%d %B %Y}.")
    others = homes.join(ours.select("urn"), on="urn", how="anti")
    policy = pack(JURISDICTION, day)
    filled = policy["occupancy"] if occupancy is None else occupancy
    leaving, staying = ours["urn"].to_list(), others["urn"].to_list()
    known = vacancies or Vacancies({}, 0, int(policy["vacancy_age"]), day)
    said = simulate_exit(
        Supply.of(ours, known.free(leaving)),
        Supply.of(others, known.free(staying)),
        policy=policy,
        occupancy=filled,
        furthest=furthest,
        draws=draws,
        kinds=Kinds.of(policy),
    )
    return {
        "group": ours["owner"].drop_nulls().mode().sort()[0],
        "on": day.isoformat(),
        "policy_pack": policy.name,
        "suitability_of_the_policy": policy["suitability"],
        "said_free": known.words(leaving, staying),
        "weeks_to_move": weeks_to_move(ours, occupancy=filled, rate=policy["exit_moves_a_week"]),
        "moves_a_week": policy["exit_moves_a_week"],
        **said,
    }


def weeks_to_move(homes: pl.DataFrame, *, occupancy: float, rate: float) -> int:
    """Return the weeks for which homes must go on until everybody can have moved: the longest of any authority, so many moves a week in each."""
    most = homes.group_by("la_code").agg(pl.col("places").sum())["places"].max()
    return ceil(float(str(most or 0)) * occupancy / rate)
