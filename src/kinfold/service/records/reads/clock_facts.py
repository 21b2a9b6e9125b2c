"""
The facts that clocks are worked out from, fetched for many people at once, each person's as one story.

Only the kinds that the catalogue looks at, in the fewest columns; where two doors speak of one thing they are combined
as everywhere else (`record/combine.py`). Records that are joined are one person.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from kinfold.duties import Council, Story, one_story
from kinfold.record.combine import shown
from kinfold.record.declare import KINDS, upcast
from kinfold.record.in_time import FactVersion
from kinfold.service.records.clock_marks import kinds_that_move_clocks
from kinfold.service.records.loading.held import as_day, as_moment
from kinfold.service.records.models import FACT_TABLES, SameAs
from kinfold.service.records.reads.versions import one_person
from kinfold.service.records.tables import fetch, in_chunks, placeholders

_COLUMNS = (
    "id, fact, subject, kind, kind_version, party, valid_from, valid_to, payload, ref, known_from, known_to, source, "
    "label, status, source_extracted_at, source_recorded_at"
)


@cache
def _kinds_by_table() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name in sorted(kinds_that_move_clocks()):
        found[FACT_TABLES[KINDS[name].word.value]._meta.db_table].append(name)
    return {table: tuple(names) for table, names in found.items()}


def stories_of(
    persons: Iterable[int], held_by: int, *, council: Council | None = None, number: int | None = None
) -> list[Story]:
    """
    Return the story of each person as known once commit `number` was made (now, when None).

    Of records that are joined there is one story, under the one that was kept. Persons without facts have none.
    """
    wanted = sorted(set(persons))
    kept_as = _kept_as(wanted)
    facts: dict[int, list[FactVersion]] = defaultdict(list)
    held, when = _known(number)
    for chunk in in_chunks(sorted({*wanted, *kept_as})):
        for fact in _fetched(chunk, held_by, held=held, when=when):
            facts[kept_as.get(fact.subject, fact.subject)].append(fact)
    return [
        one_story(_combined(mine), subject=person, commit_number=number, council=council)
        for person, mine in facts.items()
    ]


def all_versions(person: int, held_by: int) -> list[FactVersion]:
    """Return every version ever held of the facts of one person (and of records joined to it) that clocks look at."""
    return _fetched(one_person(person), held_by, held="1 = 1", when=[])


def _kept_as(persons: Sequence[int]) -> dict[int, int]:
    """Return, for every record that is joined to another of `persons`, the one that was kept."""
    links = SameAs.objects.filter(known_to__isnull=True)
    joined: set[int] = set()
    for chunk in in_chunks(persons):
        for person, kept in (links.filter(person_id__in=chunk) | links.filter(kept_id__in=chunk)).values_list(
            "person_id", "kept_id"
        ):
            joined |= {person, kept}
    found: dict[int, int] = {}
    for person in joined & set(persons):
        kept, *others = one_person(person)
        found |= dict.fromkeys([kept, *others], kept)
    return found


def _known(number: int | None) -> tuple[str, list[int]]:
    """Return the condition that a version was held true once commit `number` was made, with its parameters."""
    if number is None:
        return "known_to is null", []
    return "known_from <= %s and (known_to is null or known_to > %s)", [number, number]


def _fetched(persons: Sequence[int], held_by: int, *, held: str, when: Sequence[int]) -> list[FactVersion]:
    found: list[FactVersion] = []
    for table, kinds in _kinds_by_table().items():
        rows = fetch(
            f'select {_COLUMNS} from "{table}" where subject in ({placeholders(len(persons))}) '
            f"and kind in ({placeholders(len(kinds))}) and {held} and status in ('final', 'submitted')",
            [*persons, *kinds, *when],
        )
        found += [_version(row, held_by) for row in rows]
    return found


def _version(row: tuple[Any, ...], held_by: int) -> FactVersion:
    fact, payload = row[1], row[8]
    said = json.loads(payload) if isinstance(payload, str) else payload
    if row[4] != KINDS[row[3]].version:
        said = upcast(row[3], row[4], dict(said))
    return FactVersion(
        id=row[0], fact=fact if isinstance(fact, UUID) else UUID(fact), subject=row[2], kind=row[3],
        kind_version=KINDS[row[3]].version, party=row[5], valid_from=_day(row[6]), valid_to=_day(row[7]), payload=said,
        ref=row[9], known_from=row[10], known_to=row[11], source=row[12], label=row[13], status=row[14],
        source_extracted_at=as_moment(row[15]), source_recorded_at=as_moment(row[16]), held_by=held_by,
    )  # fmt: skip


def _day(value: Any) -> date | None:
    return as_day(value) if value is not None else None


def _combined(facts: Sequence[FactVersion]) -> list[FactVersion]:
    """Return the facts of one person with those that several doors state combined; the rest are as they came."""
    doors: dict[str, set[str]] = defaultdict(set)
    for fact in facts:
        doors[fact.kind].add(fact.source)
    several = [fact for fact in facts if len(doors[fact.kind]) > 1]
    alone = [fact for fact in facts if len(doors[fact.kind]) == 1]
    return alone + [one.version for one in shown(several)] if several else alone
