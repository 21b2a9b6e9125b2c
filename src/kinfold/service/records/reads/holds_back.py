"""Looks held back from a family: which are, why, and which are due to be looked at again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from kinfold.access.words import Verb
from kinfold.service.records.models import Account, AuditEntry, AuditPerson, HoldBack, PersonIndex, Thing
from kinfold.service.records.reads.reader import Reader


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
    holds = {(one.held_by, one.seq): one for one in _open(reader)}
    seqs = [seq for _, seq in holds]
    entries = AuditEntry.objects.filter(held_by__in=reader.holders, seq__in=seqs)
    about = [(one, person) for one in entries if (one.held_by, one.seq) in holds for person in _persons(one)]
    things = {str(one.uid): one for one in Thing.objects.filter(uid__in={person for _, person in about})}
    index = PersonIndex.objects.in_bulk([one.pk for one in things.values()])
    names = _names({holds[one.held_by, one.seq].by for one, _ in about} | {one.actor for one, _ in about})
    found = [
        _held(reader, holds[entry.held_by, entry.seq], entry, person, index.get(things[person].pk), names)
        for entry, person in about
        if person in things
        and reader.decide(Verb.HOLD_BACK, reader.thing(index.get(things[person].pk) or things[person]))
    ]
    for holder in {one.held_by for one, _ in about}:
        reader.looked(holder, "looks held back", sorted({one.uid for one in found}))
    return sorted(found, key=lambda one: (one.review_on, one.looked_at))


def hold_on(reader: Reader, *, held_by: int, seq: int) -> HoldBack | None:
    """Return the hold that keeps one look from the family today; None where it is shown."""
    return next((one for one in _open(reader) if (one.held_by, one.seq) == (held_by, seq)), None)


def _open(reader: Reader) -> list[HoldBack]:
    return list(HoldBack.objects.filter(held_by__in=reader.holders, lifted_at__isnull=True).order_by("pk"))


def _persons(entry: AuditEntry) -> list[str]:
    if entry.person:
        return [entry.person]
    return list(AuditPerson.objects.filter(held_by=entry.held_by, seq=entry.seq).values_list("person", flat=True))


def _names(actors: set[str]) -> dict[str, str]:
    wanted = [one for one in actors if len(one) == 36]
    return {str(uid): name for uid, name in Account.objects.filter(uid__in=wanted).values_list("uid", "name")}


def _held(
    reader: Reader, hold: HoldBack, entry: AuditEntry, person: str, index: PersonIndex | None, names: dict[str, str]
) -> HeldLook:
    return HeldLook(
        hold.seq, person, (index.name if index else "") or "Name not known", entry.at, names.get(entry.actor, "Kinfold"),
        names.get(hold.by, hold.by), hold.because, hold.made_at.date(), hold.review_date,
        hold.review_date <= reader.now.date(),
    )  # fmt: skip
