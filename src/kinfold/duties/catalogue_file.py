"""
Read one file of the catalogue, refusing it with file and line when something in it is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from kinfold.duties.calendars import CALENDAR_NAMES
from kinfold.duties.duty import Commencement, Duty, Requirement, Source, Sureness
from kinfold.duties.grammar import Where, parse_amount, parse_rule
from kinfold.duties.pattern import FieldTest, Pattern, read_pattern, read_patterns
from kinfold.duties.rule import Rule
from kinfold.terms.errors import SettingError
from kinfold.terms.toml_text import tables_of

Choice = TypeVar("Choice", bound=StrEnum)

_NEEDED = (
    "id",
    "label",
    "domain",
    "force",
    "commencement",
    "who",
    "trigger",
    "rule",
    "completion",
    "source",
    "calendar",
)
_TEXTS = (
    "mark", "applies_to", "deadline", "since_note", "calendar_note", "verified", "edge_cases", "confidence",
    "opens_part", "also_label", "returns_count",
)  # fmt: skip
_PATTERNS = ("trigger", "ends", "gates", "milestone", "extension", "pauses", "also_from")
_FLAGS = ("extension_added", "after_death", "outlives_trigger", "also_beginning_with", "backwards", "gate_stands_alone")
_AMOUNTS = ("amber", "also_within")
_LISTS = ("escalation", "approved_by", "not_recorded")
_KNOWN = frozenset(
    {
        *_NEEDED, *_TEXTS, *_PATTERNS, *_FLAGS, *_AMOUNTS, *_LISTS, "href", "since", "until", "sureness", "requires",
        "conditions", "counts_from", "second_from", "roll", "until_age", "years_from_death",
    }
)  # fmt: skip
_BUILT_IN = ("age", "year", "placement", "arrangement")
_CHOICES = {
    "force": ("must", "guidance", "local", "court"),
    "calendar": CALENDAR_NAMES,
    "counts_from": ("trigger", "event"),
    "second_from": ("trigger", "completion"),
    "roll": ("", "forward", "over_sundays"),
}


class LineFinder:
    """Finds the line of a key of one duty in the text of its file, for messages."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()

    def of(self, index: int, key: str = "") -> int:
        """Return the line, counted from 1, of `key` in the `index`th duty (from 0), or of the duty itself."""
        starts = [n for n, line in enumerate(self._lines, 1) if line.strip() == "[[duty]]"]
        if index >= len(starts):
            return 0
        first = starts[index]
        last = starts[index + 1] if index + 1 < len(starts) else len(self._lines) + 1
        for number in range(first, last):
            if key and re.match(rf"\s*\[?(duty\.)?{re.escape(key)}\b", self._lines[number - 1]):
                return number
        return first


def read_file(path: Path) -> list[Duty]:
    """Return the duties of one catalogue file. Raises SettingError with the file, the line and how to put it right."""
    text = path.read_text(encoding="utf-8")
    raw = tables_of(text, file=path.name)
    lines = LineFinder(text)
    return [_read_duty(table, path.name, lines, index) for index, table in enumerate(raw.get("duty", []))]


def _read_duty(raw: Mapping[str, Any], file: str, lines: LineFinder, index: int) -> Duty:
    name = str(raw.get("id", ""))

    def where(key: str = "") -> str:
        return str(Where(file, lines.of(index, key), name))

    _check_keys(raw, where)
    values: dict[str, Any] = {key: str(raw.get(key, "")) for key in ("id", "label", "domain", "force", "who", *_TEXTS)}
    values |= {key: read_patterns(raw[key], where(key)) for key in _PATTERNS if key in raw}
    values |= {key: bool(raw[key]) for key in _FLAGS if key in raw}
    values |= {key: raw[key] for key in (*_CHOICES, "until_age", "years_from_death") if key in raw}
    rule = parse_rule(str(raw["rule"]), Where(file, lines.of(index, "rule"), name))
    values |= {key: tuple(raw.get(key, ())) for key in _LISTS}
    values |= {key: _day(raw.get(key), where(key)) for key in ("since", "until")}
    for key in _AMOUNTS:
        if key in raw:
            values[key] = parse_amount(str(raw[key]), where=Where(file, lines.of(index, key), name))
    values["conditions"], values["open_conditions"] = _conditions(raw.get("conditions", {}), where("conditions"))
    _check_conditions(rule, values, where("rule"))
    return Duty(
        commencement=_one_of(Commencement, raw["commencement"], where("commencement")),
        sureness=_one_of(Sureness, raw.get("sureness", "uncertain"), where("sureness")),
        rule=rule,
        completion=_completion(raw["completion"], where("completion")),
        source=Source(str(raw["source"]), str(raw.get("href", ""))),
        requires=tuple(_requirement(need, where("requires")) for need in raw.get("requires", ())),
        file=file,
        line=lines.of(index),
        **values,
    )


