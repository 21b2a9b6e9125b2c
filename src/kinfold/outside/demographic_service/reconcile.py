"""How what we hold of a child differs from what the service holds, once the child has been matched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from kinfold.identity.decide import Decision
from kinfold.outside.demographic_service.errors import NoAnswer, Refused
from kinfold.outside.demographic_service.matching import LookedUp
from kinfold.outside.demographic_service.patient import Patient
from kinfold.outside.demographic_service.search import Asked, prepared
from kinfold.terms.identifiers import normalise_nhs_number, normalise_postcode


class Standing(StrEnum):
    """How our NHS number and particulars stand beside the service's."""

    NOT_MATCHED = "not_matched"
    NUMBER_NOT_VALID = "number_not_valid"
    NUMBER_NOT_FOUND = "number_not_found"
    NUMBER_SUPERSEDED = "number_superseded"
    NUMBER_OF_ANOTHER = "number_of_another"
    SAME = "same"
    DIFFERENT = "different"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Difference:
    """One point on which the two differ; texts as each side has them."""

    point: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Reconciled:
    """
    How we stand. `missing_here` and `missing_there` name points that one side alone has.

    `nhs_number` is the number that holds now, where the child was matched.
    """

    standing: Standing
    nhs_number: str = ""
    differences: tuple[Difference, ...] = ()
    missing_here: tuple[str, ...] = ()
    missing_there: tuple[str, ...] = ()
    why: str = ""


def reconciled(asked: Asked, looked_up: LookedUp, read: Callable[[str], Patient | None]) -> Reconciled:
    """
    Return how what we hold stands beside the person whom `looked_up` matched.

    `read` reads one person by number (`Client.patient`). It is asked only where our number differs from theirs.
    """
    if looked_up.decision is Decision.ERROR:
        return Reconciled(Standing.ERROR, why=looked_up.why)
    if looked_up.decision is not Decision.MATCH or looked_up.best is None:
        return Reconciled(Standing.NOT_MATCHED, why=looked_up.why)
    patient = looked_up.best.patient
    differences, here, there = compared(asked, patient)
    try:
        standing = _number_standing(asked.nhs_number, patient, read)
    except (NoAnswer, Refused) as wrong:
        return Reconciled(Standing.ERROR, patient.nhs_number, differences, here, there, str(wrong))
    standing = standing or (Standing.DIFFERENT if differences else Standing.SAME)
    return Reconciled(standing, patient.nhs_number, differences, here, there)


def _number_standing(ours: str, patient: Patient, read: Callable[[str], Patient | None]) -> Standing | None:
    """Return what is wrong with our number; None where it is theirs, or we have none."""
    if not ours.strip():
        return None
    number = normalise_nhs_number(ours)
    if number is None:
        return Standing.NUMBER_NOT_VALID
    if number == patient.nhs_number:
        return None
    holder = read(number)
    if holder is None:
        return Standing.NUMBER_NOT_FOUND
    return Standing.NUMBER_SUPERSEDED if holder.nhs_number == patient.nhs_number else Standing.NUMBER_OF_ANOTHER


Compared = tuple[tuple[Difference, ...], tuple[str, ...], tuple[str, ...]]


def compared(asked: Asked, patient: Patient) -> Compared:
    """
    Return (differences, points that only they have, points that only we have).

    Case, spaces and the order of several names or addresses are no differences. Of a restricted person the home and
    the telephone are not compared: that they are hidden does not mean that they are missing.
    """
    known = prepared(asked)
    born = asked.birth_date.isoformat() if asked.birth_date else ""
    names = [name for name in patient.names if name.use in ("usual", "nickname", "temp")]
    pairs: list[tuple[str, str, list[str]]] = [
        ("nhs_number", normalise_nhs_number(asked.nhs_number) or asked.nhs_number, [patient.nhs_number]),
        ("birth_date", born, [patient.birth_date.isoformat()] if patient.birth_date else []),
        ("gender", known.gender, [patient.gender] if patient.gender else []),
        ("given", known.given, [part for name in names for part in (*name.given, " ".join(name.given))]),
        ("family", known.family, [name.family for name in names if name.family]),
    ]
    if not patient.restricted:
        home = patient.home
        pairs += [
            ("postcode", known.postcode, [home.postcode] if home and home.postcode else []),
            ("email", known.email, list(patient.emails)),
            ("phone", known.phone, list(patient.phones)),
        ]
    differing = tuple(
        Difference(point, ours, ", ".join(dict.fromkeys(theirs)))
        for point, ours, theirs in pairs
        if ours and theirs and _plain(point, ours) not in {_plain(point, one) for one in theirs}
    )
    here = tuple(point for point, ours, theirs in pairs if theirs and not ours)
    there = tuple(point for point, ours, theirs in pairs if ours and not theirs)
    return differing, here, there


def _plain(point: str, text: str) -> str:
    if point == "postcode":
        return normalise_postcode(text) or text.upper()
    if point == "phone":
        return "".join(text.split())
    return " ".join(text.casefold().split())
