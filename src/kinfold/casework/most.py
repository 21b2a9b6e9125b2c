"""What a number in a form may come to, with what is on record already: what is paid once is not paid twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kinfold.casework.form import Form, Most, Shape
from kinfold.casework.known import KnownFact


def over_the_most(form: Form, values: Mapping[str, Any], known: Sequence[KnownFact]) -> dict[str, str]:
    """Return what is wrong with a form's numbers, by question: each that, with the record, comes to more than it may."""
    found: dict[str, str] = {}
    for most in form.most:
        given = values.get(most.question)
        if given is None or values.get(most.when.question) not in most.when.values:
            continue
        before = sum(one.values.get(_field(form, most.question)) or 0 for one in known if _counts(form, most, one))
        if before + given > most.total:
            found[most.question] = _why(form, most, before)
    return found


def _field(form: Form, question: str) -> str:
    return form.question(question).targets[0][1]


def _counts(form: Form, most: Most, fact: KnownFact) -> bool:
    return fact.kind == form.main().kind and fact.values.get(_field(form, most.when.question)) in most.when.values


def _why(form: Form, most: Most, before: int) -> str:
    left = most.total - before
    if form.question(most.question).shape is Shape.MONEY:
        said, rest = f"{before / 100:,.2f} pounds", f"{left / 100:,.2f} pounds"
    else:
        said, rest = str(before), str(left)
    done = f"{said} is on record already" if before else "Nothing is on record yet"
    then = f"At most {rest} more can be recorded here" if left > 0 else "No more can be recorded here"
    return f"{most.because} {done}. {then}"
