"""The button of a line that is due stands only where the reader's role records what meets it."""

from __future__ import annotations

from uuid import uuid4

import pytest

from kinfold.access.things import Actor
from kinfold.duties import duty_catalogue
from kinfold.record.declare import declare_all
from kinfold.service.web.presenters.due_buttons import button

declare_all()


@pytest.mark.parametrize(
    ("role", "duty", "part", "words"),
    [
        ("social_worker", "CP08", "every", "Record it"),
        ("director_of_childrens_services", "CP08", "every", ""),
        ("independent_reviewing_officer", "LA13", "every[placement<1Y]", ""),
        ("independent_reviewing_officer", "LA18", "within", "Record it"),
        ("virtual_school_head", "ED03", "within", "Record it"),
        ("personal_adviser", "LC08", "every", "Record it"),
        ("team_manager", "LC05", "at_age", "Name them"),
        ("independent_reviewing_officer", "LC05", "at_age", ""),
    ],
)
def test_a_line_has_the_button_that_its_reader_may_press(role: str, duty: str, part: str, words: str) -> None:
    actor = Actor(id=1, roles=frozenset({role}), holders=frozenset({1}))

    assert button(duty_catalogue().duty(duty), part, str(uuid4()), about="", actor=actor).text == words
