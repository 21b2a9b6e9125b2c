"""The public register as files: its settings, its owners, its totals, and the cases of a list, each a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from kinfold.service.records.reads.market_cases import CasePage

SETTINGS = ("Number", "Name", "Type", "Status", "Registered", "Short breaks only", "Authority code", "Authority", "Region", "Sector", "Owner",
            "Places", "Inspected", "Overall", "Help and protection", "Leaders and managers", "Supported accommodation")  # fmt: skip
OWNERS = ("Owner", "Also published as", "Sector", "Settings", "Children's homes", "Places", "Places in children's homes", "Authorities",
          "Regions", "Judged", "Below good", "Inadequate", "Suspended")  # fmt: skip
TOTALS = (
    "Type",
    "Sector",
    "Region",
    "Settings",
    "Places",
    "Of them for short breaks only",
    "Places for short breaks only",
)
CASES = ("Case", "About", "State", "Opened", "Waits for a second officer", "Last written")
_SETTING = ("urn", "name", "type", "status", "opened", "short_break_only", "la_code", "la_name", "region", "sector", "owner", "places",
            "inspection_date", "overall", "protected", "leaders", "sa_outcome")  # fmt: skip
_OWNER = (
    "sector",
    "settings",
    "homes",
    "places",
    "home_places",
    "authorities",
    "regions",
    "judged",
    "below_good",
    "inadequate",
    "suspended",
)
_TOTAL = ("type", "sector", "region", "settings", "places", "short_break_only_settings", "short_break_only_places")


def settings_rows(settings: pl.DataFrame) -> list[tuple[Any, ...]]:
    """Return settings as a file holds them, one row each; what is not published is empty."""
    return settings.select(_SETTING).rows()


def owner_rows(found: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """Return owners as a file holds them, the one with the most settings first."""
    return [
        [
            row["group"],
            "; ".join(name for name in row["names"] if name != row["group"]),
            *(row[name] for name in _OWNER),
        ]
        for row in found
    ]


def total_rows(totals: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """Return the totals of a day by type, sector and region as a file holds them."""
    return [[row[name] for name in _TOTAL] for row in totals]


def case_rows(cases: Sequence[CasePage]) -> list[list[Any]]:
    """Return the cases of a list as a file holds them."""
    return [
        [
            one.row.reference,
            one.row.name,
            one.state,
            _opened(one),
            one.working.second_officer is not None,
            one.journal[-1].day,
        ]
        for one in cases
    ]


def _opened(page: CasePage) -> date:
    return page.journal[0].day
