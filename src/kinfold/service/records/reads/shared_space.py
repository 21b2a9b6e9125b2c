"""One child's shared space as one partner may see it: their own, and what the others' agreements let them read."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from kinfold.service.records.models import Contribution, SharingOrganisation, Subscription
from kinfold.service.records.reads.agreements import enforcer_for, own_organisation
from kinfold.service.records.reads.child_fact import open_person
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import reading_as_system
from kinfold.service.records.sealing import unseal
from kinfold.sharing.agreements import Mode, Purpose, RecordType, Request


@dataclass(frozen=True, slots=True)
class Shown:
    """One contribution: whose, when, and what it says; no words where only that there is one may be known."""

    uid: str
    organisation: str
    by: str
    happened: date
    at: datetime
    concern: bool
    words: str
    own: bool


@dataclass(frozen=True, slots=True)
class SharedSpace:
    """What a partner sees, the latest first, and whether they are told of new concerns."""

    organisation: str
    shown: tuple[Shown, ...]
    follows: bool


def may_see(row: Contribution, organisation: SharingOrganisation, mode: Mode) -> bool:
    """Return whether an organisation may know that a contribution is there, or what it says."""
    if row.organisation_id == organisation.pk:
        return True
    return enforcer_for(row.held_by_id).allows(
        Request(holder=row.organisation.code, asker=organisation.code, mode=mode,
                record_type=RecordType(row.record_type), purpose=Purpose(row.purpose), on=timezone.localdate())
    )  # fmt: skip


def shared_space(reader: Reader, uid: str) -> SharedSpace:
    """Return the shared space of a child whom the reader may open; records the View."""
    row, thing = open_person(reader, uid, action="shared space")
    organisation = own_organisation(reader, row.held_by_id)
    reader.looked(row.held_by_id, "shared space", [uid], because=reader.reason or reader.reads(thing).because)
    with reading_as_system():
        rows = Contribution.objects.select_related("organisation", "by").filter(person=row, withdrawn_at__isnull=True)
        shown = tuple(
            _shown(one, organisation) for one in rows.order_by("-happened", "-pk")[:200]
            if may_see(one, organisation, Mode.EXISTENCE)
        )  # fmt: skip
        follows = Subscription.objects.filter(person=row, account=reader.account, ended_at__isnull=True).exists()
    return SharedSpace(organisation.name, shown, follows)


def _shown(row: Contribution, organisation: SharingOrganisation) -> Shown:
    told = may_see(row, organisation, Mode.CONTENT)
    words = json.loads(b"".join(unseal(row.held_by_id, io.BytesIO(bytes(row.sealed)))))["words"] if told else ""
    return Shown(
        str(row.uid), row.organisation.name, row.by.name, row.happened, row.at, row.concern, words,
        row.organisation_id == organisation.pk,
    )  # fmt: skip
