"""Where each kind of fact is kept, today and by the switches to come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kinfold.record.declare import KINDS
from kinfold.service.records.models import KeptWhere
from kinfold.service.records.reads.office import council_of
from kinfold.service.records.reads.reader import Reader


@dataclass(frozen=True, slots=True)
class Switch:
    """One dated switch of a kind; `where` is empty when the kind is kept here from that day."""

    kind: str
    label: str
    where: str
    since: date
    holds: bool


def switches_of(holder: int, today: date) -> list[Switch]:
    """Return every switch of a council by kind and day; `holds` is that of today, by the newest on or before it."""
    rows = list(KeptWhere.objects.filter(held_by_id=holder).order_by("kind", "-from_date"))
    newest: Mapping[str, int] = {row.kind: row.pk for row in reversed(rows) if row.from_date <= today}
    return [
        Switch(
            row.kind, KINDS[row.kind].label if row.kind in KINDS else row.kind, "" if row.here else row.where,
            row.from_date, newest.get(row.kind) == row.pk,
        )
        for row in rows
    ]  # fmt: skip


def switches(reader: Reader) -> list[Switch]:
    """Return the switches of the reader's council: configuration, nothing of any case."""
    return switches_of(council_of(reader), reader.now.date())
