"""Who has looked at a record: all of it for those who may, the family's own view of it for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from kinfold.access.looks import Hold, Look, ViewEntry, for_family
from kinfold.access.roles import ROLES
from kinfold.access.words import Verb
from kinfold.service.records.models import Account, AuditEntry, AuditPerson, HoldBack, Thing
from kinfold.service.records.reads.person import find_person
from kinfold.service.records.reads.reader import OF_FAMILY, Reader
from kinfold.service.records.reads.versions import one_person

# What counts as a look at a record, for the family. Refusals and changes are told elsewhere.
NOT_A_LOOK = (
    "refused:", "recorded ", "corrected ", "withdrew ", "allocat", "file loaded", "labelled", "unlabelled", "put in the sample",
    "look held back", "look kept back", "look released", "joined ", "parted ", "restriction ", "provisional identifier", "identifier replaced", "identifier marked",
)  # fmt: skip
MOST = 1000


@dataclass(frozen=True, slots=True)
class StaffLook:
    """One look, as staff see it: with the name."""

    seq: int
    held_by: int
    at: datetime
    who: str
    organisation: str
    role: str
    action: str
    reason: str
    hidden: bool
    review_on: date | None = None


def _uids(person: Thing) -> list[str]:
    """Return the public ids of a person's joined records."""
    return [str(uid) for uid in Thing.objects.filter(pk__in=one_person(person.pk)).values_list("uid", flat=True)]


def _entries(person: Thing) -> list[AuditEntry]:
    """Return the entries about a person, under whichever of their joined records somebody looked."""
    held_by, uids = person.held_by_id, _uids(person)
    in_lists = AuditPerson.objects.filter(person__in=uids, held_by=held_by).values_list("seq", flat=True)
    direct = AuditEntry.objects.filter(held_by=held_by, person__in=uids).order_by("-seq")[:MOST]
    listed = AuditEntry.objects.filter(held_by=held_by, seq__in=list(in_lists.order_by("-seq")[:MOST]))
    found = {entry.seq: entry for entry in [*direct, *listed]}
    return sorted(
        (entry for entry in found.values() if not entry.action.startswith(NOT_A_LOOK)),
        key=lambda entry: -entry.seq,
    )[:MOST]


def _holds(person: Thing, entries: list[AuditEntry]) -> list[Hold]:
    rows = HoldBack.objects.filter(
        held_by=person.held_by_id, seq__in=[entry.seq for entry in entries], person__in=_uids(person)
    )
    return [
        Hold(
            view=row.seq, by=0, reason=row.because, since=row.made_at.date(), review_on=row.review_date,
            released_on=row.lifted_at.date() if row.lifted_at else None,
        )
        for row in rows
    ]  # fmt: skip


def role_words(names: str) -> str:
    """Return roles' labels from their names as the audit holds them."""
    return ", ".join(ROLES[name].label if name in ROLES else name for name in names.split(", ") if name) or "Kinfold"


def looks_at(reader: Reader, uid: str) -> list[StaffLook]:
    """Return every look at a person's record, newest first, for a reader who may audit it."""
    row = find_person(uid)
    thing = reader.thing(row)
    reader.insist(Verb.AUDIT, thing, action="who has looked")
    entries = _entries(row)
    holds = {hold.view: hold for hold in _holds(row, entries) if hold.holds_on(reader.now.date())}
    names = {
        str(uid_): name
        for uid_, name in Account.objects.filter(
            uid__in={entry.actor for entry in entries if len(entry.actor) == 36}
        ).values_list("uid", "name")
    }
    return [
        StaffLook(
            seq=entry.seq, held_by=entry.held_by, at=entry.at, who=names.get(entry.actor, entry.actor),
            organisation=entry.organisation, role=role_words(entry.role), action=entry.action, reason=entry.reason,
            hidden=entry.seq in holds, review_on=holds[entry.seq].review_on if entry.seq in holds else None,
        )
        for entry in entries
    ]  # fmt: skip


def _of_family(names: str) -> bool:
    return bool(names) and set(names.split(", ")) <= OF_FAMILY


def looks_for_family(uid: str, *, now: datetime, by: str = "") -> list[Look]:
    """
    Return the looks that the family sees: organisation, role, reason and day; held-back ones not at all.

    `by` is the account that asks, where one of the family does: when another of the family looked at their own page
    is theirs alone, as it would tell a parent what the other parent does.
    """
    row = find_person(uid)
    entries = [one for one in _entries(row) if not by or one.actor == by or not _of_family(one.role)]
    seen = [
        ViewEntry(
            id=entry.seq, person=row.pk, at=entry.at, actor=0, organisation=entry.organisation,
            role=role_words(entry.role), reason=entry.reason,
        )
        for entry in entries
    ]  # fmt: skip
    return for_family(seen, _holds(row, entries), now.date())
