"""A load with corrections laid over its files: what marks it as a new load of the same delivery."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection

from django.utils import timezone

from kinfold.record.claim import Delivery, ReceivedFile
from kinfold.service.records.models import Correction, Load
from kinfold.service.records.tables import in_chunks

Corrected = dict[tuple[str, str, int], dict[str, str]]


def corrections_of(held_by: int, hashes: Collection[str]) -> Corrected:
    """Return what people have put right in the files with these hashes, by file, table and row."""
    found: Corrected = {}
    for chunk in in_chunks(sorted(hashes)):
        for row in Correction.objects.filter(held_by_id=held_by, sha256__in=chunk):
            found[row.sha256, row.table, row.row] = dict(row.values)
    return found


def mark_of(held_by: int, door: str, hashes: Collection[str]) -> str:
    """
    Return what makes another load of the same files a new one: their corrections, and loads taken back since.

    Empty when there is neither: then the same files are the same load. A load that is taken back takes with it
    what earlier loads of the door had said, so the files of any of them may be loaded again after it.
    """
    corrections = corrections_of(held_by, hashes)
    taken_back = list(
        Load.objects.filter(held_by_id=held_by, door=door, state=Load.State.TAKEN_BACK)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if not corrections and not taken_back:
        return ""
    said = [sorted((list(place), sorted(values.items())) for place, values in corrections.items()), taken_back]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def same_again(load: Load) -> Delivery:
    """
    Return a load's delivery with its scope and files and nothing to read: enough to begin another load of it.

    A delivery that says neither when it was made nor of which year it is stands where the first load stood,
    so that what later files said since is not undone.
    """
    extracted_at = load.extracted_at
    if extracted_at is None and load.window_to is None:
        extracted_at = load.finished_at or timezone.now()
    window = (load.window_from, load.window_to) if load.window_from and load.window_to else None
    return Delivery(
        door=load.door,
        collection=load.collection,
        window=window,
        kinds=frozenset(),
        full=load.full,
        files=tuple(ReceivedFile(file.name, file.sha256, file.size) for file in load.files.order_by("position")),
        read=lambda: iter(()),
        extracted_at=extracted_at,
        expected_rows=load.expected_rows,
    )
