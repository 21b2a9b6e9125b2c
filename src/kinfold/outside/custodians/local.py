"""An organisation's own system: whom it knows, how it knows them again, and when it is down."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kinfold.terms.errors import KinfoldError

Json = dict[str, Any]


class Down(KinfoldError):
    """The system is down: it can say neither what it holds nor that it holds nothing."""


@dataclass(frozen=True, slots=True)
class Known:
    """A child as this system knows them: names as it spelled them, and the numbers that it happens to have."""

    given: str
    family: str
    birth_date: str
    postcode: str = ""
    nhs_number: str = ""
    upn: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of the system: its own number, its sort, whom it is about, and what it says in the published form."""

    number: str
    record_type: str
    about: Known
    payload: Mapping[str, Any]


@dataclass(slots=True)
class Knobs:
    """What can be made to go wrong: down, silent, or sending what is not of the published form."""

    down: bool = False
    silent: bool = False
    wrong_form: bool = False


@dataclass(slots=True)
class LocalSystem:
    """
    An organisation's system. `number` is the number it asks for first ("nhs_number", "upn" or "" for none).

    `down_hours` are hours of the day (0 to 23) in which it is down for its own work.
    """

    code: str
    name: str
    sort: str
    system: str
    record_types: Sequence[str]
    number: str = ""
    down_hours: frozenset[int] = frozenset()
    entries: list[Entry] = field(default_factory=list)
    knobs: Knobs = field(default_factory=Knobs)

    def search(self, person: Mapping[str, Any], record_types: Iterable[str], *, hour: int) -> list[dict[str, str]]:
        """Return the records held about a person, by sort, system and number. Raises Down while it is down."""
        self._look(hour)
        wanted = set(record_types)
        return [
            {"record_type": entry.record_type, "system": self.system, "record": entry.number}
            for entry in self.entries
            if entry.record_type in wanted and self.knows_again(entry.about, person)
        ]

    def give(self, number: str, person: Mapping[str, Any], *, hour: int) -> Mapping[str, Any] | None:
        """Return a record by its number, if it is still about this person. Raises Down while it is down."""
        self._look(hour)
        found = next((entry for entry in self.entries if entry.number == number), None)
        if found is None or not self.knows_again(found.about, person):
            return None
        return {**found.payload, "severity": "high"} if self.knobs.wrong_form else found.payload

    def knows_again(self, known: Known, person: Mapping[str, Any]) -> bool:
        """
        Return whether a record is about the person asked for.

        The organisation's own number decides where both have it; otherwise the day of birth and both names, as letters
        only, where the given name may be shortened.
        """
        ours, theirs = getattr(known, self.number, "") if self.number else "", str(person.get(self.number) or "")
        if ours and theirs:
            return str(ours) == theirs
        if known.birth_date != (person.get("birth_date") or ""):
            return False
        given, asked = letters(known.given), letters(str(person.get("given") or ""))
        alike = bool(given and asked) and (given.startswith(asked[:4]) or asked.startswith(given[:4]))
        return alike and letters(known.family) == letters(str(person.get("family") or ""))

    def _look(self, hour: int) -> None:
        if self.knobs.down or hour in self.down_hours:
            raise Down(f"{self.name} is down.")


def letters(name: str) -> str:
    """Return a name's letters alone: without accents, marks, spaces or capitals."""
    plain = unicodedata.normalize("NFKD", name)
    return "".join(one for one in plain.casefold() if one.isalpha() and not unicodedata.combining(one))
