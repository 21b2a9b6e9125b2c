"""
Every table as rows that either database can give and take: what a backup holds of the record.

A value is written in one neutral form, whichever database it comes from: UUIDs and moments (UTC) as text, bytes
in base64, JSON as its text. So a backup made on SQLite can be restored into PostgreSQL and the other way round.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model

from kinfold.terms.errors import StructureBroken

# Made again by `kinfold migrate`, or worth nothing on another day: sessions, the framework's own lists of tables.
NOT_KEPT_APPS = frozenset({"auth", "contenttypes", "sessions", "messages"})
NOT_KEPT_TABLES = frozenset({"django_migrations", "shared_cache"})
ROWS_AT_ONCE = 2000

_FORMS = {
    "AutoField": "number", "BigAutoField": "number", "SmallAutoField": "number", "IntegerField": "number",
    "BigIntegerField": "number", "SmallIntegerField": "number", "PositiveIntegerField": "number",
    "PositiveBigIntegerField": "number", "PositiveSmallIntegerField": "number", "BooleanField": "yes_no",
    "CharField": "text", "TextField": "text", "EmailField": "text", "URLField": "text", "SlugField": "text",
    "GenericIPAddressField": "text", "FileField": "text", "UUIDField": "uuid", "DateField": "day",
    "DateTimeField": "moment", "BinaryField": "bytes", "JSONField": "json", "FloatField": "number",
    "DecimalField": "decimal",
}  # fmt: skip
Row = list[Any]
Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as a backup describes it: its name, and each column with the form its values are written in."""

    name: str
    columns: tuple[tuple[str, str], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the columns' names in order."""
        return tuple(name for name, _ in self.columns)


def _form(field: Field[Any, Any]) -> str:
    target: Any = field
    while target.remote_field is not None:
        target = target.target_field
    kind = target.get_internal_type()
    if kind not in _FORMS:
        raise StructureBroken(f"No form is known for {field.model._meta.db_table}.{field.column} ({kind}) in a backup")
    return _FORMS[kind]


def _table_of(model: type[Model]) -> Table:
    fields = model._meta.local_concrete_fields
    return Table(model._meta.db_table, tuple((field.column, _form(field)) for field in fields if field.column))


def kept_tables() -> list[Table]:
    """Return every table a backup holds, in order of name."""
    models = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.app_label not in NOT_KEPT_APPS
    ]
    return sorted((_table_of(model) for model in models), key=lambda table: table.name)


@contextmanager
def snapshot() -> Iterator[BaseDatabaseWrapper]:
    """
    Yield a connection of its own that sees the database as it is now, however long it is read.

    On SQLite a reading transaction of the write-ahead log, which keeps no writer waiting; on PostgreSQL a
    REPEATABLE READ one that reads past the second wall.
    """
    own: BaseDatabaseWrapper = connection.copy()
    if own.vendor == "postgresql":
        options = {key: value for key, value in own.settings_dict["OPTIONS"].items() if key != "pool"}
        own.settings_dict = {**own.settings_dict, "OPTIONS": options, "CONN_MAX_AGE": 0}
    try:
        with own.cursor() as cursor:
            if own.vendor == "postgresql":
                cursor.execute("begin isolation level repeatable read read only")
                cursor.execute("select set_config('kinfold.reader', 'system', true)")
            else:
                cursor.execute("begin deferred")
                cursor.execute("select count(*) from django_migrations")  # a snapshot begins with the first read
            yield own
            cursor.execute("rollback")
    finally:
        own.close()


def rows_of(table: Table, own: BaseDatabaseWrapper) -> Iterator[list[Row]]:
    """Yield a table's rows in neutral form, ROWS_AT_ONCE at a time, in the order of its first column."""
    names = ", ".join(_selected(column, form, own.vendor) for column, form in table.columns)
    sql = f'select {names} from "{table.name}" order by "{table.names[0]}"'
    convert = _converters(table, _TO_NEUTRAL)
    for rows in _in_batches(own, sql):
        for place, change in convert:
            for row in rows:
                if row[place] is not None:
                    row[place] = change(row[place])
        yield rows


def _selected(column: str, form: str, vendor: str) -> str:
    # A moment in SQLite as the text it is: read by its column's type it would come without its zone.
    return f'cast("{column}" as text)' if vendor == "sqlite" and form == "moment" else f'"{column}"'


def _in_batches(own: BaseDatabaseWrapper, sql: str) -> Iterator[list[Row]]:
    """Yield the raw rows of a query a batch at a time, so that a table of any size needs little memory."""
    with own.cursor() as cursor:
        if own.vendor != "postgresql":
            cursor.execute(sql)
            while rows := [list(row) for row in cursor.fetchmany(ROWS_AT_ONCE)]:
                yield rows
            return
        # a cursor on the server: the rows stream, and keep the types that the columns have
        cursor.execute(f"declare kinfold_backup no scroll cursor for {sql}")
        cursor.execute(f"fetch {ROWS_AT_ONCE} from kinfold_backup")
        while rows := [list(row) for row in cursor.fetchall()]:
            yield rows
            cursor.execute(f"fetch {ROWS_AT_ONCE} from kinfold_backup")
        cursor.execute("close kinfold_backup")


def _moment_out(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value).replace(" ", "T") + "+00:00"  # SQLite keeps moments as text in UTC


def _json_out(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _uuid_out(value: Any) -> str:
    return str(value if isinstance(value, UUID) else UUID(value))


_TO_NEUTRAL: dict[str, Convert] = {
    "uuid": _uuid_out,
    "day": lambda value: value.isoformat() if isinstance(value, date) else str(value),
    "moment": _moment_out,
    "bytes": lambda value: base64.b64encode(bytes(value)).decode(),
    "json": _json_out,
    "yes_no": bool,
    "decimal": str,
}
_FROM_NEUTRAL: dict[str, dict[str, Convert]] = {
    "sqlite": {
        "uuid": lambda value: UUID(value).hex,
        "moment": lambda value: value.replace("T", " ").removesuffix("+00:00"),
        "bytes": base64.b64decode,
        "yes_no": int,
    },
    "postgresql": {"bytes": base64.b64decode},
}


def _converters(table: Table, by_form: dict[str, Convert]) -> list[tuple[int, Convert]]:
    return [(place, by_form[form]) for place, (_, form) in enumerate(table.columns) if form in by_form]


def put_rows(table: Table, rows: Sequence[Row]) -> None:
    """Insert rows in neutral form into the database in use, inside the caller's transaction."""
    for place, change in _converters(table, _FROM_NEUTRAL[connection.vendor]):
        for row in rows:
            if row[place] is not None:
                row[place] = change(row[place])
    names = ", ".join(f'"{name}"' for name in table.names)
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor, cursor.cursor.copy(f'copy "{table.name}" ({names}) from stdin') as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join("?" * len(table.columns))
    raw: Any = connection.connection
    raw.executemany(f'insert into "{table.name}" ({names}) values ({marks})', rows)
