"""
Putting a restriction on a record, changing whom it names, and taking it off.

Nothing is deleted: a restriction that ends keeps who ended it, when and why. Each step is in the audit. A record joined
to others is restricted with all of them, for opening one would open the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from kinfold.access.grants import needed_reason
from kinfold.access.restrictions import check_restriction, restricts_alone
from kinfold.access.things import day_of
from kinfold.access.words import Label, Verb
from kinfold.service.records import audit
from kinfold.service.records.actions.access import label_again, restrict
from kinfold.service.records.commits import Change, writing
from kinfold.service.records.models import (
    Account,
    Alert,
    Restriction,
    RestrictionRequest,
    RoleHeld,
    Thing,
)
from kinfold.service.records.reads.child_fact import NOTHING
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.restrictions import (
    Power,
    can_be_named,
    in_force,
    insist_on_power,
    request_of,
)
from kinfold.service.records.reads.versions import one_person
from kinfold.terms.errors import InputError, NotPermitted

ALERT = "restriction"
NOBODY_LEFT = "Choose who may still open the record: somebody must go on working with the child."


@dataclass(frozen=True, slots=True)
class Asked:
    """What a restriction says: why (a code and words), who is named (public ids), and when it is looked at again."""

    reason: str
    because: str
    named: Sequence[str]
    review_date: date


def check(reader: Reader, uid: str, asked: Asked) -> Power:
    """Return how the reader would restrict the record so. Raises InputError for what must be put right."""
    _checked(reader, uid, asked)
    _, _, power = insist_on_power(reader, uid)
    return power


def put_on(reader: Reader, uid: str, asked: Asked) -> str:
    """
    Restrict a record from now on, or ask for it where the reader may not alone; return what was done, in words.

    A restriction in force is ended and the new one put in its place: that is how it is looked at again and kept.
    """
    row, _, power = insist_on_power(reader, uid)
    named = _checked(reader, uid, asked)
    by = str(reader.account.uid)
    if power is Power.ASKS:
        return _ask(reader, row, asked, named)
    with writing(held_by=row.held_by_id, by=by, because="restriction") as change:
        again = _end(reader, row, because="looked at again and kept", change=change)
        _put(row, asked, named, ask=_whom_to_ask(reader), by=by)
    return "The restriction is kept as you said." if again else "The record is restricted, from now on."


def _checked(reader: Reader, uid: str, asked: Asked) -> list[Account]:
    """Return the accounts named. Raises InputError for a slip, and where nobody who works with the child is left."""
    row, _, _ = insist_on_power(reader, uid)
    check_restriction(
        reason=asked.reason, because=asked.because, review_date=asked.review_date, today=day_of(reader.now)
    )
    offered = dict(can_be_named(reader, row))
    if offered and not asked.named:
        raise InputError(NOBODY_LEFT)
    if not set(asked.named) <= set(offered):
        raise InputError("Choose who may still open the record from the list.")
    return list(Account.objects.filter(uid__in=asked.named))


def _put(row: Thing, asked: Asked, named: Sequence[Account], *, ask: str, by: str) -> None:
    """Restrict a record, and take what waits about it off the first page of everybody who may not know of it now."""
    restrict(
        person=row, label=Label.RESTRICTED, named=named, by=by, because=asked.because.strip(), reason=asked.reason,
        review_date=asked.review_date, ask=ask,
    )  # fmt: skip
    uids = Thing.objects.filter(pk__in=one_person(row.pk)).values_list("uid", flat=True)
    for uid in uids:
        waiting = Alert.objects.filter(href__contains=str(uid), done_at__isnull=True, account__isnull=False)
        hidden = [
            one.pk for one in waiting.select_related("account") if one.account and not _sees(Reader(one.account), row)
        ]
        Alert.objects.filter(pk__in=hidden).update(done_at=timezone.now())


def _sees(reader: Reader, row: Thing) -> bool:
    return bool(reader.reads(reader.thing(row)))


def _whom_to_ask(reader: Reader) -> str:
    return f"{reader.account.name}, {reader.role_label}"[:80]


def take_off(reader: Reader, uid: str, *, because: str) -> None:
    """Take a restriction off, for a reason. Raises NotPermitted, recorded, for whoever may not do it alone."""
    row, thing, power = insist_on_power(reader, uid)
    if power is not Power.ALONE:
        reader.refused("restriction", thing, reader.decide(Verb.RESTRICT, thing))
        raise NotPermitted(NOTHING)
    with writing(held_by=row.held_by_id, by=str(reader.account.uid), because="restriction taken off") as change:
        if not _end(reader, row, because=needed_reason(because), change=change):
            raise InputError("This record is not restricted.")
        _clear(row)
        audit.append(change.held_by, [_said(reader, row, "unlabelled restricted")], at=change.at)


def _end(reader: Reader, row: Thing, *, because: str, change: Change) -> int:
    """End what is in force on a person and those joined to them, and return how many rows that were."""
    rows = in_force(row.pk)
    ended = Restriction.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(
        until_at=change.at, ended_by=_whom_to_ask(reader), ended_because=because[:500]
    )
    return int(ended)


def _clear(row: Thing) -> None:
    for person in Thing.objects.filter(pk__in=one_person(row.pk)):
        label_again(person)


def _said(reader: Reader, row: Thing, action: str, reason: str = "", **body: object) -> audit.Said:
    """Return an entry of the audit. The words somebody wrote stay on the restriction: they may name others."""
    return {**reader.as_said(), "action": action, "person": str(row.uid), "reason": reason, "body": body}


# ---- asking somebody who may
def _ask(reader: Reader, row: Thing, asked: Asked, named: Sequence[Account]) -> str:
    kept = Thing.objects.get(pk=one_person(row.pk)[0])
    if RestrictionRequest.objects.filter(person=kept, answered_at__isnull=True).exists():
        raise InputError("A restriction has been asked for already and waits for an answer.")
    with writing(held_by=row.held_by_id, by=str(reader.account.uid), because="restriction asked for") as change:
        made = RestrictionRequest.objects.create(
            person=kept, held_by_id=row.held_by_id, reason=asked.reason, because=asked.because.strip()[:500],
            review_date=asked.review_date, asked_by=reader.account, asked_at=change.at,
        )  # fmt: skip
        made.named.set(named)
        told = [one for one in _who_answer(row.held_by_id, reader.now.date()) if one.pk != reader.account.pk]
        Alert.objects.bulk_create(
            Alert(account=one, held_by_id=row.held_by_id, sort=ALERT, at=change.at, href=_address(made),
                  title=f"{reader.account.name} asks for a record to be restricted.")
            for one in told
        )  # fmt: skip
        body = {"request": str(made.uid), "named": [str(account.uid) for account in named]}
        audit.append(change.held_by, [_said(reader, row, "restriction asked for", asked.reason, **body)], at=change.at)
    if not told:
        return "Asked. Nobody holds a role that answers this yet: tell your head of service."
    return "Asked. Nothing changes until a head of service, the director or information governance answers."


def _address(request: RestrictionRequest) -> str:
    return f"/restrictions/requests/{request.uid}/"


def _who_answer(held_by: int, today: date) -> list[Account]:
    held = RoleHeld.objects.filter(held_by_id=held_by, from_date__lte=today, account__is_active=True).filter(
        Q(until_date__isnull=True) | Q(until_date__gt=today)
    )
    those = {one.account for one in held.select_related("account") if restricts_alone(frozenset({one.role}))}
    return sorted(those, key=lambda one: one.pk)


def answer(reader: Reader, uid: str, *, agree: bool, because: str = "") -> str:
    """
    Agree to a restriction that somebody asked for, or decline it with a reason; return what was done, in words.

    Raises NotPermitted for one's own request and for whoever may not restrict the record alone.
    """
    request = request_of(reader, uid)
    if not agree:
        because = needed_reason(because)
    row = request.person
    asked = Asked(
        request.reason, request.because, [str(one.uid) for one in request.named.all()], request.review_date
    )  # fmt: skip
    with writing(held_by=row.held_by_id, by=str(reader.account.uid), because="restriction answered") as change:
        left = RestrictionRequest.objects.filter(pk=request.pk, answered_at__isnull=True).update(
            answered_by=reader.account, answered_at=change.at, agreed=agree, answer=because.strip()[:500]
        )
        if not left:
            raise InputError("Somebody else has answered this.")
        said = "restriction agreed" if agree else "restriction declined"
        audit.append(change.held_by, [_said(reader, row, said, request.reason, request=uid)], at=change.at)
        if agree:
            _end(reader, row, because="replaced by what was asked for", change=change)
            named = list(request.named.filter(is_active=True))
            _put(row, asked, named, ask=_whom_to_ask(reader), by=str(reader.account.uid))
        Alert.objects.filter(sort=ALERT, href=_address(request), done_at__isnull=True).update(done_at=change.at)
        Alert.objects.create(
            account=request.asked_by, held_by_id=row.held_by_id, sort="restriction answered", at=change.at,
            title=f"{reader.account.name} {'agreed to' if agree else 'declined'} the restriction you asked for.",
            href="/restrictions/",
        )  # fmt: skip
    return "The record is restricted, from now on." if agree else "Declined. Nothing has changed."
