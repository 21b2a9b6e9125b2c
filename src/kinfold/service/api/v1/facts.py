"""One fact of a child: its history, recording a new one, correcting it, withdrawing it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Field, Router, Schema
from ninja.responses import Status
from pydantic import StringConstraints

from kinfold.service.api.v1.guard import needs
from kinfold.service.api.v1.problems import Problem, ProblemDetails
from kinfold.service.api.v1.shapes import Asked, Because, Day, Mark, WordName
from kinfold.service.records.actions import recording
from kinfold.service.records.reads.child_fact import fact_of, open_person, version_mark
from kinfold.service.records.reads.fact import FactHistory, Told
from kinfold.terms.errors import EditConflict, NotPermitted

router = Router(tags=["Facts"])
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,47}$")]
FieldName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]


class FieldTold(Schema):
    """A value, what it means and the source's own name for it."""

    field: str
    meaning: str
    value: Any
    source_name: str


class VersionTold(Schema):
    """One version of a fact. `version` is what a correction must give as `made_from`."""

    version: Mark
    status: str
    reason: str
    valid_from: date | None
    valid_to: date | None
    known_from: datetime | None
    known_to: datetime | None
    by: str
    source: str
    file: str
    where: str
    fields: list[FieldTold]
    withheld: list[str]


class FactTold(Schema):
    """A fact and its versions, newest first."""

    id: UUID
    kind: str
    word: WordName
    label: str
    person: UUID
    versions: list[VersionTold]


class NewFact(Schema):
    """A fact to record. `values` are the fields of its kind: GET /kinds/{name} gives their JSON Schema."""

    kind: Name
    values: dict[FieldName, Any] = Field(default_factory=dict, max_length=100)
    valid_from: Day | None = Field(None, description="The day, or the first day it held")
    valid_to: Day | None = Field(None, description="The first day it no longer held")
    party: UUID | None = Field(None, description="The other person or body, where the kind has one")
    because: Because


class Correction(Schema):
    """What to change. `values` are laid over those there; null takes one out. A day left out stays as it is."""

    made_from: Mark
    values: dict[FieldName, Any] = Field(default_factory=dict, max_length=100)
    valid_from: Day | None = None
    valid_to: Day | None = None
    because: Because


class Withdrawal(Schema):
    """Why a fact is withdrawn. With the last two reasons its content is hidden from then on."""

    made_from: Mark
    reason: Literal["mistake", "duplicate", "wrong_person", "unlawful"]
    because: Because


class Written(Schema):
    """A fact as it was written: its id and the name of the version held now."""

    id: UUID
    kind: str
    word: WordName
    version: Mark


class Conflict(ProblemDetails):
    """Somebody else changed the fact first: what you sent, and what is held now."""

    yours: dict[str, Any]
    theirs: VersionTold


PATH = "/children/{uuid:uid}/facts/{word}/{uuid:fact}"


@router.get(PATH, operation_id="fact", response={200: FactTold}, summary="A fact and its history")
@needs("records.read")
def fact(request: Asked, uid: UUID, word: WordName, fact: UUID) -> dict[str, Any]:
    """Give every version of a fact: what each said, by whom, from which file and row, and when it was known."""
    return _told(word, fact_of(request.auth, str(uid), word, str(fact)))


@router.post("/children/{uuid:uid}/facts", operation_id="record_fact", response={201: Written}, summary="Record a fact")
@needs("records.write")
def record_fact(request: Asked, uid: UUID, new: NewFact, response: HttpResponse) -> Status[Written]:
    """Record a fact of a declared kind. 403 where the client's roles open the record but do not write there."""
    row, _ = open_person(request.auth, str(uid), action="record a fact")
    kind = recording.kind_of(new.kind)
    with _refused():
        fact_id, version = recording.record(
            request.auth, row, kind=new.kind, values=new.values, valid_from=new.valid_from, valid_to=new.valid_to,
            party=str(new.party) if new.party else None, because=new.because,
        )  # fmt: skip
    word: Any = kind.word.value
    response["Location"] = f"{request.path}/{word}/{fact_id}"
    return Status(201, Written(id=UUID(fact_id), kind=new.kind, word=word, version=version))


