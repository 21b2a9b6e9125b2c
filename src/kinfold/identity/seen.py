"""What a comparison sees of a person: the particulars, taken apart into the fields that the questions name."""

from __future__ import annotations

from functools import lru_cache

from kinfold.identity.names import Name
from kinfold.identity.normalise import FOREIGN, Particulars, outward_of, postcode_text, sector_of
from kinfold.identity.rarity import Rarity


class Seen:
    """
    A person as a comparison sees them. Texts are "" and numbers 0 where nothing is known.

    A plain class with slots: a look-up makes one for every candidate, and this is what that costs least with.
    """

    __slots__ = (
        "address",
        "born",
        "born_month_day",
        "born_swapped",
        "born_year",
        "born_year_month",
        "family",
        "family_band",
        "family_name",
        "foreign",
        "given",
        "given_band",
        "given_known",
        "given_name",
        "january",
        "middle",
        "middles",
        "namesakes",
        "nhs",
        "outward",
        "postcode",
        "previous",
        "sector",
        "sex",
        "whole_day",
    )

    def __init__(
        self,
        given: Name,
        given_band: int,
        given_known: int,
        middles: tuple[Name, ...],
        family: Name,
        family_band: int,
        born: str,
        sex: int,
        postcode: int,
        previous: int,
        nhs: int,
        address: int,
        namesakes: int = 0,
    ) -> None:
        self.given = given.text
        self.given_name = given
        self.given_band = given_band
        self.given_known = given_known
        self.middle = middles[0].text if middles else ""
        self.middles = frozenset([name.text for name in middles]) if middles else _NO_NAMES
        self.family = family.text
        self.family_name = family
        self.family_band = family_band
        self.born = born
        parts = day_parts(born)
        self.born_year, self.born_month_day, self.born_year_month, self.born_swapped, self.january, self.whole_day = (
            parts
        )
        self.sex = sex
        self.postcode = postcode
        self.foreign = int(postcode >= FOREIGN)
        self.previous = previous
        self.sector = sector_of(postcode)
        self.outward = outward_of(postcode)
        self.nhs = nhs
        self.address = address
        self.namesakes = namesakes

    # How names sound and what they are forms of is asked only where they differ.
    @property
    def given_sound(self) -> str:
        """How the given name sounds."""
        return self.given_name.sound

    @property
    def given_roots(self) -> frozenset[str]:
        """The names that the given name is a form of, itself included."""
        return self.given_name.roots

    @property
    def family_sound(self) -> str:
        """How the family name sounds."""
        return self.family_name.sound

    @property
    def family_parts(self) -> frozenset[str]:
        """The family name and the halves of a double-barrelled one."""
        return self.family_name.parts

    @property
    def given_rest(self) -> str:
        """What follows the initial of the given name."""
        return self.given[1:]

    @property
    def middle_initial(self) -> str:
        """The initial of the first middle name."""
        return self.middle[:1]

    @property
    def middle_rest(self) -> str:
        """What follows it."""
        return self.middle[1:]

    @property
    def postcode_text(self) -> str:
        """The postcode's characters without a space."""
        return postcode_text(self.postcode)

    @property
    def nhs_text(self) -> str:
        """The NHS number's ten digits, or nothing."""
        return f"{self.nhs:010d}" if self.nhs else ""


_NO_NAMES: frozenset[str] = frozenset()


@lru_cache(maxsize=131_072)
def day_parts(born: str) -> tuple[str, str, str, str, int, int]:
    """Return a day's year, month with day, year with month, the day with those exchanged, 1 if 1 January, 1 if whole."""
    month_day = born[4:] if born[4:] != "0000" else ""
    return (
        born[:4],
        month_day,
        born[:6] if month_day else "",
        swapped_day(born),
        int(month_day == "0101"),
        int(month_day[:2] > "00" and month_day[2:] > "00"),
    )


def swapped_day(born: str) -> str:
    """Return the digits of a day with day and month exchanged, or "" where that is no other day."""
    month, day = born[4:6], born[6:8]
    return f"{born[:4]}{day}{month}" if "00" < day <= "12" and day != month and month != "00" else ""


def seen(person: Particulars, rarity: Rarity) -> Seen:
    """Return a person as comparisons see them, with names as rare as they are in `rarity`'s register."""
    given, family = person.given, person.family
    return Seen(
        given,
        rarity.given_band(given.text),
        int(rarity.is_established(given.text)),
        person.middles,
        family,
        rarity.family_band(family.text),
        person.born,
        person.sex,
        person.postcode,
        person.previous,
        person.nhs,
        person.address,
        rarity.namesakes(given.text, family.text),
    )
