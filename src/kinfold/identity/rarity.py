"""How unusual a name is in one register: two strangers seldom share an unusual one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kinfold.identity.names import known_given_names

# A name is in the first band if at least this share of the register has it, and so on; the last band is the rest.
BAND_SHARES = (1e-2, 3e-3, 1e-3, 3e-4, 3e-5)
# A register of fewer says no more of how common a name is than one of so many would.
SMALLEST = 2_000
COMMONEST, RAREST = 0, len(BAND_SHARES)
# So many others of a register who have both names of somebody: at least this many for the last band, and so on down.
NAMESAKES = (1, 3, 10, 30, 100, 300)
# From this share, and this number of people, on, a spelling is a name of its own and no slip of the pen.
ESTABLISHED_SHARE, ESTABLISHED_COUNT = 2e-5, 4


@dataclass(slots=True)
class Rarity:
    """
    How many people of a register, of `size` in all, have each given and each family name.

    `both` is how many have a given name with a family name, where that has been counted.
    """

    size: int = 0
    given: Mapping[str, int] = field(default_factory=dict)
    family: Mapping[str, int] = field(default_factory=dict)
    both: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def given_band(self, text: str) -> int:
        """Return 0 (common) to 5 (rare) for a given name."""
        return band_of(self.given.get(text, 0), self.size)

    def family_band(self, text: str) -> int:
        """Return 0 (common) to 5 (rare) for a family name."""
        return band_of(self.family.get(text, 0), self.size)

    def namesakes(self, given: str, family: str) -> int:
        """Return the band of how many have both names, from 1 (one person) to 7 (hundreds); 0 where it is not counted."""
        count = self.both.get((given, family), 0)
        return namesakes_band(count) if count else 0

    def is_established(self, text: str) -> bool:
        """Return whether a given name, as spelled, is a name that many have."""
        least = max(ESTABLISHED_COUNT, ESTABLISHED_SHARE * self.size)
        return text in known_given_names() or self.given.get(text, 0) >= least


def band_of(count: int, size: int) -> int:
    """
    Return the band of a name that `count` of `size` people have, from 0 (common) to 5 (rare).

    One is taken off the count: a name that one person has may be unique, or 1 in a million, whatever the register.
    """
    share = (count - 1) / max(size, SMALLEST)
    for band, least in enumerate(BAND_SHARES):
        if share >= least:
            return band
    return RAREST


def namesakes_band(count: int) -> int:
    """Return 1 where `count` people, one of them meant, have two names, to 7 where hundreds have; the one is taken off."""
    return 1 + bisect_right(NAMESAKES, count - 1)


def counted(names: Iterable[str]) -> dict[str, int]:
    """Return how often each name occurs."""
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return counts