@router.patch(PATH, operation_id="correct_fact", response={200: Written, 409: Conflict}, summary="Correct a fact")
@needs("records.write")
def correct_fact(request: Asked, uid: UUID, word: WordName, fact: UUID, change: Correction) -> Written:
    """Write a corrected version of a fact. What was known before stays as it was known."""
    told = fact_of(request.auth, str(uid), word, str(fact))
    days: dict[str, date | None] = {
        name: getattr(change, name) for name in ("valid_from", "valid_to") if name in change.model_fields_set
    }
    row, _ = open_person(request.auth, str(uid), action="correct a fact")
    with _refused(), _Conflicting(request, uid, word, fact, yours=change.model_dump(mode="json", exclude_unset=True)):
        version = recording.correct(
            request.auth, row, word=word, fact=str(fact), made_from=change.made_from, values=change.values,
            because=change.because, days=days,
        )  # fmt: skip
    return Written(id=fact, kind=told.kind.name, word=word, version=version)


@router.post(
    f"{PATH}/void", operation_id="void_fact", response={200: Written, 409: Conflict}, summary="Withdraw a fact"
)
@needs("records.write")
def void_fact(request: Asked, uid: UUID, word: WordName, fact: UUID, change: Withdrawal) -> Written:
    """Withdraw a fact. It is kept, and says that it was withdrawn, by whom and why."""
    told = fact_of(request.auth, str(uid), word, str(fact))
    row, _ = open_person(request.auth, str(uid), action="withdraw a fact")
    with _refused(), _Conflicting(request, uid, word, fact, yours=change.model_dump(mode="json")):
        version = recording.void(
            request.auth, row, word=word, fact=str(fact), made_from=change.made_from, reason=change.reason,
            because=change.because,
        )  # fmt: skip
    return Written(id=fact, kind=told.kind.name, word=word, version=version)


class _refused:
    """Say 403, not 404, of what the caller sees and may not write."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, sort: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, NotPermitted):
            raise Problem(403, str(error)) from None


class _Conflicting:
    """Answer a conflict with both versions side by side; neither is lost."""

    def __init__(self, request: Asked, uid: UUID, word: WordName, fact: UUID, *, yours: dict[str, Any]) -> None:
        self.request, self.uid, self.word, self.fact, self.yours = request, uid, word, fact, yours

    def __enter__(self) -> None:
        return None

    def __exit__(self, sort: Any, error: BaseException | None, trace: Any) -> None:
        if not isinstance(error, EditConflict):
            return
        held = fact_of(self.request.auth, str(self.uid), self.word, str(self.fact)).versions[0]
        theirs = VersionTold(**_version(self.word, held)).model_dump(mode="json")
        raise Problem(409, str(error), more={"yours": self.yours, "theirs": theirs}) from None


def _told(word: WordName, history: FactHistory) -> dict[str, Any]:
    return {
        "id": history.versions[0].version.fact, "kind": history.kind.name, "word": word,
        "label": history.kind.label, "person": history.person,
        "versions": [_version(word, told) for told in history.versions],
    }  # fmt: skip


def _version(word: WordName, told: Told) -> dict[str, Any]:
    version = told.version
    place = version.place
    return {
        "version": version_mark(word, int(version.id)), "status": version.status, "reason": told.reason,
        "valid_from": version.valid_from, "valid_to": version.valid_to, "known_from": told.known_from,
        "known_to": told.known_to, "by": told.by, "source": version.source, "file": told.file,
        "where": f"{place.table} row {place.row}" if place else "",
        "fields": [
            {"field": f.field, "meaning": f.meaning, "value": f.value, "source_name": f.source_name}
            for f in told.fields
        ],
        "withheld": list(told.hidden),
    }  # fmt: skip
