"""
Children as FHIR R4 has patients: `$match`, and reading one.

Source: HL7 FHIR R4, Patient resource and its operation `$match`; the extension `match-grade` says certain, probable,
possible or certainly-not. Bodies are JSON, as `application/fhir+json` or `application/json`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Router
from pydantic import BaseModel, ConfigDict, StringConstraints

from kinfold.service.api.v1.guard import needs
from kinfold.service.api.v1.shapes import LINE, Asked
from kinfold.service.records.reads import register_match
from kinfold.service.records.reads.register_patient import NHS_SYSTEM, Patient, patient

router = Router(tags=["Identity"])
GRADE = "http://hl7.org/fhir/StructureDefinition/match-grade"
Text = Annotated[str, StringConstraints(pattern=LINE, max_length=120)]
MOST = 20


class NameIn(BaseModel):
    """A HumanName. Of several the first is asked for."""

    model_config = ConfigDict(extra="ignore")

    family: Text | None = None
    given: list[Text] = Field(default_factory=list, max_length=6)


class AddressIn(BaseModel):
    """An Address: its postcode, and the first line where it is known."""

    model_config = ConfigDict(extra="ignore")

    postalCode: Text | None = None
    line: list[Text] = Field(default_factory=list, max_length=5)
    use: Literal["home", "work", "temp", "old", "billing"] | None = None


class IdentifierIn(BaseModel):
    """An Identifier. Only an NHS number is asked for."""

    model_config = ConfigDict(extra="ignore")

    system: Text | None = None
    value: Text | None = None


class PatientIn(BaseModel):
    """The particulars to look for."""

    model_config = ConfigDict(extra="ignore")

    resourceType: Literal["Patient"]
    name: list[NameIn] = Field(default_factory=list, max_length=5)
    birthDate: Annotated[str, StringConstraints(pattern=r"^(19|20|21)[0-9]{2}(-[0-9]{2}(-[0-9]{2})?)?$")] | None = None
    gender: Literal["male", "female", "other", "unknown"] | None = None
    address: list[AddressIn] = Field(default_factory=list, max_length=5)
    identifier: list[IdentifierIn] = Field(default_factory=list, max_length=10)

    def row(self) -> dict[str, str]:
        """Return them under the columns of `kinfold match`."""
        name = self.name[0] if self.name else NameIn()
        homes = sorted((home for home in self.address if home.postalCode), key=lambda home: home.use == "old")
        numbers = [one.value for one in self.identifier if one.system == NHS_SYSTEM and one.value]
        row = {
            "given": name.given[0] if name.given else "",
            "middle": " ".join(name.given[1:]),
            "family": name.family or "",
            "dob": self.birthDate or "",
            "sex": self.gender if self.gender in ("male", "female") else "",
            "nhs": numbers[0] if numbers else "",
        }
        row |= dict(zip(("postcode", "postcode_prev"), (home.postalCode or "" for home in homes), strict=False))
        return row | ({"address": " ".join(homes[0].line)} if homes else {})


class ParameterIn(BaseModel):
    """One parameter: `resource`, `onlyCertainMatches` or `count`."""

    model_config = ConfigDict(extra="ignore")

    name: Literal["resource", "onlyCertainMatches", "count"]
    resource: PatientIn | None = None
    valueBoolean: bool | None = None
    valueInteger: Annotated[int, Field(ge=1, le=MOST)] | None = None


class ParametersIn(BaseModel):
    """FHIR's Parameters for `$match`."""

    model_config = ConfigDict(extra="ignore")

    resourceType: Literal["Parameters"]
    parameter: list[ParameterIn] = Field(min_length=1, max_length=6)


class Coded(BaseModel):
    """A system, a code of it, and its words."""

    system: str
    code: str
    display: str | None = None


class Meta(BaseModel):
    """What the answer comes from: the decision and the version of the weights."""

    tag: list[Coded]


class NameOut(BaseModel):
    """A HumanName."""

    use: str | None = None
    text: str | None = None
    given: list[str] | None = None
    family: str | None = None