def _check_keys(raw: Mapping[str, Any], where: Callable[[str], str]) -> None:
    for key in _NEEDED:
        if not raw.get(key):
            raise SettingError(f"{where('')}: the duty has no “{key}”. Add it")
    for key in raw:
        if key not in _KNOWN:
            raise SettingError(f"{where(key)}: a duty has no key “{key}”. Remove it or correct its spelling")
    for key, allowed in _CHOICES.items():
        if key in raw and raw[key] not in allowed:
            shown = ", ".join(choice for choice in allowed if choice)
            raise SettingError(f"{where(key)}: “{key}” is “{raw[key]}”. Use one of {shown}")


def _check_conditions(rule: Rule, values: Mapping[str, Any], where: str) -> None:
    """Refuse a bracketed name that nothing defines: it would silently never hold."""
    known = {*_BUILT_IN, *values["conditions"], *values["open_conditions"], *values["not_recorded"]}
    for term in (term for part in rule.parts for term in part.conditions):
        if term.name not in known and not (term.name.startswith(("before_", "after_")) and values.get("milestone")):
            raise SettingError(f"{where}: nothing says what “{term.name}” means. Add it to “conditions”")


def _one_of(choices: type[Choice], value: Any, where: str) -> Choice:
    try:
        return choices(value)
    except ValueError:
        raise SettingError(f"{where}: “{value}” is not one of {', '.join(str(one) for one in choices)}") from None


def _day(value: Any, where: str) -> date | None:
    if value is None or type(value) is date:
        return value
    raise SettingError(f"{where}: write the day as 2011-04-01, without quotation marks")


def _completion(raw: Any, where: str) -> dict[str, tuple[Pattern, ...]]:
    """Return the patterns of each part: a list serves every part, a table of lists names the part of each."""
    if isinstance(raw, Mapping) and "kind" not in raw:
        return {part: read_patterns(patterns, where) for part, patterns in raw.items()}
    return {"": read_patterns(raw, where)}


def _requirement(raw: Any, where: str) -> Requirement:
    known = {"because", "pattern", "when", "age_at_least", "age_below", "test"}
    if not isinstance(raw, Mapping) or not set(raw) <= known:
        raise SettingError(f"{where}: a requirement is a table with {', '.join(sorted(known))}")
    when = str(raw.get("when", "open"))
    if when not in ("open", "not open", "ever", "never"):
        raise SettingError(f"{where}: “when” is “{when}”. Use open, not open, ever or never")
    return Requirement(
        because=str(raw.get("because", "")),
        pattern=read_pattern(raw["pattern"], where) if "pattern" in raw else None,
        when=when,
        age_at_least=raw.get("age_at_least"),
        age_below=raw.get("age_below"),
        test=str(raw.get("test", "")),
    )


def _conditions(raw: Any, where: str) -> tuple[dict[str, tuple[FieldTest, ...]], dict[str, Pattern]]:
    """Return what each bracketed name means: tests on the fields of the trigger fact, or a spell that holds."""
    opened = {name: read_pattern(tests, where) for name, tests in raw.items() if "kind" in tests}
    fields = {
        name: read_pattern({"kind": "trigger", "where": tests}, where).where
        for name, tests in raw.items()
        if "kind" not in tests
    }
    return fields, opened
