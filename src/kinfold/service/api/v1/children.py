"""A child's whole record, as `kinfold child --json` prints it and the page shows it, and who has looked at it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Query, Router, Schema
from pydantic import ConfigDict

from kinfold.service.api.v1.guard import needs
from kinfold.service.api.v1.problems import Problem
from kinfold.service.api.v1.shapes import Asked, Day, Page, Paging
from kinfold.service.records.reads import person
from kinfold.service.records.reads.child_fact import open_person
from kinfold.service.records.reads.looks import looks_at
from kinfold.terms.errors import NotPermitted

router = Router(tags=["Children"])


class Said(Schema):
    """What one door says of a field."""

    door: str
    value: Any


class Difference(Schema):
    """A field of which the doors say different things, and which is shown."""

    field: str
    shown: Any
    said: list[Said]


class FactShown(Schema):
    """A fact as it is shown: combined over the doors, with the values you may see."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)

    id: UUID
    kind: str
    word: str
    label: str
    from_: date | None = Field(None, alias="from")
    until: date | None = Field(None, description="The first day it no longer held")
    values: dict[str, Any]
    withheld: list[str] = Field(description="Fields that you may not see")
    party: UUID | None
    party_name: str
    source: str
    also_from: list[str]
    where: str
    known_since: datetime | None
    source_recorded_at: datetime | None
    differences: list[Difference]


class FindingShown(Schema):
    """Something that does not fit, kept as reported."""

    code: str
    kind: str
    message: str
    facts: list[UUID]


class EmptyPart(Schema):
    """A part of the record that nothing fills yet, and which file would."""

    part: str
    filled_by: str


class ChildDocument(Schema):
    """The whole record, as you may see it."""

    model_config = ConfigDict(extra="allow")

    id: UUID
    sort: str
    held_by: str
    name: str
    known_as: str
    la_child_id: str
    date_of_birth: date | None
    expected_date_of_birth: date | None
    date_of_death: date | None
    as_known_on: date | None
    known_to_kinfold_since: datetime | None
    because: str = Field(description="Why you may open it")
    labels: list[str]
    something_is_withheld: bool
    facts: list[FactShown]
    findings: list[FindingShown]
    empty_parts: list[EmptyPart]


class Look(Schema):
    """One look at the record. `hidden` says that the family is not shown it for now."""

    at: datetime
    who: str
    organisation: str
    role: str
    action: str
    reason: str
    hidden: bool


class LooksPage(Page):
    """Who has looked, newest first."""

    looks: list[Look]


class Known(Schema):
    """What was known when."""

    as_known_on: Day | None = Field(None, description="What was known at the end of this day; now when left out")


@router.get(
    "/children/{uuid:uid}",
    operation_id="child",
    response={200: ChildDocument},
    by_alias=True,
    summary="A child's record",
)
@needs("records.read")
def child(request: Asked, uid: UUID, known: Annotated[Known, Query()]) -> dict[str, Any]:
    """Give the whole record. Access is decided by today's labels, whatever date is asked about."""
    return person.as_json(person.whole(request.auth, str(uid), as_known_on=known.as_known_on, action="API: child"))


@router.get(
    "/children/{uuid:uid}/looks", operation_id="child_looks", response={200: LooksPage}, summary="Who has looked"
)
@needs("records.read")
def child_looks(request: Asked, uid: UUID, paging: Annotated[Paging, Query()]) -> dict[str, Any]:
    """Say who has looked at the record, for roles that may audit it. Asking is itself a look."""
    row, _ = open_person(request.auth, str(uid), action="who has looked")
    try:
        looks = looks_at(request.auth, str(uid))
    except NotPermitted as error:
        raise Problem(403, str(error)) from None
    request.auth.looked(row.held_by_id, "who has looked", [str(uid)])
    end = paging.offset + paging.limit
    return {
        "total": len(looks), "limit": paging.limit, "offset": paging.offset,
        "looks": [
            {name: getattr(look, name) for name in Look.model_fields} for look in looks[paging.offset : end]
        ],
    }  # fmt: skip
