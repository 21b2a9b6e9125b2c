"""Fetching a record that another organisation holds: the link, what arrives through it, and what stops it."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from kinfold.service.records import audit
from kinfold.service.records.actions.finding_leases import held, insist_on_lease, said_of
from kinfold.service.records.models import Ask, CustodianWork, FetchLink, Pointer, SharingOrganisation
from kinfold.service.records.reads.agreements import (
    allowed_now,
    custodian_of,
    enforcer_for,
    in_force,
    latest_version,
    own_organisation,
)
from kinfold.service.records.reads.child_fact import open_person
from kinfold.service.records.reads.fetching import NOTHING, content_request, still_stands
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.service.records.sealing import seal
from kinfold.sharing.agreements import Mode, Purpose, RecordType, decided
from kinfold.sharing.finding import Outcome, allowed_types, number
from kinfold.sharing.minimising import minimised
from kinfold.sharing.schemas import mistakes, schema_of
from kinfold.terms.errors import EditConflict, InputError, NotPermitted

CHANGED = "The agreement changed while the record was on its way, so it was stopped."
MOST_MISTAKES = 20


class WrongForm(InputError):
    """A payload is not of the published form. `found` says where and what, never a value."""

    def __init__(self, found: list[tuple[str, str]]) -> None:
        super().__init__("The record is not of the published form. Nothing of it was kept.")
        self.found = found


def fetch(reader: Reader, made: Ask, pointer_uid: str) -> FetchLink:
    """
    Ask for a record that an ask found; return the link that will open it, to this person alone.

    Raises NotPermitted where the ask is somebody else's, there is no such record, or the agreement does not tell what
    it says: all of them alike.
    """
    open_person(reader, str(made.person.uid), action="fetch a record")
    with as_system(), transaction.atomic():
        pointer = (
            Pointer.objects.select_related("custodian")
            .filter(uid=pointer_uid, person_id=made.person_id, gone_at__isnull=True).first()
        )  # fmt: skip
        organisation = own_organisation(reader, made.held_by_id)
        mine = made.by_id == reader.account.pk and made.organisation_id == organisation.pk and not made.stopped_at
        request = content_request(pointer, asker=organisation.code, purpose=made.purpose) if pointer else None
        allowed = mine and request is not None and allowed_now(made.held_by_id, request)
        if pointer is None or not allowed:
            _said(reader, made, "refused: fetch a record")
            link = None
        else:
            link = _make(reader, made, pointer)
            _said(reader, made, "asked for a record", link=str(link.uid), custodian=pointer.custodian.code)
    if link is None:  # raised only now: the refusal stays in the chain
        raise NotPermitted(NOTHING)
    return link


def _make(reader: Reader, made: Ask, pointer: Pointer) -> FetchLink:
    now = timezone.now()
    agreement = latest_version(pointer.custodian)
    if agreement is None:
        raise NotPermitted(NOTHING)
    links = FetchLink.objects.filter(ask=made, pointer=pointer, account=reader.account, until__gt=now)
    open_one = links.filter(state__in=(FetchLink.State.WAITING, FetchLink.State.RECEIVED), agreement=agreement).first()
    if open_one is not None:
        return open_one
    until = now + timedelta(minutes=number("link_minutes", now.date()))
    work = CustodianWork.objects.create(
        held_by_id=made.held_by_id, ask=made, custodian=pointer.custodian, fetch=True,
        record_types=[pointer.record_type], run_after=now, until=until,
    )  # fmt: skip
    return FetchLink.objects.create(
        held_by_id=made.held_by_id, ask=made, pointer=pointer, work=work, account=reader.account,
        organisation=made.organisation, purpose=made.purpose, agreement=agreement,
        policy=enforcer_for(made.held_by_id).digest, at=now, until=until,
    )  # fmt: skip


def _said(reader: Reader, made: Ask, action: str, **more: Any) -> None:
    audit.append(made.held_by_id, [{
        "actor": str(reader.account.uid), "organisation": made.organisation.name,
        "role": ", ".join(reader.role_names)[:60], "action": action, "person": str(made.person.uid),
        "reason": made.because,
        "body": {"ask": str(made.uid), "purpose": made.purpose, "basis": made.basis,
                 "policy": enforcer_for(made.held_by_id).digest, **reader.asserted(), "trace": made.trace, **more},
    }])  # fmt: skip


def take_in(custodian: SharingOrganisation, work: UUID, lease: UUID, payload: Mapping[str, Any]) -> None:
    """
    Take in a record that a custodian gives: the policy looked at again, the form checked, the rest dropped, sealed.

    Raises EditConflict where the lease or the agreement is no longer in force, WrongForm where the payload is not of
    the published form (the lease stays, so that it can be put right), NotPermitted for work that is not there.
    """
    now = timezone.now()
    with as_system(), transaction.atomic():
        row = held(custodian, [work], fetch=True).get(work)
        if row is None:
            raise NotPermitted(NOTHING)
        insist_on_lease(row, lease, now=now)
        link = FetchLink.objects.select_related("pointer__custodian", "organisation").get(work_id=row.pk)
        stands = still_stands(link)
        found = [] if not stands else list(mistakes(payload, schema_of(RecordType(link.pointer.record_type))))
        if not stands:
            _stop([link], CHANGED)
            audit.append(custodian.held_by_id, said_of(custodian, [(row, {})], "record stopped on its way"), at=now)
        elif found:
            FetchLink.objects.filter(pk=link.pk).update(message="What came was not of the published form.")
            audit.append(custodian.held_by_id, said_of(custodian, [(row, {})], "record refused: wrong form"), at=now)
        else:
            _keep(link, payload)
            CustodianWork.objects.filter(pk=row.pk).update(outcome=Outcome.RECORDS.value, done_at=now, lease=None)
            policy = enforcer_for(custodian.held_by_id).digest
            audit.append(
                custodian.held_by_id, said_of(custodian, [(row, {"decided_by": policy})], "record received"), at=now
            )
    if not stands:
        raise EditConflict("This work was stopped: an answer is no longer wanted.")
    if found:
        raise WrongForm(found[:MOST_MISTAKES])


def _keep(link: FetchLink, payload: Mapping[str, Any]) -> None:
    kept = minimised(payload, purpose=Purpose(link.purpose), record_type=RecordType(link.pointer.record_type))
    FetchLink.objects.filter(pk=link.pk).update(
        state=FetchLink.State.RECEIVED, sealed=sealed(link.held_by_id, kept), received_at=timezone.now(), message=""
    )


def sealed(held_by: int, value: Mapping[str, Any]) -> bytes:
    """Return a value as JSON, sealed under the holder's key."""
    target = io.BytesIO()
    seal(held_by, io.BytesIO(json.dumps(value, ensure_ascii=False).encode()), target)
    return target.getvalue()


