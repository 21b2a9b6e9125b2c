"""A whole form as a browser sends it: a fitting answer to every question that a test does not answer itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from kinfold.casework import Question, Shape
from kinfold.service.web.presenters.casework_form import options_of

SAID = "Robin wants to see Nan on Sundays"


def sent(
    questions: Iterable[Question], given: Mapping[str, Any], *, day: date, which: str = "", who: str = ""
) -> dict[str, Any]:
    """Return the controls of these questions by name: the first choice everywhere but where `given` says otherwise."""
    found: dict[str, Any] = {}
    for question in questions:
        if question.name in given:
            found[question.name] = given[question.name]
        elif question.shape is Shape.DAY:
            if question.name != "until":
                found |= {f"{question.name}_day": day.day, f"{question.name}_month": day.month,
                          f"{question.name}_year": day.year}  # fmt: skip
        else:
            found[question.name] = _answer(question, which, who, day)
    return {name: text for name, text in found.items() if text != ""}


def _answer(question: Question, which: str, who: str, day: date) -> str:
    match question.shape:
        case Shape.ONE | Shape.MANY:
            return options_of(question, day)[0][0]
        case Shape.YES_NO:
            return "yes"
        case Shape.WHICH:
            return which
        case Shape.WHO:
            return who if question.people == "family" else ""
        case Shape.MOMENT:
            return f"{day.isoformat()}T10:30"
        case Shape.NUMBER:
            return "3"
        case Shape.MONEY:
            return "2,000"
    return SAID[: question.longest]
