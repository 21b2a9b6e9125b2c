"""What was decided about sharing something of a child, the latest first."""

from __future__ import annotations

from collections.abc import Sequence

from kinfold.service.records.models import SharingDecision
from kinfold.service.records.reads.child_fact import open_person
from kinfold.service.records.reads.reader import Reader

Decision = SharingDecision


def decisions_about(reader: Reader, uid: str) -> Sequence[Decision]:
    """Return the decisions about a child whom the reader may open, the latest first."""
    row, _ = open_person(reader, uid, action="decisions about sharing")
    return list(SharingDecision.objects.select_related("by").filter(person=row).order_by("-at")[:50])
