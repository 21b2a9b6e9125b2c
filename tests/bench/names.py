"""
Names for a register that has none: the SSDA903 and the CIN census carry no names, so search would have nothing to find.

A step of the benches only, and it says so: it writes one name fact for each child without one, and what makes them
findable, straight into the tables of an invented register. The people are as invented as the rest.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from typing import Any

CHUNK = 20_000


def give_names(*, seed: int = 1) -> int:
    """Give every child without a name an invented one, and every tenth or so a second; return how many were named."""
    from kinfold.service.records.models import Holder
    from kinfold.service.records.scope import as_system

    named, chance = 0, random.Random(seed)
    for holder in Holder.objects.order_by("pk"):
        while True:
            with as_system():
                children = list(_nameless(holder.pk))
                if children:
                    _write(holder, children, chance)
            named += len(children)
            if len(children) < CHUNK:
                break
    if named:
        print(f"gave {named:,} invented children an invented name, for the benches alone", file=sys.stderr)
        _analyse()
    return named


def _nameless(held_by: int) -> Iterator[tuple[int, str, str]]:
    from kinfold.service.records.models import PersonIndex

    rows = PersonIndex.objects.filter(held_by=held_by, sort="child", name="").order_by("pk")
    yield from rows.values_list("person_id", "sex", "ethnicity")[:CHUNK]


def _write(holder: Any, children: Sequence[tuple[int, str, str]], chance: random.Random) -> None:
    from django.db import connection
    from django.utils import timezone

    from kinfold.identity.name_keys import name_keys
    from kinfold.service.records.tables import COLUMNS, insert_rows, new_fact_id, payload_text

    now = timezone.now()
    facts, keys, shown = [], [], []
    for person, sex, ethnicity in children:
        names = list(_names(chance, sex, ethnicity))
        for sort, forename, surname in names:
            said = {"forename": forename, "surname": surname, "name_type": sort}
            facts.append(_fact(COLUMNS, subject=person, held_by=holder.pk, fact=new_fact_id(), known_from=holder.head,
                               kind="name", kind_version=1, status="final", reason="", label="open", recorded_by="bench",
                               source="daily_feed", content=0, source_recorded_at=now,
                               payload=payload_text(said)))  # fmt: skip
        shown.append((f"{names[0][1]} {names[0][2]}", person))
        every = {key for _, forename, surname in names for key in name_keys(f"{forename} {surname}")}
        keys += [(holder.pk, key, person) for key in sorted(every)]
    insert_rows("person_fact", COLUMNS, facts)
    insert_rows("name_key", ("held_by", "key", "person"), keys)
    with connection.cursor() as cursor:
        cursor.executemany("update person_index set name = %s where person = %s", shown)


def _names(chance: random.Random, sex: str, ethnicity: str) -> Iterator[tuple[str, str, str]]:
    from kinfold.synthetic.people import ethnicity_of, forename_of, known_as_of, surname_of

    try:
        forename, surname = forename_of(chance, ethnicity, sex), surname_of(chance, ethnicity)
    except (KeyError, ValueError, IndexError):  # an ethnicity that is not known has no list of names
        ethnicity = ethnicity_of(chance)
        forename, surname = forename_of(chance, ethnicity, sex), surname_of(chance, ethnicity)
    yield "legal", forename, surname
    if known := known_as_of(chance, forename):
        yield "known_as", known, surname


def _fact(columns: Sequence[str], **said: Any) -> list[Any]:
    return [said.get(name) for name in columns]


def _analyse() -> None:
    """Let the database count what it has: a plan for an empty table is not one for a country."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("analyze")
