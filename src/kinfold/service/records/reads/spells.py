"""
Spells that held on a day, for many children at once: what a list of thousands needs.

The same answer as combining every door's facts with `record.combine.shown` and keeping those that held on the day
(a property test holds that), but only the facts that can matter are fetched and only the fields asked for combined.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from kinfold.record.combine import declared_precedence
from kinfold.record.declare import KINDS, Kind, upcast
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.tables import fetch, table_of
from kinfold.terms.errors import StructureBroken

SQL = tuple[str, list[Any]]
COLUMNS = "s.subject, s.valid_from, s.valid_to, s.source, s.party, s.label, s.kind_version, s.fact, s.payload"


@dataclass(slots=True)
class _Fact:
    """One door's fact; its payload is read only when a value of it is wanted."""

    subject: int
    since: date | None
    until: date | None
    door: str
    party: int | None
    label: str
    version: int
    fact: Any
    text: Any
    read: dict[str, Any] | None = None

    def payload(self, kind: Kind) -> dict[str, Any]:
        if self.read is None:
            said = json.loads(self.text) if isinstance(self.text, str) else dict(self.text)
            self.read = upcast(kind.name, self.version, said) if self.version != kind.version else said
        return self.read


@dataclass(slots=True)
class OpenSpell:
    """One spell that held on the day, combined over the doors: `values` has the fields asked for that are known."""

    subject: int
    since: date | None
    until: date | None
    party: int | None
    label: str
    fact: Any
    doors: tuple[str, ...]
    values: dict[str, Any] = field(default_factory=dict)
    others: int = 0  # how many more of the kind held on that day for the same child


def listed_sql(reader: Reader, sort: str | None = "child") -> SQL | None:
    """Return the persons that may stand in a list shown to the reader, as SQL; None where there can be nobody."""
    try:
        sql, parameters = reader.listed(sort).order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return None
    return sql, list(parameters)


def known_sql(number: int | None, alias: str = "s") -> SQL:
    """Return the condition that a version was held true once commit `number` was made; now, when it is None."""
    if number is None:
        return f"{alias}.known_to is null", []
    return f"{alias}.known_from <= %s and ({alias}.known_to is null or {alias}.known_to > %s)", [number, number]


def open_spells(
    kind_name: str, *, held_by: int, persons: SQL | list[int], day: date, number: int | None = None,
    fields: Sequence[str] = (),
) -> dict[int, list[OpenSpell]]:  # fmt: skip
    """
    Return, for each of `persons`, the spells of a kind that held on `day`, the latest begun first.

    `persons` are ids, or SQL that selects them. `number` asks what was held true once that commit was made.
    Only kinds whose facts are the same when they begin on one day can be asked about here.
    """
    kind = KINDS[kind_name]
    if kind.same_when != ("valid_from",):
        raise StructureBroken(f"{kind_name} is told apart by more than its first day; combine it with `shown`")
    facts = _fetch(kind_name, held_by, persons, day, number)
    alike: dict[tuple[int, date | None, str], list[_Fact]] = defaultdict(list)
    for fact in facts:
        alike[fact.subject, fact.since, fact.label].append(fact)
    found: dict[int, list[OpenSpell]] = defaultdict(list)
    for group in alike.values():
        doors = {fact.door for fact in group}
        for part in [group] if len(doors) == len(group) else [[fact] for fact in group]:
            spell = _combined(kind, part, fields)
            if spell.until is None or spell.until > day:
                found[spell.subject].append(spell)
    for spells in found.values():
        spells.sort(key=lambda s: (s.since or date.min, -_rank(kind.name, "", s.doors[0]), str(s.fact)), reverse=True)
        spells[0].others = len(spells) - 1
    return dict(found)


@cache
def _order(kind_name: str, name: str) -> tuple[str, ...]:
    return declared_precedence().order(kind_name, name or None)


def _rank(kind_name: str, name: str, door: str) -> int:
    order = _order(kind_name, name)
    return order.index(door) if door in order else len(order)


def _in_order(kind_name: str, name: str, facts: Sequence[_Fact]) -> Sequence[_Fact]:
    if len(facts) == 1:
        return facts
    return sorted(facts, key=lambda fact: (_rank(kind_name, name, fact.door), fact.door))


