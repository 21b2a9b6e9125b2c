"""An invented capital programme for demonstrations and tests: projects at every stage, some late, one ended; no real home."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from kinfold.market.cases.project import MILESTONES

# Days between the grant and each milestone as planned: planning, exchange, building, registration, opening.
_PACE = (120, 180, 420, 500, 530)


@dataclass(frozen=True, slots=True)
class InventedProject:
    """A project as a file's row says it, and the lines that people add: sort, what it says, and reasons."""

    row: Mapping[str, Any]
    lines: Sequence[tuple[str, Mapping[str, Any], str]] = field(default_factory=tuple)


# name, kind and places, age of the grant in days, milestones reached, days late by then, sector, money (whole pounds)
_HOMES = (
    ("Ashgrove", {"open": 4}, 900, 5, 12, "local authority", 1_400_000, 700_000),
    ("Fieldhead", {"open": 3, "deprivation_of_liberty": 1}, 840, 5, 95, "voluntary", 1_600_000, 500_000),
    ("Lantern House", {"deprivation_of_liberty": 2}, 560, 4, 5, "local authority", 1_900_000, 900_000),
    ("Millrace", {"open": 4}, 470, 3, 20, "voluntary", 1_250_000, 350_000),
    ("Orchard End", {"deprivation_of_liberty": 3}, 430, 2, 110, "private", 2_100_000, 600_000),
    ("Pool Lane", {"open": 5}, 330, 2, 0, "local authority", 1_700_000, 850_000),
    ("Quay Cottage", {"open": 2}, 300, 1, 75, "voluntary", 700_000, 200_000),
    ("Redwell secure home", {"secure_welfare": 12, "secure_transition": 2}, 380, 2, 10, "local authority", 21_000_000, 6_000_000),
    ("Saltmarsh", {"open": 4}, 210, 1, 0, "local authority", 1_350_000, 600_000),
    ("Thornfield", {"deprivation_of_liberty": 2}, 90, 0, 0, "voluntary", 1_800_000, 400_000),
    ("Undercliff", {"open": 3}, 520, 1, 160, "private", 900_000, 300_000),
    ("Weir Bank", {"open": 4}, 45, 0, 0, "local authority", 1_300_000, 650_000),
)  # fmt: skip


def invented_projects(councils: Sequence[str], *, today: date) -> list[InventedProject]:
    """Return the projects, one council after another, with days counted back from today."""
    return [
        InventedProject(_row(number, home, councils[number % len(councils)], today), _lines(home, today))
        for number, home in enumerate(_HOMES)
    ]


def _row(number: int, home: tuple[Any, ...], council: str, today: date) -> dict[str, Any]:
    name, places, age, reached, late, sector, grant, match = home
    granted = today - timedelta(days=age)
    row: dict[str, Any] = {
        "project": f"CH-{number + 1:03d}", "name": name, "council": council, "sector": sector, "provider": _PROVIDERS[sector],
        "round": "Round 2" if age > 400 else "Round 3", "grant": grant * 100, "match": match * 100, "cost": round((grant + match) * 108),
        **{f"places_{kind}": count for kind, count in places.items()},
    }  # fmt: skip
    for place, milestone in enumerate(MILESTONES):
        planned = granted + timedelta(days=_PACE[place])
        row[f"{milestone}_planned"] = planned.isoformat()
        if place < reached:
            row[f"{milestone}_actual"] = min(
                planned + timedelta(days=round(late * (place + 1) / reached)), today
            ).isoformat()
        elif late and place == reached:
            row[f"{milestone}_expected"] = max(planned + timedelta(days=late), today + timedelta(days=20)).isoformat()
    return row


_PROVIDERS = {
    "local authority": "The council itself",
    "voluntary": "Hearthstone Children’s Trust",
    "private": "Tarn Lodge Care Ltd",
}


def _lines(home: tuple[Any, ...], today: date) -> list[tuple[str, dict[str, Any], str]]:
    return [
        (sort, {**said, "on": (today - timedelta(days=ago)).isoformat()}, reasons)
        for sort, ago, said, reasons in _STORIES.get(home[0], ())
    ]


def _met(barrier: str, ago: int, what: str) -> tuple[str, int, dict[str, Any], str]:
    return "barrier", ago, {"barrier": barrier, "what": what}, ""


def _money(source: str, status: str, pounds: int, ago: int, terms: str = "") -> tuple[str, int, dict[str, Any], str]:
    return "money", ago, {"source": source, "status": status, "amount": pounds * 100, "terms": terms}, ""


_STORIES: Mapping[str, Sequence[tuple[str, int, dict[str, Any], str]]] = {
    "Fieldhead": (
        _met("planning", 700, "The planning authority asked for a change of use"),
        ("overcome", 610, {"how": "Permission was given with conditions on parking"}, ""),
        _money("social investment", "drawn", 250_000, 500, "6.5% over ten years, secured on the house"),
    ),
    "Millrace": (_money("start-up grant", "drawn", 80_000, 300), _met("staff", 60, "The manager who was named has withdrawn")),
    "Orchard End": (
        _met("building", 120, "The contractor’s price rose by a third"), _money("bank", "refused", 400_000, 90, "No lease of ten years"),
        _money("social investment", "offered", 400_000, 40, "8% over seven years"),
    ),
    "Quay Cottage": (
        _met("location assessment", 150, "The assessment asked about a busy road and a licensed house"),
        _met("neighbours", 110, "Objections to the change of use; a hearing is set"),
    ),
    "Saltmarsh": (_met("property", 40, "The first house was sold to somebody else"), _money("council", "offered", 300_000, 30)),
    "Undercliff": (
        _met("planning", 380, "Permission was refused"), _money("social investment", "refused", 350_000, 200, "No council commits to buy places"),
        ("ended", 25, {"because": "planning"}, "Permission was refused, the appeal was lost, and the grant was given back"),
    ),
    "Redwell secure home": (_met("building", 200, "Ground works took longer than planned"),),
}  # fmt: skip
