"""
Corrections of received rows: what a person put right, laid over the file as each door turns a row into values.

The file stays as it was received. A correction names the row by the file's SHA-256, the table and the row
number that the quarantine shows, and holds the whole row's fields as they should be read, by the source's
own names. A field it does not name stays as received; a row with no fields at all is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any

Corrections = Mapping[tuple[str, str, int], Mapping[str, str]]
# Of one file: by table and row number.
OfFile = Mapping[tuple[str, int], Mapping[str, str]]
# What a correction holds that leaves its row out: a row with nothing in it is no row.
LEFT_OUT: Mapping[str, str] = MappingProxyType({})
NONE: OfFile = MappingProxyType({})


def of_file(corrections: Corrections, sha256: str) -> OfFile:
    """Return the corrections of one file's rows."""
    return {(table, row): values for (mark, table, row), values in corrections.items() if mark == sha256}


def laid_over(values: Mapping[str, str], corrected: Mapping[str, str], *, known: Collection[str]) -> dict[str, str]:
    """Return `values` with the corrected ones in their place; names the table does not know are passed over."""
    return {**values, **{name: text.strip() for name, text in corrected.items() if name in known}}


def laid_over_object(
    thing: dict[str, Any],
    corrected: Mapping[str, str],
    checks: Mapping[str, Callable[[Any], object]],
    seen: Mapping[str, str],
) -> None:
    """
    Put corrected values into a JSON object, each in the type that its check accepts.

    `checks` say what is wrong with a value (None: nothing); `seen` are the object's values as the quarantine
    shows them: one that is written as it was seen stays as it is.
    """
    for name, text in corrected.items():
        check = checks.get(name)
        if check is None or seen.get(name, "") == text:
            continue
        if not text.strip():
            thing.pop(name, None)
            continue
        thing[name] = next((value for value in _readings(text.strip()) if check(value) is None), text.strip())


def _readings(text: str) -> Sequence[Any]:
    """Return what a text may stand for in JSON, the plainest first."""
    found: list[Any] = [text]
    word = text.lower()
    if word in ("true", "yes", "false", "no"):
        found.append(word in ("true", "yes"))
    if text.lstrip("-").isascii() and text.lstrip("-").isdigit():
        found.append(int(text))
    found.append(text.replace(",", " ").split())
    return found


def fields_of(door: str, table: str) -> tuple[str, ...]:
    """Return the names of the fields that a row of a door's table may have, in the order of its layout; () if unknown."""
    reading = _FIELDS.get(door)
    return reading(table) if reading is not None else ()


def _of_ssda903(table: str) -> tuple[str, ...]:
    from kinfold.files.ssda903.layout import BY_NAME

    return tuple(BY_NAME[table].names) if table in BY_NAME else ()


def _of_cin_census(table: str) -> tuple[str, ...]:
    from kinfold.files.cin_census.layout import MODULES

    # A child that cannot be told apart is one row, and it is told apart by its identifiers.
    module = MODULES.get("ChildIdentifiers" if table == "Child" else table)
    return tuple(module.items) if module is not None else ()


def _of_daily_feed(table: str) -> tuple[str, ...]:
    from kinfold.files.daily_feed.layout import PARTS

    return tuple(PARTS[table].checks) if table in PARTS else ()


def _of_dataset(table: str) -> tuple[str, ...]:
    from kinfold.files.standard_safeguarding_dataset.layout import TABLES

    return tuple(TABLES[table].names) if table in TABLES else ()


def _of_annex_a(table: str) -> tuple[str, ...]:
    from kinfold.files.annex_a.layout import LISTS

    # A second sheet of one list is called "List 6 (the sheet's name)".
    found = next((list_ for list_ in LISTS if table == list_.table or table.startswith(f"{list_.table} (")), None)
    return tuple(column.heading for column in found.columns if column.shape != "ignored") if found else ()


_FIELDS: Mapping[str, Callable[[str], tuple[str, ...]]] = {
    "ssda903": _of_ssda903,
    "cin_census": _of_cin_census,
    "daily_feed": _of_daily_feed,
    "standard_safeguarding_dataset": _of_dataset,
    "annex_a": _of_annex_a,
}
