"""Asking who holds what about a child, and taking in what custodians answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from kinfold.access.words import Label
from kinfold.service.records import audit
from kinfold.service.records.actions.finding_leases import Piece, Told, held, insist_on_lease, said_of
from kinfold.service.records.models import Ask, CustodianWork, FetchLink, Pointer, SharingOrganisation, Thing
from kinfold.service.records.reads.agreements import (
    custodian_of,
    enforcer_for,
    organisations_of,
    own_organisation,
)
from kinfold.service.records.reads.child_fact import open_person
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.sharing.agreements import Mode, Purpose, RecordType
from kinfold.sharing.finding import Outcome, allowed_types, number
from kinfold.terms.errors import EditConflict, InputError, NotPermitted

_SEALED = "This record is sealed. Nobody is asked about it from here."


@dataclass(frozen=True, slots=True)
class Found:
    """A record that a custodian says it holds: its sort, the system it lies in and its number there."""

    record_type: RecordType
    system: str
    record: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a custodian answers to one piece of work, under its lease."""

    work: UUID
    lease: UUID
    outcome: Outcome
    records: Sequence[Found] = ()


def ask(reader: Reader, uid: str, *, purpose: Purpose, basis: str, because: str, trace: str = "") -> Ask:
    """
    Ask every organisation whose agreement lets it tell what it holds about a child; return the ask.

    The same question of the same person, still open, is that question again. Raises InputError where the reader's
    organisation is no party, or the record is sealed; NotPermitted where the reader may not open the child.
    """
    row, thing = open_person(reader, uid, action="ask who holds what")
    if row.sort != "child":
        raise InputError("Ask about a child: who else knows an adult is not asked from here.")
    if Label.SEALED in thing.labels:
        raise InputError(_SEALED)
    if not because.strip() or not basis.strip():
        raise InputError("Say why you ask and on which basis.")
    with as_system(), transaction.atomic():
        organisation = own_organisation(reader, row.held_by_id)
        mine = Ask.objects.filter(person=row, by=reader.account, organisation=organisation, purpose=purpose.value)
        now = timezone.now()
        open_one = mine.filter(stopped_at__isnull=True, until__gt=now, custodianwork__done_at__isnull=True,
                               custodianwork__isnull=False).order_by("-at").first()  # fmt: skip
        if open_one is not None:
            return open_one
        made = Ask.objects.create(
            held_by_id=row.held_by_id, person=row, by=reader.account, role=", ".join(reader.role_names)[:60],
            organisation=organisation, purpose=purpose.value, basis=basis[:300], because=because.strip()[:200],
            policy="", trace=trace[:64], at=now, until=now + timedelta(hours=number("ask_hours", now.date())),
        )  # fmt: skip
        asked = _give_out(made, purpose, now)
        _say(reader, made, "asked who holds what", asked=asked)
    return made


def _give_out(made: Ask, purpose: Purpose, now: datetime) -> int:
    """Make a piece of work for every custodian whose agreement allows it; return how many."""
    enforcer = enforcer_for(made.held_by_id)
    enforcer.look_again()
    works = []
    for row in organisations_of(made.held_by_id):
        if row.pk == made.organisation_id:
            continue
        types = allowed_types(
            enforcer.allows, custodian_of(row), asker=made.organisation.code, mode=Mode.EXISTENCE, purpose=purpose,
            on=timezone.localdate(now),
        )  # fmt: skip
        if types:
            works.append(
                CustodianWork(
                    held_by_id=made.held_by_id, ask=made, custodian=row, record_types=sorted(types), run_after=now,
                    until=made.until,
                )
            )  # fmt: skip
    CustodianWork.objects.bulk_create(works)
    made.policy = enforcer.digest
    Ask.objects.filter(pk=made.pk).update(policy=made.policy)
    return len(works)


def _say(reader: Reader, made: Ask, action: str, **more: Any) -> None:
    audit.append(made.held_by_id, [{
        "actor": str(reader.account.uid), "organisation": made.organisation.name, "role": made.role, "action": action,
        "person": str(made.person.uid), "reason": made.because,
        "body": {"ask": str(made.uid), "purpose": made.purpose, "basis": made.basis, "policy": made.policy,
                 **reader.asserted(), "trace": made.trace, **more},
    }])  # fmt: skip


def stop(reader: Reader, made: Ask) -> None:
    """Stop an ask: custodians that have not answered are asked no longer, and records under way do not arrive."""
    if made.by_id != reader.account.pk:
        raise NotPermitted("There is nothing here that you can open.")
    now = timezone.now()
    with as_system(), transaction.atomic():
        works = CustodianWork.objects.filter(ask=made, done_at__isnull=True)
        FetchLink.objects.filter(work__in=works).update(
            state=FetchLink.State.STOPPED, message="You stopped asking.", until=now
        )
        works.update(stopped=True, done_at=now, lease=None)
        Ask.objects.filter(pk=made.pk).update(stopped_at=now)
        _say(reader, made, "stopped asking")


def stop_all_about(person: Thing) -> None:
    """Stop whatever anybody asks about a person whose record is sealed: no system is told of them, and nothing arrives."""
    now = timezone.now()
    with as_system(), transaction.atomic():
        FetchLink.objects.filter(ask__person=person).update(
            state=FetchLink.State.STOPPED, message=_SEALED, sealed=b"", until=now
        )
        CustodianWork.objects.filter(ask__person=person, done_at__isnull=True).update(
            stopped=True, done_at=now, lease=None
        )
        Ask.objects.filter(person=person, stopped_at__isnull=True).update(stopped_at=now)


