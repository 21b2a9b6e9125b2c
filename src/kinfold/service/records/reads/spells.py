"""
Spells that held on a day, for many children at once: what a list of thousands needs.

The same answer as combining every door's facts with `record.combine.shown` and keeping those that held on the day
(a property test holds that), but only the facts that can matter are fetched and only the fields asked for combined.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Max

from kinfold.record.combine import declared_precedence
from kinfold.record.declare import KINDS, Kind, upcast
from kinfold.service.records.models import Load
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.tables import fetch, table_of
from kinfold.terms.errors import StructureBroken

SQL = tuple[str, list[Any]]
_NAMES = (
    "subject", "valid_from", "valid_to", "source", "party", "label", "kind_version", "fact", "source_extracted_at", "ref",
    "payload",
)  # fmt: skip
_DAYS = frozenset({"valid_from", "valid_to", "source_extracted_at"})


def columns() -> str:
    """Return what is fetched of a fact `s`. On SQLite days come as text: parsing each is a third of a list's time."""
    as_text = connection.vendor == "sqlite"
    return ", ".join(f"s.{name} || ''" if as_text and name in _DAYS else f"s.{name}" for name in _NAMES)


class Fact(NamedTuple):
    """One door's fact as a row of COLUMNS; days are as the database gives them."""

    subject: int
    since: Any
    until: Any
    door: str
    party: int | None
    label: str
    version: int
    fact: Any
    extracted: Any
    ref: str | None
    text: Any

    def payload(self, kind: Kind) -> dict[str, Any]:
        """Return what the fact says, by the newest declaration."""
        said: dict[str, Any] = json.loads(self.text) if isinstance(self.text, str) else dict(self.text)
        return said if self.version == kind.version else upcast(kind.name, self.version, said)

    def may_state(self, names: Sequence[str], kind: Kind) -> bool:
        """Return whether it is worth reading the payload for fields: its text names one, or cannot be judged."""
        text = self.text
        if self.version != kind.version or not isinstance(text, str):
            return True
        for name in names:  # noqa: SIM110 -- a generator here is a tenth of the time of a list
            if name in text:
                return True
        return False


@dataclass(slots=True)
class OpenSpell:
    """
    One spell that held on the day, combined over the doors: `values` has the fields asked for that are known.

    `others` is how many more of the kind held on that day for the same child. `fresh` is the day of the newest file
    that says it went on so, None for what was typed in. `goes_on` is whether a door that
    would say if it had ended says nothing of an end. `doubt` is the day on which a newer file says that it, or a spell
    that overlaps it, had ended.
    """

    subject: int
    since: date | None
    until: date | None
    party: int | None
    label: str
    fact: Any
    doors: tuple[str, ...]
    fresh: date | None = None
    values: dict[str, Any] = field(default_factory=dict)
    others: int = 0
    goes_on: bool = False
    doubt: date | None = None


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
    kind_name: str, *, held_by: int, persons: SQL | list[int] | None, day: date, number: int | None = None,
    fields: Sequence[str] = (),
) -> dict[int, list[OpenSpell]]:  # fmt: skip
    """
    Return, for each of `persons`, the spells of a kind that held on `day`: the surest, then the latest begun, first.

    `persons` are ids, or SQL that selects them, or None for everybody of the holder. `number` asks what was held true once that commit was made.
    Only kinds whose facts are the same when they begin on one day can be asked about here.
    """
    kind = KINDS[kind_name]
    if kind.same_when != ("valid_from",):
        raise StructureBroken(f"{kind_name} is told apart by more than its first day; combine it with `shown`")
    found: dict[int, list[OpenSpell]] = defaultdict(list)
    facts = _fetch(kind_name, held_by, persons, day, number)
    for spell in combined(kind_name, facts, fields):
        if spell.until is None or spell.until > day:
            found[spell.subject].append(spell)
    _doubts(kind_name, held_by, found, day, number)
    for spells in found.values():
        if len(spells) > 1:
            spells.sort(
                key=lambda s: (s.doubt is None, s.since or date.min, s.fresh or date.max, str(s.fact)), reverse=True
            )
            spells[0].others = len(spells) - 1
    return dict(found)


def combined(kind_name: str, facts: Iterable[Fact], fields: Sequence[str]) -> Iterator[OpenSpell]:
    """Yield what is shown of facts of one kind: those that speak of the same thing combined, as `shown` does."""
    kind, orders = KINDS[kind_name], _orders(kind_name, tuple(fields))
    for group in _groups(kind, facts):
        yield _combined(kind, group, orders)


