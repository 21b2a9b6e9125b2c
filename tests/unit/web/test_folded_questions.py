"""A form asks at most seven questions in sight that the record does not answer; the rest stand folded below them."""

from __future__ import annotations

import pytest

from kinfold.casework import MOST_QUESTIONS, Form, forms
from kinfold.record.declare import declare_all
from kinfold.service.web.presenters.casework_form import folded

declare_all()
NOT_COUNTED = {"day", "until", "which"}


@pytest.mark.parametrize("form", [pytest.param(form, id=form.name) for form in forms().values()])
def test_with_nothing_on_record_at_most_seven_questions_stand_in_sight(form: Form) -> None:
    filled = {one.name: ["x"] for one in form.questions if one.known in ("today", "me")}
    below = folded(form, filled)

    in_sight = [one for one in form.questions if one.name not in below | NOT_COUNTED | set(filled)]
    assert len(in_sight) <= MOST_QUESTIONS
    assert not [one.name for one in form.questions if one.name in below and (one.required or one.required_when)]


def test_what_is_answered_already_is_in_sight_and_takes_no_place() -> None:
    form = forms()["placement"]
    known = {"urn": ["SC1"], "postcode": ["LS1 4AP"], "home_postcode": ["LS2 1AA"], "emergency": ["no"]}

    below = folded(form, known)

    assert not below & set(known)
    assert len(below) < len(folded(form, {}))
