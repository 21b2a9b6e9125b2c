"""Versions of facts, fetched for some people as known at a moment: the one place that turns rows into FactVersion."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from kinfold.record.claim import Place
from kinfold.record.in_time import FactVersion
from kinfold.service.records.models import FACT_TABLES, SameAs, Version

FIELDS = (
    "id", "fact", "subject_id", "kind", "kind_version", "party_id", "valid_from", "valid_to", "payload", "ref",
    "known_from", "known_to", "source", "label", "status", "supersedes_id", "source_extracted_at",
    "source_recorded_at", "held_by_id", "recorded_by", "load", "place_file", "place_table", "place_row", "reason",
)  # fmt: skip


def known_at(rows: QuerySet[Any], number: int | None) -> QuerySet[Any]:
    """Return the versions held true once commit `number` was made; now, when it is None."""
    if number is None:
        return rows.filter(known_to__isnull=True)
    return rows.filter(Q(known_to__isnull=True) | Q(known_to__gt=number), known_from__lte=number)


def as_version(row: tuple[Any, ...]) -> FactVersion:
    """Return a row of FIELDS as the record room takes it."""
    place = None if row[21] is None else Place(row[21], row[22], row[23])
    return FactVersion(
        id=row[0], fact=row[1], subject=row[2], kind=row[3], kind_version=row[4], party=row[5], valid_from=row[6],
        valid_to=row[7], payload=row[8], ref=row[9], known_from=row[10], known_to=row[11], source=row[12],
        label=row[13], status=row[14], supersedes=row[15], source_extracted_at=row[16], source_recorded_at=row[17],
        held_by=row[18], recorded_by=row[19], load=row[20], place=place,
    )  # fmt: skip


def versions_about(
    persons: Sequence[int], *, number: int | None = None, words: Iterable[str] | None = None,
    kinds: Sequence[str] | None = None,
) -> list[FactVersion]:  # fmt: skip
    """Return the versions about `persons` (as subject), of the given words and kinds, as known at `number`."""
    found: list[FactVersion] = []
    for word, model in FACT_TABLES.items():
        if words is not None and word not in words:
            continue
        rows = known_at(model.objects.filter(subject_id__in=persons), number)
        if kinds is not None:
            rows = rows.filter(kind__in=kinds)
        found += [as_version(row) for row in rows.values_list(*FIELDS)]
    return found


def history_of_fact(word: str, fact: Any) -> list[tuple[FactVersion, str]]:
    """Return every version of one fact, oldest first, with the reason each was written."""
    model: type[Version] = FACT_TABLES[word]
    rows = model.objects.filter(fact=fact).order_by("known_from", "id").values_list(*FIELDS)
    return [(as_version(row), row[24]) for row in rows]


def one_person(person: int) -> list[int]:
    """Return every Person that is the same as `person` by a link held now, the kept one first."""
    links = dict(SameAs.objects.filter(known_to__isnull=True, person_id=person).values_list("person_id", "kept_id"))
    kept, seen = person, {person}
    while kept in links and links[kept] not in seen:
        kept = links[kept]
        seen.add(kept)
        links.update(SameAs.objects.filter(known_to__isnull=True, person_id=kept).values_list("person_id", "kept_id"))
    everyone, front = [kept], [kept]
    while front:
        joined = SameAs.objects.filter(known_to__isnull=True, kept_id__in=front).values_list("person_id", flat=True)
        front = [other for other in joined if other not in everyone]
        everyone += front
    return everyone


def moment_text(moment: datetime | None) -> str | None:
    """Return a moment as text for a document, or None."""
    return moment.isoformat(timespec="seconds") if moment else None
