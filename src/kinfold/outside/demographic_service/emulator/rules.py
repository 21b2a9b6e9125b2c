"""
What a search may ask, and the words in which the service refuses the rest.

Written from the published contract, apart from the client's own check of a search: a test holds the two alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kinfold.outside.demographic_service.search import GENDERS, LONGEST_NAME

KNOWN = frozenset({
    "_fuzzy-match", "_exact-match", "_history", "_max-results", "family", "given", "gender", "birthdate", "death-date",
    "general-practitioner", "address-postalcode", "address-postcode", "email", "phone",
})  # fmt: skip
_SWITCHES = ("_fuzzy-match", "_exact-match", "_history")
_PREFIXES = ("eq", "ge", "le")
MOST_RESULTS = 50
TOO_LITTLE = "No searches were performed as the search criteria did not meet the minimum requirements"
NOT_FUZZY_ENOUGH = "A fuzzy search was requested however the data given did not meet the fuzzy search criteria"


@dataclass(frozen=True, slots=True)
class Problem(Exception):
    """Why a request is refused: HTTP status, the service's word, the FHIR issue code and what was wrong."""

    status: int
    code: str
    issue: str
    diagnostics: str


def invalid(value: str, name: str, *, status: int = 400) -> Problem:
    """Return the problem of a value that cannot be."""
    return Problem(status, "INVALID_VALUE", "value", f"Invalid value - '{value}' in field '{name}'")


def missing(name: str) -> Problem:
    """Return the problem of a value that must be there."""
    return Problem(400, "MISSING_VALUE", "required", f"Missing value - '{name}'")


def _too_little(words: str) -> Problem:
    return Problem(400, "INVALID_SEARCH_DATA", "value", words)


@dataclass(frozen=True, slots=True)
class Question:
    """A search that the service carries out. `first` and `last` are the days between which the person was born."""

    given: tuple[str, ...]
    family: str
    first: date
    last: date
    gender: str
    postcode: str
    email: str
    phone: str
    death_date: str
    practice: str
    fuzzy: bool
    exact: bool
    history: bool
    most: int


def question(pairs: Sequence[tuple[str, str]], *, most_allowed: int) -> Question:
    """
    Return the search that these parameters ask for; raises Problem where the service refuses.

    `most_allowed` is 1 for an application without a user at the screen, 50 with one.
    """
    if not pairs:
        raise Problem(400, "UNSUPPORTED_SERVICE", "processing", "The request has no search parameters")
    for name, _ in pairs:
        if name not in KNOWN:
            words = f"Additional properties are not allowed ('{name}' was unexpected)"
            raise Problem(400, "ADDITIONAL_PROPERTIES", "invariant", words)
    said: dict[str, list[str]] = {}
    for name, value in pairs:
        said.setdefault(name, []).append(value)
    if "address-postalcode" in said and "address-postcode" in said:
        raise _too_little(TOO_LITTLE)
    one = {name: values[0] for name, values in said.items()}
    switches = [_switch(one, name) for name in _SWITCHES]
    first, last = _born(said.get("birthdate", []))
    found = Question(
        given=tuple(said.get("given", ())),
        family=one.get("family", ""),
        first=first,
        last=last,
        gender=_gender(one),
        postcode=(one.get("address-postalcode") or one.get("address-postcode") or "").replace(" ", "").upper(),
        email=one.get("email", ""),
        phone=one.get("phone", ""),
        death_date=one.get("death-date", ""),
        practice=one.get("general-practitioner", ""),
        fuzzy=switches[0],
        exact=switches[1],
        history=switches[2],
        most=_most(one, most_allowed),
    )
    _names(found)
    (_enough_for_fuzzy if found.fuzzy else _enough)(found)
    return found


def _switch(one: Mapping[str, str], name: str) -> bool:
    value = one.get(name, "false")
    if value.lower() not in ("true", "false"):
        raise invalid(value, name)
    return value.lower() == "true"


def _most(one: Mapping[str, str], most_allowed: int) -> int:
    value = one.get("_max-results", str(most_allowed))
    if not value.isdigit() or not 1 <= int(value) <= MOST_RESULTS:
        raise invalid(value, "_max-results")
    if int(value) > most_allowed:
        raise invalid(value, "_max-results", status=403)
    return int(value)


def _gender(one: Mapping[str, str]) -> str:
    value = one.get("gender", "")
    if value and value not in GENDERS:
        raise invalid(value, "gender")
    return value


def _born(values: Sequence[str]) -> tuple[date, date]:
    if not values:
        raise missing("birth_date/birth_date_range_start/birth_date_range_end")
    first, last = date.min, date.max
    for value in values:
        prefix, text = (value[:2], value[2:]) if value[:2] in _PREFIXES else ("eq", value)
        day = _day(text, value)
        first = max(first, day) if prefix in ("eq", "ge") else first
        last = min(last, day) if prefix in ("eq", "le") else last
    return first, last


def _day(text: str, value: str) -> date:
    # `fromisoformat` also takes 19570723, which the service does not
    if len(text) != len("2008-09-20"):
        raise invalid(value, "birthdate")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise invalid(value, "birthdate") from None


def _names(asked: Question) -> None:
    named = [("family", asked.family), *(("given", name) for name in asked.given)]
    for field, text in named:
        if len(text) > LONGEST_NAME:
            raise invalid(text, field)
    for field, text in (*named, ("address-postalcode", asked.postcode)):
        if "*" in text[:2] and not asked.fuzzy:
            raise invalid(text, field)


def _enough(asked: Question) -> None:
    if not asked.family:
        raise _too_little(TOO_LITTLE)


def _enough_for_fuzzy(asked: Question) -> None:
    texts = (asked.family, *asked.given, asked.postcode)
    both_names = bool(asked.given and asked.family)
    one_name = bool((asked.given or asked.family) and asked.gender and asked.postcode)
    if any("*" in text for text in texts) or not (both_names or one_name):
        raise _too_little(NOT_FUZZY_ENOUGH)
