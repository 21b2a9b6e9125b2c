"""The ground on which an invented council stands: real postcodes inside it, near it and far from it, and its settings."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence

from kinfold.synthetic.settings import Setting
from kinfold.synthetic.world import Spot
from kinfold.terms.places import DemoAuthority

METRES_A_MILE = 1609.3  # as the Department divides: sqrt(dE^2 + dN^2) / 1000 / 1.6093
FAR_MILES = 20.0


def miles(one: Spot, other: Spot) -> float:
    """Return the distance in miles, as the SSDA903 return works it out, before rounding."""
    return math.hypot(one.easting - other.easting, one.northing - other.northing) / METRES_A_MILE


class Ground:
    """Where one council's children and their placements can be. Everything is chosen from lists made once."""

    def __init__(
        self, council: DemoAuthority, inside: Sequence[Spot], outside: Sequence[Spot], settings: Sequence[Setting]
    ) -> None:
        self.council = council
        self.inside = list(inside)
        centre = _middle(self.inside)
        ranked = sorted(outside, key=lambda spot: miles(centre, spot))
        reach = max(miles(centre, spot) for spot in self.inside)
        near = [spot for spot in ranked if miles(centre, spot) < FAR_MILES + reach]
        self._near = near[:900] or ranked[:200]
        self._far = [spot for spot in ranked if FAR_MILES < miles(centre, spot) < 110] or ranked[-500:]
        self._settings: Mapping[str, list[Setting]] = {
            sort: [one for one in settings if one.sort == sort and miles(centre, one.spot) < 140]
            for sort in ("home", "secure", "supported", "fostering", "adoption")
        }
        self._of_provider: dict[tuple[str, str, bool | None], list[Setting]] = {}
        self._urns = {
            "own_fostering": self._own("fostering"),
            "adoption": self._own("adoption"),
            "school": self._any("home"),
            "family_centre": self._any("home"),
        }

    def _own(self, sort: str) -> str:
        mine = [one for one in self._settings[sort] if one.la_code == self.council.la_code and one.provider == "PR1"]
        return mine[0].urn if mine else "XXXXXXX"

    def _any(self, sort: str) -> str:
        return self._settings[sort][0].urn if self._settings[sort] else ""

    def urn_for(self, kind: str) -> str:
        """Return the URN that goes with a kind of placement that has one setting for all; empty where none is reported."""
        return self._urns.get(kind, "")

    def fostering(self, chance: random.Random, provider: str) -> str:
        """Return the URN of a fostering agency of a provider: the council's own for PR1."""
        if provider == "PR1":
            return self._urns["own_fostering"]
        agencies = self._choose("fostering", provider, None)
        return chance.choice(agencies).urn if agencies else "XXXXXXX"

    def home(self, chance: random.Random) -> Spot:
        """Return a place inside the council where a family lives."""
        return self.inside[int(chance.random() * len(self.inside))]

    def near(self, chance: random.Random, home: Spot, *, inside: bool) -> Spot:
        """Return a place within 20 miles of home, inside the council or outside as asked where there is one."""
        pool = self.inside if inside else self._near
        return self._first(chance, home, pool, far=False) or self._first(chance, home, self.inside, far=False) or home

    def far(self, chance: random.Random, home: Spot, *, inside: bool) -> Spot:
        """Return a place more than 20 miles from home, inside the council where it is wide enough."""
        found = self._first(chance, home, self.inside, far=True) if inside else None
        return found or self._first(chance, home, self._far, far=True) or self._far[-1]

    @staticmethod
    def _first(chance: random.Random, home: Spot, pool: Sequence[Spot], *, far: bool) -> Spot | None:
        for _ in range(12):
            spot = pool[int(chance.random() * len(pool))]
            # The rounded distance decides, so the margin keeps 20.0 and 20.04 on the right side.
            if (miles(home, spot) > FAR_MILES + 0.06) == far and spot.postcode != home.postcode:
                return spot
        return None

    def setting(
        self, chance: random.Random, kind: str, home: Spot, *, far: bool, provider: str, inside: bool
    ) -> Setting:
        """Return a setting of a kind near or far; one of the council's own, PR1, is always inside it."""
        where = None if kind == "secure" else True if provider == "PR1" else inside  # a secure home serves all councils
        pools = [(provider, where), (provider, None), ("", None)]
        for wanted, placed in pools:
            pool = self._choose(kind, wanted, placed)
            for _ in range(10 if pool else 0):
                one = pool[int(chance.random() * len(pool))]
                if (miles(home, one.spot) > FAR_MILES + 0.06) == far and one.spot.postcode != home.postcode:
                    return one
        return chance.choice(self._choose(kind, "", None))

    def _choose(self, sort: str, provider: str, inside: bool | None) -> list[Setting]:
        key = (sort, provider, inside)
        if key not in self._of_provider:
            code = self.council.la_code
            self._of_provider[key] = [
                one
                for one in self._settings[sort]
                if (one.provider == provider or (not provider and one.provider != "PR1") or sort == "secure")
                and (inside is None or (one.la_code == code) == inside)
                and (one.provider != "PR1" or one.la_code == code or sort == "secure")
            ]
        return self._of_provider[key]


def _middle(spots: Sequence[Spot]) -> Spot:
    count = len(spots)
    return Spot("", sum(s.easting for s in spots) / count, sum(s.northing for s in spots) / count, True)
