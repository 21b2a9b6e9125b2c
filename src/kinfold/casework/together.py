"""
One form for several children of a family: what holds for all is typed once, what is each child's own is asked of each.

What was typed of another child is kept beside the form's own answers, under the question and the child's public id.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kinfold.casework.form import Each, Form, Question, Raw, Shape
from kinfold.casework.known import KnownFact, under_way

ALSO = "also"  # the question: which other children the form is about as well, by public id
MARK = "@"


def also_about(raw: Raw) -> list[str]:
    """Return the public ids of the other children that a form is about, in the order given."""
    return [uid for uid in dict.fromkeys(raw.get(ALSO, ())) if uid]


def own_questions(form: Form, others: Sequence[KnownFact] = ()) -> tuple[Question, ...]:
    """
    Return what is asked of each further child: `others` is what is known of that child.

    Which of several facts under way is meant is asked only where there are several.
    """
    asks_which = len(under_way(form, others)) > 1
    return tuple(one for one in form.questions if one.each or (one.shape is Shape.WHICH and asks_which))


def about_one(form: Form, others: Sequence[KnownFact] = ()) -> Form:
    """Return the part of a form that is asked of each further child."""
    return replace(form, questions=own_questions(form, others))


def named_for(question: str, uid: str) -> str:
    """Return the name under which a further child's answer is kept."""
    return f"{question}{MARK}{uid}"


def is_of_another(name: str) -> bool:
    """Return whether an answer is that of a further child."""
    return MARK in name


def kept_as(raw: Raw, uid: str) -> dict[str, list[str]]:
    """Return a further child's own answers as they are kept beside the form's."""
    return {named_for(name, uid): list(given) for name, given in raw.items()}


def own_raw(form: Form, raw: Raw, uid: str, known: Sequence[KnownFact]) -> dict[str, list[str]]:
    """
    Return what stands in a further child's own part.

    Before anything is typed, a question that is mostly answered alike has the first child's answer; the others are empty.
    """
    found: dict[str, list[str]] = {}
    for question in own_questions(form, known):
        given = raw.get(named_for(question.name, uid))
        if given is None and question.each is Each.SAME and not was_asked(form, raw, uid):
            given = raw.get(question.name)
        if given:
            found[question.name] = list(given)
    return found


def was_asked(form: Form, raw: Raw, uid: str) -> bool:
    """Return whether a further child's own part was sent already, answered or left empty."""
    return any(named_for(one.name, uid) in raw for one in form.questions)


def whole_raw(form: Form, raw: Raw, uid: str, known: Sequence[KnownFact]) -> dict[str, list[str]]:
    """Return all answers as they stand for a further child: the shared ones, the child's own, and what they go on with."""
    own = {one.name for one in own_questions(form, known)}
    found = {one.name: list(raw[one.name]) for one in form.questions if one.name in raw and one.name not in own}
    found |= own_raw(form, raw, uid, known)
    going = under_way(form, known)
    if len(going) == 1:
        found["which"] = [going[0].fact]
    return found
