"""The children of one holder as the matcher takes them: names, day, sex, home and number, a row for each Person."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import polars as pl

from kinfold.access.words import Label
from kinfold.service.records.models import PersonIndex, SameAs
from kinfold.service.records.tables import fetch, placeholders

COLUMNS = ("unique_id", "given", "middle", "family", "dob", "sex", "postcode", "nhs")


def children(held_by: int, *, leave_out: Collection[int] = ()) -> pl.DataFrame:
    """
    Return the children of a holder with the columns of `kinfold match`; `unique_id` is `id_text` of the Person.

    A record that is joined to another stands for both. Sealed records are not there at all: an adopted child is never
    held beside who they were.
    """
    absorbed = SameAs.objects.filter(held_by_id=held_by, known_to__isnull=True).values("person_id")
    rows = PersonIndex.objects.filter(held_by_id=held_by, sort="child").exclude(label=Label.SEALED.value)
    names, numbers, left_out = _names(held_by), _numbers(held_by), set(leave_out)
    table = [
        (id_text(pk), *names.get(pk, ("", "", "")), born.isoformat() if born else "", sex, home, numbers.get(pk, ""))
        for pk, born, sex, home in rows.exclude(person_id__in=absorbed).values_list(
            "person_id", "birth_date", "sex", "postcode"
        )
        if pk not in left_out
    ]
    return pl.DataFrame(table, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")


def id_text(person: int) -> str:
    """Return a Person's number as text that stands in the order of the numbers."""
    return f"{person:012d}"


def name_of_payload(said: dict[str, Any]) -> tuple[str, str, str]:
    """Return (given, middle, family) of a name as it is held."""
    return said.get("forename") or "", said.get("middle_names") or "", said.get("surname") or ""


def is_legal(said: dict[str, Any]) -> bool:
    """Return whether a name is the legal one; one that does not say is."""
    return str(said.get("name_type") or "legal").lower() == "legal"


def names_of(persons: Sequence[int]) -> dict[int, tuple[str, str, str]]:
    """Return (given, middle, family) of some Persons: the legal name where there is one, else the latest."""
    return _chosen(fetch(_NAMES.format(f"subject in ({placeholders(len(persons))})"), persons))


def _names(held_by: int) -> dict[int, tuple[str, str, str]]:
    return _chosen(fetch(_NAMES.format("held_by = %s"), [held_by]))


_NAMES = (
    "select subject, payload from person_fact where {} and kind = 'name' and known_to is null "
    "and status = 'final' and valid_to is null order by id"
)


def _chosen(rows: Iterable[tuple[Any, ...]]) -> dict[int, tuple[str, str, str]]:
    found: dict[int, tuple[bool, tuple[str, str, str]]] = {}
    for subject, payload in rows:
        said: dict[str, Any] = json.loads(payload) if isinstance(payload, str) else payload
        if is_legal(said) or not found.get(subject, (False,))[0]:
            found[subject] = (is_legal(said), name_of_payload(said))
    return {subject: name for subject, (_, name) in found.items()}


def _numbers(held_by: int) -> dict[int, str]:
    return dict(fetch("select thing, value from identifier_key where held_by = %s and sort = 'nhs_number'", [held_by]))
