"""Rows written and read in bulk, straight to the seven tables: what a load of a million facts needs."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections

import kinfold.record.kinds  # noqa: F401 -- declares every kind
from kinfold.record.declare import KINDS
from kinfold.service.records.models import FACT_TABLES

COLUMNS = (
    "subject", "party", "held_by", "fact", "known_from", "known_to", "supersedes", "kind", "kind_version",
    "valid_from", "valid_to", "ref", "status", "reason", "label", "recorded_by", "source", "source_key", "content",
    "source_recorded_at", "source_extracted_at", "load", "place_file", "place_table", "place_row", "payload",
)  # fmt: skip

_FACT_NAMES = frozenset(model._meta.db_table for model in FACT_TABLES.values())
# The two highest bits of the seventeenth digit say which variant of UUID it is.
_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}
_dumps = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


def payload_text(payload: dict[str, Any]) -> str:
    """Return the canonical text of a payload: keys in order, no spaces."""
    return _dumps(payload)


def content_of(valid_from: date | None, valid_to: date | None, ref: str | None, party: int | None, text: str) -> int:
    """Return a signed 64-bit digest of what a version says; equal versions have equal digests."""
    said = f"{valid_from}|{valid_to}|{ref}|{party}|{text}"
    return int.from_bytes(hashlib.blake2b(said.encode(), digest_size=8).digest(), "big", signed=True)


def source_key_of(door: str, kind: str, natural_key: str) -> bytes:
    """
    Return the 16-byte key under which a source states the same fact again, within one subject.

    The first half is of what stands before the first "/": everything a source keeps under one of its own episodes
    shares it, so that the episode can be removed as a whole (`source_key_prefix`).
    """
    whole = hashlib.blake2b(f"{door}|{kind}|{natural_key}".encode(), digest_size=8).digest()
    return source_key_prefix(door, natural_key) + whole


def source_key_prefix(door: str, natural_key: str) -> bytes:
    """Return the first half of the keys of everything stated under the part of `natural_key` before its "/"."""
    return hashlib.blake2b(f"{door}|{natural_key.partition('/')[0]}".encode(), digest_size=8).digest()


@cache
def table_of(kind_name: str) -> str:
    """Return the name of the table a kind's facts are in."""
    return FACT_TABLES[KINDS[kind_name].word.value]._meta.db_table


@cache
def _plain_ids() -> bool:
    return connection.vendor == "sqlite"


def new_fact_id() -> str:
    """Return a random (version 4) id in the form the database in use stores."""
    made = os.urandom(16).hex()
    made = f"{made[:12]}4{made[13:16]}{_VARIANT[made[16]]}{made[17:]}"
    if _plain_ids():
        return made
    return f"{made[:8]}-{made[8:12]}-{made[12:16]}-{made[16:20]}-{made[20:]}"


def in_chunks(values: Sequence[Any], size: int = 500) -> Iterable[Sequence[Any]]:
    """Yield `values` a chunk at a time: SQLite limits the parameters of one statement."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def placeholders(count: int) -> str:
    """Return `%s` repeated, for an `in` list."""
    return ", ".join(["%s"] * count)


@lru_cache(maxsize=100_000)
def _day_text(value: date) -> str:
    return value.isoformat()


def _for_sqlite(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    if isinstance(value, date):
        return _day_text(value)
    return value


def _columns_for_sqlite(rows: Sequence[Sequence[Any]]) -> Iterable[tuple[Any, ...]]:
    """Return rows with days and moments as SQLite stores them, a column at a time: most columns hold none."""
    days = {date, datetime}
    columns = [
        column if days.isdisjoint(set(map(type, column))) else [_for_sqlite(value) for value in column]
        for column in zip(*rows, strict=True)
    ]
    return zip(*columns, strict=True)


def insert_rows(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert `rows` at the fastest the database offers: COPY on PostgreSQL, one prepared statement on SQLite."""
    if not rows:
        return
    names = ", ".join(f'"{name}"' for name in columns)
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        _copy(table, names, rows)
        return
    marks = ", ".join("?" * len(columns))
    raw = connection.connection
    raw.executemany(  # straight to sqlite3: Django's wrapper rewrites every parameter
        f'insert into "{table}" ({names}) values ({marks})', _columns_for_sqlite(rows)
    )


# So many rows are sent to PostgreSQL as one statement: a COPY takes more journeys, and pays for it with more rows.
FEW = 50


def insert_few(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert `rows`, often only one, with as few journeys as the database allows. Values are as the database keeps them."""
    if not rows or connection.vendor != "postgresql" or len(rows) > FEW:
        insert_rows(table, columns, rows)
        return
    names = ", ".join(f'"{name}"' for name in columns)
    line = f"({placeholders(len(columns))})"
    with connection.cursor() as cursor:
        cursor.execute(
            f'insert into "{table}" ({names}) values {", ".join([line] * len(rows))}',
            [value for row in rows for value in row],
        )


def upsert_rows(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], *, key: Sequence[str]) -> None:
    """Insert `rows`, or bring those whose `key` is there already up to date."""
    if not rows:
        return
    names = ", ".join(f'"{name}"' for name in columns)
    changes = ", ".join(f'"{name}" = excluded."{name}"' for name in columns if name not in key)
    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f'insert into "{table}" ({names}) values ({marks}) on conflict ({", ".join(key)}) do update set {changes}',
            rows,
        )


def _copy(table: str, names: str, rows: Sequence[Sequence[Any]]) -> None:
    """Send rows by COPY. A table behind row-level security takes no COPY, so they go through a temporary one."""
    target = f"arriving_{table}" if table in _FACT_NAMES else table
    with connection.cursor() as cursor:
        if target != table:
            cursor.execute(
                f'create temporary table if not exists {target} on commit delete rows as select {names} from "{table}" limit 0'
            )
        with cursor.cursor.copy(f'copy "{target}" ({names}) from stdin') as copy:
            for row in rows:
                copy.write_row(row)
        if target != table:
            cursor.execute(f'insert into "{table}" ({names}) select {names} from {target}')
            cursor.execute(f"delete from {target}")


def close_versions(table: str, ids: Sequence[int], number: int) -> None:
    """Close the versions `ids`: what they said was held true until change `number`."""
    with connection.cursor() as cursor:
        for chunk in in_chunks(ids):
            cursor.execute(
                f'update "{table}" set known_to = %s where id in ({placeholders(len(chunk))})', [number, *chunk]
            )


def know_sizes(*tables: str) -> None:
    """
    Let SQLite see how the rows of `tables` are spread, so that it begins with the index that leaves the fewest.

    Without it, it takes any index that begins with the council to leave ten rows. PostgreSQL looks by itself.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("pragma analysis_limit = 1000")
        for table in tables:
            cursor.execute(f'analyze "{table}"')


def fetch(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """
    Return all rows of a query.

    SQLite answers most of them in less time than a cursor of Django's takes to make: it is asked without one, unless
    somebody counts the questions or what is under way is to be rolled back.
    """
    database = connections[DEFAULT_DB_ALIAS]
    told = database.execute_wrappers or database.queries_logged or database.needs_rollback
    if database.vendor == "sqlite" and database.connection is not None and not told:
        with database.wrap_database_errors:
            return list(database.connection.execute(_as_sqlite_writes(sql), parameters))
    with database.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


_PLACE = re.compile("%([s%])")


@lru_cache(maxsize=1_000)
def _as_sqlite_writes(sql: str) -> str:
    """Return a question with the places of its parameters as SQLite writes them."""
    return _PLACE.sub(lambda found: "?" if found[1] == "s" else "%", sql)
