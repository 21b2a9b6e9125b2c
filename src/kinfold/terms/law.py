"""
Numbers from law and policy, each with its dates: one loader for every such file.

A table of a file is one number over time:

    [first_review]
    label     = "First looked after child review"
    unit      = "working days"
    source    = "Care Planning, Placement and Case Review (England) Regulations 2010, reg. 33(1)"
    href      = "https://www.legislation.gov.uk/uksi/2010/959/regulation/33"
    certainty = "primary text read"
    values    = [{ from = 2011-04-01, value = 20 }]

A value holds from its `from` until the next one's, or for ever. A value with `ends = true` in place of
`value` says that the rule stopped on that day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kinfold.terms.errors import NoRuleInForce, SettingError
from kinfold.terms.toml_text import tables_of

Value = int | float | str | bool | tuple[Any, ...]

CERTAINTIES = (
    "verified",
    "primary text read",
    "source text read",
    "secondary source",
    "from memory",
    "not re-read",
    "uncertain",
)  # a longer text may follow: "primary text read (part)"
_NEEDED = ("label", "unit", "source", "values")
_ALLOWED = frozenset((*_NEEDED, "href", "certainty", "note"))


@dataclass(frozen=True, slots=True)
class Step:
    """One value and the day from which it holds; None where the rule ends on that day."""

    valid_from: date
    value: Value | None


@dataclass(frozen=True, slots=True)
class DatedValue:
    """
    One number (or word) of law or policy over time.

    `unit` is what the value counts. `certainty` says how well the source was read; a page shows anything
    but "primary text read". `steps` are in order of date.
    """

    name: str
    label: str
    unit: str
    source: str
    steps: tuple[Step, ...]
    href: str = ""
    certainty: str = "uncertain"
    note: str = ""

    def on(self, day: date) -> Any:
        """Return the value in force on `day`. Raises NoRuleInForce, naming the first source, if there is none."""
        in_force = self._step(day)
        if in_force is None:
            first = self.steps[0].valid_from
            raise NoRuleInForce(f"{self.label}: no source covers {day}; the first begins on {first} ({self.source})")
        if in_force.value is None:
            raise NoRuleInForce(
                f"{self.label}: not in force on {day}; it ended on {in_force.valid_from} ({self.source})"
            )
        return in_force.value

    def is_in_force(self, day: date) -> bool:
        """Return whether there is a value on `day`."""
        step = self._step(day)
        return step is not None and step.value is not None

    def _step(self, day: date) -> Step | None:
        """Return the last step that has begun by `day`, or None before the first."""
        return next((step for step in reversed(self.steps) if step.valid_from <= day), None)


def load_law(path: str | PathLike[str]) -> Mapping[str, DatedValue]:
    """
    Return the dated values of one file, by name of their table.

    Raises SettingError, naming the file, the table and every fault, if the file is not sound.
    """
    file = Path(path)
    try:
        return parse_law(file.read_text(encoding="utf-8"), file=file.name)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(
            f"{file.name}: cannot be read ({error.__class__.__name__}); check that it is there"
        ) from None


def parse_law(text: str, *, file: str) -> Mapping[str, DatedValue]:
    """Return the dated values of a file's text; `file` is the name for messages. Raises like `load_law`."""
    tables = tables_of(text, file=file)
    faults = [f"{file} [{name}]: {fault}" for name, table in tables.items() for fault in _faults(table)]
    if faults:
        raise SettingError("\n".join(faults))
    return MappingProxyType({name: _dated_value(name, table) for name, table in tables.items()})


def _dated_value(name: str, table: Mapping[str, Any]) -> DatedValue:
    steps = tuple(Step(row["from"], _value(row)) for row in table["values"])
    words = {key: table[key] for key in ("label", "unit", "source", "href", "certainty", "note") if key in table}
    return DatedValue(name=name, steps=steps, **words)


def _value(row: Mapping[str, Any]) -> Value | None:
    value = row.get("value")
    return tuple(value) if isinstance(value, list) else value


def _faults(table: Any) -> list[str]:
    """Return what is wrong with one table, each fault a sentence for whoever edits the file."""
    if not isinstance(table, dict):
        return ["is not a table; a value needs label, unit, source and values"]
    faults = [f"{key} is missing" for key in _NEEDED if not table.get(key)]
    faults += [f"{key} is not a known key" for key in sorted(set(table) - _ALLOWED)]
    if "certainty" in table and not str(table["certainty"]).startswith(CERTAINTIES):
        faults.append(f"certainty must begin with one of: {', '.join(CERTAINTIES)}")
    return faults + _faults_of_values(table.get("values") or [])


def _faults_of_values(rows: Any) -> list[str]:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return ["values must be a list such as [{ from = 2011-04-01, value = 20 }]"]
    faults, before = [], date.min
    for place, row in enumerate(rows, start=1):
        start = row.get("from")
        if not isinstance(start, date) or isinstance(start, datetime):
            faults.append(f"value {place}: from must be a date such as 2011-04-01")
            continue
        if start <= before:
            faults.append(f"value {place}: from ({start}) must be later than the one before it ({before})")
        if ("value" in row) == (row.get("ends") is True) or set(row) - {"from", "value", "ends"}:
            faults.append(f"value {place}: give either value or ends = true, and nothing else beside from")
        before = start
    return faults
