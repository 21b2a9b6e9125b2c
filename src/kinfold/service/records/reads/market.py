"""The public register of providers: published facts only, the same for everybody, read from the market's own files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings

from kinfold.market.groups import groups_on, settings_of
from kinfold.market.register import Register, totals
from kinfold.market.store import market_folder, open_register
from kinfold.terms.errors import InputError, NotPermitted


@dataclass(frozen=True, slots=True)
class Shelf:
    """The register and the day it is looked at."""

    register: Register
    day: date

    @property
    def settings(self) -> pl.DataFrame:
        """Return the settings of the day."""
        return self.register.on(self.day)


def shelf(asked: date | None) -> Shelf | None:
    """Return the register on a day, or on its last one; None where no register has been loaded."""
    if not (market_folder(Path(settings.DATA)) / "current").exists():
        return None
    register = open_register(Path(settings.DATA))
    if not register.days:
        return None
    if asked is not None and asked < register.days[0]:
        raise InputError(f"No published file tells of that day: the first is of {register.days[0]:%d %B %Y}.")
    return Shelf(register, asked or register.days[-1])


def overview(held: Shelf) -> dict[str, Any]:
    """Return totals by type, sector and region, homes by authority, and what opened and closed in the twelve months before."""
    homes = held.settings.filter(pl.col("type") == "Children's home")
    by_area = homes.filter(pl.col("la_code").is_not_null()).group_by("la_code").len()
    year_before = held.day.replace(year=held.day.year - 1, day=min(held.day.day, 28))
    spells = held.register.spells
    moved = {
        name: spells.filter((pl.col(name) > year_before) & (pl.col(name) <= held.day)).group_by("type").len()
        for name in ("opened", "closed")
    }
    return {
        "totals": totals(held.settings),
        "homes_by_area": dict(by_area.rows()),
        "opened": dict(moved["opened"].rows()),
        "closed": dict(moved["closed"].rows()),
        "concentration": groups_on(held.register, held.day)["concentration"],
    }


def listed(held: Shelf, *, words: str, type_: str, sector: str, region: str, area: str) -> pl.DataFrame:
    """Return the settings that a reader asked for, in order of number; an empty word asks for all."""
    found = held.settings
    for column, value in (("type", type_), ("sector", sector), ("region", region), ("la_code", area)):
        if value:
            found = found.filter(pl.col(column) == value)
    if words.strip():
        asked = words.strip().casefold()
        text = pl.concat_str(
            [pl.col(name).fill_null("") for name in ("urn", "name", "owner", "la_name")], separator=" "
        )
        found = found.filter(text.str.to_lowercase().str.contains(asked, literal=True))
    return found.sort("urn")


def one_setting(held: Shelf, urn: str) -> dict[str, Any]:
    """Return a setting: its last sighting, its spell, its sightings over the years and its inspections. NotPermitted if unknown."""
    seen = held.register.sightings.filter(pl.col("urn") == urn).sort("as_at", descending=True)
    spell = held.register.spells.filter(pl.col("urn") == urn)
    if seen.is_empty() or spell.is_empty():
        raise NotPermitted("no such setting")
    inspections = held.register.inspections.filter(pl.col("urn") == urn).sort("inspection_date", descending=True)
    return {
        "now": seen.row(0, named=True),
        "spell": spell.row(0, named=True),
        "seen": seen.to_dicts(),
        "inspections": inspections.to_dicts(),
    }


def known_setting(urn: str) -> dict[str, Any] | None:
    """Return a setting as the register last knew it, its inspections the latest first; None where the register has none so numbered."""
    held = shelf(None) if urn.strip() else None
    try:
        return one_setting(held, urn.strip().upper()) if held is not None else None
    except NotPermitted:
        return None


def all_groups(held: Shelf) -> dict[str, Any]:
    """Return the groups of the day with what names cannot tell."""
    return groups_on(held.register, held.day)


def one_group(held: Shelf, key: str) -> pl.DataFrame:
    """Return the settings of a group. Raises InputError with the nearest names where there is none."""
    return settings_of(held.settings, key).sort("urn")
