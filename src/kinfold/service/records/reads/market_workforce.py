"""Those who work in homes, as officers who read registrations, a provider itself, and in hidden small numbers everybody, may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from kinfold.access.things import Thing, day_of
from kinfold.access.words import Sort, Verb
from kinfold.market.supply.workforce import Home
from kinfold.service.records.models import HomeWorkforce
from kinfold.service.records.reads.market import Shelf, shelf
from kinfold.service.records.reads.market_exits import HOME
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system

UNKNOWN = "Not published"


@dataclass(frozen=True, slots=True)
class Workforce:
    """The last word on each home that was said anything of, beside all children's homes of the register's last day."""

    homes: Sequence[Home]
    registered: int
    day: date | None
    today: date

    @property
    def latest(self) -> date | None:
        """Return the latest census day, None where nothing was said."""
        return max((one.day for one in self.homes), default=None)


def registration(held_by: int) -> Thing:
    """Return the registrations of a holder as the rule of access takes them."""
    return Thing(sort=Sort.RECORD, held_by=held_by, slice="registration")


def workforce(reader: Reader) -> Workforce:
    """Return those who work in homes, for an officer, and record the look. Raises NotPermitted by the role."""
    held_by = reader.account.held_by_id or 0
    reader.insist(Verb.READ, registration(held_by), action="read those who work in homes")
    found = _whole(list(reader.holders), day_of(reader.now))
    reader.looked(held_by, "those who work in homes", [])
    return found


def published(today: date) -> Workforce:
    """Return the same for the published table, whose page hides small numbers; nobody is asked for."""
    return _whole(None, today)


def _whole(holders: list[int] | None, today: date) -> Workforce:
    held = shelf(None)
    homes = register_homes(held)
    with as_system():
        every = HomeWorkforce.objects.all() if holders is None else HomeWorkforce.objects.filter(held_by__in=holders)
        last = {row.urn: row for row in every.order_by("day", "at", "pk")}
    found = [home_of(row, homes[urn]) for urn, row in sorted(last.items()) if urn in homes]
    return Workforce(found, len(homes), held.day if held else None, today)


def register_homes(held: Shelf | None) -> dict[str, dict[str, Any]]:
    """Return the children's homes of the register's last day by their number; none where no register is loaded."""
    if held is None:
        return {}
    rows = held.settings.filter(pl.col("type") == HOME).select("urn", "name", "owner", "owner_key", "region", "sector")
    return {row["urn"]: row for row in rows.to_dicts()}


def home_of(row: HomeWorkforce, known: dict[str, Any]) -> Home:
    """Return what was said of a home with what the register has of it."""
    names = {name: known[name] or UNKNOWN for name in ("name", "owner", "owner_key", "region", "sector")}
    return Home(
        row.urn,
        names["name"],
        names["owner_key"],
        names["owner"],
        names["region"],
        names["sector"],
        {**row.said, "day": row.day.isoformat()},
    )


def last_said(held_by: int, urns: Sequence[str]) -> dict[str, HomeWorkforce]:
    """Return the last word on each of some homes; whose they are the caller has asked."""
    with as_system():
        rows = HomeWorkforce.objects.filter(held_by=held_by, urn__in=urns).order_by("day", "at", "pk")
        return {row.urn: row for row in rows}


def workforce_said(reader: Reader, urn: str) -> Home | None:
    """Return what was said last of a home, for an officer who reads registrations; None for anybody else."""
    held_by = reader.account.held_by_id or 0
    known = register_homes(shelf(None)).get(urn)
    if known is None or not reader.decide(Verb.READ, registration(held_by)):
        return None
    row = last_said(held_by, [urn]).get(urn)
    return home_of(row, known) if row else None
