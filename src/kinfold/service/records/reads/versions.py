"""Versions of facts, fetched for some people as known at a moment: the one place that turns rows into FactVersion."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from kinfold.record.claim import Place
from kinfold.record.in_time import FactVersion
from kinfold.service.records.models import FACT_TABLES
from kinfold.service.records.tables import fetch, placeholders

_NAMES = (
    "id", "fact", "subject", "kind", "kind_version", "party", "valid_from", "valid_to", "payload", "ref", "known_from",
    "known_to", "source", "label", "status", "supersedes", "source_extracted_at", "source_recorded_at", "held_by",
    "recorded_by", "load", "place_file", "place_table", "place_row", "reason",
)  # fmt: skip
_MOMENTS = frozenset({"valid_from", "valid_to", "source_extracted_at", "source_recorded_at"})


def _columns() -> str:
    """Return what is fetched of a fact. On SQLite days come as text: Django's own reading of each is slow."""
    as_text = connection.vendor == "sqlite"
    return ", ".join(f"{name} || ''" if as_text and name in _MOMENTS else name for name in _NAMES)


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


def _day(value: Any) -> date | None:
    return date.fromisoformat(value[:10]) if isinstance(value, str) else value


def _moment(value: Any) -> datetime | None:
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value


def payload_of(value: Any) -> dict[str, Any]:
    """Return a payload, however the database gave it."""
    said: dict[str, Any] = json.loads(value) if isinstance(value, str) else value
    return said


def _as_version(row: tuple[Any, ...]) -> FactVersion:
    """Return a row of _NAMES as the record room takes it."""
    (number, fact, subject, kind, kind_version, party, since, until, payload, ref, known_from, known_to, source, label,
     status, supersedes, extracted, recorded, held_by, by, load, file, table, line, _) = row  # fmt: skip
    return FactVersion(
        id=number, fact=_uuid(fact), subject=subject, kind=kind, kind_version=kind_version, party=party,
        valid_from=_day(since), valid_to=_day(until),
        payload=payload_of(payload), ref=ref, known_from=known_from,
        known_to=known_to, source=source, label=label, status=status, supersedes=supersedes,
        source_extracted_at=_moment(extracted), source_recorded_at=_moment(recorded), held_by=held_by, recorded_by=by,
        load=load, place=None if file is None else Place(file, table, line),
    )  # fmt: skip


def _known(number: int | None) -> str:
    if number is None:
        return "known_to is null"
    return f"known_from <= {int(number)} and (known_to is null or known_to > {int(number)})"


def versions_about(
    persons: Sequence[int], *, number: int | None = None, words: Iterable[str] | None = None,
    kinds: Sequence[str] | None = None, inward: bool = False,
) -> list[FactVersion]:  # fmt: skip
    """
    Return the versions about `persons` (as subject), of the given words and kinds, as known at `number`.

    With `inward` the ties in which one of them is the other party, and the plans kept for their family, are there as
    well. One statement over all tables.
    """
    ids = ", ".join(str(int(person)) for person in persons) or "null"
    of_kinds = f" and kind in ({placeholders(len(kinds))})" if kinds is not None else ""
    wanted = FACT_TABLES if words is None else {word: FACT_TABLES[word] for word in FACT_TABLES if word in set(words)}
    columns = _columns()
    parts = [
        f"select {columns} from {model._meta.db_table} where subject in ({ids}) and {_known(number)}{of_kinds}"
        for model in wanted.values()
    ]
    bound = [*(kinds or ())] * len(parts)
    if inward:
        parts.append(
            f"select {columns} from tie_fact where party in ({ids}) and subject not in ({ids}) and status = 'final' "
            f"and {_known(number)}"
        )
        parts.append(
            f"select {columns} from plan_fact where fact in (select fact from about where person in ({ids}) and "
            f"word = 'plan') and subject not in ({ids}) and {_known(number)}"
        )
    return [_as_version(row) for row in fetch(" union all ".join(parts), bound)] if parts else []


def history_of_fact(word: str, fact: Any) -> list[tuple[FactVersion, str]]:
    """Return every version of one fact, oldest first, with the reason each was written."""
    table = FACT_TABLES[word]._meta.db_table
    wanted = UUID(str(fact))
    stored = wanted.hex if connection.vendor == "sqlite" else wanted
    rows = fetch(f"select {_columns()} from {table} where fact = %s order by known_from, id", [stored])
    return [(_as_version(row), row[-1]) for row in rows]


def one_person(person: int) -> list[int]:
    """Return every Person that is the same as `person` by a link held now, the kept one first."""
    links: dict[int, int] = {}
    seen, front = {person}, {person}
    while front:
        ids = ", ".join(str(int(one)) for one in front)
        rows = fetch(
            f"select person, kept from same_as where known_to is null and (person in ({ids}) or kept in ({ids}))", []
        )
        links.update(rows)
        front = {one for row in rows for one in row} - seen
        seen |= front
    kept, passed = person, {person}
    while kept in links and links[kept] not in passed:
        kept = links[kept]
        passed.add(kept)
    return [kept, *sorted(seen - {kept})]


def uid_text(value: Any) -> str:
    """Return a public id as it is written in an address, however the database gave it."""
    return str(_uuid(value))
