"""What of a record one purpose needs: the rest is dropped before anybody sees it or it is kept."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kinfold.sharing.agreements import Purpose, RecordType

_FILE = Path(__file__).with_name("minimising.toml")
# Whom to ring and whether the case is open: what every purpose that an agreement allows can do with.
ALWAYS = frozenset({"status", "contact"})


@dataclass(frozen=True, slots=True)
class Needed:
    """The fields and the kinds of events that one purpose needs of one sort of record."""

    fields: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()


@cache
def _needs() -> Mapping[tuple[Purpose, RecordType], Needed]:
    with _FILE.open("rb") as file:
        said: dict[str, dict[str, Any]] = tomllib.load(file)
    return {
        (Purpose(purpose), RecordType(name)): Needed(frozenset(one["fields"]), frozenset(one["events"]))
        for purpose, table in said.items()
        for name, one in table.items()
        if isinstance(one, dict)
    }


def needed(purpose: Purpose, record_type: RecordType) -> Needed:
    """Return what a purpose needs of a sort of record; nothing beyond `ALWAYS` where nobody said."""
    return _needs().get((purpose, record_type), Needed())


def minimised(payload: Mapping[str, Any], *, purpose: Purpose, record_type: RecordType) -> dict[str, Any]:
    """Return what of a payload of the published form the purpose needs."""
    wanted = needed(purpose, record_type)
    kept = {name: value for name, value in payload.items() if name in wanted.fields | ALWAYS}
    events = [event for event in payload.get("events", ()) if event.get("kind") in wanted.events]
    return {**kept, "events": events}
