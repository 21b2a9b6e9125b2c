"""Reads what was typed into a form: values of the declared types, or what is wrong in words for the person."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from kinfold.casework.form import PARTS_OF, Form, Question, Raw, Shape
from kinfold.casework.known import LONDON
from kinfold.terms.errors import InputError

LONGEST = 100_000
_MONEY = re.compile(r"£?\s*(\d{1,9})(?:\.(\d{2}))?$")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answers:
    """What a form was told: `values` by question, in the declared types, and what is wrong, by question."""

    raw: Raw
    values: dict[str, Any]
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Return whether nothing is wrong or missing."""
        return not self.errors


def read_answers(
    form: Form, raw: Raw, *, today: date, people: Sequence[str] = (), facts: Sequence[str] = ()
) -> Answers:
    """
    Return the answers in a form, with every mistake named.

    `people` and `facts` are the public ids that may be chosen. Days may not lie in the future where the question is
    about what has happened.
    """
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    allowed = {Shape.WHO: people, Shape.WHICH: facts}
    for question in form.questions:
        given = [text for text in raw.get(question.name, ())]
        try:
            value = read_one(question, given, today=today, allowed=allowed.get(question.shape, ()))
        except InputError as error:
            errors[question.name] = str(error)
            continue
        if value in (None, "", [], ()):
            if question.required or (question.required_when and question.required_when.holds(raw)):
                errors[question.name] = missing(question)
            continue
        values[question.name] = value
    _in_order(form, values, errors)
    return Answers(raw, values, errors)


def _in_order(form: Form, values: Mapping[str, Any], errors: dict[str, str]) -> None:
    first, last = values.get("day"), values.get("until")
    if first and last and date.fromisoformat(last) < date.fromisoformat(first):
        errors["until"] = f"{form.question('until').ask.rstrip('?')}: this must be on or after the first day"


def missing(question: Question) -> str:
    """Return what to say when a question must be answered and was not."""
    verb = {
        Shape.ONE: "Choose an answer to", Shape.MANY: "Choose at least one answer to", Shape.YES_NO: "Say yes or no to",
        Shape.DAY: "Enter the day for", Shape.WHO: "Choose who for", Shape.WHICH: "Choose one for",
    }.get(question.shape, "Answer")  # fmt: skip
    return f"{verb} “{question.ask}”"


def read_one(question: Question, given: Sequence[str], *, today: date, allowed: Sequence[str] = ()) -> Any:
    """Return one answer as the declared type; None when nothing was said. Raises InputError in the question's words."""
    if question.shape is Shape.DAY:
        return _day(question, given, today)
    said = [text.replace("\r\n", "\n").strip() for text in given]
    said = [text for text in said if text]
    if not said:
        return None
    if sum(map(len, said)) > LONGEST:
        raise InputError(f"“{question.ask}” must be {LONGEST:,} characters or fewer")
    match question.shape:
        case Shape.MANY:
            return [_option(question, text, today) for text in dict.fromkeys(said)]
        case Shape.ONE:
            return _option(question, said[0], today)
        case Shape.YES_NO:
            return _yes_no(question, said[0])
        case Shape.WHO | Shape.WHICH:
            if said[0] not in allowed:
                raise InputError(f"Choose an answer to “{question.ask}” from the list")
            return said[0]
        case Shape.MOMENT:
            return _moment(question, said[0], today)
        case Shape.NUMBER:
            return _number(question, said[0])
        case Shape.MONEY:
            return _pence(question, said[0])
        case Shape.LINES:
            return [line.strip() for line in said[0].splitlines() if line.strip()]
        case Shape.PARTS:
            return [_part(question, line) for line in said[0].splitlines() if line.strip()]
    if question.longest and len(said[0]) > question.longest:
        raise InputError(f"“{question.ask}” must be {question.longest} characters or fewer")
    return said[0]


def _day(question: Question, given: Sequence[str], today: date) -> str | None:
    typed = [text.strip() for text in (*given, "", "", "")[:3]]
    if not any(typed):
        return None
    try:
        if len(typed[2]) != 4:
            raise ValueError
        day = date(int(typed[2]), _month(typed[1]), int(typed[0]))
    except ValueError:
        raise InputError(f"“{question.ask}” must be a real day, such as 31 3 2026") from None
    if question.past and day > today:
        raise InputError(f"“{question.ask}” must be today or in the past")
    return day.isoformat()


def _month(text: str) -> int:
    if text.isascii() and text.isdigit():
        return int(text)
    found = [number for number, name in enumerate(_MONTHS, 1) if len(text) > 2 and name.startswith(text.lower())]
    if len(found) != 1:
        raise ValueError
    return found[0]


def _moment(question: Question, text: str, today: date) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"“{question.ask}” must be a day and an hour, such as 2026-03-31 14:05") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=LONDON)
    if question.past and moment.astimezone(LONDON).date() > today:
        raise InputError(f"“{question.ask}” must be today or in the past")
    return moment.isoformat()


def _option(question: Question, text: str, today: date) -> str:
    if any(text == value for value, _ in question.options):
        return text
    known = question.code_set
    if known is not None and known.is_valid(text, today):
        return text
    raise InputError(f"Choose an answer to “{question.ask}” from the list")


def _yes_no(question: Question, text: str) -> bool:
    if text not in ("yes", "no"):
        raise InputError(f"Say yes or no to “{question.ask}”")
    return text == "yes"


def _number(question: Question, text: str) -> int | float:
    plain = text.replace(",", "")
    if not re.fullmatch(r"\d{1,9}(\.\d{1,4})?", plain):
        raise InputError(f"“{question.ask}” must be a number, such as 12")
    return float(plain) if "." in plain else int(plain)


def _pence(question: Question, text: str) -> int:
    found = _MONEY.match(text.replace(",", ""))
    if found is None:
        raise InputError(f"“{question.ask}” must be an amount in pounds, such as 2,000 or 12.50")
    return int(found[1]) * 100 + int(found[2] or 0)


def _part(question: Question, line: str) -> dict[str, str]:
    names = PARTS_OF.get(question.targets[0][1], ("words",))
    texts = [text.strip() for text in line.split(";", len(names) - 1)]
    return {name: text for name, text in zip(names, texts, strict=False) if text}
