"""
What the database can rule out of a list, and what is then held to the question exactly.

Only declared names stand in a statement; every value is bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import connection

from kinfold.record.declare import Field
from kinfold.service.records.reads.questions import (
    LASTING,
    Condition,
    Question,
    Test,
    askable,
    months_after,
    years_before,
)
from kinfold.service.records.reads.spells import SQL, OpenSpell, day_value
from kinfold.service.records.tables import fetch, placeholders, table_of


def candidates(held_by: int, question: Question, day: date, listed: SQL) -> list[int]:
    """
    Return the listed persons who may have what is asked: nobody who has it is missing.

    Each part of the question asks for some fact of the person's that satisfies it, because a combined value is
    always some door's own value. The parts are answered each by one walk along an index, and intersected.
    """
    table = table_of(question.kind)
    facts = f"select s.subject from {table} s where s.kind = %s and s.held_by = %s and s.known_to is null and s.status = 'final'"
    conditions = [*_on_envelope(question, day), *_on_fields(question)] or [("true", [])]
    parts: list[SQL] = [(f"{facts} and {one}", [question.kind, held_by, *bound]) for one, bound in conditions]
    people = [listed, *_on_age(question, day)]
    where = " and ".join(["held_by = %s", f"person in ({listed[0]})", *(one for one, _ in people[1:])])
    parts.append(
        (f"select person from person_index where {where}", [held_by, *(v for _, bound in people for v in bound)])
    )
    rows = fetch(" intersect ".join(sql for sql, _ in parts), [value for _, bound in parts for value in bound])
    return sorted(row[0] for row in rows)


def _on_envelope(question: Question, day: date) -> Iterator[SQL]:
    if question.open_on:
        yield "(s.valid_from is null or s.valid_from <= %s)", [day_value(day)]
        yield "(s.valid_to is null or s.valid_to > %s)", [day_value(day)]
    if question.began_from:
        yield "s.valid_from >= %s", [day_value(question.began_from)]
    if question.began_to:
        yield "s.valid_from <= %s", [day_value(question.began_to)]
    if question.longer_than is not None and question.longer_than < 12 * (day.year - 1):
        # the months are counted exactly below; a few days' slack here costs nothing
        yield "s.valid_from <= %s", [day_value(months_after(day, -question.longer_than) + timedelta(days=4))]


def _on_age(question: Question, day: date) -> Iterator[SQL]:
    if question.age_from is not None:
        yield "birth_date <= %s", [day_value(years_before(day, question.age_from))]
    if question.age_under is not None:
        yield "birth_date > %s", [day_value(years_before(day, question.age_under))]


def _on_fields(question: Question) -> Iterator[SQL]:
    fields = {spec.name: spec for spec in askable(question.declared)}
    version = question.declared.version
    for one in question.conditions:
        condition, bound = _field_sql(fields[one.field], one)
        # an older version's payload has other names: it is brought up to date and asked below
        yield f"(s.kind_version <> %s or {condition})", [version, *bound]


def _field_sql(spec: Field, one: Condition) -> SQL:
    compile_ = _SQLITE if connection.vendor == "sqlite" else _POSTGRESQL
    return compile_[one.test](spec, list(one.values))


Compiled = Mapping[Test, Callable[[Field, list[Any]], SQL]]


def _lite(spec: Field) -> str:
    return f"json_extract(s.payload, '$.{spec.name}')"


def _lite_one_of(spec: Field, values: list[Any]) -> SQL:
    if spec.type == "codes":
        some = f"select 1 from json_each(s.payload, '$.{spec.name}') j where j.value in ({placeholders(len(values))})"
        return f"exists ({some})", values
    return f"{_lite(spec)} in ({placeholders(len(values))})", values


_SQLITE: Compiled = {
    Test.ONE_OF: _lite_one_of,
    Test.YES: lambda spec, _: (f"json_type(s.payload, '$.{spec.name}') = 'true'", []),
    Test.NO: lambda spec, _: (f"json_type(s.payload, '$.{spec.name}') = 'false'", []),
    Test.FROM: lambda spec, values: (f"{_lite(spec)} >= %s", values),
    # of a moment the day counts: the text of a moment on the last day sorts after the day's own text
    Test.TO: lambda spec, values: (f"{_lite_day(spec)} <= %s", values),
    Test.KNOWN: lambda spec, _: (f"{_lite(spec)} is not null", []),
    Test.NOT_KNOWN: lambda spec, _: (f"({_lite(spec)} is null or {_lite(spec)} in ('', '[]'))", []),
}


def _lite_day(spec: Field) -> str:
    return f"substr({_lite(spec)}, 1, 10)" if spec.type == "moment" else _lite(spec)


def _pg(spec: Field) -> str:
    text = f"(s.payload ->> '{spec.name}')"
    if spec.type in ("number", "whole number"):
        is_number = f"jsonb_typeof(s.payload -> '{spec.name}') = 'number'"
        return f"(case when {is_number} then {text}::numeric end)"
    return text


def _pg_one_of(spec: Field, values: list[Any]) -> SQL:
    if spec.type == "codes":
        held = f"s.payload -> '{spec.name}'"
        many = f"case when jsonb_typeof({held}) = 'array' then {held} else '[]'::jsonb end"
        some = f"select 1 from jsonb_array_elements_text({many}) j(v) where j.v in ({placeholders(len(values))})"
        return f"exists ({some})", values
    return f"{_pg(spec)} in ({placeholders(len(values))})", values


def _pg_day(spec: Field) -> str:
    return f"left({_pg(spec)}, 10)" if spec.type == "moment" else _pg(spec)


# Days are compared as the text they are stored as: in the order of bytes, whatever the database's own order is.
def _bytes_order(spec: Field) -> str:
    return ' collate "C"' if spec.type in ("date", "moment") else ""


_POSTGRESQL: Compiled = {
    Test.ONE_OF: _pg_one_of,
    Test.YES: lambda spec, _: (f"s.payload -> '{spec.name}' = 'true'::jsonb", []),
    Test.NO: lambda spec, _: (f"s.payload -> '{spec.name}' = 'false'::jsonb", []),
    Test.FROM: lambda spec, values: (f"{_pg_day(spec)}{_bytes_order(spec)} >= %s", values),
    Test.TO: lambda spec, values: (f"{_pg_day(spec)}{_bytes_order(spec)} <= %s", values),
    Test.KNOWN: lambda spec, _: (f"s.payload ->> '{spec.name}' is not null", []),
    Test.NOT_KNOWN: lambda spec, _: (
        f"(s.payload ->> '{spec.name}' is null or s.payload ->> '{spec.name}' in ('', '[]'))",
        [],
    ),
}


# ---- what is held to the question exactly
def meets(question: Question, spell: OpenSpell, born: date | None, day: date) -> bool:
    """Return whether one combined fact, of a child born on `born`, is what the question asks for on `day`."""
    if question.open_on and not (
        (spell.since is None or spell.since <= day) and (spell.until is None or spell.until > day)
    ):
        return False
    return (
        _began(question, spell.since)
        and _lasted(question, spell, day)
        and _aged(question, born, day)
        and all(holds(one, spell.values.get(one.field)) for one in question.conditions)
    )


def _began(question: Question, since: date | None) -> bool:
    if question.began_from and (since is None or since < question.began_from):
        return False
    return not (question.began_to and (since is None or since > question.began_to))


def _lasted(question: Question, spell: OpenSpell, day: date) -> bool:
    if question.longer_than is None and question.shorter_than is None:
        return True
    if spell.since is None or question.declared.word not in LASTING:
        return False
    end = day if spell.until is None else min(spell.until, day)
    if question.longer_than is not None and not months_after(spell.since, question.longer_than) < end:
        return False
    return question.shorter_than is None or months_after(spell.since, question.shorter_than) > end


def _aged(question: Question, born: date | None, day: date) -> bool:
    if question.age_from is None and question.age_under is None:
        return True
    if born is None:
        return False
    old_enough = question.age_from is None or born <= years_before(day, question.age_from)
    return old_enough and (question.age_under is None or born > years_before(day, question.age_under))


def holds(one: Condition, value: Any) -> bool:
    """Return whether a value is what a condition asks for. An empty text or list is not known."""
    known = value not in (None, "", [])
    match one.test:
        case Test.KNOWN:
            return known
        case Test.NOT_KNOWN:
            return not known
        case Test.YES:
            return value is True
        case Test.NO:
            return value is False
        case Test.ONE_OF:
            return any(part in one.values for part in (value if isinstance(value, list) else [value]))
    return known and _within(one, value)


def _within(one: Condition, value: Any) -> bool:
    bound = one.values[0]
    if isinstance(bound, str):
        if not isinstance(value, str):
            return False
        value = value[:10]
    elif isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return bool(value >= bound if one.test is Test.FROM else value <= bound)
