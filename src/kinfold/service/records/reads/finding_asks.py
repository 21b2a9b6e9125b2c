"""Who else knows a child: what the reader's organisation asked, and where each custodian stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone

from kinfold.service.records.models import Ask, CustodianWork, Pointer, SharingOrganisation, Thing
from kinfold.service.records.reads.agreements import (
    custodian_of,
    enforcer_for,
    organisations_of,
    own_organisation,
)
from kinfold.service.records.reads.child_fact import open_person
from kinfold.service.records.reads.fetching import Fetched, fetched_of, token_of
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import reading_as_system
from kinfold.sharing.agreements import Mode, OrganisationSort, Purpose, RecordType
from kinfold.sharing.finding import Outcome, Progress, State, allowed_types, state_of
from kinfold.terms.errors import InputError, NotPermitted


@dataclass(frozen=True, slots=True)
class Held:
    """A record that somebody holds. `content` says whether it may be asked for; `link` opens one that was."""

    uid: str
    record_type: RecordType
    seen: datetime
    confirmed: bool
    content: bool
    link: str = ""
    link_state: str = ""


@dataclass(frozen=True, slots=True)
class Stands:
    """Where one custodian stands in an ask, and what it may tell that it holds."""

    name: str
    sort: OrganisationSort
    state: State
    since: datetime | None
    records: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class AskPage:
    """One ask with every custodian's state and the records that came."""

    uid: str
    child: str
    mine: bool
    purpose: Purpose
    basis: str
    because: str
    at: datetime
    until: datetime
    stopped: bool
    custodians: tuple[Stands, ...]
    fetched: tuple[Fetched, ...]

    @property
    def ended(self) -> int:
        """Return how many of those asked have come to an end, whichever it is."""
        return sum(one.state not in (State.WAITING, State.WORKING, State.NOT_ASKED) for one in self.custodians)

    @property
    def asked(self) -> int:
        """Return how many were asked."""
        return sum(one.state is not State.NOT_ASKED for one in self.custodians)


@dataclass(frozen=True, slots=True)
class AskLine:
    """An ask in the list on a child's page."""

    uid: str
    by: str
    purpose: Purpose
    at: datetime
    ended: int
    asked: int
    stopped: bool


def own_ask(reader: Reader, uid: str) -> Ask:
    """Return an ask of the reader's organisation about a child they may open. Raises NotPermitted for any other."""
    made = Ask.objects.select_related("person", "organisation", "by").filter(uid=uid).first()
    if made is None:
        raise NotPermitted("There is nothing here that you can open.")
    open_person(reader, str(made.person.uid), action="who holds what")
    if own_organisation(reader, made.held_by_id).pk != made.organisation_id:
        raise NotPermitted("There is nothing here that you can open.")
    return made


def panel(reader: Reader, uid: str) -> tuple[Thing, list[AskLine]]:
    """Return the child and what the reader's organisation asked about them, the latest first; record the View."""
    row, thing = open_person(reader, uid, action="who else knows")
    reader.looked(row.held_by_id, "who else knows", [uid], because=reader.reason or reader.reads(thing).because)
    try:
        organisation = own_organisation(reader, row.held_by_id)
    except InputError:  # an organisation without a place in the agreements has asked nobody
        return row, []
    rows = list(Ask.objects.select_related("by").filter(person=row, organisation=organisation).order_by("-at")[:20])
    works = _works(rows)
    return row, [_line(one, works.get(one.pk, [])) for one in rows]


def _works(rows: Sequence[Ask]) -> dict[int, list[CustodianWork]]:
    found: dict[int, list[CustodianWork]] = {}
    for work in CustodianWork.objects.filter(ask__in=rows, fetch=False).order_by("pk"):
        found.setdefault(work.ask_id, []).append(work)
    return found


def _line(row: Ask, works: Sequence[CustodianWork]) -> AskLine:
    now = timezone.now()
    over = sum(state_of(_progress(work), now) not in (State.WAITING, State.WORKING) for work in works)
    return AskLine(
        str(row.uid), row.by.name, Purpose(row.purpose), row.at, over, len(works), row.stopped_at is not None
    )


def _progress(work: CustodianWork) -> Progress:
    return Progress(
        outcome=Outcome(work.outcome) if work.outcome else None, stopped=work.stopped, leased_until=work.lease_until,
        attempts=work.attempts, until=work.until,
    )  # fmt: skip


def ask_page(reader: Reader, uid: str) -> AskPage:
    """Return one ask: every custodian in a state of its own, those that may not tell as those that hold nothing."""
    made = own_ask(reader, uid)
    works = {work.custodian_id: work for work in _works([made]).get(made.pk, [])}
    fetched = fetched_of(reader, made)
    links = {link.pointer_id: (token_of(link), one.state if not one.ended else "ended") for link, one in fetched}
    with reading_as_system():
        pointers = list(Pointer.objects.filter(person_id=made.person_id, gone_at__isnull=True).order_by("record_type"))
        custodians = tuple(
            _stands(made, row, works.get(row.pk), [p for p in pointers if p.custodian_id == row.pk], links)
            for row in organisations_of(made.held_by_id)
            if row.pk != made.organisation_id and row.record_types
        )
    reader.looked(made.held_by_id, "who holds what", [str(made.person.uid)], because=made.because)
    return AskPage(
        str(made.uid), str(made.person.uid), made.by_id == reader.account.pk, Purpose(made.purpose), made.basis,
        made.because, made.at, made.until, made.stopped_at is not None, custodians, tuple(one for _, one in fetched),
    )  # fmt: skip


def _stands(
    made: Ask, row: SharingOrganisation, work: CustodianWork | None, pointers: Sequence[Pointer],
    links: Mapping[int, tuple[str, str]],
) -> Stands:  # fmt: skip
    state = state_of(_progress(work) if work else None, timezone.now())
    known = _may_know(made, row) if work is not None else {}
    records = tuple(
        _held(one, made, content=known[RecordType(one.record_type)], link=links.get(one.pk, ("", "")))
        for one in pointers
        if RecordType(one.record_type) in known
    )
    if state is State.RECORDS and not records:
        state = State.NONE  # what the agreement no longer tells leaves no trace
    return Stands(row.name, OrganisationSort(row.sort), state, work.done_at if work else None, records)


def _may_know(made: Ask, row: SharingOrganisation) -> dict[RecordType, bool]:
    """Return the sorts of record of which the asker may know, each with whether also what they say."""
    custodian, enforcer = custodian_of(row), enforcer_for(made.held_by_id)
    today = timezone.localdate()
    asker, purpose = made.organisation.code, Purpose(made.purpose)
    known, told = (
        allowed_types(enforcer.allows, custodian, asker=asker, mode=mode, purpose=purpose, on=today)
        for mode in (Mode.EXISTENCE, Mode.CONTENT)
    )
    return {one: one in told for one in known}


def _held(pointer: Pointer, made: Ask, *, content: bool, link: tuple[str, str]) -> Held:
    held = Held(
        str(pointer.uid), RecordType(pointer.record_type), pointer.last_seen, pointer.last_seen >= made.at, content
    )
    return replace(held, link=link[0], link_state=link[1])
