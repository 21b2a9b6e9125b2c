"""Groups on a day: the owners of settings, and what names alone cannot tell about them."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from kinfold.market.owners import concentration, groups, owner_key
from kinfold.market.register import Register
from kinfold.terms.errors import InputError

CANNOT_SEE = (
    "Owners are told apart by the name that the regulator publishes. Companies of one parent have different names, so a "
    "group may be larger than it looks here."
)


def private_homes(settings: pl.DataFrame) -> pl.DataFrame:
    """Return the private children's homes of a day, those for short breaks included, as the publisher counts owners."""
    return settings.filter((pl.col("type") == "Children's home") & (pl.col("sector") == "Private"))


def groups_on(register: Register, day: date) -> dict[str, Any]:
    """Return the groups of a day, the largest first, and how concentrated private children's homes are."""
    return groups_in(register.on(day), day)


def groups_in(settings: pl.DataFrame, day: date) -> dict[str, Any]:
    """Return the groups of settings of a day by the column `owner_key`, as `groups_on` does."""
    return {
        "on": day.isoformat(),
        "method": "owner's name",
        "cannot_see": CANNOT_SEE,
        "groups": groups(settings),
        "concentration": concentration(private_homes(settings), "owner_key"),
    }


def settings_of(settings: pl.DataFrame, group: str) -> pl.DataFrame:
    """
    Return the settings of one group, named by its key or any spelling of its name.

    Raises InputError with the nearest names where no owner is called so.
    """
    if not group.strip():
        raise InputError("Say the name of an owner. `kinfold market groups` lists them.")
    key = owner_key(group)
    found = settings.filter(pl.col("owner_key") == key)
    if found.height:
        return found
    owners = settings["owner_key"].drop_nulls().unique().sort()
    like = [name for name in owners if key and (key in name or name in key)][:5]
    hint = f" Did you mean: {', '.join(like)}?" if like else " `kinfold market groups` lists them."
    raise InputError(f"No owner is called {group} on this day.{hint}")
