"""
Facts of several doors about the same thing, combined for showing. Nothing is changed or lost in the store.

Two facts are about the same thing when they have the same subject, the same kind, and agree on what the
kind's declaration names under `same_when`. Two facts of one door are never the same thing: where a door has
two that agree, it cannot be said which of them another door means, and each is shown by itself. Nor are two
facts with different labels: what is restricted never reaches a page through what is open.

For each field the declared order of doors (`precedence.toml`) says whose value is shown; where another door
says otherwise, both are kept side by side and a finding says so.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from typing import Any, NamedTuple, TypeVar

from kinfold.record.declare import Field, Kind, kind, upcast
from kinfold.record.doors import door_label
from kinfold.record.finding import Finding
from kinfold.record.in_time import FactVersion, Stated, says_it_is_open
from kinfold.terms.codes import code_set
from kinfold.terms.errors import SettingError

ENVELOPE = ("valid_from", "valid_to", "party", "ref")


AnyStated = TypeVar("AnyStated", bound=Stated)


@dataclass(frozen=True, slots=True)
class Precedence:
    """The order of doors: by default, by kind, and by field of a kind."""

    default: tuple[str, ...]
    by_kind: Mapping[str, tuple[str, ...]]
    by_field: Mapping[tuple[str, str], tuple[str, ...]]
    _ranks: dict[tuple[str, str | None], Mapping[str, int]] = field(default_factory=dict, compare=False, repr=False)
    _fields: dict[str, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)

    def order(self, kind_name: str, field: str | None = None) -> tuple[str, ...]:
        """Return the doors in order for one field of a kind, or for the kind as a whole; the first is shown."""
        chosen = self.by_kind.get(kind_name, ())
        if field is not None:
            chosen = self.by_field.get((kind_name, field), chosen)
        return chosen + tuple(door for door in self.default if door not in chosen)

    def own_order(self, kind_name: str) -> tuple[str, ...]:
        """Return the fields of a kind that have an order of doors of their own."""
        found = self._fields.get(kind_name)
        if found is None:
            found = self._fields[kind_name] = tuple(name for of, name in self.by_field if of == kind_name)
        return found

    def rank(self, kind_name: str, field: str | None, door: str) -> int:
        """Return the place of a door in the order for a field of a kind; doors it does not name come last."""
        ranks = self._ranks.get((kind_name, field))
        if ranks is None:  # asked for every field of every fact shown, so worked out once
            ranks = {name: place for place, name in reversed([*enumerate(self.order(kind_name, field))])}
            self._ranks[kind_name, field] = ranks
        return ranks.get(door, len(ranks))


class Said(NamedTuple):
    """What one door says of one field."""

    door: str
    value: Any


class Difference(NamedTuple):
    """A field on which doors differ: what is shown, and what every door that speaks of it says."""

    field: str
    shown: Any
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """
    One thing as it is shown: `version` has the combined values, `facts` are the versions it was made from.

    `from_door` says for each value shown which door it is from.
    """

    version: FactVersion
    facts: tuple[FactVersion, ...]
    from_door: Mapping[str, str]
    differences: tuple[Difference, ...]

    @property
    def doors(self) -> tuple[str, ...]:
        """Return the doors that speak of it, the leading one first."""
        return tuple(fact.source for fact in self.facts)

    @property
    def findings(self) -> list[Finding]:
        """Return one finding for each field on which the doors differ."""
        declared = kind(self.version.kind)
        return [_finding(declared, difference, self.facts) for difference in self.differences]


def shown(facts: Iterable[FactVersion], precedence: Precedence | None = None) -> list[Shown]:
    """
    Return what is shown of `facts`, which are current versions or those known at one moment.

    The answer does not depend on their order, and combining what was combined changes nothing.
    """
    rules = precedence or declared_precedence()
    by_key: dict[tuple[Any, ...], list[FactVersion]] = defaultdict(list)
    for fact in facts:
        by_key[_same_thing(fact)].append(fact)
    made = [_combine(group, rules) for alike in by_key.values() for group in _groups(alike)]
    return sorted(made, key=lambda one: _in_order(one.version))


def combined(
    facts: Iterable[AnyStated], precedence: Precedence | None = None
) -> Iterator[tuple[AnyStated, Mapping[str, Any]]]:
    """
    Yield each thing that `shown` shows as its leading fact and what to replace in it; nothing where it stands alone.

    The same combination without who says what, for those that need the values of many facts and no more.
    """
    rules = precedence or declared_precedence()
    by_key: dict[tuple[Any, ...], list[AnyStated]] = defaultdict(list)
    for fact in facts:
        by_key[_same_thing(fact)].append(fact)
    for alike in by_key.values():
        if len(alike) == 1 or len({fact.source for fact in alike}) < len(alike):
            yield from ((fact, {}) for fact in alike)
        else:
            ordered = _in_order_of_kind(alike, rules)
            declared = kind(ordered[0].kind)
            yield ordered[0], _changes(declared, ordered[0], _first_said(declared, ordered, rules))


def _first_said(declared: Kind, ordered: Sequence[Stated], rules: Precedence) -> dict[str, Any]:
    """Return each field's value as the first door in order that speaks of it has it."""
    statements = [_statements(declared, fact) for fact in ordered]
    values: dict[str, Any] = {}
    for said in reversed(statements):
        values.update(said)
    for name in rules.own_order(declared.name):
        several = [
            Said(fact.source, said[name]) for fact, said in zip(ordered, statements, strict=True) if name in said
        ]
        if several:
            values[name] = _in_order_of_doors(several, rules, declared.name, name)[0].value
    return values


