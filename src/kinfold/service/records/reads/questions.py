"""
A question put to the record by somebody who builds a list: one declared kind, conditions on it and on age and length.

A question is data: it is read from an address or a saved list, held to the declarations, said as a sentence, and
answered by `reads/lists.py`. Nothing in it but declared names and plain values ever reaches a query.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from kinfold.record.declare import KINDS, Field, Kind, Sensitivity, Word, declare_all
from kinfold.terms.codes import code_set
from kinfold.terms.errors import InputError, StructureBroken

# Free text about a person and legal advice never stand in lists or in files made from them.
NEVER = frozenset({Sensitivity.NARRATIVE, Sensitivity.LEGAL})
LISTED_WORDS = (Word.SPELL, Word.EVENT, Word.PLAN, Word.PERSON)
LASTING = (Word.SPELL, Word.PLAN, Word.PERSON)
TODAY = "today"
MOST_COLUMNS, MOST_VALUES, LONGEST = 8, 60, 120
OLDEST, LONGEST_MONTHS = 130, 1200


class Test(StrEnum):
    """What a condition asks of one field."""

    __test__ = False  # not a test of pytest

    ONE_OF = "one_of"  # a text, or a code of a list of codes, is one of the values
    YES = "yes"
    NO = "no"
    FROM = "from"  # a number or a day: this or more, this or later
    TO = "to"  # a number or a day: this or less, this or earlier
    KNOWN = "known"
    NOT_KNOWN = "not_known"


TESTS: Mapping[str, frozenset[Test]] = {
    "text": frozenset({Test.ONE_OF, Test.KNOWN, Test.NOT_KNOWN}),
    "codes": frozenset({Test.ONE_OF, Test.KNOWN, Test.NOT_KNOWN}),
    "yes or no": frozenset({Test.YES, Test.NO, Test.KNOWN, Test.NOT_KNOWN}),
    "number": frozenset({Test.FROM, Test.TO, Test.KNOWN, Test.NOT_KNOWN}),
    "whole number": frozenset({Test.FROM, Test.TO, Test.KNOWN, Test.NOT_KNOWN}),
    "date": frozenset({Test.FROM, Test.TO, Test.KNOWN, Test.NOT_KNOWN}),
    "moment": frozenset({Test.FROM, Test.TO, Test.KNOWN, Test.NOT_KNOWN}),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One field, what is asked of it, and the values: texts, one number, or one day as ISO text."""

    field: str
    test: Test
    values: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """
    What a list asks.

    `open_on` is "today", an ISO day, or empty for every one there ever was. `age_from` and `age_under` are whole
    years, `longer_than` and `shorter_than` whole months, on the day of `open_on` (today, where it is empty).
    """

    kind: str
    open_on: str = TODAY
    conditions: tuple[Condition, ...] = ()
    age_from: int | None = None
    age_under: int | None = None
    longer_than: int | None = None
    shorter_than: int | None = None
    began_from: date | None = None
    began_to: date | None = None
    columns: tuple[str, ...] = field(default=())

    def day(self, today: date) -> date:
        """Return the day on which the question is put."""
        return today if self.open_on in ("", TODAY) else date.fromisoformat(self.open_on)

    @property
    def declared(self) -> Kind:
        """Return the kind that is asked about."""
        return KINDS[self.kind]


def listable_kinds() -> Sequence[Kind]:
    """Return the kinds that a list can ask about, by label: facts about people that are not papers or ties."""
    declare_all()
    found = [k for k in KINDS.values() if k.subject == "person" and k.word in LISTED_WORDS]
    return sorted(found, key=lambda kind: kind.label.casefold())


def kind_named(name: str) -> Kind:
    """Return a kind that a list can ask about. Raises InputError for any other name."""
    declare_all()
    found = KINDS.get(name)
    if found is None or found.subject != "person" or found.word not in LISTED_WORDS:
        raise InputError("Choose what the list is about from the kinds that are offered.")
    return found


def askable(kind: Kind) -> list[Field]:
    """Return the fields of a kind that a list may ask about and show."""
    return [spec for spec in kind.fields.values() if spec.sensitivity not in NEVER and spec.type in TESTS]


