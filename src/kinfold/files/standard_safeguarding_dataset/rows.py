"""
Reading one row of any table by the layout, and stating what it says: the way of most tables.

`layout.toml` says what each field becomes; a row states each kind it has a first day for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kinfold.files.day_spellings import as_iso
from kinfold.files.problems import Trouble, shown
from kinfold.files.standard_safeguarding_dataset.cells import codes_in, outcomes_in, without_blank
from kinfold.files.standard_safeguarding_dataset.layout import (
    TABLES,
    SourceField,
    Table,
    end_of,
    starts_with_a_day,
)
from kinfold.files.subject import Gathering, Row, read_code
from kinfold.record.claim import Claim, Key, Place
from kinfold.terms.identifiers import normalise_postcode

SEPARATOR = "\x1f"
Values = dict[str, Any]
# A row of these tables may state none of its kinds but with a day it cannot do without.
_NEEDS_ITS_DAY = {
    table.name: next(iter(dated))
    for table in TABLES.values()
    if len(table.kinds) == 1 and (dated := {name for name in table.kinds if starts_with_a_day(name)})
}
# Somebody not in touch has no day of contact, a score not given no day of giving it.
_DAY_MAY_BE_UNKNOWN = frozenset(
    {
        "address",
        "identifier",
        "immigration_status",
        "care_leaver_contact",
        "strengths_and_difficulties",
        "immunisation_status",
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file: the file's position, the row number, its cells joined, or what spoils it."""

    file: int
    number: int
    text: str
    spoilt: Trouble | None = None


@dataclass(slots=True)
class Lookups:
    """
    What must be known of the other tables to read a row: by (table, key), the id that a row leads to.

    `workers` gives the Key of each professional, by the dataset's number.
    """

    leads_to: dict[str, dict[str, str]] = field(default_factory=dict)
    workers: dict[str, Key] = field(default_factory=dict)
    mothers: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Reading:
    """One subject's rows as they are read, with what the rows of some tables must wait for."""

    gathering: Gathering
    lookups: Lookups
    episodes: list[tuple[Row, Values]] = field(default_factory=list)
    plans_by_request: dict[str, Claim] = field(default_factory=dict)


def read_row(table: Table, line: Line) -> tuple[Row, Values]:
    """Return the row with its troubles, and its values by the dataset's own names."""
    original = {name: given for name, given in zip(table.names, line.text.split(SEPARATOR), strict=True) if given}
    cells: dict[str, str] = {}
    row = Row(Place(line.file, table.name, line.number), cells, original=original)
    values: Values = {}
    for name, given in original.items():
        text = without_blank(given)
        if not text:
            continue
        reader, spec = _READERS.get((table.name, name)), table.fields[name]
        if reader is None:
            cells[name] = text = _respelled(spec, text)
            value = _value(row, spec, text)
        else:
            cells[name], value = reader[text]
        if isinstance(value, Trouble):
            row.troubles.append(value)
        elif value is not None:
            values[name] = value
    return row, values


class _Reader(dict[str, tuple[str, Any]]):
    """The one spelling of each text of a field, with what it stands for or the Trouble with it: texts repeat."""

    def __init__(self, spec: SourceField) -> None:
        super().__init__()
        self.spec = spec

    def __missing__(self, given: str) -> tuple[str, Any]:
        text = _respelled(self.spec, given)
        row = Row(Place(0, "", 0), {self.spec.name: text})
        value = _value(row, self.spec, text)
        if row.troubles:
            return text, row.troubles[0]
        if len(self) < _MOST_KEPT:
            self[given] = text, value
        return text, value


_MOST_KEPT = 50_000  # texts of one field
_READERS = {
    (table.name, name): _Reader(spec)
    for table in TABLES.values()
    for name, spec in table.fields.items()
    if spec.type in ("day", "flag", "whole") or (spec.type == "code" and spec.targets and spec.targets[0].codes)
}


