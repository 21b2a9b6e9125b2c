"""
Rows of a table as its models, by SQL that is written out.

What every page and every call asks before all else (whose token is it, which roles do they hold) is answered by the
database in a twentieth of a millisecond; making the question anew from the models each time takes ten times as long.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models

from kinfold.service.records.tables import fetch

M = TypeVar("M", bound=models.Model)


@cache
def columns_of(model: type[models.Model], name: str) -> str:
    """Return a model's columns, in the order `quickly` takes them, of the table that a question calls `name`."""
    return ", ".join(f'{name}."{field.column}"' for field in model._meta.concrete_fields)


def quickly(
    model: type[M], sql: str, parameters: Sequence[Any], *, beside: Sequence[str] = (), name: str = "it"
) -> list[M]:
    """
    Return the rows of a question as models.

    `sql` is all that stands after "select": `{columns}` in it are the model's own, of the table that it calls `name`;
    what it selects after them each object has under a name of `beside`, as the database gives it.
    """
    fields, converters = _reading(model, connection.vendor)
    found = []
    for row in fetch(f"select {sql.format(columns=columns_of(model, name))}", parameters):
        values = list(row[: len(fields)])
        for place, convert in converters:
            values[place] = convert(values[place])
        made = model.from_db(connection.alias, fields, values)
        for said, value in zip(beside, row[len(fields) :], strict=True):
            setattr(made, said, value)
        found.append(made)
    return found


Convert = Callable[[Any], Any]


@cache
def _reading(model: type[models.Model], vendor: str) -> tuple[list[str], list[tuple[int, Convert]]]:
    """Return the names of a model's fields, and by place what turns a value of the database into the field's own."""
    fields = model._meta.concrete_fields
    return (
        [field.attname for field in fields],
        [(place, convert) for place, field in enumerate(fields) for convert in _converters(field)],
    )


def _converters(field: Any) -> list[Convert]:
    column = field.get_col(field.model._meta.db_table)
    every = [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
    return [_bound(turn, column) for turn in every]


def _bound(turn: Callable[..., Any], column: Any) -> Convert:
    return lambda value: turn(value, column, connection)
