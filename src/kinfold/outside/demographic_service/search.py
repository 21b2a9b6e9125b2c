"""One question to the service: what is asked about, how it is asked, and whether the service would refuse it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

LONGEST_NAME = 35
# A wildcard may not stand in the first two characters.
FEWEST_BEFORE_WILDCARD = 2
GENDERS = ("male", "female", "other", "unknown")
_SEXES = {"1": "male", "M": "male", "2": "female", "F": "female", "MALE": "male", "FEMALE": "female"}
_BRACKETED = re.compile(r"\s*\(.*?\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What we hold of a child and may ask about. Texts are "" where we hold nothing."""

    given: str = ""
    family: str = ""
    birth_date: date | None = None
    gender: str = ""
    postcode: str = ""
    email: str = ""
    phone: str = ""
    nhs_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """
    One search. `born` has one day, or the first and the last of a range; `fuzzy` also finds names that sound alike.

    `exact` asks for nothing but full agreement; `history` looks at former names and homes as well.
    """

    given: tuple[str, ...] = ()
    family: str = ""
    born: tuple[date, ...] = ()
    gender: str = ""
    postcode: str = ""
    email: str = ""
    phone: str = ""
    fuzzy: bool = False
    exact: bool = False
    history: bool = False

    def parameters(self) -> list[tuple[str, str]]:
        """Return the parameters in the service's order and spelling."""
        pairs = [(f"_{name}", "true") for name, said in self._switches() if said]
        pairs.append(("family", self.family))
        pairs += [("given", name) for name in self.given]
        pairs.append(("gender", self.gender))
        if len(self.born) == 1:
            pairs.append(("birthdate", f"eq{self.born[0].isoformat()}"))
        elif self.born:
            pairs += [("birthdate", f"ge{self.born[0].isoformat()}"), ("birthdate", f"le{self.born[1].isoformat()}")]
        pairs += [("address-postalcode", self.postcode), ("email", self.email), ("phone", self.phone)]
        return [(name, value) for name, value in pairs if value]

    def _switches(self) -> tuple[tuple[str, bool], ...]:
        return (("fuzzy-match", self.fuzzy), ("exact-match", self.exact), ("history", self.history))

    @property
    def refusal(self) -> str:
        """Return in words why the service would refuse this search; "" if it would carry it out."""
        if not self.born:
            return "A search needs a date of birth."
        if any(len(name) > LONGEST_NAME for name in (self.family, *self.given)):
            return f"A name in a search has at most {LONGEST_NAME} characters."
        texts = (self.family, *self.given, self.postcode)
        if self.fuzzy:
            return self._fuzzy_refusal(texts)
        if not self.family:
            return "A search that is not fuzzy needs a family name."
        if any("*" in text[:FEWEST_BEFORE_WILDCARD] for text in texts):
            return "A wildcard stands after at least two characters."
        return ""

    def _fuzzy_refusal(self, texts: tuple[str, ...]) -> str:
        if any("*" in text for text in texts):
            return "A fuzzy search takes no wildcard."
        given, family = bool(self.given), bool(self.family)
        elsewhere = bool(self.gender and self.postcode)
        if (given and family) or (elsewhere and (given or family)):
            return ""
        return "A fuzzy search needs both names, or one of them with gender and postcode, and a date of birth."


def prepared(asked: Asked, *, split_names: bool = True) -> Asked:
    """
    Return `asked` as the service takes it: a gender by its word, a postcode in upper case, names without brackets.

    What cannot be asked about (a gender that is not one of theirs) is left out.
    """
    family = _BRACKETED.sub("", asked.family) if split_names else asked.family
    gender = asked.gender.strip()
    gender = _SEXES.get(gender.upper(), gender.lower())
    return replace(
        asked,
        given=" ".join(asked.given.split()),
        family=" ".join(family.split()),
        gender=gender if gender in GENDERS else "",
        postcode=" ".join(asked.postcode.upper().split()),
        email=asked.email.strip(),
        phone="".join(asked.phone.split()),
    )
