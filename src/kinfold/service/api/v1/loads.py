"""Files in at the door: sending them, and what became of each."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from ninja.responses import Status
from pydantic import StringConstraints

from kinfold.service.api.v1.guard import needs
from kinfold.service.api.v1.problems import Mistake, Problem
from kinfold.service.api.v1.shapes import Asked, Number, Page, Paging
from kinfold.service.records.actions import uploads
from kinfold.service.records.reads import sent

router = Router(tags=["Loads"])
MOST_FILES = 50


class Scope(Schema):
    """What you say of the files, where they leave it open."""

    collection: Annotated[str, StringConstraints(pattern=r"^(20[0-9]{2}-[0-9]{2})?$")] = Field(
        "", description="The collection year, such as 2025-26"
    )
    full: bool | None = Field(None, description="True: what they no longer carry is withdrawn. False: they are a part")


class FileShown(Schema):
    """A received file."""

    name: str
    size: int


class LoadShown(Schema):
    """One delivery: its state and its totals. rows = facts + unchanged + quarantined."""

    id: int
    receipt: UUID
    door: str
    collection: str
    full: bool
    state: str = Field(description="waiting, running, done, confirm, refused or failed")
    files: list[FileShown]
    rows: int
    facts: int
    unchanged: int
    quarantined: int
    children: int
    withdrawn: int
    to_withdraw: int
    extracted_at: datetime | None
    started_at: datetime
    finished_at: datetime | None
    message: str
    notes: list[str]


class Sent(Schema):
    """What was taken in, to be loaded in the background, and the files that were refused."""

    loads: list[LoadShown]
    refused: list[Mistake]


class LoadsPage(Page):
    """The council's loads, newest first."""

    loads: list[LoadShown]


class QuarantinedRow(Schema):
    """
    A row that could not be used: where it stands, what is wrong and how to put it right.

    `withheld`: it is about a record you may not open, so it does not say what is wrong.
    """

    file: str
    table: str
    row: int
    field: str
    code: str
    message: str
    fix: str
    state: str
    withheld: bool


class QuarantinePage(Page):
    """The rows of a load that could not be used, in the order of the files."""

    rows: list[QuarantinedRow]


@router.post("/loads", operation_id="send_files", response={202: Sent}, summary="Send files in")
@needs("files.load")
def send_files(
    request: Asked, files: File[list[UploadedFile]], scope: Annotated[Scope, Form()]
) -> Status[dict[str, Any]]:
    """
    Send in files of any format that Kinfold reads; it is recognised from the content.

    They are loaded in the background: ask for the load until its state is done. The same files again are the same load.
    """
    if not files or len(files) > MOST_FILES:
        raise Problem(422, f"Send one to {MOST_FILES} files under the name `files`.")
    received = uploads.take_in(
        request.auth,
        [uploads.Sent(file.name or "file", file.chunks()) for file in files],
        council=request.auth.own_code,
        collection=scope.collection,
        full=scope.full,
    )
    refused = [{"where": e.file, "code": e.code, "message": str(e), "fix": e.fix} for e in received.refused]
    if not received.loads and not received.again:
        raise Problem(422, "Nothing in it could be taken in.", errors=refused)
    taken = [sent.load_json(load) for load in (*received.loads, *received.again)]
    return Status(202, {"loads": taken, "refused": refused})


@router.get("/loads", operation_id="loads", response={200: LoadsPage}, summary="The council's loads")
@needs("files.load")
def loads(request: Asked, paging: Annotated[Paging, Query()]) -> dict[str, Any]:
    """List what was loaded for the client's council."""
    total, found = sent.loads_of(request.auth, offset=paging.offset, limit=paging.limit)
    return {"loads": found, "total": total, "limit": paging.limit, "offset": paging.offset}


@router.get("/loads/{number}", operation_id="load", response={200: LoadShown}, summary="One load")
@needs("files.load")
def load(request: Asked, number: Number) -> dict[str, Any]:
    """Report on one load."""
    return sent.one_load(request.auth, number)


@router.get(
    "/loads/{number}/quarantine",
    operation_id="quarantine",
    response={200: QuarantinePage},
    summary="What could not be used",
)
@needs("files.load")
def quarantine(request: Asked, number: Number, paging: Annotated[Paging, Query()]) -> dict[str, Any]:
    """List the rows of a load that could not be used."""
    total, rows = sent.quarantine_of(request.auth, number, offset=paging.offset, limit=paging.limit)
    return {"rows": rows, "total": total, "limit": paging.limit, "offset": paging.offset}