def _respelled(spec: SourceField, text: str) -> str:
    """Return a date or postcode in its one spelling, where it is one; days of which parts are unknown stay."""
    if spec.type == "day" or spec.name.endswith("_date"):
        return as_iso(text)
    if spec.name.endswith("_postcode"):
        return normalise_postcode(text) or text.upper()
    return text


def _value(row: Row, spec: SourceField, text: str) -> Any:
    name = spec.name
    codes = spec.targets[0].codes if spec.targets else None
    if spec.type == "day":
        return row.day(name)
    if spec.type == "flag":
        return row.flag(name)
    if spec.type == "whole":
        return row.number(name, highest=99_999)
    if spec.type == "number":
        return _number(row, name, text)
    if spec.type == "code" and codes:
        return row.code(name, codes)
    if spec.type == "codes":
        return row.codes(name, codes or "", codes_in(text))
    if spec.type == "word" and codes:
        said = outcomes_in(text)
        known = [code for one in said if isinstance(code := read_code(codes, one), str)]
        if len(known) == len(said) == 1:
            return known[0]
        if said != [text]:  # several outcomes, or one that is no code, are kept in words
            return "; ".join(said) or None
    return row.text(name, longest=spec.longest)


def _number(row: Row, name: str, text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not 0 <= value < 1_000_000:
        row.trouble("not_a_number", f"{name} {shown(text)!r} is not a number", "Write a number such as 12.5.", name)
        return None
    return value


def state(reading: Reading, table: Table, row: Row, values: Values) -> None:
    """State each kind that the row has something to say of."""
    by_kind = payloads(table, row, values)
    needed = _NEEDS_ITS_DAY.get(table.name)
    if needed in by_kind or not by_kind:
        need_day(table, row, needed)
    if reading.gathering.row(row):
        for kind_name, payload in by_kind.items():
            state_kind(reading, table, kind_name, row, values, payload)


def need_day(table: Table, row: Row, kind_name: str | None) -> None:
    """Say so when the row lacks the first day of its kind."""
    if kind_name is None or kind_name in _DAY_MAY_BE_UNKNOWN:
        return
    for name, spec in table.fields.items():
        if any(target.kind == kind_name and target.field == "valid_from" for target in spec.targets):
            if name not in row.values:
                row.needed(name, f"the date of the {table.label[:1].lower()}{table.label[1:]}")
            return


def payloads(table: Table, row: Row, values: Values) -> dict[str, Values]:
    """Return what the row says of each kind, days of the envelope included, having checked their order."""
    found: dict[str, Values] = {}
    for name, value in values.items():
        for target in table.fields[name].targets:
            found.setdefault(target.kind, {})[target.field] = value
    for said in found.values():
        what = f"the {table.label[:1].lower()}{table.label[1:]}"
        row.in_order(said.get("valid_from"), said.get("valid_to"), what=what, field="")
    return found


def state_kind(
    reading: Reading,
    table: Table,
    kind_name: str,
    row: Row,
    values: Values,
    said: Values,
    *,
    party: Key | None = None,
    ref: str | None = None,
) -> None:
    """State one kind of a row under the row's own number. A kind that has a first day is not stated without it."""
    start, end = said.pop("valid_from", None), said.pop("valid_to", None)
    if start is None and starts_with_a_day(kind_name) and kind_name not in _DAY_MAY_BE_UNKNOWN:
        return
    key = row_key(table, values, start)
    ends = end_of(kind_name).to_half_open(end)
    reading.gathering.state(kind_name, key, row, said, valid_from=start, valid_to=ends, party=party, ref=ref)


def row_key(table: Table, values: Values, start: date | None = None) -> str:
    """Return the row's own number, or its day where it has none."""
    own = values.get(table.row_id)
    if isinstance(own, date):
        return own.isoformat()
    return str(own) if own else (start.isoformat() if start else "")
