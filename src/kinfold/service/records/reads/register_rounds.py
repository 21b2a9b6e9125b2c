"""What the register's rounds came to, and the children about whom the national service was not sure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from kinfold.access.words import Verb
from kinfold.service.jobs.daily import REGISTER
from kinfold.service.records.actions.register_lifecycle import NO_ANSWER
from kinfold.service.records.models import Job, PersonIndex, RegisterEntry
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system

LATEST, MOST = 14, 200


@dataclass(frozen=True, slots=True)
class RoundDone:
    """One round: when, how its job stands ("ready", "running", "done", "failed"), what it came to, and if unanswered."""

    at: datetime
    council: str
    state: str
    said: str
    no_answer: bool


@dataclass(frozen=True, slots=True)
class Unsure:
    """A child of whom the service was not sure, or whose particulars it has differently."""

    uid: str
    name: str
    standing: str
    asked_at: datetime


def rounds(reader: Reader) -> list[RoundDone]:
    """Return the latest rounds of the reader's councils, the newest first."""
    with as_system():
        rows = list(
            Job.objects.filter(name=REGISTER, held_by__in=reader.holders).select_related("held_by").order_by("-pk")[
                :LATEST
            ]
        )  # fmt: skip
    return [
        RoundDone(row.finished_at or row.made_at, row.held_by.name if row.held_by else "", row.state, row.message,
                  NO_ANSWER in row.message)
        for row in rows
    ]  # fmt: skip


def unsure(reader: Reader) -> list[Unsure]:
    """Return the children left to a person that the reader may compare, the latest asked about first; a View."""
    left = Q(standing=RegisterEntry.Standing.UNVERIFIED) | Q(standing=RegisterEntry.Standing.DIFFERENT)
    with as_system():
        entries = list(
            RegisterEntry.objects.filter(
                left, held_by__in=reader.holders, state=RegisterEntry.State.CURRENT, checked_at__isnull=False
            ).select_related("person").order_by("-checked_at", "pk")[:MOST]
        )  # fmt: skip
        index = PersonIndex.objects.in_bulk([one.person_id for one in entries])
        reader.prepare([one.person_id for one in entries])
        mine = [one for one in entries if reader.decide(Verb.MERGE, reader.thing(one.person))]
    for held_by in sorted({one.held_by_id for one in mine}):
        uids = [str(one.person.uid) for one in mine if one.held_by_id == held_by]
        reader.looked(held_by, "list", uids, because="a list of records")
    return [
        Unsure(str(one.person.uid), index[one.person_id].name if one.person_id in index else "", one.standing,
               one.checked_at or one.issued_at)
        for one in mine
    ]  # fmt: skip
