"""Which of the files that were received and kept speak of a person: they are destroyed with the person's record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db.models import Q

from kinfold.files.recognise import recognise
from kinfold.record.claim import Key, SubjectRecord
from kinfold.service.records.actions.receiving import bring_back
from kinfold.service.records.models import (
    FACT_TABLES,
    Correction,
    IdentifierKey,
    Load,
    LoadedSubject,
    LoadFile,
    QuarantinedRow,
)
from kinfold.service.records.sealing import keyed_hash
from kinfold.service.records.unsealed import open_folder
from kinfold.terms.errors import KinfoldError


def files_that_speak_of(held_by: int, persons: Sequence[int], *, today: date) -> Iterator[str]:
    """
    Yield the kept names (hashes under the holder's key) of the received files in which somebody is spoken of.

    `persons` are all that are joined in them. Every kept file of a door and collection that ever spoke of them is
    read again; one that can no longer be read counts, for nothing shows that it does not speak of them.
    """
    keys = _keys_of(persons)
    identifiers = _identifiers_of(persons)
    given: set[str] = set()
    for load in _loads(held_by, persons):
        kept = [mark for mark in _marks(load) if mark not in given and _path(held_by, mark).exists()]
        if kept and _speaks(load, keys, identifiers, today=today):
            given.update(kept)
            yield from kept


def corrections_about(held_by: int, persons: Sequence[int]) -> Iterator[int]:
    """Yield the numbers of the corrections that people made to rows about somebody."""
    for row in QuarantinedRow.objects.filter(held_by_id=held_by, subject__in=persons):
        hashes = LoadFile.objects.filter(load=row.load_id, position=row.file_position).values("sha256")
        found = Correction.objects.filter(held_by_id=held_by, sha256__in=hashes, table=row.table, row=row.row)
        yield from found.values_list("pk", flat=True)


def _path(held_by: int, mark: str) -> Path:
    return Path(settings.RECEIVED_FILES) / str(held_by) / mark


def _marks(load: Load) -> list[str]:
    return [keyed_hash(load.held_by_id, file.sha256) for file in load.files.all()]


def _keys_of(persons: Sequence[int]) -> set[Key]:
    rows = LoadedSubject.objects.filter(subject__in=persons).values_list("sort", "key")
    return {Key(sort, key) for sort, key in rows.distinct()}


def _identifiers_of(persons: Sequence[int]) -> set[tuple[str, str]]:
    return set(IdentifierKey.objects.filter(thing__in=persons).values_list("sort", "value"))


def _loads(held_by: int, persons: Sequence[int]) -> Iterator[Load]:
    """Yield the loads of every door and collection that spoke of somebody, whether or not they brought something new."""
    spoke = set(LoadedSubject.objects.filter(subject__in=persons).values_list("door", "collection"))
    loads = set(QuarantinedRow.objects.filter(subject__in=persons).values_list("load", flat=True))
    for model in FACT_TABLES.values():
        about = Q(subject__in=persons) | (Q(party__in=persons) if hasattr(model, "party") else Q())
        loads.update(model.objects.filter(about, load__isnull=False).values_list("load", flat=True).distinct())
    spoke.update(Load.objects.filter(pk__in=loads).values_list("door", "collection"))
    for door, collection in sorted(spoke):
        yield from Load.objects.filter(held_by_id=held_by, door=door, collection=collection).order_by("pk")


def _speaks(load: Load, keys: set[Key], identifiers: set[tuple[str, str]], *, today: date) -> bool:
    try:
        with open_folder() as folder:
            for delivery in recognise(bring_back(load, folder), today=today):
                if any(_about(record, keys, identifiers) for record in delivery.read()):
                    return True
    except KinfoldError:
        return True
    return False


def _about(record: SubjectRecord, keys: set[Key], identifiers: set[tuple[str, str]]) -> bool:
    named = {record.subject, *(claim.party for claim in record.claims if claim.party)}
    return not keys.isdisjoint(named) or not identifiers.isdisjoint(record.identifiers)