def not_given(custodian: SharingOrganisation, work: UUID, lease: UUID, outcome: Outcome) -> None:
    """Take in that a custodian cannot give a record: it has a fault, or no longer holds it. Raises as `take_in`."""
    now = timezone.now()
    words = "They no longer hold it." if outcome is Outcome.NONE else "They could not give it: a fault of theirs."
    with as_system(), transaction.atomic():
        row = held(custodian, [work], fetch=True).get(work)
        if row is None:
            raise NotPermitted(NOTHING)
        insist_on_lease(row, lease, now=now)
        FetchLink.objects.filter(work_id=row.pk).update(state=FetchLink.State.FAILED, message=words)
        CustodianWork.objects.filter(pk=row.pk).update(outcome=outcome.value, done_at=now, lease=None)
        audit.append(
            custodian.held_by_id, said_of(custodian, [(row, {"outcome": outcome.value})], "record not given"), at=now
        )


def _stop(links: list[FetchLink], words: str) -> None:
    now = timezone.now()
    ids = [link.pk for link in links]
    FetchLink.objects.filter(pk__in=ids).update(state=FetchLink.State.STOPPED, message=words, sealed=b"", until=now)
    CustodianWork.objects.filter(link__in=ids, done_at__isnull=True).update(stopped=True, done_at=now, lease=None)


def stop_what_no_longer_stands(organisation: SharingOrganisation) -> int:
    """
    Stop every record on its way or open under another version of an organisation's agreement; return how many.

    What the agreement no longer lets it tell, it is no longer asked either: its system would be told of the child for
    nothing. What its system has in hand it may answer; the answer is dropped. Runs in the transaction that changes the
    agreement.
    """
    links = list(
        FetchLink.objects.filter(pointer__custodian=organisation, until__gt=timezone.now(),
                                 state__in=(FetchLink.State.WAITING, FetchLink.State.RECEIVED))
    )  # fmt: skip
    if links:
        _stop(links, CHANGED)
    _stop_asking(organisation)
    return len(links)


def _stop_asking(organisation: SharingOrganisation) -> None:
    # asked of the agreements as this transaction leaves them, which the enforcer does not know of yet
    agreements, directory = in_force(organisation.held_by_id)
    custodian, now = custodian_of(organisation), timezone.now()
    waiting = CustodianWork.objects.filter(custodian=organisation, done_at__isnull=True, fetch=False)
    if not agreements[organisation.code].revoked:
        waiting = waiting.filter(Q(lease_until__isnull=True) | Q(lease_until__lte=now))
    over = [
        work.pk for work in waiting.select_related("ask__organisation")
        if not allowed_types(
            lambda request: decided(agreements, directory, request).allowed, custodian,
            asker=work.ask.organisation.code, mode=Mode.EXISTENCE, purpose=Purpose(work.ask.purpose),
            on=timezone.localdate(now), wanted=[RecordType(name) for name in work.record_types],
        )
    ]  # fmt: skip
    CustodianWork.objects.filter(pk__in=over).update(stopped=True, done_at=now, lease=None)


def empty_what_is_over(held_by: int) -> int:
    """Empty what came through links whose time is over; return how many."""
    with as_system():
        over = FetchLink.objects.filter(held_by_id=held_by, until__lte=timezone.now()).exclude(sealed=b"")
        return over.update(sealed=b"")
