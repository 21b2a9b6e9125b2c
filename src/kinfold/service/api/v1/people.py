"""The client itself: whose it is, what it may do, and the children its account works with."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Query, Router, Schema

from kinfold.service.api.v1.guard import needs
from kinfold.service.api.v1.shapes import Asked, Page, Paging
from kinfold.service.records.reads.caseload import Case, mine

router = Router(tags=["People"])


class Me(Schema):
    """Who is calling."""

    client_id: str
    name: str
    organisation: str
    council: str = Field(description="The code of the council the client belongs to")
    roles: list[str]
    scopes: list[str]
    on_behalf_of: str = Field(description="Whom you said you act for: it opens nothing and stands in the audit")


class OpenStatus(Schema):
    """Something open for a child, and since when."""

    status: str
    since: date | None


class MyChild(Schema):
    """A child allocated to the client's account."""

    id: UUID
    name: str
    la_child_id: str
    date_of_birth: date | None
    expected_date_of_birth: date | None
    since: date | None
    statuses: list[OpenStatus]
    workers: list[str]


class MyChildren(Page):
    """The children allocated to the client's account, by name."""

    children: list[MyChild]


@router.get("/people/me", operation_id="me", response={200: Me}, summary="Who is calling")
@needs("")
def me(request: Asked) -> dict[str, Any]:
    """Say who the service takes you for."""
    caller = request.auth
    return {
        "client_id": caller.client_id, "name": caller.account.name, "organisation": caller.account.organisation,
        "council": caller.own_code, "roles": list(caller.role_names), "scopes": sorted(caller.scopes),
        "on_behalf_of": caller.on_behalf_of,
    }  # fmt: skip


@router.get("/people/me/children", operation_id="my_children", response={200: MyChildren}, summary="My children")
@needs("records.read")
def my_children(request: Asked, paging: Annotated[Paging, Query()]) -> dict[str, Any]:
    """List the children allocated or appointed to the client's account now."""
    cases = mine(request.auth)
    end = paging.offset + paging.limit
    return {
        "children": [_child(case) for case in cases[paging.offset : end]], "total": len(cases),
        "limit": paging.limit, "offset": paging.offset,
    }  # fmt: skip


def _child(case: Case) -> dict[str, Any]:
    return {
        "id": case.uid, "name": case.name, "la_child_id": case.la_child_id, "date_of_birth": case.birth_date,
        "expected_date_of_birth": case.expected_birth_date, "since": case.since, "workers": case.workers,
        "statuses": [{"status": status, "since": since} for status, since in case.statuses],
    }  # fmt: skip
