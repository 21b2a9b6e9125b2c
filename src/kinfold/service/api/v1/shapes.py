"""Shapes that several resources share: safe text, days, pages of a list, the request with its caller."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal, TypeAlias

from django.http import HttpRequest
from ninja import Field, Schema
from pydantic import BeforeValidator, StringConstraints, WithJsonSchema

from kinfold.service.records.reads.caller import Caller

# No control characters: no database holds NUL, and none of them belongs in a line.
LINE = r"^[^\x00-\x1f\x7f]+$"
DAY = r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
LARGEST_ID = 2**63 - 1


def _day(value: Any) -> date:
    """Return a day written as 2026-03-31. A number is not a day, whatever a library makes of it."""
    if type(value) is date:
        return value
    if not isinstance(value, str) or not re.fullmatch(DAY, value):
        raise ValueError("must be a day such as 2026-03-31")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("is not a day in the calendar") from None


Day: TypeAlias = Annotated[
    date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date", "pattern": DAY})
]
Line: TypeAlias = Annotated[str, StringConstraints(pattern=LINE, min_length=1, max_length=200)]
Because: TypeAlias = Annotated[
    str, StringConstraints(pattern=LINE, min_length=3, max_length=200), Field(description="Why, in words")
]
Mark: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[0-9a-f]{32}$"), Field(description="The name of one version of a fact")
]
WordName: TypeAlias = Literal["person", "tie", "spell", "event", "plan", "paper"]
Number: TypeAlias = Annotated[int, Field(ge=1, le=LARGEST_ID)]


class Paging(Schema):
    """Which part of a list: at most 200 at a time."""

    limit: int = Field(50, ge=1, le=200, description="How many at most")
    offset: int = Field(0, ge=0, le=1_000_000, description="How many to pass over")


class Page(Schema):
    """A part of a list, and how long the whole is."""

    total: int
    limit: int
    offset: int


class Asked(HttpRequest):
    """A request whose caller is known: what operations take."""

    auth: Caller
