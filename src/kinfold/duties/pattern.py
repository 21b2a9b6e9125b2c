"""
Patterns: how the catalogue says which facts start, meet, extend and end a duty.

A pattern names a declared kind, which of its dates counts, and conditions on its fields:

    { kind = "child_protection_review", where = { quorate = { not = false } } }
    { kind = "missing", at = "end" }
    { kind = "person_details", at = "birthday", age = [17, 21] }
    { kind = "looked_after_review", nth = 1, of = "care_period" }

`same` says that a meeting fact must belong to the same matter as the trigger: "fact" (it is the trigger itself, at
another of its dates), "ref", "party", or the name of a field that both carry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import kinfold.record.kinds  # noqa: F401  (declares the kinds that patterns name)
from kinfold.record.declare import KINDS
from kinfold.terms.codes import code_set, code_set_names
from kinfold.terms.errors import SettingError

_KEYS = frozenset({"kind", "at", "where", "nth", "nth_from", "of", "same", "age", "test"})
_TESTS = frozenset({"not", "any_of", "present", "at_least", "below"})
_COMPUTED = frozenset(
    {"start", "end", "birthday", "became_eligible", "anniversary", "end_of_sixteen_weeks", "financial_year_end"}
)
_ENVELOPE = frozenset({"ref", "party", "label"})


@dataclass(frozen=True, slots=True)
class FieldTest:
    """One condition on one field of a fact: `how` is is, in, not, any_of, present, at_least or below."""

    field: str
    how: str
    value: Any

    def holds(self, actual: Any) -> bool:
        """Return whether a field that holds `actual` (None when it is not recorded) passes."""
        match self.how:
            case "is":
                return bool(actual == self.value)
            case "in":
                return actual in self.value
            case "not":
                return actual not in self.value
            case "any_of":
                return bool(set(actual or ()) & set(self.value))
            case "present":
                return (actual is not None) is self.value
            case "at_least":
                return actual is not None and actual >= self.value
            case _:
                return actual is not None and actual < self.value


@dataclass(frozen=True, slots=True)
class Pattern:
    """Which facts count, and which of their dates."""

    kind: str
    at: tuple[str, ...] = ("start",)
    where: tuple[FieldTest, ...] = ()
    nth: int | None = None
    nth_from: int | None = None
    of: str | None = None
    same: tuple[str, ...] = ()
    age: tuple[int, int] | None = None
    test: str = ""

    def __str__(self) -> str:
        """Return the pattern as a short expression: "missing.end", "placement.start{regime=regulation_24}"."""
        tests = ", ".join(f"{t.field}{'=' if t.how == 'is' else f' {t.how} '}{_shown(t.value)}" for t in self.where)
        extra = [tests] if tests else []
        extra += [self.test] if self.test else []
        number = f"#{self.nth}" if self.nth else f"#{self.nth_from}+" if self.nth_from else ""
        age = f"{self.age[0]}..{self.age[1]}" if self.age else ""
        inside = "{" + ", ".join(extra) + "}" if extra else ""
        return f"{self.kind}.{self.at[0]}{age}{number}{inside}"


def _shown(value: Any) -> str:
    if isinstance(value, (list, tuple, frozenset)):
        return "|".join(_shown(item) for item in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


_PATTERNS: dict[Pattern, Pattern] = {}


def read_patterns(raw: Any, where: str) -> tuple[Pattern, ...]:
    """Return the patterns of one key of a catalogue file. `where` names file, line and duty for the error."""
    tables = raw if isinstance(raw, list) else [raw]
    return tuple(read_pattern(table, where) for table in tables)


def read_pattern(raw: Any, where: str) -> Pattern:
    """Return the pattern that a TOML table stands for. Raises SettingError naming what is wrong and where."""
    if not isinstance(raw, Mapping) or "kind" not in raw:
        raise SettingError(f'{where}: a pattern must be a table with a kind, such as {{ kind = "placement" }}')
    unknown = sorted(set(raw) - _KEYS)
    if unknown:
        raise SettingError(f"{where}: a pattern has no key “{unknown[0]}”. Use one of {', '.join(sorted(_KEYS))}")
    at, same, age = raw.get("at", "start"), raw.get("same", ()), raw.get("age")
    if isinstance(age, int):
        age = [age, age]
    made = Pattern(
        kind=str(raw["kind"]),
        at=(at,) if isinstance(at, str) else tuple(at),
        where=tuple(_field_test(name, value, where) for name, value in raw.get("where", {}).items()),
        nth=raw.get("nth"),
        nth_from=raw.get("nth_from"),
        of=raw.get("of"),
        same=(same,) if isinstance(same, str) else tuple(same),
        age=(int(age[0]), int(age[1])) if age else None,
        test=str(raw.get("test", "")),
    )
    # Equal patterns are one object, so that a story looks each of them up once.
    return _PATTERNS.setdefault(made, made)


def _field_test(name: str, value: Any, where: str) -> FieldTest:
    if isinstance(value, Mapping):
        if len(value) != 1 or not set(value) <= _TESTS:
            raise SettingError(f"{where}: the condition on “{name}” must be one of {', '.join(sorted(_TESTS))}")
        how, given = next(iter(value.items()))
        if how in ("not", "any_of"):
            given = tuple(given) if isinstance(given, list) else (given,)
        return FieldTest(name, how, given)
    if isinstance(value, list):
        return FieldTest(name, "in", tuple(value))
    return FieldTest(name, "is", value)


def problems_with(pattern: Pattern) -> list[str]:
    """Return what a pattern names that no kind declares: its kind, its dates, its fields, its codes' shape."""
    kind = KINDS.get(pattern.kind)
    if kind is None:
        return [f"no kind is declared as {pattern.kind}"]
    found = [
        f"{pattern.kind} has no date called {at}"
        for at in pattern.at
        if at not in _COMPUTED and (at not in kind.fields or kind.fields[at].type not in ("date", "moment"))
    ]
    named = [test.field for test in pattern.where] + [name for name in pattern.same if name != "fact"]
    found += [
        f"{pattern.kind} has no field called {name}"
        for name in named
        if name not in kind.fields and name not in _ENVELOPE
    ]
    found += [problem for test in pattern.where for problem in _wrong_type(pattern.kind, test)]
    if pattern.of is not None and pattern.of not in KINDS:
        found.append(f"no kind is declared as {pattern.of}")
    return found


def _wrong_type(kind_name: str, test: FieldTest) -> list[str]:
    """Return a problem when a yes-or-no field is compared with text or the other way round."""
    spec = KINDS[kind_name].fields.get(test.field)
    if spec is None or test.how == "present":
        return []
    values = test.value if isinstance(test.value, tuple) else (test.value,)
    if any(isinstance(value, bool) is not (spec.type == "yes or no") for value in values):
        return [f"{kind_name}.{test.field} is {spec.type} and is compared with {_shown(test.value)}"]
    if spec.choices:
        return [f"{kind_name}.{test.field} has no choice “{value}”" for value in values if value not in spec.choices]
    if spec.codes and spec.codes in _known_code_sets():
        codes = code_set(spec.codes)
        return [f"the code set {spec.codes} has no code {value}" for value in values if value not in codes.codes()]
    return []


def _known_code_sets() -> frozenset[str]:
    return frozenset(code_set_names())
