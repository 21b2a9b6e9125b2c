"""What a door wrote before and is still held, as much of it as comparing it with a file needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from kinfold.service.records.tables import fetch, in_chunks, placeholders, table_of


@dataclass(slots=True)
class Held:
    """A version a door wrote before, as much of it as the comparison needs."""

    id: int
    subject: int
    fact: Any
    kind: str
    source_key: bytes
    content: int
    extracted_at: datetime | None
    valid_from: date | None
    valid_to: date | None
    place_table: str | None
    status: str
    load: int | None
    payload: Any


def held_versions(
    tables: set[str], subjects: Sequence[int], door: str, *, with_payload_of: frozenset[str] = frozenset()
) -> dict[tuple[int, bytes], Held]:
    """Return the current versions that `door` wrote about `subjects`, by subject and source key."""
    held: dict[tuple[int, bytes], Held] = {}
    wanted = {table_of(kind) for kind in with_payload_of}
    for table in tables:
        # `coalesce`: else PostgreSQL reads the whole index of everything known now, whose rows it takes for few
        payload = "payload" if table in wanted else "null"
        for chunk in in_chunks(subjects):
            rows = fetch(
                "select id, subject, fact, kind, source_key, content, source_extracted_at, valid_from, valid_to, "
                f'place_table, status, load, {payload} from "{table}" where subject in ({placeholders(len(chunk))}) '
                "and coalesce(known_to, -1) = -1 and source = %s and source_key is not null",
                [*chunk, door],
            )
            for row in rows:
                version = Held(*row)
                version.source_key = bytes(version.source_key)
                version.extracted_at = as_moment(version.extracted_at)
                version.valid_from, version.valid_to = as_day(version.valid_from), as_day(version.valid_to)
                held[version.subject, version.source_key] = version
    return held


def as_moment(value: Any) -> datetime | None:
    """Return a moment as either database hands it over in a raw query."""
    moment: datetime | None = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


def as_day(value: Any) -> date | None:
    """Return a day as either database hands it over in a raw query."""
    return date.fromisoformat(value) if isinstance(value, str) else value
