"""Ending one allocation of one child: a partner's part is over, and the others go on."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from kinfold.access.grants import needed_reason
from kinfold.access.things import day_of
from kinfold.service.records import audit
from kinfold.service.records.actions.facts import write_version
from kinfold.service.records.commits import Change, writing
from kinfold.service.records.models import Account, Alert, SpellFact, Subscription, Thing
from kinfold.service.records.reaching import write_reach
from kinfold.service.records.reads.allocations import Allocated, allocations_of, may_end, open_rows
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import InputError


def end_allocation(reader: Reader, uid: str, fact: str, *, day: date, because: str) -> Allocated:
    """
    End one open allocation of a child on a day, today or earlier, and return what was ended.

    `day` is the first day on which it no longer holds: from now on it opens nothing. What they were told of while it
    held stays theirs to have seen; of new concerns they are told no more. Raises InputError for what must be put right,
    NotPermitted, recorded, for whoever may not allocate the child.
    """
    because = needed_reason(because)
    row = may_end(reader, uid, action="end an allocation")
    ended = allocations_of(reader, uid).one(fact)
    if day > day_of(reader.now):
        raise InputError("The day it ended must be today or in the past.")
    with as_system(), writing(held_by=row.held_by_id, by=str(reader.account.uid), because=because) as change:
        every = open_rows(row.pk)
        chosen = next(one for one in every if str(one.fact) == fact)
        same = [one for one in every if one.party_id == chosen.party_id and _role(one) == _role(chosen)]
        begun = max((one.valid_from for one in same if one.valid_from), default=None)
        if begun is not None and day < begun:
            raise InputError(f"The day it ended must be on or after {begun:%d %B %Y}, when it began.")
        for version in same:
            _end(change, version, day)
        write_reach(row.held_by_id, {one.subject_id for one in every} | {row.pk})
        if chosen.party_id:
            _tell_no_more(change, chosen.party_id, row)
        audit.append(
            change.held_by,
            [{**reader.as_said(), "action": "allocation ended", "person": str(row.uid), "reason": because,
              "body": {"fact": fact, "day": day.isoformat(), "worker": str(chosen.party.uid) if chosen.party else ""}}],
            at=change.at,
        )  # fmt: skip
    return ended


def _role(row: SpellFact) -> str:
    return str(row.payload.get("role") or "")


def _end(change: Change, version: SpellFact, day: date) -> None:
    write_version(
        change, kind="allocation", subject=version.subject_id, values=version.payload, valid_from=version.valid_from,
        valid_to=day, party=version.party_id, ref=version.ref, old=version,
    )  # fmt: skip


def _tell_no_more(change: Change, worker: int, row: Thing) -> None:
    """End what tells somebody of a child whom they reach no more: what they follow, and what waits on their first page."""
    for account in Account.objects.filter(person_id=worker):
        reader = Reader(account)
        if reader.reads(reader.thing(row)):
            continue  # by a meeting, a household or another role they still do
        Subscription.objects.filter(person=row, account=account, ended_at__isnull=True).update(ended_at=change.at)
        address = reverse("shared_space", args=[row.uid])
        Alert.objects.filter(account=account, href=address, done_at__isnull=True).update(done_at=change.at)
