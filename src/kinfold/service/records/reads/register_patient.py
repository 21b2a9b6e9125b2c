"""A child's golden record as FHIR R4 has a Patient: of what the record shows this reader, and nothing more."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kinfold.service.records.reads.person import Whole, find_person, whole
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.versions import one_person, uid_text
from kinfold.service.records.tables import fetch

NHS_SYSTEM = "https://fhir.nhs.uk/Id/nhs-number"
UPN_SYSTEM = "urn:kinfold:upn"
_SYSTEMS = {"nhs_number": NHS_SYSTEM, "upn": UPN_SYSTEM}
_GENDERS = {"M": "male", "F": "female"}


@dataclass(frozen=True, slots=True)
class Patient:
    """What a Patient says. `names` are (use, given, family); `homes` (use, postcode); `numbers` (system, value)."""

    uid: str
    name: str = ""
    born: date | None = None
    died: date | None = None
    sex: str = ""
    names: tuple[tuple[str, tuple[str, ...], str], ...] = ()
    homes: tuple[tuple[str, str], ...] = ()
    numbers: tuple[tuple[str, str], ...] = ()
    replaces: tuple[str, ...] = field(default=())

    def as_fhir(self) -> dict[str, Any]:
        """Return the resource; a part that nothing is known of is not there."""
        names = [{"use": use, "given": list(given), "family": family} for use, given, family in self.names]
        said: dict[str, Any] = {
            "resourceType": "Patient",
            "id": self.uid,
            "identifier": [{"system": system, "value": value} for system, value in self.numbers],
            "name": names or ([{"text": self.name}] if self.name else []),
            "birthDate": self.born.isoformat() if self.born else None,
            "deceasedDateTime": self.died.isoformat() if self.died else None,
            "gender": _GENDERS.get(self.sex, "unknown" if self.sex else None),
            "address": [{"use": use, "postalCode": postcode} for use, postcode in self.homes],
            "link": [{"other": {"reference": f"Patient/{uid}"}, "type": "replaces"} for uid in self.replaces],
        }
        return {key: value for key, value in said.items() if value}


def patient(reader: Reader, uid: str) -> Patient:
    """Return a child as a Patient under the kept record's id; raises NotPermitted where the reader may not open it."""
    found = whole(reader, uid, action="FHIR: patient")
    persons = one_person(find_person(uid).pk)
    uids = {person: uid_text(each) for person, each in _uids(persons)}
    return Patient(
        uid=uids[persons[0]],
        born=found.birth_date,
        died=found.death_date,
        sex=next((str(e.values["sex"]) for e in found.of("person_details") if e.values.get("sex")), ""),
        names=tuple(_names(found)),
        homes=tuple(_homes(found)),
        numbers=tuple(_numbers(found)),
        replaces=tuple(uids[person] for person in persons[1:]),
    )


def _uids(persons: list[int]) -> list[tuple[Any, ...]]:
    return fetch(f"select id, uid from thing where id in ({', '.join(str(int(one)) for one in persons)})", [])


def _names(found: Whole) -> list[tuple[str, tuple[str, ...], str]]:
    names = []
    for entry in found.of("name"):
        said = entry.values
        given = " ".join(str(said.get(part) or "") for part in ("forename", "middle_names")).split()
        legal = str(said.get("name_type") or "legal").lower() == "legal"
        use = "old" if entry.until else "official" if legal else "usual"
        if given or said.get("surname"):
            names.append((use, tuple(given), str(said.get("surname") or "")))
    return list(dict.fromkeys(names))


def _homes(found: Whole) -> list[tuple[str, str]]:
    """Return each home once, whichever doors tell of it; one that somebody lives in again is no old one."""
    said = [
        ("old" if entry.until else "home", str(entry.values["postcode"]))
        for entry in found.of("address")
        if entry.values.get("postcode")
    ]
    now = {postcode for use, postcode in said if use == "home"}
    return list(dict.fromkeys(one for one in said if one[0] == "home" or one[1] not in now))


def _numbers(found: Whole) -> list[tuple[str, str]]:
    said = [(str(e.values.get("identifier_type") or "").lower(), e.values.get("value")) for e in found.of("identifier")]
    return list(dict.fromkeys((_SYSTEMS[sort], str(value)) for sort, value in said if sort in _SYSTEMS and value))
