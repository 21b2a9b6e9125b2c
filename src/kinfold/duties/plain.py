"""What a pattern of the catalogue asks for, in words a social worker reads: no notation reaches a page of proof."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kinfold.duties.pattern import FieldTest, Pattern
from kinfold.duties.predicates import PREDICATES
from kinfold.record.declare import KINDS, Field
from kinfold.terms.codes import code_set

_ENVELOPE = {"ref": "its reference", "party": "who else it is about", "label": "its label"}
_ORDINALS = {1: "first", 2: "second", 3: "third"}
# Dates that are worked out from a fact, with its name put in.
_COMPUTED = {
    "became_eligible": "the day on which {} makes the young person an eligible child",
    "anniversary": "each year that {} has lasted",
    "end_of_sixteen_weeks": "sixteen weeks after {} began",
    "financial_year_end": "the end of each financial year",
}


def any_in_words(patterns: Iterable[Pattern]) -> str:
    """Return what any of the patterns asks for: "a core group is recorded, where …; or …"."""
    return "; or ".join(dict.fromkeys(in_words(one) for one in patterns))


def in_words(pattern: Pattern) -> str:
    """Return what a pattern asks for, such as "“Child protection visit”, where “the child was seen” is answered yes"."""
    named = f"“{KINDS[pattern.kind].label}”"
    if pattern.nth is not None or pattern.nth_from is not None:
        named = f"the {ordinal(pattern.nth or pattern.nth_from or 1)} {named}{' and each later one' if pattern.nth_from else ''}"
    if pattern.of is not None:
        named += f" within “{KINDS[pattern.of].label}”"
    tests = [_test(pattern.kind, one) for one in pattern.where]
    if pattern.test:
        tests.append(PREDICATES[pattern.test].asks)
    where = f", where {' and '.join(tests)}" if tests else ""
    return f"{date_in_words(pattern, named)}{where}"


def date_in_words(pattern: Pattern, named: str) -> str:
    """Return what of a fact, called `named`, gives the day: its start, its end, a field of it, a birthday."""
    at = pattern.at[0]
    which = f"the {named} that started it" if "fact" in pattern.same else named
    if at == "birthday" and pattern.age is not None:
        return _birthdays(*pattern.age)
    if at in _COMPUTED:
        return _COMPUTED[at].format(named)
    if "end" in pattern.at:
        return f"the end of {which}"
    if at in KINDS[pattern.kind].fields and "start" not in pattern.at:
        return f"{which}, with “{meaning(KINDS[pattern.kind].fields[at])}” filled in"
    return which


def _birthdays(first: int, last: int) -> str:
    if first == last:
        return f"the {ordinal(first)} birthday"
    return f"each birthday from the {ordinal(first)} to the {ordinal(last)}"


def ordinal(number: int) -> str:
    """Return "first", "second", "third", and then "4th"."""
    if number in _ORDINALS:
        return _ORDINALS[number]
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 not in (11, 12, 13) else "th"
    return f"{number}{ending}"


def _test(kind: str, test: FieldTest) -> str:
    spec = KINDS[kind].fields.get(test.field)
    named = f"“{meaning(spec)}”" if spec is not None else _ENVELOPE.get(test.field, test.field)
    values = _values(spec, test.value)
    match test.how:
        case "present":
            return f"{named} is {'filled in' if test.value else 'left empty'}"
        case "any_of":
            return f"{named} names {values}"
        case "not":
            return f"{named} is not {_answered(test.value, values)}"
        case "at_least":
            return f"{named} is {values} or more"
        case "below":
            return f"{named} is less than {values}"
    return f"{named} is {_answered(test.value, values)}"


def _answered(value: Any, values: str) -> str:
    several = value if isinstance(value, (tuple, list, frozenset)) else (value,)
    return f"answered {values}" if any(isinstance(one, bool) for one in several) else values


def _values(spec: Field | None, value: Any) -> str:
    several = value if isinstance(value, (tuple, list, frozenset)) else (value,)
    return " or ".join(_value(spec, one) for one in several)


def _value(spec: Field | None, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if spec is not None and spec.codes and isinstance(value, str):
        return f"“{code_set(spec.codes).label(value)}”"
    return f"“{value}”" if isinstance(value, str) else str(value)


def meaning(spec: Field) -> str:
    """Return what a field means as the middle of a sentence: "Whether the child was seen: ..." is "the child was seen"."""
    words = spec.meaning.partition(":")[0].removeprefix("Whether ")
    return words[:1].lower() + words[1:]