def codes_of(spec: Field) -> list[tuple[str, str]]:
    """Return the codes a field may have, with labels; none where its source has no list."""
    if spec.choices:
        return [(choice, choice) for choice in spec.choices]
    if not spec.codes:
        return []
    try:
        found = code_set(spec.codes)
    except (KeyError, LookupError, InputError, StructureBroken):
        return []
    return [(code, found.label(code)) for code in found.codes()]


# ---- from and to plain data
def question_of(said: Mapping[str, Any]) -> Question:
    """
    Return the question that plain data states, held to the declarations.

    Raises InputError, in words for a person, for a kind, field, test or value that is not offered.
    """
    kind = kind_named(str(said.get("kind", "")))
    fields = {spec.name: spec for spec in askable(kind)}
    conditions = tuple(_condition(one, fields, kind) for one in said.get("conditions") or ())
    columns = tuple(dict.fromkeys(str(name) for name in said.get("columns") or ()))[:MOST_COLUMNS]
    if unknown := [name for name in columns if name not in fields]:
        raise InputError(f"{kind.label} has no field called {unknown[0][:60]} that a list can show.")
    return Question(
        kind=kind.name, open_on=_open_on(said.get("open_on", TODAY), kind), conditions=conditions,
        age_from=_whole(said, "age_from", "Age", OLDEST), age_under=_whole(said, "age_under", "Age", OLDEST),
        longer_than=_whole(said, "longer_than", "Months", LONGEST_MONTHS),
        shorter_than=_whole(said, "shorter_than", "Months", LONGEST_MONTHS),
        began_from=_day(said.get("began_from")), began_to=_day(said.get("began_to")), columns=columns,
    )  # fmt: skip


def as_data(question: Question) -> dict[str, Any]:
    """Return a question as plain data, as a saved list keeps it; `question_of` reads it back."""
    kept: dict[str, Any] = {
        "kind": question.kind,
        "open_on": question.open_on,
        "conditions": [
            {"field": one.field, "test": one.test.value, "values": list(one.values)} for one in question.conditions
        ],
        "columns": list(question.columns),
    }
    for name in ("age_from", "age_under", "longer_than", "shorter_than"):
        kept[name] = getattr(question, name)
    for name in ("began_from", "began_to"):
        kept[name] = day.isoformat() if (day := getattr(question, name)) else None
    return kept


def _open_on(value: Any, kind: Kind) -> str:
    text = str(value or "").strip()
    if kind.word not in LASTING:
        return ""
    if text in ("", TODAY):
        return text
    return (_day(text) or date.max).isoformat()


def _day(value: Any) -> date | None:
    if value in (None, ""):
        return None
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        raise InputError("A day must be written like 2026-03-04.") from None


def _whole(said: Mapping[str, Any], name: str, label: str, most: int) -> int | None:
    value = said.get(name)
    if value in (None, ""):
        return None
    text = str(value).strip()
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= most):
        raise InputError(f"{label} must be a whole number up to {most}.")
    return int(text)


def _condition(one: Any, fields: Mapping[str, Field], kind: Kind) -> Condition:
    if not isinstance(one, Mapping) or one.get("field") not in fields:
        raise InputError(f"{kind.label}: a condition asks about a field that lists cannot ask about.")
    spec = fields[one["field"]]
    test = next((test for test in TESTS[spec.type] if test.value == one.get("test")), None)
    if test is None:
        raise InputError(f"{kind.label}: “{spec.meaning}” cannot be asked about in that way.")
    values = one.get("values") or ()
    if not isinstance(values, (list, tuple)) or len(values) > MOST_VALUES:
        raise InputError(f"{kind.label}: “{spec.meaning}” has too many values.")
    if test in (Test.FROM, Test.TO):
        return Condition(spec.name, test, (_bound(spec, values),))
    if test is Test.ONE_OF:
        return Condition(spec.name, test, _texts(spec, values))
    return Condition(spec.name, test)


def _bound(spec: Field, values: Sequence[Any]) -> Any:
    value = values[0] if len(values) == 1 else None
    if spec.type in ("date", "moment"):
        day = _day(value)
        if day is None:
            raise InputError(f"“{spec.meaning}” needs a day such as 2026-03-04.")
        return day.isoformat()
    try:
        number = float(str(value).strip())
    except ValueError:
        raise InputError(f"“{spec.meaning}” needs a number.") from None
    if not abs(number) < 1e15:
        raise InputError(f"“{spec.meaning}” needs a smaller number.")
    return int(number) if number == int(number) else number


