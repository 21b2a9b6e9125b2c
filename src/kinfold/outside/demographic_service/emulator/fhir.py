"""How the service writes: a Patient, a Bundle of those found, an OperationOutcome."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kinfold.outside.demographic_service.emulator.people import SHOWN_NAMES
from kinfold.outside.demographic_service.emulator.rules import Problem
from kinfold.outside.demographic_service.emulator.searching import Scored
from kinfold.outside.demographic_service.patient import Home, Patient, PersonName

Json = dict[str, Any]
_CODES = "https://fhir.nhs.uk/R4/CodeSystem/Spine-ErrorOrWarningCode"
_NUMBERS = "https://fhir.nhs.uk/Id/nhs-number"
_VERIFIED = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus"
_CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
_PRACTICES = "https://fhir.nhs.uk/Id/ods-organization-code"


def outcome(problem: Problem, *, severity: str = "error") -> Json:
    """Return an OperationOutcome."""
    return _outcome(severity, problem.issue, problem.code, problem.code.replace("_", " ").title(), problem.diagnostics)


def too_many() -> Json:
    """Return the notice, with status 200, that more people were found than may be named."""
    return _outcome("information", "multiple-matches", "TOO_MANY_MATCHES", "Too Many Matches", "")


def _outcome(severity: str, issue: str, code: str, display: str, diagnostics: str) -> Json:
    coding = {"system": _CODES, "version": "1", "code": code, "display": display}
    said: Json = {"severity": severity, "code": issue, "details": {"coding": [coding]}}
    if diagnostics:
        said["diagnostics"] = diagnostics
    return {"resourceType": "OperationOutcome", "issue": [said]}


def bundle(found: Sequence[Scored], *, base_url: str, timestamp: str) -> Json:
    """Return a searchset. Where nobody was found it has no entry at all, not an empty list."""
    said: Json = {"resourceType": "Bundle", "type": "searchset", "timestamp": timestamp, "total": len(found)}
    if found:
        said["entry"] = [
            {
                "fullUrl": f"{base_url}/Patient/{one.entry.patient.nhs_number}",
                "search": {"score": one.score},
                "resource": patient(one.entry.patient, searched=True),
            }
            for one in found
        ]
    return said


def patient(who: Patient, *, searched: bool = False) -> Json:
    """Return a person; a search shows only names in use and the home of today."""
    status = {"code": "01", "display": "Number present and verified"}
    names = [name for name in who.names if not searched or name.use in SHOWN_NAMES]
    homes = [home for home in who.homes if not searched or (home.use == "home" and not home.ended)]
    said: Json = {
        "resourceType": "Patient",
        "id": who.nhs_number,
        "identifier": [
            {
                "system": _NUMBERS,
                "value": who.nhs_number,
                "extension": [{"url": _VERIFIED, "valueCodeableConcept": {"coding": [status]}}],
            }
        ],
        "meta": {
            "versionId": who.version or "1",
            "security": [{"system": _CONFIDENTIALITY, "code": "R" if who.restricted else "U"}],
        },
        "name": [_name(name, number) for number, name in enumerate(names)],
        "gender": who.gender,
    }
    if who.birth_date:
        said["birthDate"] = who.birth_date.isoformat()
    if who.multiple_birth:
        said["multipleBirthInteger"] = who.multiple_birth
    if who.death_date:
        said["deceasedDateTime"] = who.death_date
    if not who.restricted:
        said |= _whereabouts(who, homes)
    return said


def _whereabouts(who: Patient, homes: Sequence[Home]) -> Json:
    said: Json = {}
    contacts = [("phone", value) for value in who.phones] + [("email", value) for value in who.emails]
    if homes:
        said["address"] = [_home(home) for home in homes]
    if contacts:
        said["telecom"] = [{"system": system, "value": value, "use": "home"} for system, value in contacts]
    if who.practice:
        said["generalPractitioner"] = [
            {"type": "Organization", "identifier": {"system": _PRACTICES, "value": who.practice}}
        ]
    return said


def _name(name: PersonName, number: int) -> Json:
    period = {"start": "2000-01-01"} | ({"end": "2020-01-01"} if name.use in ("old", "maiden") else {})
    return {"id": f"n{number}", "use": name.use, "period": period, "given": list(name.given), "family": name.family}


def _home(home: Home) -> Json:
    period = {"start": "2000-01-01"} | ({"end": "2020-01-01"} if home.ended else {})
    return {"use": home.use, "period": period, "line": list(home.lines), "postalCode": home.postcode}
