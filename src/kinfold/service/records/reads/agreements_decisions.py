"""What was decided about sharing something of a child, the latest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from kinfold.service.records.models import SharingDecision, SharingOrganisation
from kinfold.service.records.reads.agreements import allowed_now, organisations_of, own_organisation
from kinfold.service.records.reads.child_fact import open_person
from kinfold.service.records.reads.reader import Reader
from kinfold.sharing.agreements import Mode, OrganisationSort, Purpose, RecordType, Request
from kinfold.terms.errors import InputError

Decision = SharingDecision


@dataclass(frozen=True, slots=True)
class Told:
    """What the agreement of the reader's organisation tells another of one sort of record for one purpose."""

    ours: str
    name: str
    existence: bool
    content: bool


def recipients(reader: Reader, held_by: int) -> list[tuple[str, str, OrganisationSort]]:
    """Return the code, name and sort of every organisation but the reader's own that an agreement can name."""
    own = _own(reader, held_by)
    rows = organisations_of(held_by)
    return [(row.code, row.name, OrganisationSort(row.sort)) for row in rows if own is None or row.pk != own.pk]


def told_by_us(reader: Reader, held_by: int, code: str, *, purpose: Purpose, record_type: RecordType) -> Told | None:
    """Return what our agreement tells another organisation today; None where the reader's is in no agreement."""
    own = _own(reader, held_by)
    named = next((row.name for row in organisations_of(held_by) if row.code == code), "")
    if own is None or not named:
        return None
    today = timezone.localdate()
    existence, content = (
        allowed_now(
            held_by,
            Request(holder=own.code, asker=code, mode=mode, record_type=record_type, purpose=purpose, on=today),
        )
        for mode in (Mode.EXISTENCE, Mode.CONTENT)
    )
    return Told(own.name, named, existence, content)


def _own(reader: Reader, held_by: int) -> SharingOrganisation | None:
    try:
        return own_organisation(reader, held_by)
    except InputError:
        return None


def decisions_about(reader: Reader, uid: str) -> Sequence[Decision]:
    """
    Return what the reader's own organisation decided about a child whom the reader may open, the latest first.

    Another organisation's are not theirs to read: "not with the police, not yet" is not for the police.
    """
    row, _ = open_person(reader, uid, action="decisions about sharing")
    ours = SharingDecision.objects.filter(person=row, by__organisation__in=_written_so(reader))
    return list(ours.select_related("by").order_by("-at")[:50])


def _written_so(reader: Reader) -> set[str]:
    """Return how the reader's organisation stands in accounts: its name; of the holder's own people, also none."""
    account = reader.account
    own = {"", account.held_by.name} if account.held_by else {""}
    return own if account.organisation in own else {account.organisation}
