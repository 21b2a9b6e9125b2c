"""What makes people findable, worked out from the facts held now. `kinfold rebuild` runs it for all."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import connection

from kinfold.identity.name_keys import name_keys
from kinfold.service.records.models import NameKey, PersonIndex
from kinfold.service.records.tables import fetch, in_chunks, insert_rows, placeholders

# Kinds outside the person table that the index shows.
INDEXED = frozenset({"address"})
# Which door is believed first where several say it; the whole order per field is record/precedence.toml.
DOORS = ("kinfold", "standard_safeguarding_dataset", "daily_feed", "ssda903", "cin_census", "annex_a")


def _facts(persons: Sequence[int]) -> dict[int, list[tuple[str, str, date | None, dict[str, Any]]]]:
    """Return what is held now of each person: kind, source, since when, payload; the most believed door first."""
    order = {door: position for position, door in enumerate(DOORS)}
    found: dict[int, list[tuple[str, str, date | None, dict[str, Any]]]] = defaultdict(list)
    marks = placeholders(len(persons))
    rows = fetch(
        f"select subject, kind, source, valid_from, payload from person_fact where subject in ({marks}) "
        "and known_to is null and status = 'final' and (valid_to is null or kind = 'name') union all "
        f"select subject, kind, source, valid_from, payload from spell_fact where subject in ({marks}) "
        "and kind = 'address' and known_to is null and status = 'final' and valid_to is null",
        [*persons, *persons],
    )
    for subject, kind, source, since, payload in rows:
        values = json.loads(payload) if isinstance(payload, str) else payload
        found[subject].append((kind, source, since, values))
    for facts in found.values():
        facts.sort(key=lambda fact: (order.get(fact[1], 99), str(fact[2] or "")))
    return found


def _first(facts: Sequence[tuple[str, str, date | None, dict[str, Any]]], kind: str, field: str) -> Any:
    for fact_kind, _, _, payload in facts:
        if fact_kind == kind and payload.get(field) not in (None, ""):
            return payload[field]
    return None


def _full_name(payload: dict[str, Any]) -> str:
    parts = (payload.get("forename"), payload.get("middle_names"), payload.get("surname"))
    return " ".join(part for part in parts if part)


def _names(facts: Sequence[tuple[str, str, date | None, dict[str, Any]]]) -> tuple[str, str, list[str]]:
    """Return the name shown, the name the person goes by, and every name ever held, for search."""
    names = [payload for kind, _, _, payload in facts if kind == "name"]
    legal = [n for n in names if n.get("name_type", "legal") == "legal"]
    known = [n for n in names if n.get("name_type") == "known_as"]
    shown = _full_name(legal[0] if legal else names[0]) if names else ""
    return shown[:200], (_full_name(known[0]) if known else "")[:200], [_full_name(n) for n in names]


def index_persons(held_by: int, persons: Iterable[int]) -> None:
    """Make the index rows of `persons` again from the facts held now."""
    wanted = sorted(persons)
    for chunk in in_chunks(wanted, 400):
        marks = placeholders(len(chunk))
        things = dict(fetch(f"select id, sort from thing where id in ({marks}) and word = 'person'", chunk))
        numbers = dict(
            fetch(
                f"select thing, value from identifier_key where thing in ({marks}) and sort = 'la_child_id' "
                "order by id desc",
                chunk,
            )
        )
        labels = dict(fetch(f"select person, label from person_index where person in ({marks})", chunk))
        facts = _facts(chunk)
        with connection.cursor() as cursor:
            cursor.execute(f"delete from name_key where person in ({marks})", chunk)
            cursor.execute(f"delete from person_index where person in ({marks})", chunk)
        index, keys = [], []
        for person, sort in things.items():
            held = facts.get(person, [])
            shown, known_as, every = _names(held)
            if not shown and (worker := _first(held, "worker_details", "full_name")):
                shown, every = worker[:200], [worker]
            index.append(
                (
                    person, held_by, sort, shown, known_as, numbers.get(person, ""),
                    _day(_first(held, "person_details", "birth_date")),
                    _day(_first(held, "person_details", "expected_birth_date")),
                    _day(_first(held, "person_details", "death_date")),
                    _first(held, "person_details", "sex") or "", _first(held, "person_details", "ethnicity") or "",
                    _first(held, "address", "postcode") or "", labels.get(person, "open"),
                )
            )  # fmt: skip
            keys += [(held_by, key, person) for key in sorted({k for name in every for k in name_keys(name)})]
        insert_rows(
            PersonIndex._meta.db_table,
            ("person", "held_by", "sort", "name", "known_as", "la_child_id", "birth_date", "expected_birth_date",
             "death_date", "sex", "ethnicity", "postcode", "label"),
            index,
        )  # fmt: skip
        insert_rows(NameKey._meta.db_table, ("held_by", "key", "person"), keys)


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None
