"""
An adoption order: the birth record is sealed by two people, and the adopted child's record is made apart from it.

Nothing here takes or keeps both identities. Sealing knows only the birth record; the request for the adopted child's
record is a form of its own, kept sealed, and carried out by a job at a random later time (access/adoption.py).
Source: architecture, "Adoption"; the project's page on casework, section 4.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Q

from kinfold.access.adoption import BASES, UnsealRequest, creation_delay, may_unseal
from kinfold.access.grants import agree_as_second, needed_reason
from kinfold.access.policy import may
from kinfold.access.roles import ROLES
from kinfold.access.things import Decision, GrantSort
from kinfold.access.things import Grant as Agreement
from kinfold.access.words import Label, Verb
from kinfold.files.attached import Attached
from kinfold.record.declare import KINDS
from kinfold.service.jobs.queue import enqueue
from kinfold.service.records import audit
from kinfold.service.records.actions import facts, finding_asks, people
from kinfold.service.records.actions.access import restrict
from kinfold.service.records.actions.papers import keep_file
from kinfold.service.records.actions.recording import checked
from kinfold.service.records.commits import Change, writing
from kinfold.service.records.models import Account, Grant, Job, KeptFile, RoleHeld, SealRequest, Thing
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.sealed import for_sealing, insist_may_ask, waiting_request
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import InputError, NotPermitted

ARCHIVIST = "adoption_archivist"
ADOPTED = "adopted record"
MADE_BY = "adoption"  # who asked is on the birth record's side of the wall, and is not named on this one


def ask_to_seal(reader: Reader, uid: str, *, order_date: date, purpose: str) -> SealRequest:
    """Ask for a birth record to be sealed after an adoption order; another person must agree."""
    row = insist_may_ask(reader, uid, "seal")
    if order_date > reader.now.date():
        raise InputError("The day of the order must be today or in the past.")
    if not _archivists(row.held_by_id, reader.now.date()):
        raise InputError(
            f"Nobody holds the role {ROLES[ARCHIVIST].label}. Give it to somebody first: nobody else could ever open "
            "the sealed record."
        )
    return _ask(reader, row, SealRequest.Act.SEAL, purpose=purpose, order_date=order_date)


def ask_to_unseal(reader: Reader, uid: str, *, basis: str, purpose: str) -> SealRequest:
    """Ask to open a sealed record for a time, on a legal basis; another person must agree."""
    row = insist_may_ask(reader, uid, "unseal")
    if basis not in BASES:
        raise InputError("Choose the legal basis.")
    return _ask(reader, row, SealRequest.Act.UNSEAL, purpose=purpose, basis=basis)


def _ask(reader: Reader, row: Thing, act: SealRequest.Act, **said: Any) -> SealRequest:
    said["purpose"] = needed_reason(said["purpose"])
    if SealRequest.objects.filter(person=row, act=act, answered_at__isnull=True).exists():
        raise InputError("This has been asked for already and waits for a second person.")
    with writing(held_by=row.held_by_id, by=str(reader.account.uid), because=f"asked: {act.label}") as change:
        made = SealRequest.objects.create(
            held_by_id=row.held_by_id, person=row, act=act, asked_by=reader.account, asked_at=change.at, **said
        )
        _say(change, reader, row, f"asked to {act.value}", said["purpose"], {"request": str(made.uid)})
    return made


def answer(reader: Reader, uid: str, *, agree: bool) -> str:
    """
    Agree to or decline what another person asked for; return what was done, in words.

    Raises NotPermitted for one's own request, for a second person without the power, and for one of the family.
    """
    request = waiting_request(reader, uid)
    row = request.person
    with writing(held_by=row.held_by_id, by=str(reader.account.uid), because=f"answered: {request.act}") as change:
        agreement = _agreement(reader, request)
        SealRequest.objects.filter(pk=request.pk).update(
            answered_by=reader.account, answered_at=change.at, agreed=agree
        )
        said = "agreed to" if agree else "declined to"
        _say(change, reader, row, f"{said} {request.act}", request.purpose, {"request": str(request.uid)})
        if not agree:
            return "Declined. Nothing has changed."
        if request.act == SealRequest.Act.SEAL:
            return _seal(request, by=str(reader.account.uid), today=reader.now.date())
        return _unseal(request, agreement)


def _agreement(reader: Reader, request: SealRequest) -> Agreement:
    """Return the second person's agreement, where the rule of access says yes to both of them."""
    row, first = request.person, for_sealing(Reader(request.asked_by, reader.now))
    agreement = agree_as_second(
        reader.actor, to=first.actor.id, holder=row.held_by_id, person=row.pk, act=request.act,
        reason=request.purpose, now=reader.now,
    )  # fmt: skip
    asking = replace(first.actor, grants=(*first.actor.grants, agreement))
    decision: Decision
    if request.act == SealRequest.Act.SEAL:
        decision = may(asking, Verb.SEAL, first.thing(row), reader.now)
    else:
        both = UnsealRequest(first=asking, second=reader.actor, basis=request.basis, purpose=request.purpose)
        decision = may_unseal(both, first.thing(row), reader.now)
    if not decision:
        raise NotPermitted(decision.because)
    return agreement