def forget_what_is_over(held_by: int, *, today: date) -> int:
    """
    Forget asks that ended long ago, with their work, links and what was said to be held and not named again since.

    Return how many asks. That they were made, by whom and why stays in the audit, which has a time of its own.
    """
    before = timezone.now() - timedelta(days=number("ask_kept_days", today))
    with as_system(), transaction.atomic():
        over = Ask.objects.filter(held_by_id=held_by, until__lt=before)
        FetchLink.objects.filter(ask__in=over).delete()
        Pointer.objects.filter(held_by_id=held_by, last_seen__lt=before).delete()
        CustodianWork.objects.filter(ask__in=over).delete()
        return over.filter(pointer__isnull=True).delete()[0]


def answer(custodian: SharingOrganisation, answers: Sequence[Answer]) -> dict[UUID, str]:
    """
    Take in what a custodian answers to pieces of work, and return for each "" or why it was not taken.

    The policy is looked at again: what the agreement no longer lets be told is dropped as if it had never been said.
    """
    now = timezone.now()
    refused: dict[UUID, str] = {}
    taken: list[tuple[Piece, Answer, list[Found]]] = []
    with as_system(), transaction.atomic():
        rows = held(custodian, [one.work for one in answers], fetch=False)
        enforcer, asked_of = enforcer_for(custodian.held_by_id), custodian_of(custodian)
        enforcer.look_again()
        for one in answers:
            row = rows.pop(one.work, None)
            why = "There is no such work." if row is None else _not_taken(row, one.lease, now)
            if row is None or why:
                refused[one.work] = why
                continue
            may = allowed_types(
                enforcer.allows, asked_of, asker=row.asker, mode=Mode.EXISTENCE, purpose=Purpose(row.purpose),
                on=timezone.localdate(now), wanted=[RecordType(name) for name in row.record_types],
            )  # fmt: skip
            taken.append((row, one, [found for found in one.records if found.record_type in may]))
        _keep_answers(custodian, taken, now, enforcer.digest)
    return {one.work: refused.get(one.work, "") for one in answers}


def _not_taken(row: Piece, lease: UUID, now: datetime) -> str:
    try:
        insist_on_lease(row, lease, now=now)
    except EditConflict as error:
        return str(error)
    return ""


Taken = Sequence[tuple[Piece, Answer, list[Found]]]


def _keep_answers(custodian: SharingOrganisation, taken: Taken, now: datetime, policy: str) -> None:
    answered: list[Told] = []
    faulty: list[Told] = []
    by_outcome: dict[str, list[int]] = {}
    for row, one, kept in taken:
        if one.outcome is Outcome.TEMPORARY_ERROR and row.attempts < number("most_attempts", now.date()):
            _ask_again(row, now)
            faulty.append((row, {"decided_by": policy}))
            continue
        outcome = Outcome.NONE if one.outcome is Outcome.RECORDS and not kept else one.outcome
        by_outcome.setdefault(outcome.value, []).append(row.pk)
        answered.append((row, {"outcome": outcome.value, "decided_by": policy}))
    for outcome_word, ids in by_outcome.items():
        CustodianWork.objects.filter(pk__in=ids).update(outcome=outcome_word, done_at=now, lease=None)
    _keep_pointers(custodian, taken, now)
    audit.append(
        custodian.held_by_id,
        [*said_of(custodian, answered, "custodian answered"), *said_of(custodian, faulty, "custodian had a fault")],
        at=now,
    )  # fmt: skip


def _ask_again(row: Piece, now: datetime) -> None:
    wait = number("again_seconds", now.date()) * 2 ** (row.attempts - 1)
    CustodianWork.objects.filter(pk=row.pk).update(
        lease=None, lease_until=None, run_after=now + timedelta(seconds=wait)
    )


def _keep_pointers(custodian: SharingOrganisation, taken: Taken, now: datetime) -> None:
    """Keep what was said to be held; what a custodian held before and no longer names is marked as gone."""
    rows, told = [], []
    for row, one, kept in taken:
        if one.outcome in (Outcome.RECORDS, Outcome.NONE):
            told.append(row)
        rows += [
            Pointer(
                held_by_id=custodian.held_by_id, person_id=row.person_id, custodian=custodian,
                record_type=found.record_type.value, system=found.system, record=found.record, first_seen=now,
                last_seen=now, last_ask_id=row.ask_id,
            )
            for found in dict.fromkeys(kept)
        ]  # fmt: skip
    if rows:
        Pointer.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["person", "custodian", "record_type", "system", "record"],
            update_fields=["last_seen", "last_ask", "gone_at"],
        )  # fmt: skip
    asked = {(row.person_id, name) for row in told for name in row.record_types}
    known = Pointer.objects.filter(
        custodian=custodian, person_id__in={person for person, _ in asked}, last_seen__lt=now, gone_at__isnull=True
    ).values_list("pk", "person_id", "record_type")
    gone = [pk for pk, person, name in known if (person, name) in asked]
    if gone:
        Pointer.objects.filter(pk__in=gone).update(gone_at=now)
