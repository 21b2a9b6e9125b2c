"""Invented applications to register for demonstrations and tests: at every stage, on both routes; nobody real applies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_NEEDED = {"planning": "granted", "location_assessment": "suitable", "manager": True, "money": True}
_PLAIN = {
    "provider_sort": "company",
    "need": "care",
    "commissioned": False,
    "area_short": False,
    "capital_grant": False,
}


@dataclass(frozen=True, slots=True)
class InventedApplication:
    """An application: what it says, how many days ago it was received, and how far it has come."""

    name: str
    provider: str
    places: int
    ago: int
    facts: Mapping[str, Any]
    reached: str
    departure: str = ""


def invented_applications() -> Sequence[InventedApplication]:
    """Return the applications; `reached` is the last state that people have brought each to."""
    return (
        InventedApplication("Thornfield", "Hearthstone Children’s Trust", 2, 30,
                            {**_PLAIN, **_NEEDED, "provider_sort": "charity", "need": "deprivation of liberty", "area_short": True, "capital_grant": True}, "visits"),
        InventedApplication("Pool Lane", "The council itself", 5, 12, {**_PLAIN, **_NEEDED, "provider_sort": "council", "capital_grant": True}, "fast track"),
        InventedApplication("Alder Mews", "Tarn Lodge Care Ltd", 4, 70, {**_PLAIN, **_NEEDED}, "standard"),
        InventedApplication("Birch Rise", "Fell Side Homes Ltd", 3, 95, {**_PLAIN, **_NEEDED, "need": "complex health"}, "notice of proposal"),
        InventedApplication("Cedar Yard", "Moor Edge Care Ltd", 3, 6,
                            {**_PLAIN, **_NEEDED, "need": "step-down from secure", "area_short": True, "planning": "applied"}, "complete"),
        InventedApplication("Dove Cottage", "Open Door Homes CIC", 2, 2, {"provider_sort": "not for profit", "need": "care"}, "submitted"),
        InventedApplication("Elm Terrace", "Beacon Youth Ltd", 6, 20, {"provider_sort": "company", "need": "care", "planning": "not applied"}, "sent back"),
        InventedApplication("Fern Bank", "Hearthstone Children’s Trust", 3, 75, {**_PLAIN, **_NEEDED, "provider_sort": "charity", "commissioned": True}, "registered"),
        InventedApplication("Garth End", "Tarn Lodge Care Ltd", 4, 190, {**_PLAIN, **_NEEDED}, "registered"),
        InventedApplication("Hazel Court", "Fell Side Homes Ltd", 4, 60, {**_PLAIN, **_NEEDED, "need": "complex health"}, "fast track",
                            departure="Two children wait in hospital for these very places; the councils concerned have written so"),
    )  # fmt: skip
