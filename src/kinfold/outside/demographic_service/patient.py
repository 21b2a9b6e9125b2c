"""What the service says of a person, and what a search came to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kinfold.outside.demographic_service.errors import NoAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonName:
    """One name. `use` is the service's word: usual, nickname, temp, old, maiden."""

    given: tuple[str, ...]
    family: str
    use: str = "usual"


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """One address. `use` is home, temp, old or billing; `ended` whether its period is over."""

    lines: tuple[str, ...] = ()
    postcode: str = ""
    use: str = "home"
    ended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """
    One person of the service. `multiple_birth` is the order of birth among twins or more, 0 if unknown or single.

    `restricted` people have no address, telephone or practice here: nobody may see where they are.
    """

    nhs_number: str
    names: tuple[PersonName, ...] = ()
    homes: tuple[Home, ...] = ()
    birth_date: date | None = None
    gender: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    practice: str = ""
    death_date: str = ""
    multiple_birth: int = 0
    restricted: bool = False
    version: str = ""

    @property
    def home(self) -> Home | None:
        """Return where the person lives now, if that may be known."""
        return next((home for home in self.homes if home.use == "home" and not home.ended), None)


@dataclass(frozen=True, slots=True)
class Hit:
    """One person that a search found, and the service's own score from 0 to 1, whose rule is not public."""

    patient: Patient
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to: at most a few people, or `too_many` to be told."""

    hits: tuple[Hit, ...] = ()
    too_many: bool = False


def patient_from(resource: Mapping[str, Any]) -> Patient:
    """Return a person from a FHIR Patient; raises NoAnswer where it is not one."""
    if resource.get("resourceType") != "Patient" or not resource.get("id"):
        raise NoAnswer("The demographic service sent something that is not a patient.")
    telecom = resource.get("telecom") or []
    security = (resource.get("meta") or {}).get("security") or []
    practices = resource.get("generalPractitioner") or []
    return Patient(
        nhs_number=str(resource["id"]),
        names=tuple(_name(name) for name in resource.get("name") or []),
        homes=tuple(_home(home) for home in resource.get("address") or []),
        birth_date=_day(resource.get("birthDate")),
        gender=str(resource.get("gender") or ""),
        emails=_contacts(telecom, "email"),
        phones=_contacts(telecom, "phone"),
        practice=str((practices[0].get("identifier") or {}).get("value") or "") if practices else "",
        death_date=str(resource.get("deceasedDateTime") or ""),
        multiple_birth=int(resource.get("multipleBirthInteger") or 0),
        restricted=any(mark.get("code") in ("R", "V") for mark in security),
        version=str((resource.get("meta") or {}).get("versionId") or ""),
    )


def found_from(answer: Mapping[str, Any]) -> Found:
    """
    Return what a search came to. An empty answer has a total of 0 and no entry at all.

    Raises NoAnswer where the answer is neither people nor the notice that there are too many, or has not all the
    people that it counts.
    """
    if answer.get("resourceType") == "OperationOutcome":
        if "TOO_MANY_MATCHES" in codes_of(answer):
            return Found(too_many=True)
    elif answer.get("resourceType") == "Bundle":
        entries = answer.get("entry") or []
        if answer["total"] != len(entries):
            raise NoAnswer("The demographic service sent a part of its answer only.")
        return Found(tuple(Hit(patient_from(e["resource"]), float(e["search"]["score"])) for e in entries))
    raise NoAnswer("The demographic service answered in a form that we do not know.")


def codes_of(outcome: Mapping[str, Any]) -> list[str]:
    """Return the service's own words for what was wrong."""
    codings = [
        coding for issue in outcome.get("issue") or [] for coding in (issue.get("details") or {}).get("coding", [])
    ]
    return [str(coding.get("code", "")) for coding in codings]


def _name(name: Mapping[str, Any]) -> PersonName:
    given = tuple(str(part) for part in name.get("given") or [])
    return PersonName(given=given, family=str(name.get("family") or ""), use=str(name.get("use") or "usual"))


def _home(home: Mapping[str, Any]) -> Home:
    return Home(
        lines=tuple(str(line) for line in home.get("line") or []),
        postcode=str(home.get("postalCode") or ""),
        use=str(home.get("use") or "home"),
        ended=bool((home.get("period") or {}).get("end")),
    )


def _contacts(telecom: Sequence[Mapping[str, Any]], system: str) -> tuple[str, ...]:
    return tuple(str(one["value"]) for one in telecom if one.get("system") == system and one.get("value"))


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None
