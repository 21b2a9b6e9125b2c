"""The public register of providers: published facts only, the same for everybody, read from the market's own files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings

from kinfold.market.diversity import homes_of, whole
from kinfold.market.groups import groups_in, settings_of
from kinfold.market.owners import owner_key
from kinfold.market.ownership.roll_up import Joint, regrouped
from kinfold.market.register import Register, totals
from kinfold.market.store import market_folder, open_register
from kinfold.service.records.reads.market_ownership import joint_on, matches
from kinfold.terms.errors import InputError, NotPermitted


@dataclass(frozen=True, slots=True)
class Shelf:
    """The register and the day it is looked at; `joint` are the groups that ownership makes of several owners."""

    register: Register
    day: date
    joint: tuple[Joint, ...] = ()

    @property
    def settings(self) -> pl.DataFrame:
        """Return the settings of the day, each under the key of its owner's group."""
        return regrouped(self.register.on(self.day), self.joint)

    def group_of(self, name: str) -> str:
        """Return the key of the group that an owner, by its key or any spelling, belongs to."""
        key = owner_key(name)
        return next((one.key for one in self.joint if key in one.members), key)


def shelf(asked: date | None) -> Shelf | None:
    """Return the register on a day, or on its last one; None where no register has been loaded."""
    if not (market_folder(Path(settings.DATA)) / "current").exists():
        return None
    register = open_register(Path(settings.DATA))
    if not register.days:
        return None
    if asked is not None and asked < register.days[0]:
        raise InputError(f"No published file tells of that day: the first is of {register.days[0]:%d %B %Y}.")
    day = asked or register.days[-1]
    return Shelf(register, day, joint_on(day))


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
        "concentration": groups_in(held.settings, held.day)["concentration"],
    }


def area_figures(la_code: str) -> dict[str, Any] | None:
    """Return the children's homes and places of a council's area with its largest owner's share; None where there is none."""
    held = shelf(None)
    part = held.settings.filter(pl.col("la_code") == la_code) if held is not None else None
    if part is None or homes_of(part).is_empty():
        return None
    found = whole(part, la_code)
    return {"homes": found.homes, "places": found.places, "largest": found.largest_share}


def first_judgements(urns: Sequence[str]) -> dict[str, str]:
    """Return the overall judgement of the first full inspection of homes by their number; those that had none are left out."""
    held = shelf(None)
    if held is None or not urns:
        return {}
    rows = held.register.inspections.filter(pl.col("urn").is_in(list(urns)) & pl.col("overall").is_not_null())
    return dict(rows.sort("inspection_date", descending=True).select("urn", "overall").rows())


def owners_of_homes(urns: Sequence[str]) -> dict[str, str]:
    """Return the owner of each home by its number, as the last register names it; those without one are left out."""
    held = shelf(None)
    if held is None:
        return {}
    rows = held.settings.filter(pl.col("urn").is_in(list(urns)) & pl.col("owner").is_not_null())
    return dict(rows.select("urn", "owner").rows())


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
    return groups_in(held.settings, held.day) | {"brought_together": sum(len(one.members) for one in held.joint)}


def one_group(held: Shelf, key: str) -> pl.DataFrame:
    """Return the settings of a group. Raises InputError with the nearest names where there is none."""
    return settings_of(held.settings, held.group_of(key)).sort("urn")


def one_owner(held: Shelf, key: str) -> pl.DataFrame:
    """Return the settings of one owner by its own name, whatever group it belongs to. Raises InputError as `one_group` does."""
    return settings_of(held.register.on(held.day), key).sort("urn")


@dataclass(frozen=True, slots=True)
class Member:
    """An owner that was brought together with others in a group: its name, how many settings it has, and what that rests on."""

    key: str
    name: str
    settings: int
    because: str


def brought_together(held: Shelf, key: str) -> tuple[list[Member], str]:
    """Return the owners that ownership brings together in a group, and the entity that controls all; nobody where it is one owner."""
    joint = next((one for one in held.joint if one.key == held.group_of(key)), None)
    if joint is None:
        return [], ""
    found = []
    for member in joint.members:
        rows = one_owner(held, member)
        names = rows["owner"].drop_nulls().unique().sort().to_list()
        sure = next((one for one in matches(names) if one.sure), None)
        because = "the same company number"
        if sure is not None and sure.decision is not None:
            because = f"accepted by {sure.decision.name}: {sure.decision.because}"
        found.append(Member(member, names[0], rows.height, because))
    return found, joint.root
