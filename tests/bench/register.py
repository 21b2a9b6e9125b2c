"""
A register of invented children, straight into the tables: a load of a million files would take an hour.

    KINFOLD_DATA=FOLDER python -m tests.bench.register 1000000

Each child has a name, a day of birth, a sex and a home, and is filed for look-ups as the service files them. FOLDER must
be empty; the benches `match` and `pages` then measure at that size.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import numpy as np
import polars as pl

from kinfold.identity.columns import columns_of
from kinfold.identity.generator import Plan, invent, stock_from
from kinfold.identity.index import NameArrays, _where, all_keys
from tests.bench.identity import NAMES

SEED = 515_000
AT_ONCE = 20_000
MANY = 500_000


def fill(people: int) -> None:
    """Fill an empty database with so many invented children, filed for look-ups."""
    from tests.bench.pages import set_up

    set_up()
    from django.conf import settings

    from kinfold.service.records.models import Holder, PersonIndex
    from kinfold.service.records.setting_up import migrate_all

    migrate_all()
    if PersonIndex.objects.exists():
        raise SystemExit(f"{settings.DATA} is not empty: choose another KINFOLD_DATA.")
    holder, _ = Holder.objects.get_or_create(code="999", defaults={"name": "Everywhere"})
    began = time.perf_counter()
    register = _register(people)
    children, first = register.iter_rows(named=True), 1
    while rows := list(islice(children, AT_ONCE)):
        _write(holder.pk, first, rows)
        first += len(rows)
    print(f"wrote {people:,} children in {time.perf_counter() - began:.0f} s", file=sys.stderr)
    began = time.perf_counter()
    filed = _file(holder.pk, register)
    print(f"filed them under {filed:,} keys in {time.perf_counter() - began:.0f} s", file=sys.stderr)


def _register(people: int) -> pl.DataFrame:
    columns = ("sex", "postcode", "postcode_prev", "middle")
    stock = stock_from(NAMES, wide=True, seed=SEED)
    return invent(Plan(people, 0, SEED, columns=columns), stock).register


def _file(held_by: int, register: pl.DataFrame) -> int:
    """
    File everybody at once, by the keys that `identity.index` works out in arrays: those of the service, but for names with a
    former home, which are one in a hundred.

    They go in in order; the index of each child's keys is made afterwards, for it would be filled here and there.
    """
    from django.db import connection, transaction

    from kinfold.service.records.register_filing import FAMILY_COUNT, GIVEN_COUNT
    from kinfold.service.records.tables import insert_rows

    columns = columns_of(register)
    codes = np.array([name.code for name in columns.names], dtype=np.uint64)
    pieces = [*all_keys(columns.table, NameArrays(columns.names))]
    for sort, names in ((GIVEN_COUNT, columns.table["given"]), (FAMILY_COUNT, columns.table["family"])):
        pieces.append(_where(np.arange(len(columns)), sort, codes[names]))
    keys, persons = (np.concatenate([piece[side] for piece in pieces]).astype(np.int64) for side in (1, 0))
    pieces.clear()
    order = np.lexsort((persons, keys))
    keys, persons = keys[order], persons[order] + 1
    once = np.flatnonzero(np.concatenate(([True], (np.diff(keys) != 0) | (np.diff(persons) != 0))))
    index, made = _index_of_persons()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'drop index "{index}"')
        for start in range(0, len(once), MANY):
            some = once[start : start + MANY]
            rows = [
                (held_by, key, person) for key, person in zip(keys[some].tolist(), persons[some].tolist(), strict=True)
            ]
            insert_rows("register_key", ("held_by", "key", "person"), rows)
        cursor.execute(made)
        cursor.execute("update person_index set filed = %s", [True])
        cursor.execute("analyze")
    return len(once)


def _index_of_persons() -> tuple[str, str]:
    """Return the name of the index of each child's keys, and the statement that makes it."""
    from django.db import connection

    from kinfold.service.records.tables import fetch

    if connection.vendor == "sqlite":
        sql = "select name, sql from sqlite_master where tbl_name = 'register_key' and sql like '%%(\"person\")'"
    else:
        sql = (
            "select indexname, indexdef from pg_indexes where tablename = 'register_key' and indexdef like '%%(person)'"
        )
    return fetch(sql, [])[0]


def _write(held_by: int, first: int, rows: Iterable[dict[str, Any]]) -> None:
    from django.utils import timezone

    from kinfold.service.records.scope import as_system
    from kinfold.service.records.tables import COLUMNS, insert_rows, new_fact_id

    now = timezone.now()
    things, index, names, homes = [], [], [], []
    shared = {"held_by": held_by, "known_from": 1, "kind_version": 1, "status": "final", "reason": "", "label": "open",
              "recorded_by": "bench", "source": "daily_feed", "content": 0, "source_recorded_at": now}  # fmt: skip
    for person, row in enumerate(rows, first):
        things.append((person, new_fact_id(), "person", "child", held_by))
        index.append((person, held_by, "child", f"{row['given']} {row['family']}", "", "", row["dob"], row["sex"], "",
                      row["postcode"], "open", False))  # fmt: skip
        names.append(_fact(COLUMNS, "name", person, shared, _name(row)))
        homes += [_fact(COLUMNS, "address", person, shared, home) for home in _homes(row)]
    with as_system():
        insert_rows("thing", ("id", "uid", "word", "sort", "held_by"), things)
        insert_rows("person_index", ("person", "held_by", "sort", "name", "known_as", "la_child_id", "birth_date", "sex",
                                     "ethnicity", "postcode", "label", "filed"), index)  # fmt: skip
        insert_rows("person_fact", COLUMNS, names)
        insert_rows("spell_fact", COLUMNS, homes)


def _name(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "payload": {
            "forename": row["given"],
            "middle_names": row["middle"],
            "surname": row["family"],
            "name_type": "legal",
        }
    }


def _homes(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if row["postcode_prev"]:
        yield {
            "payload": {"postcode": row["postcode_prev"]},
            "valid_from": "2020-01-01",
            "valid_to": "2023-01-01",
            "ref": row["postcode_prev"],
        }
    yield {"payload": {"postcode": row["postcode"]}, "valid_from": "2023-01-01", "ref": row["postcode"]}


def _fact(columns: tuple[str, ...], kind: str, person: int, shared: dict[str, Any], said: dict[str, Any]) -> list[Any]:
    from kinfold.service.records.tables import new_fact_id, payload_text

    whole = {
        **shared,
        **said,
        "subject": person,
        "kind": kind,
        "fact": new_fact_id(),
        "payload": payload_text(said["payload"]),
    }
    return [whole.get(name) for name in columns]


if __name__ == "__main__":
    os.environ.setdefault("KINFOLD_LOG_LEVEL", "ERROR")
    fill(int(sys.argv[1]))
