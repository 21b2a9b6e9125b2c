"""Looks held back from a family: which are, why, and which are due to be looked at again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from kinfold.access.words import Verb
from kinfold.service.records.models import Account, AuditEntry, HoldBack, PersonIndex, Thing
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.versions import one_person


@dataclass(frozen=True, slots=True)
class HeldLook:
    """One look that a family does not see: whose record, who looked and when, who holds it back, why, until what review."""

    seq: int
    uid: str
    name: str
    looked_at: datetime
    who: str
    by: str
    because: str
    since: date
    review_on: date
    overdue: bool


def held_back(reader: Reader) -> list[HeldLook]:
    """Return every look held back that the reader may review, the earliest review first; records the View."""
    holds = list(HoldBack.objects.filter(held_by__in=reader.holders, lifted_at__isnull=True))
    looked = AuditEntry.objects.filter(held_by__in=reader.holders, seq__in=[one.seq for one in holds])
    entries = {(one.held_by, one.seq): one for one in looked}
    things = {str(one.uid): one for one in Thing.objects.filter(uid__in=[one.person for one in holds])}
    index = PersonIndex.objects.in_bulk([one.pk for one in things.values()])
    names = _names({one.by for one in holds} | {one.actor for one in entries.values()})
    found = [
        _held(reader, hold, entries[hold.held_by, hold.seq], index.get(things[hold.person].pk), names)
        for hold in holds
        if hold.person in things
        and (hold.held_by, hold.seq) in entries
        and reader.decide(Verb.HOLD_BACK, reader.thing(index.get(things[hold.person].pk) or things[hold.person]))
    ]
    for holder in {one.held_by for one in holds}:
        reader.looked(holder, "looks held back", sorted({one.uid for one in found}))
    return sorted(found, key=lambda one: (one.review_on, one.looked_at))


def hold_on(person: Thing, *, seq: int) -> HoldBack | None:
    """Return the hold that keeps one look from a person's family today; None where it is shown."""
    uids = Thing.objects.filter(pk__in=one_person(person.pk)).values_list("uid", flat=True)
    open_ = HoldBack.objects.filter(held_by=person.held_by_id, seq=seq, lifted_at__isnull=True)
    return open_.filter(person__in=[str(uid) for uid in uids]).first()


def _names(actors: set[str]) -> dict[str, str]:
    wanted = [one for one in actors if len(one) == 36]
    return {str(uid): name for uid, name in Account.objects.filter(uid__in=wanted).values_list("uid", "name")}


def _held(
    reader: Reader, hold: HoldBack, entry: AuditEntry, index: PersonIndex | None, names: dict[str, str]
) -> HeldLook:
    return HeldLook(
        hold.seq, hold.person, (index.name if index else "") or "Name not known", entry.at, names.get(entry.actor, "Kinfold"),
        names.get(hold.by, hold.by), hold.because, hold.made_at.date(), hold.review_date,
        hold.review_date <= reader.now.date(),
    )  # fmt: skip
