"""
Settings: children's homes with their companies, fostering and adoption agencies, all invented.

The unique reference numbers run from SC90000 to SC99999: seven characters, as the SSDA903 return has them, in a range
that Ofsted has not given out (its own numbers of that form begin SC0 or SC4 and have six digits), so that no invented
fact can be taken for a real setting's.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from kinfold.synthetic.calibration import calibration, name_lists
from kinfold.synthetic.chance import Weights
from kinfold.synthetic.world import Spot

FIRST_URN = 90000


@dataclass(slots=True, frozen=True)
class Setting:
    """A registered setting. `codes` are the SSDA903 placement codes it may take, `provider` the PR code."""

    urn: str
    name: str
    sort: str  # home, secure, fostering, supported, adoption
    provider: str
    owner: str
    group: str
    codes: str
    la_code: str
    region: str
    spot: Spot
    places: int


def companies(chance: random.Random, count: int) -> list[tuple[str, str]]:
    """Return `(company, group)` pairs; several companies may belong to one group, and the first groups are the largest."""
    firms = name_lists()["settings"]["companies"]
    groups = [f"{firms[i % len(firms)]} {'Group' if i < len(firms) else 'Holdings'}" for i in range(count)]
    pairs = []
    for position, group in enumerate(groups):
        for part in range(3 if position < count // 6 else 1):
            suffix = ("Care Limited", "Children's Services Limited", "Residential Limited")[part]
            pairs.append(
                (f"{group.rsplit(' ', 1)[0]} {suffix}" + (" (Invented)" if position >= len(firms) else ""), group)
            )
    chance.shuffle(pairs)
    return pairs


def provider_of_home(chance: random.Random) -> str:
    """Return PR4, PR5 or PR1: private, voluntary or the council's own, by the shares of the register."""
    market = calibration()["market"]
    drawn = chance.random()
    if drawn < market["private"]:
        return "PR4"
    return "PR5" if drawn < market["private"] + market["voluntary"] else "PR1"


class Register:
    """Gives out the settings' numbers and names, one after another."""

    def __init__(self, chance: random.Random, first: int = FIRST_URN) -> None:
        self._chance = chance
        self._next = first
        self._companies = companies(chance, calibration()["market"]["groups"])
        largest = calibration()["market"]["largest_group_share"]
        ranks = {str(i): 1.0 / (i + 3) for i in range(len(self._companies))}
        ranks["0"] = largest / (1 - largest) * sum(list(ranks.values())[1:])
        self._owners = Weights(ranks)

    def register(
        self, sort: str, *, provider: str, codes: str, la_code: str, region: str, council: str, spot: Spot
    ) -> Setting:
        """Return a new setting at `spot`; the council owns it when the provider is PR1."""
        urn = f"SC{self._next:05d}"
        self._next += 1
        chance, words = self._chance, name_lists()["settings"]
        name = (
            f"{chance.choice(words['beginnings'])} {chance.choice(words['endings'])}"
            if sort in ("home", "secure", "supported")
            else ""
        )
        owner, group = (council, council) if provider == "PR1" else self._companies[int(self._owners.choose(chance))]
        if provider == "PR5":
            owner = group = f"{owner.split()[0]} Trust"
        places = chance.choice((1, 2, 2, 3, 3, 4, 4, 5, 6)) if sort == "home" else 12
        label = name or f"{owner} {'Fostering' if sort == 'fostering' else 'Adoption'}"
        return Setting(urn, label, sort, provider, owner, group, codes, la_code, region, spot, places)
