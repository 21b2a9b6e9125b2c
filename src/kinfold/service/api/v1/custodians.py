"""What the systems of other organisations do here: pull work under a lease, say what they hold, give a record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Field, Router, Schema
from ninja.responses import Status
from pydantic import StringConstraints

from kinfold.service.api.v1.guard import needs
from kinfold.service.api.v1.problems import Problem
from kinfold.service.api.v1.shapes import LINE, Asked
from kinfold.service.records.actions import fetching, finding_asks, finding_leases, finding_waiting
from kinfold.service.records.reads.agreements import custodian_of_client
from kinfold.sharing.agreements import RecordType
from kinfold.sharing.finding import Outcome, number
from kinfold.sharing.schemas import schema_of
from kinfold.terms.errors import EditConflict

router = Router(tags=["Custodians"])
MOST_RECORDS = 50
Seconds = Annotated[int, Field(ge=0, le=finding_waiting.LONGEST)]
Name = Annotated[str, StringConstraints(pattern=LINE, min_length=1, max_length=60)]


class PersonShown(Schema):
    """By what you can know the child again. Numbers and the postcode stand here where they may be told."""

    given: str
    middle: str
    family: str
    birth_date: str | None
    sex: str
    postcode: str
    nhs_number: str = ""
    upn: str = ""


class Work(Schema):
    """A piece of work under your lease: find out what you hold, or give the record named."""

    work: UUID
    lease: UUID
    lease_until: datetime
    fetch: bool = Field(description="False: say what you hold. True: give the record `record` of `system`")
    record_types: list[RecordType] = Field(description="The sorts of record asked about; others are dropped")
    ask: UUID = Field(description="The search this belongs to: the same from the question to the record")
    asker: str
    asker_name: str
    role: str
    user: UUID = Field(description="Who asks, by a number of their own: their name is with the asker")
    purpose: str
    basis: str
    trace: str
    person: PersonShown
    system: str
    record: str


class Waiting(Schema):
    """That work waits."""

    waiting: bool


class Claim(Schema):
    """How much you can take on now."""

    most: int = Field(1, ge=1, le=finding_leases.MOST_AT_ONCE)


class Claimed(Schema):
    """What you have taken, the oldest first."""

    work: list[Work]


class Lease(Schema):
    """The lease you hold."""

    lease: UUID


class Renewed(Schema):
    """Until when the lease now lasts."""

    lease_until: datetime


class RecordHeld(Schema):
    """A record that you hold: its sort, the system it lies in, and its number there. Nothing of what it says."""

    record_type: RecordType
    system: Name
    record: Name


class Answer(Lease):
    """What you found. A fault of yours is said as such, never as `none`."""

    outcome: Outcome
    records: list[RecordHeld] = Field(default_factory=list, max_length=MOST_RECORDS)


class AnswerTo(Answer):
    """An answer among several."""

    work: UUID


class Answers(Schema):
    """Answers to several pieces of work."""

    answers: list[AnswerTo] = Field(min_length=1, max_length=finding_leases.MOST_AT_ONCE)


class Taken(Schema):
    """Whether one answer was taken, and why not."""

    work: UUID
    taken: bool
    why: str


class AllTaken(Schema):
    """What became of each answer."""

    answers: list[Taken]


class Given(Lease):
    """The record asked for, in the published form of its sort; or why you do not give it."""

    payload: dict[str, Any] | None = Field(None, description="See `schemas/{record_type}`")
    outcome: Outcome = Outcome.RECORDS


def _retry(response: HttpResponse) -> None:
    response["Retry-After"] = str(number("look_again_seconds", datetime.now().date()))  # noqa: DTZ005 -- a policy of ours


@router.get(
    "/custodian/work", operation_id="custodian_work", response={200: Waiting, 204: None}, summary="Is there work?"
)
@needs("custodian.work")
def custodian_work(request: Asked, response: HttpResponse, wait: Seconds = 0) -> Status[Any]:
    """
    Answer 200 when work waits for you, 204 with Retry-After when none does.

    With `wait` the answer comes as soon as there is work, and after so many seconds where there is none.
    """
    if finding_waiting.work_waits(custodian_of_client(request.auth.client_id), seconds=wait):
        return Status(200, {"waiting": True})
    _retry(response)
    return Status(204, None)


@router.post(
    "/custodian/work/claim", operation_id="custodian_claim", response={200: Claimed, 204: None}, summary="Take work"
)
@needs("custodian.work")
def custodian_claim(request: Asked, claim: Claim, response: HttpResponse) -> Status[Any]:
    """Take work under one lease. Nobody else gets it until the lease has run out."""
    found = finding_leases.claim(custodian_of_client(request.auth.client_id), most=claim.most)
    if not found:
        _retry(response)
        return Status(204, None)
    return Status(200, {"work": [asdict(one) for one in found]})


@router.post(
    "/custodian/work/{uuid:work}/renew", operation_id="custodian_renew", response={200: Renewed},
    summary="Keep work a while longer",
)  # fmt: skip
@needs("custodian.work")
def custodian_renew(request: Asked, work: UUID, held: Lease) -> dict[str, Any]:
    """Renew a lease: from now on, and never past the longest time."""
    with _conflicts():
        until = finding_leases.renew(custodian_of_client(request.auth.client_id), work, held.lease)
    return {"lease_until": until}


@router.post(
    "/custodian/work/{uuid:work}/answer", operation_id="custodian_answer", response={202: Taken},
    summary="Say what you hold",
)  # fmt: skip
@needs("custodian.work")
def custodian_answer(request: Asked, work: UUID, said: Answer) -> Status[Any]:
    """Answer one piece of finding. What an agreement does not let you tell is dropped, and never kept."""
    why = finding_asks.answer(custodian_of_client(request.auth.client_id), [_answer(work, said)])[work]
    if why:
        raise Problem(409, why, code="lease")
    return Status(202, {"work": work, "taken": True, "why": ""})


@router.post(
    "/custodian/answers",
    operation_id="custodian_answers",
    response={200: AllTaken},
    summary="Say what you hold, at once",
)
@needs("custodian.work")
def custodian_answers(request: Asked, said: Answers) -> dict[str, Any]:
    """Answer several pieces of finding in one call."""
    told = finding_asks.answer(
        custodian_of_client(request.auth.client_id), [_answer(one.work, one) for one in said.answers]
    )
    return {"answers": [{"work": work, "taken": not why, "why": why} for work, why in told.items()]}


@router.post(
    "/custodian/work/{uuid:work}/record", operation_id="custodian_record", response={202: Taken},
    summary="Give the record asked for",
)  # fmt: skip
@needs("custodian.work")
def custodian_record(request: Asked, work: UUID, said: Given) -> Status[Any]:
    """Give a record. It is checked against its published form, and only what the purpose needs of it is kept."""
    custodian = custodian_of_client(request.auth.client_id)
    with _conflicts():
        if said.payload is None:
            fault = Outcome.PERMANENT_ERROR if said.outcome is Outcome.RECORDS else said.outcome
            fetching.not_given(custodian, work, said.lease, fault)
        else:
            fetching.take_in(custodian, work, said.lease, said.payload)
    return Status(202, {"work": work, "taken": True, "why": ""})


@router.get(
    "/schemas/{record_type}", operation_id="record_schema", response={200: dict[str, Any]},
    summary="The form of a shared record",
)  # fmt: skip
@needs("")
def record_schema(request: Asked, record_type: RecordType) -> dict[str, Any]:
    """Give the JSON Schema of a sort of record."""
    return dict(schema_of(record_type))


def _answer(work: UUID, said: Answer) -> finding_asks.Answer:
    records = [finding_asks.Found(one.record_type, one.system, one.record) for one in said.records]
    return finding_asks.Answer(work, said.lease, said.outcome, records)


@contextmanager
def _conflicts() -> Iterator[None]:
    """Say 409 of a lease that is no longer in force, and 422 with each mistake of a payload."""
    try:
        yield
    except EditConflict as error:
        raise Problem(409, str(error), code="lease") from None
    except fetching.WrongForm as error:
        errors = [{"where": where, "code": "schema", "message": what, "fix": ""} for where, what in error.found]
        raise Problem(422, str(error), code="schema", errors=errors) from None
