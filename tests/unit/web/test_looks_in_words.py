"""Who has looked, in words: to staff and to the family, and never as the record says it to the one who looked."""

from __future__ import annotations

import re

import pytest

from kinfold.access.roles import ROLES
from kinfold.service.web.presenters.people import look_words, why_for_family, why_for_staff


@pytest.mark.parametrize(
    ("said", "to_staff", "to_family"),
    [
        pytest.param("You can read this because you are their social worker.", "They are their social worker",
                     "They are their social worker", id="allocated"),
        pytest.param("You can see that this happened because your role is Auditor.", "It is part of their work as Auditor",
                     "It is part of their work as Auditor", id="by role"),
        pytest.param("You can read this because it is your own record.", "It is their own record",
                     "It is your own record", id="the child"),
        pytest.param("You can read this because it was opened to you as a parent.", "It was opened to them as a parent",
                     "It was opened to them as a parent", id="a parent"),
        pytest.param("You can read this because you are near to them.", "They are near to them", "They are near to you",
                     id="near"),
        pytest.param("section 47 enquiry", "Section 47 enquiry", "Section 47 enquiry", id="their own words"),
        pytest.param("", "", "", id="nothing said"),
    ],
)  # fmt: skip
def test_why_somebody_looked_is_said_to_whoever_reads_it(said: str, to_staff: str, to_family: str) -> None:
    assert why_for_staff(said) == to_staff
    assert why_for_family(said) == to_family


@pytest.mark.parametrize("action", ["shared space", "who else knows", "who holds what", "compared a pair"])
def test_what_somebody_did_in_sharing_and_comparing_has_words(action: str) -> None:
    assert look_words(action) != action


def test_no_role_has_a_label_of_initials_or_with_a_stroke() -> None:
    """The family reads it beside every look."""
    allowed = {"IT"}

    wrong = [
        role.label
        for role in ROLES.values()
        if set(re.findall(r"\b[A-Z]{2,}\b", role.label)) - allowed or "/" in role.label
    ]

    assert wrong == []
