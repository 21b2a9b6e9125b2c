"""
How many places are free, as providers have said it: what is new enough to go by, and how old that is.

What a provider says of a home is used in place of an assumed occupancy, on both sides: whoever stays has so many places free, and
whoever leaves has so few children to place. What is older than the policy pack allows is not used, and is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Said:
    """How many places of a home are free, and the day on which its provider said so."""

    urn: str
    places: int
    on: date


@dataclass(frozen=True, slots=True)
class Vacancies:
    """What providers have said, by home: what is used, and how many homes' word is too old. `allowed` is the pack's limit in days."""

    used: Mapping[str, Said]
    too_old: int
    allowed: int
    today: date

    @classmethod
    def of(cls, said: Iterable[Said], *, today: date, allowed: int) -> Vacancies:
        """Return what is used of what was said; the last word on each home counts."""
        last: dict[str, Said] = {}
        for one in said:
            if one.urn not in last or one.on >= last[one.urn].on:
                last[one.urn] = one
        used = {urn: one for urn, one in last.items() if (today - one.on).days <= allowed}
        return cls(used, len(last) - len(used), allowed, today)

    def free(self, urns: Iterable[str]) -> dict[str, int]:
        """Return how many places of some homes are free, those alone of which it was said."""
        return {urn: self.used[urn].places for urn in urns if urn in self.used}

    def words(self, leaving: Iterable[str], staying: Iterable[str]) -> dict[str, Any]:
        """Return what a simulation rests on: homes said on either side, places free, and how old that is, in days."""
        ours, theirs = self.free(leaving), self.free(staying)
        ages = sorted((self.today - self.used[urn].on).days for urn in (*ours, *theirs))
        return {
            "homes_leaving": len(ours), "homes_staying": len(theirs), "places_free": sum(theirs.values()), "too_old": self.too_old,
            "allowed_days": self.allowed, "newest_days": ages[0] if ages else None, "middle_days": ages[len(ages) // 2] if ages else None,
            "oldest_days": ages[-1] if ages else None,
        }  # fmt: skip
