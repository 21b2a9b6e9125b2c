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


_COMPANY_SORTS = ("Care Limited", "Children's Services Limited", "Residential Limited")


def groups_of_companies(count: int) -> list[tuple[str, tuple[str, ...]]]:
    """Return `(group, its companies)`; the first tenth have three companies each, the rest one."""
    words = name_lists()["settings"]
    firms, beginnings = words["companies"], words["beginnings"]
    names = [*firms, *(f"{firm} {beginning}" for beginning in beginnings for firm in firms)]
    return [
        (f"{name} Group", tuple(f"{name} {sort}" for sort in _COMPANY_SORTS[: 3 if number < count // 10 else 1]))
        for number, name in enumerate(names[:count])
    ]


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
        market = calibration()["market"]
        self._groups = groups_of_companies(market["groups"])
        # The n-th group is as large as 1 / (n + flatness): the largest has some 100 homes, most have a handful.
        self._sizes = Weights({str(number): 1.0 / (number + market["flatness"]) for number in range(len(self._groups))})

    def _owner(self, provider: str, council: str) -> tuple[str, str]:
        """Return the company that runs a setting and the group it belongs to."""
        if provider == "PR1":
            return council, council
        group, companies = self._groups[int(self._sizes.choose(self._chance))]
        if provider == "PR5":
            trust = f"{group.removesuffix(' Group')} Trust"
            return trust, trust
        return self._chance.choice(companies), group

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
        owner, group = self._owner(provider, council)
        places = chance.choice((1, 2, 2, 3, 3, 4, 4, 5, 6)) if sort == "home" else 12
        label = name or f"{owner} {'Fostering' if sort == 'fostering' else 'Adoption'}"
        return Setting(urn, label, sort, provider, owner, group, codes, la_code, region, spot, places)
