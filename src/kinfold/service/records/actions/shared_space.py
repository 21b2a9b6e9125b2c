"""One child's shared space: a partner adds something as theirs, takes it back, or asks to be told of new concerns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from kinfold.service.records import audit
from kinfold.service.records.actions.fetching import sealed
from kinfold.service.records.models import Alert, Contribution, SharingOrganisation, Subscription, Thing
from kinfold.service.records.reads.agreements import own_organisation
from kinfold.service.records.reads.child_fact import open_person
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.shared_space import may_see
from kinfold.service.records.scope import as_system
from kinfold.sharing.agreements import Mode, OrganisationSort, Purpose, RecordType
from kinfold.terms.errors import InputError, NotPermitted

# What each sort of organisation adds is a record of its own sort, and shared as one.
TYPE_OF_SORT = {
    OrganisationSort.LOCAL_AUTHORITY: RecordType.CHILDRENS_SERVICES, OrganisationSort.EDUCATION: RecordType.EDUCATION,
    OrganisationSort.HEALTH: RecordType.HEALTH, OrganisationSort.POLICE: RecordType.CRIME_JUSTICE,
    OrganisationSort.HOUSING: RecordType.PERSONAL, OrganisationSort.VOLUNTARY: RecordType.PERSONAL,
    OrganisationSort.OTHER: RecordType.PERSONAL,
}  # fmt: skip
LONGEST = 4_000
ALERT = "concern"


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What a partner adds: the day it is about, the words, what for, and whether it is a new concern."""

    happened: date
    words: str
    purpose: Purpose
    concern: bool


def contribute(reader: Reader, uid: str, added: Added) -> Contribution:
    """
    Put something into a child's shared space, marked as the reader's organisation's own.

    Those who asked to be told of new concerns are, where the agreement lets them know that there is one. Raises
    InputError for what will not do, NotPermitted where the child is not the reader's to open.
    """
    row, _ = open_person(reader, uid, action="add to the shared space")
    if not added.words.strip() or len(added.words) > LONGEST:
        raise InputError(f"Say what you add, in at most {LONGEST:,} characters.")
    if added.happened > timezone.localdate():
        raise InputError("The day must be today or in the past.")
    with as_system(), transaction.atomic():
        organisation = own_organisation(reader, row.held_by_id)
        made = Contribution.objects.create(
            held_by_id=row.held_by_id, person=row, organisation=organisation, by=reader.account,
            role=", ".join(reader.role_names)[:60], purpose=added.purpose.value, concern=added.concern,
            record_type=TYPE_OF_SORT[OrganisationSort(organisation.sort)].value, happened=added.happened,
            sealed=sealed(row.held_by_id, {"words": added.words.strip()}), at=timezone.now(),
        )  # fmt: skip
        told = _tell(made, row) if added.concern else 0
        _say(reader, row, organisation, "added to the shared space", contribution=str(made.uid), told=told)
    return made


def _tell(made: Contribution, row: Thing) -> int:
    """Tell those who follow the child that there is a new concern: no name, no words, only where to look."""
    alerts = []
    rows = Subscription.objects.filter(person=row, ended_at__isnull=True).exclude(account_id=made.by_id)
    for one in rows.select_related("account", "organisation"):
        reader = Reader(one.account)
        if one.organisation_id == made.organisation_id or not reader.reads(reader.thing(row)):
            continue
        if may_see(made, one.organisation, Mode.EXISTENCE):
            alerts.append(Alert(
                account=one.account, held_by_id=made.held_by_id, sort=ALERT, at=made.at,
                title="Another organisation recorded a new concern about a child you follow",
                href=_address(str(row.uid)),
            ))  # fmt: skip
    Alert.objects.bulk_create(alerts)
    return len(alerts)


def _address(uid: str) -> str:
    return reverse("shared_space", args=[uid])


def concerns_seen(reader: Reader, uid: str) -> None:
    """Take what told the reader of new concerns about a child off their first page: they have opened the space."""
    told = Alert.objects.filter(account=reader.account, sort=ALERT, href=_address(uid), done_at__isnull=True)
    with as_system():
        told.update(done_at=timezone.now())


def take_back(reader: Reader, uid: str, contribution: str) -> None:
    """Take back what the reader's own organisation added. Raises NotPermitted for anybody else's."""
    row, _ = open_person(reader, uid, action="take back from the shared space")
    with as_system(), transaction.atomic():
        organisation = own_organisation(reader, row.held_by_id)
        mine = Contribution.objects.filter(
            uid=contribution, person=row, organisation=organisation, withdrawn_at__isnull=True
        )
        if not mine.update(withdrawn_at=timezone.now(), sealed=b""):
            raise NotPermitted("There is nothing here that you can open.")
        _say(reader, row, organisation, "took back from the shared space", contribution=contribution)


def follow(reader: Reader, uid: str, *, purpose: Purpose, wanted: bool) -> None:
    """Ask to be told of new concerns about a child, or no longer."""
    row, _ = open_person(reader, uid, action="follow a child")
    with as_system(), transaction.atomic():
        organisation = own_organisation(reader, row.held_by_id)
        mine = Subscription.objects.filter(person=row, account=reader.account, ended_at__isnull=True)
        if wanted and not mine.exists():
            Subscription.objects.create(
                held_by_id=row.held_by_id, person=row, account=reader.account, organisation=organisation,
                purpose=purpose.value, at=timezone.now(),
            )  # fmt: skip
        elif not wanted:
            mine.update(ended_at=timezone.now())
        _say(reader, row, organisation, "follows new concerns" if wanted else "follows no longer")


def _say(reader: Reader, row: Thing, organisation: SharingOrganisation, action: str, **more: Any) -> None:
    because = reader.reason or reader.reads(reader.thing(row)).because  # the family reads it
    audit.append(row.held_by_id, [{
        "actor": str(reader.account.uid), "organisation": organisation.name,
        "role": ", ".join(reader.role_names)[:60], "action": action, "person": str(row.uid), "reason": because[:200],
        "body": more,
    }])  # fmt: skip
