"""Other people's names are not given away with somebody's record."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.access.third_parties import Mark, Other, Redactor

DARREN = Other("your mother's partner", (("Darren Lee", "Pike"),), ("SW1A 1AA",))
AUNT = Other("your aunt", (("Zoë", "Quill-Marsh"),))
OWN = ("Robin Ash Quill",)


@pytest.mark.parametrize(
    ("text", "given"),
    [
        pytest.param("Darren Lee Pike was there", "[your mother's partner] was there", id="the whole name"),
        pytest.param("Darren Pike was there", "[your mother's partner] was there", id="forename and surname"),
        pytest.param("DARREN'S car", "[your mother's partner]'S car", id="the forename alone, in capitals"),
        pytest.param("Mr Pike rang", "Mr [your mother's partner] rang", id="the surname alone"),
        pytest.param("Zoe Quill Marsh came", "[your aunt] came", id="without the accent and the hyphen"),
        pytest.param("Pikes Farm", "Pikes Farm", id="not inside another word"),
        pytest.param("lives at SW1A1AA", "lives at [your mother's partner]", id="a postcode without its space"),
        pytest.param("Robin Quill came home", "Robin Quill came home", id="one's own name stays"),
    ],
)
def test_others_are_named_by_who_they_are(text: str, given: str) -> None:
    assert Redactor([DARREN, AUNT], own=OWN).text(text) == given


def test_a_shared_surname_stays_and_the_forename_goes() -> None:
    brother = Other("your brother", (("Felix", "Quill"),))

    assert Redactor([brother], own=OWN).text("Felix Quill and Robin Quill; Felix") == (
        "[your brother] and Robin Quill; [your brother]"
    )


def test_what_a_reviewer_marks_is_left_out_of_the_fact_it_was_marked_in() -> None:
    redactor = Redactor([], marks=[Mark("f1", "had been  arrested", "about somebody else")])

    assert redactor.text("He had been arrested.", fact="f1") == "He [about somebody else]."
    assert redactor.text("He had been arrested.", fact="f2") == "He had been arrested."


def test_texts_are_redacted_however_deep_they_lie() -> None:
    said = {"sections": [{"heading": "Visit", "words": "Darren opened"}], "score": 3, "seen": True}

    assert Redactor([DARREN]).value(said) == {
        "sections": [{"heading": "Visit", "words": "[your mother's partner] opened"}], "score": 3, "seen": True,
    }  # fmt: skip


def test_a_name_full_of_signs_does_no_harm() -> None:
    assert Redactor([Other("x", (("(.*)+", "[a-z]{3}"),))]).text("abc") == "abc"


@given(st.text(), st.text(alphabet="ab .-éİß", max_size=12), st.text(alphabet="ab .-éİß", max_size=12))
def test_any_text_and_any_name_give_a_text_without_the_name(text: str, forename: str, surname: str) -> None:
    redactor = Redactor([Other("somebody", ((forename, surname),))])

    assert isinstance(redactor.text(text), str)


@given(st.text(alphabet="xyz ,.", max_size=40), st.text(alphabet="xyz ,.", max_size=40))
def test_a_name_never_survives(before: str, after: str) -> None:
    assert "Ottoline" not in Redactor([Other("your aunt", (("Ottoline", "Brae"),))]).text(f"{before} Ottoline {after}")