def _same_thing(fact: Stated) -> tuple[Any, ...]:
    declared = kind(fact.kind)
    payload = _newest(declared, fact)
    parts = [getattr(fact, name) if name in ENVELOPE else payload.get(name) for name in declared.same_when]
    return (fact.held_by, fact.subject, fact.label, fact.kind, *(_comparable(part) for part in parts))


def _newest(declared: Kind, fact: Stated) -> Mapping[str, Any]:
    """Return what a fact says as the newest version of its kind would have it."""
    if fact.kind_version == declared.version:
        return fact.payload
    return upcast(fact.kind, fact.kind_version, dict(fact.payload))


def _comparable(value: Any) -> Any:
    """Return a value as it is compared: the order within a list of codes says nothing."""
    if isinstance(value, str):
        return value.strip().casefold()
    if isinstance(value, (list, tuple)):
        return tuple(sorted(repr(_comparable(part)) for part in value))
    if isinstance(value, dict):
        return repr(sorted(value.items()))
    return value


def _in_order(fact: FactVersion) -> tuple[Any, ...]:
    start = fact.valid_from.toordinal() if fact.valid_from else 0
    end = fact.valid_to.toordinal() if fact.valid_to else 0
    return (fact.subject, fact.kind, start, end, fact.fact.int, fact.id)


def _groups(alike: Sequence[FactVersion]) -> list[list[FactVersion]]:
    doors = {fact.source for fact in alike}
    return [list(alike)] if len(doors) == len(alike) else [[fact] for fact in alike]


def _combine(group: Sequence[FactVersion], rules: Precedence) -> Shown:
    declared = kind(group[0].kind)
    if len(group) == 1:
        alone = dict(sorted(_statements(declared, group[0]).items()))
        return Shown(_leading(declared, group[0], alone), tuple(group), dict.fromkeys(alone, group[0].source), ())
    ordered = _in_order_of_kind(group, rules)
    statements = {fact.id: _statements(declared, fact) for fact in ordered}
    names = sorted({name for said in statements.values() for name in said})
    values: dict[str, Any] = {}
    from_door: dict[str, str] = {}
    differences: list[Difference] = []
    for name in names:
        said = [Said(fact.source, statements[fact.id][name]) for fact in ordered if name in statements[fact.id]]
        if len(said) > 1 and (declared.name, name) in rules.by_field:  # else in the order of the kind already
            said = _in_order_of_doors(said, rules, declared.name, name)
        values[name], from_door[name] = said[0].value, said[0].door
        lead = said[0].value
        if any(one.value != lead and _comparable(one.value) != _comparable(lead) for one in said[1:]):
            differences.append(Difference(name, said[0].value, tuple(said)))
    return Shown(_leading(declared, ordered[0], values), tuple(ordered), from_door, tuple(differences))


