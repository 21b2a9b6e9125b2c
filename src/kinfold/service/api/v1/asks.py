"""Who holds what about a child, asked by another system: the question, how far it has come, and what is fetched."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Field, Router, Schema
from ninja.responses import Status

from kinfold.service.api.v1.guard import needs
from kinfold.service.api.v1.problems import Problem
from kinfold.service.api.v1.shapes import Asked, Because
from kinfold.service.records.actions import fetching, finding_asks
from kinfold.service.records.reads import fetching as fetched
from kinfold.service.records.reads import finding_asks as reads
from kinfold.sharing.agreements import OrganisationSort, Purpose, RecordType
from kinfold.sharing.finding import State
from kinfold.sharing.lawful import bases

router = Router(tags=["Who holds what"])
SCOPE = "asks"


class AskIn(Schema):
    """About whom, what for and why now. The lawful basis is the ordinary one of the purpose, unless you give another."""

    person: UUID
    purpose: Purpose
    because: Because
    basis: str = Field("", max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")


class RecordKnown(Schema):
    """A record that somebody holds. `confirmed`: said in answer to this question; otherwise known from before."""

    record: UUID
    record_type: RecordType
    seen: datetime
    confirmed: bool
    may_be_fetched: bool
    link: str = Field(description="The address that opens it, once it was asked for; empty until then")


class CustodianStands(Schema):
    """Where one organisation stands. Who may not tell you stands as one that holds nothing."""

    name: str
    sort: OrganisationSort
    state: State
    since: datetime | None
    records: list[RecordKnown]


class AskOut(Schema):
    """A question as it stands: how much of it has come to an end, and every organisation in a state of its own."""

    ask: UUID
    person: UUID
    purpose: Purpose
    basis: str
    because: str
    at: datetime
    until: datetime
    stopped: bool
    percent_ended: int = Field(ge=0, le=100)
    custodians: list[CustodianStands]


class RecordLink(Schema):
    """A link to a record, to this client alone."""

    link: str


class RecordOut(Schema):
    """What came through a link. `payload` is empty until it is there."""

    custodian: str
    record_type: RecordType
    purpose: Purpose
    state: str
    message: str
    asked_at: datetime
    received_at: datetime | None
    until: datetime
    payload: dict[str, Any]


@router.post("/asks", operation_id="ask_make", response={202: AskOut}, summary="Ask who holds what about a child")
@needs(SCOPE)
def ask_make(request: Asked, asked: AskIn) -> Status[Any]:
    """Ask every organisation whose agreement allows it. The same question, still open, is that question again."""
    basis = asked.basis.strip() or bases()[asked.purpose].ordinary
    made = finding_asks.ask(
        request.auth, str(asked.person), purpose=asked.purpose, basis=basis, because=asked.because,
        trace=request.auth.trace,
    )  # fmt: skip
    return Status(202, _shown(reads.ask_page(request.auth, str(made.uid))))


@router.get("/asks/{uuid:ask}", operation_id="ask_read", response={200: AskOut}, summary="How far a question has come")
@needs(SCOPE)
def ask_read(request: Asked, ask: UUID) -> dict[str, Any]:
    """Give every organisation's state and what it may tell that it holds, as it comes in."""
    return _shown(reads.ask_page(request.auth, str(ask)))


@router.delete("/asks/{uuid:ask}", operation_id="ask_end", response={204: None}, summary="Stop a question")
@needs(SCOPE)
def ask_end(request: Asked, ask: UUID) -> Status[Any]:
    """Ask nobody any longer: what has not come yet does not come."""
    finding_asks.stop(request.auth, reads.own_ask(request.auth, str(ask)))
    return Status(204, None)


@router.post(
    "/asks/{uuid:ask}/records/{uuid:record}", operation_id="ask_record", response={201: RecordLink},
    summary="Ask for a record",
)  # fmt: skip
@needs(SCOPE)
def ask_record(request: Asked, ask: UUID, record: UUID) -> Status[Any]:
    """Ask for a record that was found; the link opens it once it has come, and for an hour."""
    link = fetching.fetch(request.auth, reads.own_ask(request.auth, str(ask)), str(record))
    return Status(201, {"link": fetched.token_of(link)})


@router.get("/fetched/{link}", operation_id="record_read", response={200: RecordOut}, summary="Open a fetched record")
@needs(SCOPE)
def record_read(request: Asked, link: str) -> dict[str, Any]:
    """Give what came through a link; 410 once its time is over or the agreement it was made under has changed."""
    found = fetched.opened(request.auth, link)
    if found.ended:
        raise Problem(410, found.message or "This link is over. Ask for the record again.", code="ended")
    return {name: getattr(found, name) for name in RecordOut.model_fields}


def _shown(page: reads.AskPage) -> dict[str, Any]:
    custodians = [
        {"name": one.name, "sort": one.sort, "state": one.state, "since": one.since,
         "records": [_record(held) for held in one.records]}
        for one in page.custodians
    ]  # fmt: skip
    return {
        "ask": page.uid, "person": page.child, "purpose": page.purpose, "basis": page.basis, "because": page.because,
        "at": page.at, "until": page.until, "stopped": page.stopped,
        "percent_ended": 100 * page.ended // page.asked if page.asked else 100, "custodians": custodians,
    }  # fmt: skip


def _record(held: reads.Held) -> dict[str, Any]:
    return {
        "record": held.uid, "record_type": held.record_type, "seen": held.seen, "confirmed": held.confirmed,
        "may_be_fetched": held.content, "link": held.link,
    }  # fmt: skip
