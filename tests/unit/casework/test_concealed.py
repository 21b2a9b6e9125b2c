"""No part of a concealed address reaches whom it is kept from, however it is written."""

from __future__ import annotations

import re
import string
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kinfold.casework.concealed import NOT_SHOWN, holds, parts_of, without
from kinfold.casework.letter import Document, Section, made_of, template_named, templates

WORDS = st.text(string.ascii_letters, min_size=3, max_size=9)
STREET = st.builds(lambda number, one, two: f"{number} {one} {two}", st.integers(1, 999), WORDS, WORDS)
POSTCODE = st.from_regex(r"\A[A-Z]{1,2}[1-9][0-9]? [0-9][A-Z]{2}\Z")
SPOILED = st.sampled_from([str.upper, str.lower, str.title, lambda t: t.replace(" ", "  "), lambda t: t.replace(" ", ""),
                           lambda t: t.replace(" ", "\n"), lambda t: " - ".join(t.split(" "))])  # fmt: skip
ADDRESS = {"address_lines": "12 Acacia Avenue\nFlat 3, Leeds", "postcode": "SE1 1AA", "uprn": "100012345678"}


def squashed(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).lower()


@pytest.mark.parametrize(
    "written",
    ["12 Acacia Avenue", "12 ACACIA AVENUE", "Acacia  Avenue", "12, Acacia-Avenue", "12\nAcacia\nAvenue", "SE1 1AA", "se11aa",
     "S E 1 - 1 A A", "in the SE1 area", "Leeds", "Flat 3", "100012345678", "1000 1234 5678", "12acaciaavenue",
     "ＳＥ１ １ＡＡ"],
)  # fmt: skip
def test_each_way_of_writing_a_part_is_taken_out(written: str) -> None:
    parts = parts_of(**ADDRESS)

    made = without(f"Robin lives here: {written}. Come at four.", parts)

    assert NOT_SHOWN in made
    assert not holds(made, parts)
    assert made.startswith("Robin lives here: ")


@pytest.mark.parametrize(
    "text", ["Come at four.", "Robin likes acacias.", "The case 1AA9 is closed.", "Se11 is no place."]
)
def test_what_is_no_part_of_the_address_stays_word_for_word(text: str) -> None:
    assert without(text, parts_of(**ADDRESS)) == text


@given(STREET, WORDS, POSTCODE, SPOILED, st.text(max_size=60), st.text(max_size=60))
def test_no_text_holds_any_part_after_the_guard(
    street: str, town: str, postcode: str, spoil: object, before: str, after: str
) -> None:
    parts = parts_of(address_lines=f"{street}\n{town}", postcode=postcode)
    assume(not any(squashed(part) in squashed(NOT_SHOWN) for part in parts))
    for secret in (street, town, postcode, " ".join(street.split(" ")[1:])):
        made = without(f"{before} {spoil(secret)} {after}", parts)  # type: ignore[operator]
        assert not holds(made, parts)
        words = {squashed(word) for word in made.split()}
        assert squashed(postcode) not in words
        assert squashed(street) not in words


@given(STREET, WORDS, POSTCODE, SPOILED, st.sampled_from(sorted(templates())))
def test_no_document_of_any_template_holds_any_part(
    street: str, town: str, postcode: str, spoil: object, name: str
) -> None:
    parts = parts_of(address_lines=f"{street}\n{town}", postcode=postcode)
    assume(not any(squashed(part) in squashed(NOT_SHOWN + "address") for part in parts))
    template = template_named(name)
    secret = f"{spoil(street)}, {spoil(town)} {spoil(postcode)}"  # type: ignore[operator]
    given_words = dict.fromkeys(("child", "recipient", "council", "author", "role", "today", "words"), secret)
    kinds = {part.each for part in template.parts if part.each}
    facts = {kind: [{"since": secret, **_fields(kind, secret)}] for kind in kinds | _named(template)}
    plain = made_of(template, given_words, facts, address=[street, town, postcode])

    made = made_of(template, given_words, facts, address=[street, town, postcode], kept=parts)

    assert any(holds(text, parts) for text in plain.texts())
    assert not any(holds(text, parts) for text in made.texts())
    assert made.withheld


def _named(template: object) -> set[str]:
    texts = " ".join(part.text for part in template.parts)  # type: ignore[attr-defined]
    return {found.split(".")[0] for found in re.findall(r"\{([a-z_0-9]+\.[a-z_]+)\}", texts)}


def _fields(kind: str, words: str) -> dict[str, str]:
    from kinfold.record.declare import KINDS

    return dict.fromkeys(KINDS[kind].fields, words)


def test_an_address_that_stands_line_by_line_is_not_shown_at_all() -> None:
    from kinfold.casework.letter import guarded

    document = Document("Letter", ("Ottoline Brae", "12 Acacia", "Avenue"), (Section("", ("Dear Ottoline",)),))

    made = guarded(document, parts_of(address_lines="12 Acacia Avenue"))

    assert made.address == ("(address not shown)",)
    assert made.withheld
