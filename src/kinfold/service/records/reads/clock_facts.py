"""
The facts that clocks are worked out from, fetched for many people at once, each person's as one story.

Only the kinds that the catalogue looks at, in the fewest columns; where two doors speak of one thing they are combined
as everywhere else (`record/combine.py`). Records that are joined are one person.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from kinfold.duties import Council, Story, one_story
from kinfold.record.combine import combined
from kinfold.record.declare import KINDS, upcast
from kinfold.service.records.clock_marks import kinds_that_move_clocks
from kinfold.service.records.loading.held import as_moment
from kinfold.service.records.models import FACT_TABLES, SameAs
from kinfold.service.records.reads.versions import one_person
from kinfold.service.records.tables import fetch, in_chunks, placeholders

# Days, moments and payloads as text: what either database would make of each of a million values is made here, once.
_COLUMNS = (
    "id, cast(fact as text), subject, kind, kind_version, party, cast(valid_from as text), cast(valid_to as text), ref, "
    "known_from, known_to, source, label, status, cast(source_recorded_at as text), held_by, cast(payload as text)"
)


class Told(NamedTuple):
    """One version of a fact, as much of it as a clock reads: `FactVersion` takes five times as long to make."""

    id: int
    fact: str
    subject: int
    kind: str
    kind_version: int
    party: int | None
    valid_from: date | None
    valid_to: date | None
    ref: str | None
    known_from: int
    known_to: int | None
    source: str
    label: str
    status: str
    recorded_at: str | None
    held_by: int
    payload: Mapping[str, Any]

    @property
    def source_recorded_at(self) -> datetime | None:
        """Return when the source says that it was recorded, where it says so."""
        return as_moment(self.recorded_at)


@cache
def _kinds_by_table() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name in sorted(kinds_that_move_clocks()):
        found[FACT_TABLES[KINDS[name].word.value]._meta.db_table].append(name)
    return {table: tuple(names) for table, names in found.items()}


def stories_of(persons: Iterable[int], *, council: Council | None = None, number: int | None = None) -> list[Story]:
    """
    Return the story of each person as known once commit `number` was made (now, when None).

    Of records that are joined there is one story, under the one that was kept. Persons without facts have none.
    """
    wanted = sorted(set(persons))
    kept_as = _kept_as(wanted)
    facts: dict[int, list[Told]] = defaultdict(list)
    held, when = _known(number)
    for chunk in in_chunks(sorted({*wanted, *kept_as})):
        for fact in _fetched(chunk, held=held, when=when):
            facts[kept_as.get(fact.subject, fact.subject)].append(fact)
    return [
        one_story(_combined(mine), subject=person, commit_number=number, council=council)
        for person, mine in facts.items()
    ]


def all_versions(person: int) -> list[Told]:
    """Return every version ever held of the facts of one person (and of records joined to it) that clocks look at."""
    return _fetched(one_person(person), held="1 = 1", when=[])


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


def _fetched(persons: Sequence[int], *, held: str, when: Sequence[int]) -> list[Told]:
    found: list[Told] = []
    for table, kinds in _kinds_by_table().items():
        rows = fetch(
            f'select {_COLUMNS} from "{table}" where subject in ({placeholders(len(persons))}) '
            f"and kind in ({placeholders(len(kinds))}) and {held} and status in ('final', 'submitted')",
            [*persons, *kinds, *when],
        )
        payloads = json.loads(f"[{','.join([row[-1] for row in rows])}]")
        found += [_told(row, said) for row, said in zip(rows, payloads, strict=True)]
    return found


def _told(row: tuple[Any, ...], said: dict[str, Any]) -> Told:
    number, fact, subject, kind, version, party, start, end, ref, since, until, *rest, held_by, _ = row
    source, label, status, recorded_at = rest
    if len(fact) == 32:  # SQLite keeps no hyphens
        fact = f"{fact[:8]}-{fact[8:12]}-{fact[12:16]}-{fact[16:20]}-{fact[20:]}"
    if version != KINDS[kind].version:
        version, said = KINDS[kind].version, upcast(kind, version, said)
    begun = date.fromisoformat(start) if start is not None else None
    ended = date.fromisoformat(end) if end is not None else None
    return Told(
        number, fact, subject, kind, version, party, begun, ended, ref, since, until, source, label, status,
        recorded_at, held_by, said,
    )  # fmt: skip


def _combined(facts: Sequence[Told]) -> list[Told]:
    """Return the facts of one person with those that several doors state combined; the rest are as they came."""
    doors: dict[str, set[str]] = defaultdict(set)
    for fact in facts:
        doors[fact.kind].add(fact.source)
    several = [fact for fact in facts if len(doors[fact.kind]) > 1]
    if not several:
        return list(facts)
    alone = [fact for fact in facts if len(doors[fact.kind]) == 1]
    return alone + [lead._replace(**changes) if changes else lead for lead, changes in combined(several)]
