"""The declared kinds of facts, and the JSON Schema of what each holds."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Query, Router, Schema
from pydantic import StringConstraints

from kinfold.record.declare import KINDS, declare_all, json_schema
from kinfold.service.api.v1.guard import needs
from kinfold.service.api.v1.problems import nothing_here
from kinfold.service.api.v1.shapes import Asked, Page, Paging

router = Router(tags=["Kinds"])
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,47}$")]


class KindShown(Schema):
    """A kind of fact: which of the seven words it is, what it means, where it comes from."""

    name: str
    word: str
    label: str
    meaning: str
    source: str
    family: str
    version: int
    about: str


class KindWithSchema(KindShown):
    """A kind, with the JSON Schema of its values."""

    values: dict[str, Any]


class KindsPage(Page):
    """Declared kinds, by name."""

    kinds: list[KindShown]


@router.get("/kinds", operation_id="kinds", response={200: KindsPage}, summary="Every kind of fact")
@needs("")
def kinds(request: Asked, paging: Annotated[Paging, Query()]) -> dict[str, Any]:
    """List the kinds that the record can hold."""
    declare_all()
    names = sorted(KINDS)
    end = paging.offset + paging.limit
    return {
        "kinds": [_shown(name) for name in names[paging.offset : end]], "total": len(names),
        "limit": paging.limit, "offset": paging.offset,
    }  # fmt: skip


@router.get("/kinds/{name}", operation_id="kind", response={200: KindWithSchema}, summary="One kind of fact")
@needs("")
def kind(request: Asked, name: Name) -> dict[str, Any]:
    """Give one kind with the JSON Schema of its values."""
    declare_all()
    if name not in KINDS:
        raise nothing_here()
    return {**_shown(name), "values": json_schema(name)}


def _shown(name: str) -> dict[str, Any]:
    found = KINDS[name]
    return {
        "name": name, "word": found.word.value, "label": found.label, "meaning": found.meaning,
        "source": found.source, "family": found.family, "version": found.version, "about": found.subject,
    }  # fmt: skip