def _combined(kind: Kind, facts: Sequence[_Fact], fields: Sequence[str]) -> OpenSpell:
    by_order: dict[tuple[str, ...], Sequence[_Fact]] = {}

    def ordered(name: str) -> Sequence[_Fact]:
        order = _order(kind.name, name)
        if order not in by_order:
            by_order[order] = _in_order(kind.name, name, facts)
        return by_order[order]

    lead = ordered("")
    until = next((f.until for f in ordered("valid_to") if f.until is not None or _says_open(kind, f.door)), None)
    made = OpenSpell(
        subject=lead[0].subject, since=lead[0].since, until=until,
        party=next((f.party for f in ordered("party") if f.party is not None), None),
        label=lead[0].label, fact=lead[0].fact, doors=tuple(f.door for f in lead),
    )  # fmt: skip
    for name in fields:
        said = next((v for f in ordered(name) if (v := f.payload(kind).get(name)) is not None), None)
        if said is not None:
            made.values[name] = said
    return made


def _says_open(kind: Kind, door: str) -> bool:
    """Return whether an empty end of this door means that the spell goes on."""
    names = kind.dates.get(door)
    return names is None or names[1] is not None


def _fetch(
    kind_name: str, held_by: int, persons: SQL | list[int], day: date, number: int | None
) -> list[_Fact]:
    """
    Return the facts that held on the day, and those of other doors about the same spell that had ended by then.

    Two parts, each with an index of its own: what has no end, and what ended later. Their ended siblings begin on
    the same day.
    """
    table = table_of(kind_name)
    who, asked = _who(persons)
    known, at = known_sql(number)
    base = f"s.kind = %s and s.held_by = %s and s.status = 'final' and {known} and s.subject in ({who})"
    begun = "(s.valid_from is null or s.valid_from <= %s)"
    mine: list[Any] = [kind_name, held_by, *at, *asked]
    parts = [
        (f"s.valid_to is null and {begun}", [*mine, _day(day)]),
        (f"s.valid_to > %s and {begun}", [*mine, _day(day), _day(day)]),
    ]
    rows = [
        row for holds, values in parts for row in fetch(f"select {COLUMNS} from {table} s where {base} and {holds}", values)
    ]  # fmt: skip
    facts = [_fact(row) for row in rows]
    return [*facts, *_ended_siblings(table, kind_name, held_by, facts, day, number)]


def _ended_siblings(
    table: str, kind_name: str, held_by: int, facts: Sequence[_Fact], day: date, number: int | None
) -> list[_Fact]:
    """Return facts that had ended by the day and begin with one that had not: another door's word on the same spell."""
    ids = ", ".join(str(subject) for subject in sorted({int(fact.subject) for fact in facts}))
    if not ids:
        return []
    known, at = known_sql(number)
    inner, at_inner = known_sql(number, "o")
    rows = fetch(
        f"select {COLUMNS} from (select distinct o.subject, o.valid_from from {table} o where o.kind = %s "  # noqa: S608
        f"and o.held_by = %s and o.status = 'final' and {inner} and o.subject in ({ids}) and o.valid_from <= %s "
        f"and (o.valid_to is null or o.valid_to > %s)) o join {table} s on s.subject = o.subject and s.kind = %s "
        f"and s.valid_from = o.valid_from where s.held_by = %s and s.status = 'final' and {known} and s.valid_to <= %s",
        [kind_name, held_by, *at_inner, _day(day), _day(day), kind_name, held_by, *at, _day(day)],
    )
    return [_fact(row) for row in rows]


def _who(persons: SQL | list[int]) -> SQL:
    if isinstance(persons, tuple):
        return persons
    return ", ".join(str(int(person)) for person in persons) or "null", []


def _day(day: date) -> Any:
    return day.isoformat() if connection.vendor == "sqlite" else day


def _fact(row: Sequence[Any]) -> _Fact:
    return _Fact(row[0], as_day(row[1]), as_day(row[2]), row[3], row[4], row[5], row[6], row[7], row[8])


@cache
def _parsed(text: str) -> date:
    return date.fromisoformat(text)


def as_day(value: Any) -> date | None:
    """Return a day as the database gives it: SQLite has text."""
    return _parsed(value) if isinstance(value, str) else value

