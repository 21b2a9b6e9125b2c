"""Finding people: by name however it is spelled, by a number, a date of birth or a postcode."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Query, Router, Schema
from pydantic import StringConstraints

from kinfold.service.api.v1.guard import needs
from kinfold.service.api.v1.shapes import LINE, Asked, Page, Paging
from kinfold.service.records.reads import search as reads

router = Router(tags=["People"])
Words = Annotated[
    str, StringConstraints(pattern=LINE, min_length=2, max_length=200),
    Field(description="A name, a number, a date of birth, a postcode, or several of them"),
]  # fmt: skip


class Hit(Schema):
    """One person found. `opens` says whether you may open the record; `why` what the words met."""

    id: UUID
    name: str
    known_as: str
    date_of_birth: date | None
    expected_date_of_birth: date | None
    la_child_id: str
    sort: str
    why: str
    opens: bool


class FoundPage(Page):
    """Those found, the likeliest first, of at most twenty; a sentence for each record to ask somebody about."""

    found: list[Hit]
    restricted: list[str]


class Question(Paging):
    """What to look for."""

    q: Words
    adults: bool = Field(False, description="Adults as well as children")


@router.get("/search", operation_id="search", response={200: FoundPage}, summary="Find people")
@needs("records.read")
def search(request: Asked, question: Annotated[Question, Query()]) -> dict[str, Any]:
    """
    Find people by what stands in the address.

    An address can be kept by what lies between you and the service: send names by POST instead.
    """
    return _found(request, question)


@router.post("/search", operation_id="search_by_post", response={200: FoundPage}, summary="Find people, by POST")
@needs("records.read", changes=False)
def search_by_post(request: Asked, question: Question) -> dict[str, Any]:
    """Find people by what stands in the body, so that no name stands in an address."""
    return _found(request, question)


def _found(request: Asked, question: Question) -> dict[str, Any]:
    found = reads.as_json(reads.search(request.auth, question.q, adults=question.adults))
    hits = found["found"]
    end = question.offset + question.limit
    return {
        "found": hits[question.offset : end], "restricted": found["restricted"], "total": len(hits),
        "limit": question.limit, "offset": question.offset,
    }  # fmt: skip
