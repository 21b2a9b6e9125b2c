"""Which column of a file of people is which: the headings that Kinfold reads, whatever they are called there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kinfold.terms.errors import InputError

REQUIRED = ("unique_id",)
# With none of these nobody can be told from anybody.
TELLING = ("given", "family", "dob", "nhs")
# Each column that is read, and what else councils, schools and health call it. Capitals, spaces, hyphens and
# underscores make no difference, so "Date of birth" stands here as date_of_birth. A number of a person that is called
# something else than unique_id is never guessed: a file may hold several, and answers are given by this one.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "unique_id": (),
    "given": ("given_name", "given_names", "forename", "forenames", "first_name", "first_names"),
    "middle": ("middle_name", "middle_names"),
    "family": ("family_name", "surname", "last_name"),
    "dob": ("date_of_birth", "birth_date"),
    "sex": (),
    "postcode": ("home_postcode", "current_postcode"),
    "address": ("home_address",),
    "postcode_prev": ("previous_postcode", "postcode_previous", "prev_postcode"),
    "nhs": ("nhs_number", "nhs_no"),
}
# Read in the place of a column that is not there. Gender is not sex, so a file that has both is sound.
STAND_INS: Mapping[str, tuple[str, ...]] = {"sex": ("gender",)}
_NAMED = 20


@dataclass(frozen=True, slots=True)
class Headings:
    """Where each column stands in a file, which were read under another heading, and which are not read."""

    places: Mapping[str, int]
    read_as: Mapping[str, str] = field(default_factory=dict)
    not_read: Sequence[str] = ()

    @property
    def enough(self) -> bool:
        """Say whether people can be told apart by these columns and answers be given about them."""
        return set(REQUIRED) <= self.places.keys() and bool(set(TELLING) & self.places.keys())


def headings_of(raw: Sequence[str], *, file: str) -> Headings:
    """
    Return which of a file's headings is read as which column.

    Raises InputError, naming the file and the headings, where two of them mean one column.
    """
    names = [_clean(name) for name in raw]
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        column = _COLUMN_OF.get(_key(name))
        if column in places:
            raise InputError(_twice(names[places[column]], name, column, file))
        if column:
            places[column] = place
    for column, others in STAND_INS.items():
        keys = {_key(other) for other in others}
        standing_in = [place for place, name in enumerate(names) if _key(name) in keys]
        if column not in places and standing_in:
            places[column] = standing_in[0]
    read = set(places.values())
    return Headings(
        {column: places[column] for column in COLUMNS if column in places},
        {names[place]: column for column, place in places.items() if names[place].lower() != column},
        [name or "(no heading)" for place, name in enumerate(names) if place not in read],
    )


def known(raw: Sequence[str]) -> int:
    """Return how many of a file's headings are of columns that Kinfold reads."""
    return sum(_key(_clean(name)) in _COLUMN_OF for name in raw)


def too_little(raw: Sequence[str], *, file: str) -> InputError:
    """Return the refusal of a file whose headings do not tell people apart."""
    found = ", ".join(_clean(name) or "(no heading)" for name in raw[:_NAMED]) or "no columns"
    alone = " If it has several, their separator is the matter: fields must be separated by commas, semicolons or tabs."
    return InputError(
        f"{file}: there must be a column unique_id, and at least one of {', '.join(TELLING)}. Found: {found}."
        f"{alone if len(raw) == 1 else ''}"
    )


def _twice(first: str, second: str, column: str, file: str) -> str:
    if first.lower() == second.lower():
        return f"{file}: the heading {first} is there twice. Keep one, or give the other column another name."
    return f"{file}: the headings {first} and {second} both mean {column}. Keep one, or give the other column another name."


def _clean(name: str) -> str:
    return re.sub(r'[\x00-\x1f"\ufeff]', " ", name).strip()


def _key(name: str) -> str:
    return re.sub(r"[\s_.-]+", "", name).lower()


_COLUMN_OF = {_key(name): column for column, others in COLUMNS.items() for name in (column, *others)}