def _texts(spec: Field, values: Sequence[Any]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(str(value) for value in values))
    codes = {code for code, _ in codes_of(spec)}
    wrong = [
        text for text in found if not text or len(text) > LONGEST or (codes and text not in codes) or "\x00" in text
    ]
    if wrong or not found:
        raise InputError(f"“{spec.meaning}” needs at least one of its own values.")
    return found


# ---- days, ages, lengths
def years_before(day: date, years: int) -> date:
    """Return the last day of birth of those who are at least `years` old on `day`."""
    year = max(day.year - years, 1)
    last = calendar.monthrange(year, day.month)[1]
    return date(year, day.month, min(day.day, last))


def months_after(day: date, months: int) -> date:
    """Return the same day of the month `months` later; the month's last day where it is shorter."""
    count = day.year * 12 + day.month - 1 + months
    year, month = min(count // 12, 9999), count % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


# ---- the sentence
def sentence(question: Question, *, today: date, quiet: bool = False) -> str:
    """
    Return what the list asks as one sentence.

    `quiet` leaves out values by which a person could be known, for the record of who looked.
    """
    kind = question.declared
    parts = [f"Children with {_article(kind.label)}{_when(question, today)}"]
    if question.began_from or question.began_to:
        parts.append(
            _between("that began" if kind.word in LASTING else "on a day", question.began_from, question.began_to)
        )
    if question.longer_than is not None:
        parts.append(f"that has lasted more than {_months(question.longer_than)}")
    if question.shorter_than is not None:
        parts.append(f"that has lasted less than {_months(question.shorter_than)}")
    parts += [f"where {_asked(one, kind.fields[one.field], quiet=quiet)}" for one in question.conditions]
    if question.age_from is not None or question.age_under is not None:
        parts.append(_aged(question))
    said = ", ".join(parts) + "."
    if question.age_from is not None or question.age_under is not None:
        said += " Children whose date of birth is not known are left out."
    return said


def _article(label: str) -> str:
    inside = label if label.split(" ")[0].isupper() else label[:1].lower() + label[1:]
    return f"{'an' if inside[:1].lower() in 'aeiou' else 'a'} {inside}"


def _when(question: Question, today: date) -> str:
    if not question.open_on:
        return " at any time" if question.declared.word in LASTING else ""
    return f" open on {_spelled(question.day(today))}{' (today)' if question.open_on == TODAY else ''}"


def _spelled(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _between(verb: str, first: date | None, last: date | None) -> str:
    if first and last:
        return f"{verb} from {_spelled(first)} to {_spelled(last)}"
    return f"{verb} from {_spelled(first)}" if first else f"{verb} up to {_spelled(last or date.max)}"


def _months(count: int) -> str:
    return f"{count} month{'' if count == 1 else 's'}"


def _aged(question: Question) -> str:
    if question.age_from is not None and question.age_under is not None:
        return f"about children aged {question.age_from} or more and under {question.age_under}"
    if question.age_from is not None:
        return f"about children aged {question.age_from} or more"
    return f"about children under {question.age_under}"


def _asked(one: Condition, spec: Field, *, quiet: bool) -> str:
    what = f"“{spec.meaning}”"
    match one.test:
        case Test.KNOWN:
            return f"{what} is known"
        case Test.NOT_KNOWN:
            return f"{what} is not known"
        case Test.YES | Test.NO:
            return f"{what} is {one.test.value}"
        case Test.FROM | Test.TO:
            is_day = spec.type in ("date", "moment")
            value = _spelled(date.fromisoformat(one.values[0])) if is_day else f"{one.values[0]:g}"
            more = (
                ("or later" if is_day else "or more")
                if one.test is Test.FROM
                else ("or earlier" if is_day else "or less")
            )
            return f"{what} is {value} {more}"
    if quiet and spec.sensitivity in (Sensitivity.IDENTIFIER, Sensitivity.ADDRESS):
        return f"{what} is what was typed"
    labels = dict(codes_of(spec))
    return f"{what} is {' or '.join(labels.get(value, value) for value in one.values)}"
