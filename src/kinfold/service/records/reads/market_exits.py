"""A group's exit as pages show it: counts for everybody who may see them, and in a council's installation its own children."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings as django_settings
from django.utils import timezone

from kinfold.access.things import day_of
from kinfold.market.exits.declared import Said, Vacancies
from kinfold.market.exits.group import exit_of_group
from kinfold.market.groups import settings_of
from kinfold.market.ownership.roll_up import Joint
from kinfold.market.policy import JURISDICTION, pack
from kinfold.market.store import market_folder, open_register
from kinfold.service.records.models import HomeVacancy
from kinfold.service.records.reads.market import Shelf, shelf
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.settings import SettingsPage, settings_numbered
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import InputError

HOME = "Children's home"
DRAWS = 20


def homes_of(group: str) -> list[dict[str, Any]]:
    """Return a group's children's homes on the register's last day, in order; none where it has none, or no register is loaded."""
    held = shelf(None)
    if held is None:
        return []
    try:
        rows = settings_of(held.settings, group)
    except InputError:
        return []
    return (
        rows.filter(pl.col("type") == HOME)
        .sort("urn")
        .select("urn", "la_code", "la_name", "places", "region")
        .to_dicts()
    )


@dataclass(frozen=True, slots=True)
class ExitAsked:
    """What a reader asks of a simulation: occupancy as a share (None: the policy's), the furthest move in miles."""

    occupancy: float | None = None
    furthest: float | None = None


def exit_of(held: Shelf, group: str, asked: ExitAsked) -> dict[str, Any]:
    """Return the simulation of a group's exit, worked out once for each register and question."""
    version = (market_folder(Path(django_settings.DATA)) / "current").read_text(encoding="utf-8").strip()
    key = settings_of(held.settings, group)["owner_key"][0]
    return _worked_out(
        str(django_settings.DATA), version, key, held.day.isoformat(), asked, vacancies_said(), today(), held.joint
    )


def vacancies_said() -> tuple[Said, ...]:
    """
    Return the last word of providers on the free places of each home of this installation, whoever asks.

    They are the providers' own numbers of homes and say nothing of a child; a page shows them summed over homes.
    """
    with as_system():
        rows = HomeVacancy.objects.order_by("urn", "-at", "-pk").values_list("urn", "places", "at")
        last: dict[str, Said] = {}
        for urn, places, at in rows:
            last.setdefault(urn, Said(urn, places, day_of(at)))
    return tuple(last.values())


def today() -> date:
    """Return today, as the age of what providers said is counted to."""
    return timezone.localdate()


@lru_cache(maxsize=64)
def _worked_out(
    folder: str,
    version: str,
    key: str,
    day: str,
    asked: ExitAsked,
    said: tuple[Said, ...],
    on: date,
    joint: tuple[Joint, ...],
) -> dict[str, Any]:
    allowed = int(pack(JURISDICTION, on)["vacancy_age"])
    return exit_of_group(
        open_register(Path(folder)), key, day=date.fromisoformat(day), occupancy=asked.occupancy, furthest=asked.furthest, draws=DRAWS,
        vacancies=Vacancies.of(said, today=on, allowed=allowed), joint=joint,
    )  # fmt: skip


def exit_counts(group: str) -> dict[str, Any] | None:
    """Return the counts of a simulation that go with a warning; None where the group has no home in the register."""
    held = shelf(None)
    if held is None or not homes_of(group):
        return None
    found = exit_of(held, group, ExitAsked())
    return {
        name: found[name]
        for name in (
            "on",
            "homes_leaving",
            "places_leaving",
            "occupancy",
            "suitability_of_the_policy",
            "said_free",
            "near_miles",
            "curve",
        )
    }


@dataclass(frozen=True, slots=True)
class OwnChildren:
    """The children of the reader's council in one of a group's homes, as far as the reader's role may list them."""

    urn: str
    la_name: str
    page: SettingsPage


def own_children(reader: Reader, homes: Sequence[dict[str, Any]]) -> list[OwnChildren]:
    """Return the reader's own children in a group's homes, home by home; each look is recorded with the home's page."""
    return [
        OwnChildren(home["urn"], home["la_name"] or "", page)
        for home in homes
        for page in settings_numbered(reader, home["urn"])
        if page.now
    ]