def _groups(kind: Kind, facts: Iterable[Fact]) -> Iterator[list[Fact]]:
    """Yield the facts that speak of one thing. Two facts of one door never do: then each stands by itself."""
    alike: dict[tuple[Any, ...], list[Fact]] = defaultdict(list)
    if kind.same_when == ("valid_from",):
        for fact in facts:
            alike[fact.subject, fact.since, fact.label].append(fact)
    else:
        for fact in facts:
            alike[_key(kind, fact)].append(fact)
    for group in alike.values():
        if len(group) == 1 or len({fact.door for fact in group}) == len(group):
            yield group
        else:
            yield from ([fact] for fact in group)


def _key(kind: Kind, fact: Fact) -> tuple[Any, ...]:
    """Return what facts of one thing agree on, compared as `record.combine` compares it."""
    envelope = {"valid_from": fact.since, "valid_to": fact.until, "party": fact.party, "ref": fact.ref}
    parts = [envelope[n] if n in envelope else fact.payload(kind).get(n) for n in kind.same_when]
    return fact.subject, fact.label, *(_comparable(part) for part in parts)


def _comparable(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip().casefold()
    if isinstance(value, (list, tuple)):
        return tuple(sorted(repr(_comparable(part)) for part in value))
    return repr(sorted(value.items())) if isinstance(value, dict) else value


Order = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Orders:
    """
    The order of doors for the whole, for parts of the envelope, and for the fields asked for, those alike together.

    `silent` are the doors whose empty end says nothing.
    """

    whole: Order
    since: Order
    until: Order
    party: Order
    fields: tuple[tuple[Order, tuple[str, ...]], ...]
    silent: frozenset[str]


@cache
def _orders(kind_name: str, fields: tuple[str, ...]) -> _Orders:
    rules = declared_precedence()
    by_order: dict[Order, list[str]] = defaultdict(list)
    for name in fields:
        by_order[rules.order(kind_name, name)].append(name)
    return _Orders(
        whole=rules.order(kind_name), since=rules.order(kind_name, "valid_from"),
        until=rules.order(kind_name, "valid_to"), party=rules.order(kind_name, "party"),
        fields=tuple((order, tuple(names)) for order, names in by_order.items()),
        silent=frozenset(door for door, names in KINDS[kind_name].dates.items() if names[1] is None),
    )  # fmt: skip


def _ranked(facts: list[Fact], order: Order) -> list[Fact]:
    """Return the facts of one thing in the order of their doors; a door that the order does not name comes last."""
    by_door = {fact.door: fact for fact in facts}
    named = [by_door.pop(door) for door in order if door in by_door]
    return [*named, *(by_door[door] for door in sorted(by_door))] if by_door else named


def _combined(kind: Kind, facts: list[Fact], orders: _Orders) -> OpenSpell:
    """Return one thing as it is shown. Orders that are alike are walked once: this runs for thousands of children."""
    ranked = {orders.whole: facts if len(facts) == 1 else _ranked(facts, orders.whole)}

    def by(order: Order) -> list[Fact]:
        if order not in ranked:
            ranked[order] = facts if len(facts) == 1 else _ranked(facts, order)
        return ranked[order]

    lead = ranked[orders.whole]
    first = lead[0]
    since = next((fact.since for fact in by(orders.since) if fact.since), None)
    until, goes_on = None, False
    for fact in by(orders.until):
        if fact.until is not None or fact.door not in orders.silent:
            until, goes_on = fact.until, fact.until is None
            break
    if since is not None and until is not None and until < since:
        since, until = first.since, first.until  # one door's own two days hold together
    behind = [fact.extracted for fact in facts if fact.until == until]
    return OpenSpell(
        first.subject, as_day(since), as_day(until), next((f.party for f in by(orders.party) if f.party is not None), None),
        first.label, first.fact, tuple([fact.door for fact in lead]),
        fresh=None if None in behind else as_day(max(behind, default=None)),
        values=_values(kind, by, orders), goes_on=goes_on,
    )  # fmt: skip


def _values(kind: Kind, by: Callable[[Order], list[Fact]], orders: _Orders) -> dict[str, Any]:
    """Return the fields asked for that some door states; a door's payload is read only while one is missing."""
    values: dict[str, Any] = {}
    read: dict[str, dict[str, Any]] = {}
    for order, names in orders.fields:
        missing = names
        for fact in by(order):
            said = read.get(fact.door)
            if said is None:
                if not fact.may_state(missing, kind):
                    continue
                said = read[fact.door] = fact.payload(kind)
            for name in missing:
                if (value := said.get(name)) is not None:
                    values[name] = value
            missing = tuple([name for name in missing if name not in values])
            if not missing:
                break
    return values


def _doubts(kind_name: str, held_by: int, found: Mapping[int, list[OpenSpell]], day: date, number: int | None) -> None:
    """
    Mark the spells that a newer file has ended.

    An open end says only that it went on when its file was made. Where a newer file says that an overlapping spell
    ended after that day, the child may have left: the page asks for it to be checked and never leaves the child out.
    """
    newest = newest_extract(held_by)
    older = {p: spells for p, spells in found.items() if newest and any(s.fresh and s.fresh < newest for s in spells)}
    if not older:
        return
    table, (known, at) = table_of(kind_name), known_sql(number)
    ids = ", ".join(str(int(person)) for person in older)
    rows = fetch(
        f"select s.subject, s.valid_to, s.source_extracted_at from {table} s where s.subject in ({ids}) "
        f"and s.kind = %s and s.held_by = %s and s.status = 'final' and {known} and s.valid_to <= %s "
        "and s.source_extracted_at is not null",
        [kind_name, held_by, *at, day_value(day)],
    )
    for subject, until, extracted in rows:
        ended, said_on = as_day(until), as_day(extracted)
        for spell in older[subject]:
            if spell.fresh and said_on and ended and spell.fresh < said_on and ended >= max(
                spell.fresh, (spell.since or date.min) + timedelta(days=1)):  # fmt: skip
                spell.doubt = max(spell.doubt or ended, ended)


def newest_extract(held_by: int) -> date | None:
    """Return the day of the newest file loaded for a holder."""
    newest = Load.objects.filter(held_by_id=held_by).aggregate(newest=Max("extracted_at"))["newest"]
    return newest.date() if newest else None


def _fetch(kind_name: str, held_by: int, persons: SQL | list[int] | None, day: date, number: int | None) -> list[Fact]:
    """
    Return the facts that held on the day, and those of other doors about the same spell that had ended by then.

    Two parts, each with an index of its own: what has no end, and what ended later. Their ended siblings begin on
    the same day.
    """
    table = table_of(kind_name)
    who, asked = _who(persons)
    known, at = known_sql(number)
    base = f"s.kind = %s and s.held_by = %s and s.status = 'final' and {known}{who}"
    begun = "(s.valid_from is null or s.valid_from <= %s)"
    mine: list[Any] = [kind_name, held_by, *at, *asked]
    parts = [
        (f"s.valid_to is null and {begun}", [*mine, day_value(day)]),
        (f"s.valid_to > %s and {begun}", [*mine, day_value(day), day_value(day)]),
    ]
    rows = [
        row for holds, values in parts for row in fetch(f"select {columns()} from {table} s where {base} and {holds}", values)
    ]  # fmt: skip
    facts = [as_fact(row) for row in rows]
    return [*facts, *_ended_siblings(table, kind_name, held_by, facts, day, number)]


def _ended_siblings(
    table: str, kind_name: str, held_by: int, facts: Sequence[Fact], day: date, number: int | None
) -> list[Fact]:
    """Return facts that had ended by the day and begin with one that had not: another door's word on the same spell."""
    ids = ", ".join(str(subject) for subject in sorted({int(fact.subject) for fact in facts}))
    if not ids:
        return []
    known, at = known_sql(number)
    inner, at_inner = known_sql(number, "o")
    rows = fetch(
        f"select {columns()} from (select distinct o.subject, o.valid_from from {table} o where o.kind = %s "
        f"and o.held_by = %s and o.status = 'final' and {inner} and o.subject in ({ids}) and o.valid_from <= %s "
        f"and (o.valid_to is null or o.valid_to > %s)) o join {table} s on s.subject = o.subject and s.kind = %s "
        f"and s.valid_from = o.valid_from where s.held_by = %s and s.status = 'final' and {known} and s.valid_to <= %s",
        [kind_name, held_by, *at_inner, day_value(day), day_value(day), kind_name, held_by, *at, day_value(day)],
    )
    return [as_fact(row) for row in rows]


def _who(persons: SQL | list[int] | None) -> SQL:
    """Return the condition that a fact is about one of `persons`; empty for everybody."""
    if persons is None:
        return "", []
    if isinstance(persons, tuple):
        return f" and s.subject in ({persons[0]})", persons[1]
    return f" and s.subject in ({', '.join(str(int(person)) for person in persons) or 'null'})", []


def day_value(day: date) -> Any:
    """Return a day as the database compares it."""
    return day.isoformat() if connection.vendor == "sqlite" else day


def as_fact(row: tuple[Any, ...]) -> Fact:
    """Return a row of COLUMNS as a fact."""
    return Fact._make(row)


@lru_cache(maxsize=100_000)
def _parsed(text: str) -> date:
    return date.fromisoformat(text[:10])


def as_day(value: Any) -> date | None:
    """Return a day, or the day of a moment, as the database gives it: SQLite has text."""
    if isinstance(value, str):
        return _parsed(value)
    return value.date() if isinstance(value, datetime) else value