def _seal(request: SealRequest, *, by: str, today: date) -> str:
    """Seal the record, end its allocations, and give it to those who keep sealed records."""
    row = request.person
    with as_system():
        people.end_allocations(row, by=by, today=today, because="sealed after an adoption order")
        finding_asks.stop_all_about(row)
        for account in _archivists(row.held_by_id, today):
            worker = account.person
            if worker is not None:
                people.allocate(
                    children=[row], worker=worker, role=ARCHIVIST, by=by, because="keeps sealed records", today=today,
                    replace=False, is_primary=False,
                )  # fmt: skip
        restrict(person=row, label=Label.SEALED, named=[], by=by, because=f"adoption order of {request.order_date}")
    return "The record is sealed. Nobody finds it but those who keep sealed records."


def _unseal(request: SealRequest, agreement: Agreement) -> str:
    Grant.objects.create(
        account=request.asked_by, person=request.person, held_by_id=request.held_by_id,
        sort=GrantSort.SECOND_PERSON.value, reason=Verb.UNSEAL.value, words=request.purpose,
        from_at=agreement.since, until_at=agreement.until, granted_by=str(request.answered_by_id or ""),
    )  # fmt: skip
    return f"{request.asked_by.name} can open the sealed record until {agreement.until:%d %B %Y at %H:%M}."


def _archivists(held_by: int, today: date) -> list[Account]:
    held = RoleHeld.objects.filter(role=ARCHIVIST, held_by_id=held_by, from_date__lte=today).filter(
        Q(until_date__isnull=True) | Q(until_date__gt=today)
    )
    return list(Account.objects.filter(pk__in=held.values("account"), is_active=True, person__isnull=False))


def ask_for_adopted_record(reader: Reader, *, name: Mapping[str, str], details: Mapping[str, Any]) -> Job:
    """
    Ask for the adopted child's record to be made, some random hours or days from now.

    What it will say is kept sealed until then and destroyed when the record stands. Raises NotPermitted unless a
    role of the reader may ask for sealing; InputError for a value that is not of its declared type.
    """
    if not any(Verb.SEAL in ROLES[role].powers_two_people for role in reader.role_names if role in ROLES):
        raise NotPermitted("Your role does not make records after an adoption order.")
    said = {
        "name": checked(KINDS["name"], dict(name), valid_from=None, valid_to=None),
        "person_details": checked(KINDS["person_details"], dict(details), valid_from=None, valid_to=None),
    }
    if not (name.get("forename") or name.get("surname")):
        raise InputError("Enter the name of the adopted child.")
    held_by = reader.account.held_by_id or 0
    after = reader.now + creation_delay(secrets.token_bytes(8), now=reader.now)
    with writing(held_by=held_by, by=str(reader.account.uid), because="adopted record") as change:
        content = json.dumps(said, default=str).encode()
        kept = keep_file(held_by, Attached(ADOPTED, "application/json", content), by=MADE_BY)
        job = enqueue(ADOPTED, {"file": str(kept.uid)}, held_by=held_by, by=MADE_BY, after=after)
        # when it was asked for would pair it with the sealing of the same hour
        Job.objects.filter(pk=job.pk).update(made_at=after)
        KeptFile.objects.filter(pk=kept.pk).update(at=after)
        audit.append(
            held_by, [{"actor": str(reader.account.uid), "action": "asked for an adopted record"}], at=change.at
        )
    return job


def make_adopted_record(kept: KeptFile, said: Mapping[str, Mapping[str, Any]]) -> Thing:
    """Make the adopted child's Person from what was asked for and kept, and destroy that; return the Person."""
    held_by = kept.held_by_id
    nothing: dict[str, Any] = {"valid_from": None, "valid_to": None, "party": None, "ref": None}
    with as_system(), writing(held_by=held_by, by=MADE_BY, because="adoption order") as change:
        made = Thing.objects.create(word="person", sort="child", held_by_id=held_by)
        for kind, values in said.items():
            facts.write_version(change, kind=kind, subject=made.pk, values=values, **nothing)
        KeptFile.objects.filter(pk=kept.pk).update(content=None, erased_at=change.at)
        audit.append(held_by, [{"actor": MADE_BY, "action": "made record", "person": str(made.uid)}], at=change.at)
    return made


def _say(change: Change, reader: Reader, row: Thing, action: str, reason: str, body: Mapping[str, Any]) -> None:
    audit.append(
        change.held_by,
        [{"actor": change.by, "organisation": reader.account.organisation, "role": ", ".join(reader.role_names)[:60],
          "action": action, "person": str(row.uid), "reason": reason, "body": dict(body)}],
        at=change.at,
    )  # fmt: skip
