"""
The published form of what one organisation tells another, and whether something is in it.

The forms are JSON Schema documents (draft 2020-12) in `schemas/`, one a sort of record. They use the keywords below and
no other, so that the check here and anybody else's agree; a form with another keyword is refused, not half read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from kinfold.sharing.agreements import RecordType
from kinfold.terms.errors import StructureBroken

_FOLDER = Path(__file__).with_name("schemas")
_WORDS = {"object": "an object", "array": "a list", "string": "text", "number": "a number", "integer": "a whole number",
          "boolean": "true or false"}  # fmt: skip
_DESCRIBING = frozenset({"$schema", "$id", "title", "description"})
Mistakes = Iterator[tuple[str, str]]


@cache
def schema_of(record_type: RecordType) -> Mapping[str, Any]:
    """Return the form of a sort of record."""
    found: dict[str, Any] = json.loads((_FOLDER / f"{record_type.value}.json").read_text(encoding="utf-8"))
    return found


def mistakes(value: Any, schema: Mapping[str, Any], *, where: str = "") -> Mistakes:
    """Yield (where, what is wrong) for everything in which `value` is not of the form; never the value itself."""
    unknown = set(schema) - _DESCRIBING - set(_CHECKS)
    if unknown:
        raise StructureBroken(f"A form of shared records uses {sorted(unknown)[0]}, which is not checked here")
    wanted = schema.get("type")
    if wanted is not None and not _is(value, wanted):
        yield where, f"must be {_WORDS[wanted]}"
        return
    for keyword, asked in schema.items():
        if keyword in _CHECKS:
            yield from _CHECKS[keyword](value, asked, schema, where)


def _is(value: Any, wanted: str) -> bool:
    match wanted:
        case "object":
            return isinstance(value, dict)
        case "array":
            return isinstance(value, list)
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
    raise StructureBroken(f"A form of shared records has the type {wanted}, which is not checked here")


def _nothing(value: Any, asked: Any, schema: Mapping[str, Any], where: str) -> Mistakes:
    yield from ()


def _required(value: Any, asked: Any, schema: Mapping[str, Any], where: str) -> Mistakes:
    yield from ((f"{where}/{name}", "is missing") for name in asked if name not in value)


def _properties(value: Any, asked: Any, schema: Mapping[str, Any], where: str) -> Mistakes:
    for name, inner in asked.items():
        if name in value:
            yield from mistakes(value[name], inner, where=f"{where}/{name}")


def _no_others(value: Any, asked: Any, schema: Mapping[str, Any], where: str) -> Mistakes:
    if asked is False and set(value) - set(schema.get("properties", {})):
        yield where or "/", "has fields that the form does not know"


def _items(value: Any, asked: Any, schema: Mapping[str, Any], where: str) -> Mistakes:
    for number, one in enumerate(value):
        yield from mistakes(one, asked, where=f"{where}/{number}")


def _enum(value: Any, asked: Any, schema: Mapping[str, Any], where: str) -> Mistakes:
    if value not in asked:
        yield where, f"must be one of {', '.join(map(str, asked))}"


def _pattern(value: Any, asked: Any, schema: Mapping[str, Any], where: str) -> Mistakes:
    if not re.search(asked, value):
        yield where, "is not written as it should be"


def _format(value: Any, asked: Any, schema: Mapping[str, Any], where: str) -> Mistakes:
    if asked != "date":
        raise StructureBroken(f"A form of shared records has the format {asked}, which is not checked here")
    try:
        good = date.fromisoformat(value).isoformat() == value
    except ValueError:
        good = False
    if not good:
        yield where, "must be a day such as 2026-03-31"


def _bound(fits: Callable[[Any, Any], bool], words: str) -> Callable[..., Mistakes]:
    def check(value: Any, asked: Any, schema: Mapping[str, Any], where: str) -> Mistakes:
        if not fits(value, asked):
            yield where, words.format(asked)

    return check


_CHECKS: Mapping[str, Callable[..., Mistakes]] = {
    "type": _nothing,
    "required": _required,
    "properties": _properties,
    "additionalProperties": _no_others,
    "items": _items,
    "enum": _enum,
    "pattern": _pattern,
    "format": _format,
    "maxLength": _bound(lambda value, most: len(value) <= most, "is longer than {} characters"),
    "maxItems": _bound(lambda value, most: len(value) <= most, "has more than {} items"),
    "minimum": _bound(lambda value, least: value >= least, "is less than {}"),
    "maximum": _bound(lambda value, most: value <= most, "is more than {}"),
}