def _in_order_of_kind(group: Sequence[AnyStated], rules: Precedence) -> list[AnyStated]:
    return sorted(group, key=lambda fact: (rules.rank(fact.kind, None, fact.source), fact.source))


def _in_order_of_doors(said: list[Said], rules: Precedence, kind_name: str, name: str) -> list[Said]:
    return sorted(said, key=lambda one: (rules.rank(kind_name, name, one.door), one.door))


def _statements(declared: Kind, fact: Stated) -> dict[str, Any]:
    """Return what a fact states: an absent value is no statement, but an open end is one where the door can say it."""
    payload, fields = _newest(declared, fact), declared.fields
    said = {name: value for name, value in payload.items() if value is not None and name in fields}
    for name in ("valid_from", "party", "ref"):
        if getattr(fact, name) is not None:
            said[name] = getattr(fact, name)
    if fact.valid_to is not None or says_it_is_open(fact):
        said["valid_to"] = fact.valid_to
    if declared.ref:
        said.pop("ref", None)  # it is a copy of the field it names
    return said


def _leading(declared: Kind, lead: FactVersion, values: Mapping[str, Any]) -> FactVersion:
    return replace(lead, **_changes(declared, lead, values))


def _changes(declared: Kind, lead: Stated, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of the leading fact is replaced when it is shown with `values`."""
    payload = {name: value for name, value in values.items() if name in declared.fields}
    ref = payload.get(declared.ref, lead.ref) if declared.ref else values.get("ref")
    start, end = values.get("valid_from"), values.get("valid_to")
    if start is not None and end is not None and end < start:
        # Start of one door and end of another: the leading door's own two days hold together.
        start, end = lead.valid_from, lead.valid_to
    return {
        "kind_version": declared.version,
        "valid_from": start,
        "valid_to": end,
        "party": values.get("party"),
        "ref": None if ref is None else str(ref),
        "payload": payload,
    }


def _finding(declared: Kind, difference: Difference, facts: Sequence[FactVersion]) -> Finding:
    spec = declared.fields.get(difference.field)
    what = spec.meaning if spec else _ENVELOPE_WORDS[difference.field]
    said = "; ".join(f"{door_label(one.door)} says {worded(spec, one.value)}" for one in difference.said)
    return Finding(
        code="doors_differ",
        kind=declared.name,
        message=f"{declared.label}: {what[:1].lower()}{what[1:]} differs. {said}. The first is shown.",
        facts=tuple(fact.fact for fact in facts),
    )


_ENVELOPE_WORDS = {"valid_from": "the first day", "valid_to": "the end", "party": "who it is with", "ref": "reference"}


def worded(spec: Field | None, value: Any) -> str:
    """Return what a door says of a field in words: the labels of codes, yes or no, "it goes on" for no end."""
    if value is None:
        return "it goes on"
    if isinstance(value, (list, tuple)):
        return ", ".join(worded(spec, part) for part in value) or "nothing"
    if spec is not None and spec.codes and isinstance(value, str):
        return f"“{code_set(spec.codes).label(value)}”"
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


@cache
def declared_precedence() -> Precedence:
    """Return the order of doors that ships with Kinfold."""
    text = resources.files("kinfold.record").joinpath("precedence.toml").read_text(encoding="utf-8")
    return read_precedence(text)


def read_precedence(text: str) -> Precedence:
    """Return the order of doors that a TOML text states. Raises SettingError if a kind or field in it is unknown."""
    tables = tomllib.loads(text)
    default = tuple(tables.pop("default", {}).get("order", ()))
    by_kind, by_field = {}, {}
    for kind_name, table in tables.items():
        declared = kind(kind_name)
        if "order" in table:
            by_kind[kind_name] = tuple(table["order"])
        for name, order in table.get("fields", {}).items():
            if name not in declared.fields and name not in ENVELOPE:
                raise SettingError(f"Order of doors: {declared.label} has no field called {name}. Correct its name.")
            by_field[kind_name, name] = tuple(order)
    return Precedence(default, by_kind, by_field)
