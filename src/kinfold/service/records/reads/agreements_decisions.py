"""What was decided about sharing something of a child, the latest first."""

from __future__ import annotations

from collections.abc import Sequence

from kinfold.service.records.models import SharingDecision
from kinfold.service.records.reads.child_fact import open_person
from kinfold.service.records.reads.reader import Reader

Decision = SharingDecision


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
