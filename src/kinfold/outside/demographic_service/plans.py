"""
Plans: which searches are made in turn for one child.

`KINFOLD` stops at the first answer that our own model is sure of. The others are the five strategies of the Department's
pilot, which make every search and go by the service's score: they are here to be compared with.

Source of the pilot's rules: Department for Education, SUI_Matcher, search strategies 1 to 5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from kinfold.duties.arithmetic import add_months
from kinfold.outside.demographic_service.search import Asked, Search, prepared

# Half a year before and after the day of birth that we hold.
MONTHS_EITHER_SIDE = 6
_FIRST_LETTERS = 2
_LETTERS_OF_GIVEN = 3
_LAST_MONTH = 12


class _Parts:
    """The pieces of a search, by the letters under which the pilot writes its rules."""

    def __init__(self, asked: Asked, *, split_names: bool) -> None:
        known = prepared(asked, split_names=split_names)
        self.known = known
        self.given = tuple(known.given.split()) if split_names else tuple(filter(None, (known.given,)))
        self.day = (known.birth_date,) if known.birth_date else ()
        self.span = _span(known.birth_date)
        self.wild = f"{known.postcode[:_FIRST_LETTERS]}*" if len(known.postcode) > _FIRST_LETTERS else ""

    def search(self, letters: str, *, fuzzy: bool = False, exact: bool = False, history: bool = False) -> Search:
        """Return the search over the parts that `letters` name."""
        known = self.known
        return Search(
            given=self.given if "G" in letters else (),
            family=known.family if "F" in letters else "",
            born=self.day if "D" in letters else self.span if "R" in letters else (),
            gender=known.gender if "S" in letters else "",
            postcode=known.postcode if "P" in letters else self.wild if "W" in letters else "",
            email=known.email if "E" in letters else "",
            phone=known.phone if "T" in letters else "",
            fuzzy=fuzzy,
            exact=exact,
            history=history,
        )


def _span(born: date | None) -> tuple[date, ...]:
    return (add_months(born, -MONTHS_EITHER_SIDE), add_months(born, MONTHS_EITHER_SIDE)) if born else ()


Rule = Callable[[_Parts], Search | None]


def _rule(letters: str, how: str) -> Rule:
    """Return the rule that asks for the parts `letters`, `how` being "fuzzy", "exact" or "history" (not fuzzy)."""
    return lambda parts: parts.search(letters, fuzzy=how == "fuzzy", exact=how == "exact", history=how == "history")


def _other_day(parts: _Parts) -> Search | None:
    """Return a fuzzy search by the day of birth with day and month exchanged, where that is a day."""
    born = parts.known.birth_date
    if born is None or born.day > _LAST_MONTH or born.day == born.month:
        return None
    parts.day = (born.replace(month=born.day, day=born.month),)
    return parts.search("GFDSPET", fuzzy=True)


def _beginnings(parts: _Parts) -> Search | None:
    """
    Return the search that the service recommends to applications without a user at the screen.

    Not fuzzy, with the first three letters of the given name, the postcode's first two, and history.
    """
    first = parts.given[0] if parts.given else ""
    if len(first) < _LETTERS_OF_GIVEN:
        return None
    parts.given = (f"{first[:_LETTERS_OF_GIVEN]}*",)
    return parts.search("GFDW", history=True)


RULES: dict[str, Rule] = {
    "ExactGFD": _rule("GFD", "exact"), "ExactAll": _rule("GFDSPET", "exact"),
    "NonFuzzyGFD": _rule("GFD", "history"), "NonFuzzyGFDPostcode": _rule("GFDP", "history"),
    "NonFuzzyGFDRange": _rule("GFR", "history"), "NonFuzzyGFDRangePostcode": _rule("GFRP", "history"),
    "NonFuzzyGFDRangePostcodeWildcard": _rule("GFRW", "history"),
    "NonFuzzyAll": _rule("GFDSPET", "history"), "NonFuzzyAllPostcodeWildcard": _rule("GFDSWET", "history"),
    "FuzzyGFD": _rule("GFD", "fuzzy"), "FuzzyAll": _rule("GFDSPET", "fuzzy"), "FuzzyGFDRange": _rule("GFR", "fuzzy"),
    "FuzzyGFDRangePostcode": _rule("GFRP", "fuzzy"), "FuzzyGFDRangePostcodeWildcard": _rule("GFRW", "fuzzy"),
    "FuzzyFDRangeGPostcode": _rule("FRSP", "fuzzy"), "FuzzyFDRangePostcode": _rule("FRP", "fuzzy"),
    "FuzzyFDGenderPostcode": _rule("FDSP", "fuzzy"), "FuzzyGDGenderPostcode": _rule("GDSP", "fuzzy"),
    "FuzzyAltDob": _other_day, "Beginnings": _beginnings,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """
    Searches in turn. With `stops_when_sure` the plan ends at the first answer that is certain, and searches that the
    service would refuse, or that were made before, are left out. `by_their_score` goes by the service's own score.
    """

    name: str
    rules: tuple[str, ...]
    words: str
    stops_when_sure: bool = False
    by_their_score: bool = True
    split_names: bool = True

    def searches(self, asked: Asked) -> Iterator[tuple[str, Search]]:
        """Yield (rule, search) in order."""
        made: set[Search] = set()
        for name in self.rules:
            search = RULES[name](_Parts(asked, split_names=self.split_names))
            if search is None or (self.stops_when_sure and (search.refusal or search in made)):
                continue
            made.add(search)
            yield name, search


KINFOLD = Plan(
    "kinfold",
    ("NonFuzzyGFD", "FuzzyGFD", "FuzzyAll", "FuzzyFDGenderPostcode",
     "NonFuzzyGFDRangePostcode", "FuzzyAltDob"),
    "Stops as soon as our own model is sure, and never asks what the service would refuse",
    stops_when_sure=True,
    by_their_score=False,
)  # fmt: skip
_PILOT: dict[str, tuple[tuple[str, ...], bool]] = {
    "strategy1": (("ExactGFD", "ExactAll", "FuzzyGFD", "FuzzyAll", "FuzzyGFDRange", "FuzzyAltDob"), False),
    "strategy2": (("NonFuzzyGFD", "NonFuzzyGFDRange", "NonFuzzyAllPostcodeWildcard", "NonFuzzyAll", "FuzzyGFD",
                   "FuzzyGFDRangePostcodeWildcard", "FuzzyGFDRangePostcode", "FuzzyAll", "FuzzyAltDob"), False),
    "strategy3": (("NonFuzzyGFD", "FuzzyGFD", "FuzzyAll", "NonFuzzyGFDRange", "NonFuzzyGFDRangePostcode",
                   "FuzzyGFDRange", "FuzzyGFDRangePostcode"), False),
    "strategy4": (("NonFuzzyGFD", "FuzzyGFD", "FuzzyAll", "NonFuzzyGFDRangePostcode", "FuzzyGFDRangePostcode"), True),
    "strategy5": (("NonFuzzyGFD", "FuzzyGFD", "FuzzyFDRangeGPostcode", "FuzzyFDRangePostcode", "FuzzyAll",
                   "NonFuzzyGFDRangePostcode", "FuzzyGFDRangePostcode"), True),
}  # fmt: skip
PLANS: dict[str, Plan] = {
    "kinfold": KINFOLD,
    **{
        name: Plan(name, rules, f"The pilot's strategy {name[-1]}", split_names=split)
        for name, (rules, split) in _PILOT.items()
    },
}