class AddressOut(BaseModel):
    """An Address."""

    use: str
    postalCode: str


class IdentifierOut(BaseModel):
    """An Identifier."""

    system: str
    value: str


class Reference(BaseModel):
    """Another resource."""

    reference: str


class OtherRecord(BaseModel):
    """Another record of the same child, which this one stands for."""

    other: Reference
    type: Literal["replaces"]


class PatientOut(BaseModel):
    """A Patient, with what the client may see of them."""

    resourceType: Literal["Patient"] = "Patient"
    id: UUID
    identifier: list[IdentifierOut] | None = None
    name: list[NameOut] | None = None
    birthDate: date | None = None
    deceasedDateTime: date | None = None
    gender: Literal["male", "female", "other", "unknown"] | None = None
    address: list[AddressOut] | None = None
    link: list[OtherRecord] | None = None


class Extension(BaseModel):
    """An extension: the grade as a code, or the reasons as a sentence."""

    url: str
    valueCode: Literal["certain", "probable", "possible", "certainly-not"] | None = None
    valueString: str | None = None


class Weighed(BaseModel):
    """How an entry was weighed."""

    extension: list[Extension]
    mode: Literal["match"]
    score: float


class EntryOut(BaseModel):
    """A child found."""

    fullUrl: str
    resource: PatientOut
    search: Weighed


class Bundle(BaseModel):
    """A searchset: the children found, the likeliest first, each with its score and grade."""

    resourceType: Literal["Bundle"] = "Bundle"
    type: Literal["searchset"] = "searchset"
    meta: Meta
    total: int
    entry: list[EntryOut]


@router.post(
    "/fhir/Patient/$match", operation_id="patient_match", response={200: Bundle}, exclude_none=True,
    summary="Is there a child with these particulars?",
)  # fmt: skip
@needs("identity.match", changes=False)
def match(request: Asked, asked: ParametersIn) -> dict[str, Any]:
    """
    Weigh every child you may find against the particulars, and grade those that fit.

    Only `certain` is sure enough to act on; `probable` and `possible` need a person. Too little to search by is
    refused (422): it is never answered as if nobody were there. Names and days are given of those you may open.
    """
    said = {one.name: one for one in asked.parameter}
    wanted = said["resource"].resource if "resource" in said else None
    count = said["count"].valueInteger if "count" in said else None
    looked = register_match.look_up(request.auth, (wanted or PatientIn(resourceType="Patient")).row(), most=count or 10)
    only_certain = "onlyCertainMatches" in said and bool(said["onlyCertainMatches"].valueBoolean)
    entries = [one for one in looked.entries if one.grade == "certain" or not only_certain]
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(entries),
        "entry": [_entry(one) for one in entries],
        "meta": {"tag": [{"system": "urn:kinfold:decision", "code": looked.decision, "display": looked.why or "match"},
                         {"system": "urn:kinfold:weights", "code": looked.model}]},
    }  # fmt: skip


def _entry(one: register_match.Entry) -> dict[str, Any]:
    resource: dict[str, Any] = {"resourceType": "Patient", "id": one.uid}
    if one.opens:
        resource |= Patient(uid=one.uid, name=one.name, born=one.born, sex=one.sex).as_fhir()
    return {
        "fullUrl": f"urn:uuid:{one.uid}",
        "resource": resource,
        "search": {
            "extension": [{"url": GRADE, "valueCode": one.grade}, {"url": "urn:kinfold:why", "valueString": one.why}],
            "mode": "match",
            "score": one.probability,
        },
    }


@router.get(
    "/fhir/Patient/{uuid:uid}", operation_id="patient", response={200: PatientOut}, exclude_none=True,
    summary="A child as a FHIR Patient",
)  # fmt: skip
@needs("identity.read")
def read(request: Asked, uid: UUID) -> dict[str, Any]:
    """Give the golden record of a child, whichever of their joined records is named; what you may not see is left out."""
    return patient(request.auth, str(uid)).as_fhir()
