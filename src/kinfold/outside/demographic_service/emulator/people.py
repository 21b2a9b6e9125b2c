"""The emulator's people: invented, kept by number and by day of birth."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from kinfold.identity.dates import day_digits
from kinfold.outside.demographic_service.patient import Home, Patient, PersonName
from kinfold.terms.errors import InputError
from kinfold.terms.identifiers import is_nhs_number

SCENARIOS = Path(__file__).with_name("scenarios.toml")
SHOWN_NAMES = ("usual", "nickname", "temp")
_GENDERS = {"M": "male", "F": "female", "1": "male", "2": "female"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the service: the person, and what became of the entry."""

    patient: Patient
    superseded_by: str = ""
    invalidated: bool = False
    hidden_postcodes: frozenset[str] = frozenset()


@dataclass(slots=True)
class People:
    """Everybody the emulator knows."""

    by_number: dict[str, Entry] = field(default_factory=dict)
    by_birth: dict[date, list[Entry]] = field(default_factory=lambda: defaultdict(list))

    def __len__(self) -> int:
        return len(self.by_number)

    def add(self, entries: Iterable[Entry]) -> People:
        """Take in entries; raises InputError for a number that is no NHS number or is there twice."""
        for entry in entries:
            number = entry.patient.nhs_number
            if not is_nhs_number(number) or number in self.by_number:
                raise InputError(f"The emulator cannot take {number}: it is no NHS number, or is there already.")
            self.by_number[number] = entry
            if entry.patient.birth_date:
                self.by_birth[entry.patient.birth_date].append(entry)
        return self

    def born_between(self, first: date, last: date) -> Iterator[Entry]:
        """Yield everybody born from `first` to `last`, both included."""
        if first == last:
            yield from self.by_birth.get(first, ())
            return
        for day, entries in self.by_birth.items():
            if first <= day <= last:
                yield from entries

    def current(self, number: str) -> Entry | None:
        """Return the entry that holds for a number now: itself, or the one that superseded it; None if there is none."""
        entry, followed = self.by_number.get(number), set()
        while entry is not None and entry.superseded_by and number not in followed:
            followed.add(number)
            number = entry.superseded_by
            entry = self.by_number.get(number)
        return entry


def from_rows(rows: Iterable[Mapping[str, Any]], numbers: Iterator[str]) -> Iterator[Entry]:
    """
    Yield an entry for each row of a register with the columns of `kinfold match`.

    A row without an NHS number gets the next of `numbers`.
    """
    for row in rows:
        born = day_digits(row.get("dob"))
        given = tuple(f"{row.get('given') or ''} {row.get('middle') or ''}".split())
        homes = [Home(postcode=str(row.get("postcode") or ""), lines=_lines(row))]
        if row.get("postcode_prev"):
            homes.append(Home(postcode=str(row["postcode_prev"]), use="old", ended=True))
        yield Entry(
            Patient(
                nhs_number=str(row.get("nhs") or "").replace(" ", "") or next(numbers),
                names=(PersonName(given=given, family=str(row.get("family") or "")),),
                homes=tuple(home for home in homes if home.postcode),
                birth_date=date(int(born[:4]), int(born[4:6]), int(born[6:])) if born[6:] > "00" else None,
                gender=_GENDERS.get(str(row.get("sex") or ""), "unknown"),
                version="1",
            )
        )


def _lines(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(part.strip() for part in str(row.get("address") or "").split(",") if part.strip())


def reserved_numbers(start: int = 0) -> Iterator[str]:
    """Yield numbers from the range that is never given to anybody (999 000 0000 on), with their check digits."""
    for place in range(start, 1_000_000):
        nine = f"999{place:06d}"
        check = 11 - sum(int(digit) * (10 - position) for position, digit in enumerate(nine)) % 11
        if check != 10:
            yield f"{nine}{0 if check == 11 else check}"


def scenarios(file: Path = SCENARIOS) -> list[Entry]:
    """Return the invented people of a file of scenarios, each made for one trait of the service."""
    with file.open("rb") as opened:
        people: list[dict[str, Any]] = tomllib.load(opened)["person"]
    return [_from_scenario(person) for person in people]


def _from_scenario(said: Mapping[str, Any]) -> Entry:
    return Entry(
        Patient(
            nhs_number=said["nhs_number"],
            names=tuple(PersonName(given=tuple(n["given"]), family=n["family"], use=n.get("use", "usual"))
                        for n in said["names"]),
            homes=tuple(Home(lines=tuple(h.get("lines", ())), postcode=h["postcode"], use=h.get("use", "home"),
                             ended=h.get("ended", False)) for h in said.get("homes", ())),
            birth_date=said["birth_date"],
            gender=said["gender"],
            emails=tuple(said.get("emails", ())),
            phones=tuple(said.get("phones", ())),
            practice=said.get("practice", ""),
            death_date=str(said.get("death_date", "")),
            multiple_birth=said.get("multiple_birth", 0),
            restricted=said.get("restricted", False),
            version=str(said.get("version", 1)),
        ),
        superseded_by=said.get("superseded_by", ""),
        invalidated=said.get("invalidated", False),
        hidden_postcodes=frozenset(said.get("hidden_postcodes", ())),
    )  # fmt: skip
