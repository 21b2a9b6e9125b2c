"""The dataset's tables and fields, from `layout.toml`, and which kinds each table states."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from types import MappingProxyType
from typing import Any

import kinfold.record.kinds  # noqa: F401  declares the kinds that the layout names
from kinfold.files.tabular import plain_name
from kinfold.record.declare import EndDate, kind
from kinfold.terms.errors import StructureBroken

DOOR = "standard_safeguarding_dataset"
_TYPES = frozenset({"text", "day", "flag", "whole", "number", "code", "word", "codes"})
# Kinds that to_record makes of a table beside those that the layout names.
_MADE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "ssd_person": ("identifier",),
        "ssd_family": ("member_of_group",),
        "ssd_mother": ("mother_of",),
        "ssd_send": ("identifier",),
        "ssd_involvements": ("allocation",),
        "ssd_department": ("part_of",),
    }
)
# Kinds that a table only adds to: another table states them.
_ADDED_TO: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "ssd_mother": frozenset({"person_details"}),
        "ssd_family": frozenset({"group_details"}),
        "ssd_assessment_factors": frozenset({"assessment"}),
        "ssd_ehcp_assessment": frozenset({"education_health_care_assessment"}),
        "ssd_ehcp_active_plans": frozenset({"education_health_care_plan"}),
    }
)


@dataclass(frozen=True, slots=True)
class Target:
    """What a field becomes: a field of a kind's payload, or `valid_from` or `valid_to` of its envelope."""

    kind: str
    field: str
    codes: str | None = None
    longest: int | None = None


@dataclass(frozen=True, slots=True)
class SourceField:
    """One field of a table."""

    name: str
    type: str
    longest: int
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class Through:
    """How a table that does not name its person leads to one: our field holds the key of another table's row."""

    field: str
    table: str
    key: str


@dataclass(frozen=True)
class Table:
    """One table of the dataset. `subject` is the sort of thing its rows are about; `who` the field naming it."""

    name: str
    label: str
    kept: bool
    subject: str
    who: str | None
    through: Through | None
    row_id: str
    fields: Mapping[str, SourceField]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Return the fields' names in the order of the specification."""
        return tuple(self.fields)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """Return the kinds that the table's rows state, in whole or in part."""
        named = {target.kind for each in self.fields.values() for target in each.targets}
        return frozenset({*named, *_MADE.get(self.name, ())} - {"group_details"})

    @cached_property
    def states(self) -> frozenset[str]:
        """Return the kinds that the table is the one to state."""
        return self.kinds - _ADDED_TO.get(self.name, frozenset())


def end_of(kind_name: str) -> EndDate:
    """Return what the dataset's end date means for a kind."""
    return kind(kind_name).ends.get(DOOR, EndDate.FIRST_DAY_AFTER)


def starts_with_a_day(kind_name: str) -> bool:
    """Return whether the dataset has a first day for a kind."""
    dates = kind(kind_name).dates.get(DOOR)
    return dates is not None and dates[0] is not None


def table_of(header: Iterable[str]) -> Table | None:
    """Return the table whose fields a header names, or None. Every field's name belongs to one table only."""
    columns = {plain_name(cell) for cell in header}
    best: tuple[int, Table] | None = None
    for table in TABLES.values():
        found = sum(plain_name(name) in columns for name in table.names)
        has_key = any(plain_name(name) in columns for name in (table.row_id, table.who) if name)
        if ((found >= 2 and has_key) or found >= 3) and (best is None or found > best[0]):
            best = (found, table)
    return best[1] if best else None


def kinds_withdrawn(tables: Iterable[str]) -> frozenset[str]:
    """Return the kinds of which files with these tables carry everything: all tables that state them are there."""
    present = set(tables)
    stated = {name for table in present for name in TABLES[table].states}
    return frozenset(
        name for name in stated if all(t.name in present for t in TABLES.values() if t.kept and name in t.states)
    )


def _load() -> Mapping[str, Table]:
    content = tomllib.loads(resources.files(__package__).joinpath("layout.toml").read_text(encoding="utf-8"))
    return MappingProxyType({name: _table(name, given) for name, given in content.items()})


def _table(name: str, given: Mapping[str, Any]) -> Table:
    through = given.get("through")
    return Table(
        name=name,
        label=given["label"],
        kept=given.get("kept", True),
        subject=given.get("subject", "child"),
        who=given.get("who"),
        through=Through(**through) if through else None,
        row_id=given["row_id"],
        fields=MappingProxyType({each: _field(each, spec) for each, spec in given["fields"].items()}),
    )


def _field(name: str, spec: Mapping[str, Any]) -> SourceField:
    if spec["type"] not in _TYPES:
        raise StructureBroken(f"layout.toml, {name}: {spec['type']} is not a type of field")
    targets = []
    for to in spec.get("to", ()):
        kind_name, _, field = to.partition(".")
        declared = kind(kind_name)
        if field not in ("valid_from", "valid_to") and field not in declared.fields:
            raise StructureBroken(f"layout.toml, {name}: {kind_name} has no field called {field}")
        into = declared.fields.get(field)
        codes, longest = (into.codes, into.longest) if into is not None else (None, None)
        targets.append(Target(kind_name, field, codes, longest))
    # Extracts often hold more than the specification's width; the record's own limit is what binds.
    limits = [target.longest for target in targets if target.longest is not None]
    return SourceField(name, spec["type"], min(limits, default=max(spec.get("longest", 4_000), 255)), tuple(targets))


TABLES: Mapping[str, Table] = _load()
