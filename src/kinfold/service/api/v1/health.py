"""Whether the service answers: for load balancers and those who watch."""

from __future__ import annotations

from typing import Literal

from django.db import DatabaseError, connection
from django.http import HttpRequest
from ninja import Router, Schema

from kinfold import __version__
from kinfold.service.api.v1.problems import Problem

router = Router(tags=["Health"])


class Health(Schema):
    """The service answers and its database too."""

    status: Literal["ok"]
    version: str


@router.get("/health", operation_id="health", response={200: Health}, summary="Whether the service answers")
def health(request: HttpRequest) -> Health:
    """Answer 200 when a request can be served, 503 when the database does not answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
            cursor.fetchone()
    except DatabaseError:
        raise Problem(503, "The database does not answer.") from None
    return Health(status="ok", version=__version__)
