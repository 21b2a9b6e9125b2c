"""Which fields of a payload a decision lets through."""

from __future__ import annotations

from datetime import UTC, datetime
from types import MappingProxyType

import pytest

import kinfold.record.kinds  # noqa: F401  (declares every kind)
from kinfold.access.fields import hidden_fields, masked, sector
from kinfold.access.policy import may
from kinfold.access.things import Actor, Decision, Thing, reach_map
from kinfold.access.words import Label, Mask, Sort, Verb
from kinfold.record.declare import KINDS, Field, Kind, Sensitivity, Word, kind

LETTER = Kind(
    name="letter_in_this_test", word=Word.PAPER, label="Letter", plural="Letters", meaning="", source="", family="",
    cls=object,
    fields=MappingProxyType(
        {
            "sent_date": Field("sent_date", "date", "When it was sent", sensitivity=Sensitivity.HEADLINE),
            "subject": Field("subject", "text", "What it is about"),
            "body": Field("body", "text", "What it says", sensitivity=Sensitivity.NARRATIVE),
            "postcode": Field("postcode", "text", "Where to", sensitivity=Sensitivity.ADDRESS),
            "street": Field("street", "text", "Where to", sensitivity=Sensitivity.ADDRESS),
            "advice": Field("advice", "text", "Legal advice", sensitivity=Sensitivity.LEGAL),
            "nhs_number": Field("nhs_number", "text", "NHS number", sensitivity=Sensitivity.IDENTIFIER),
        }
    ),
)  # fmt: skip
PAYLOAD = {
    "sent_date": "2026-03-02", "subject": "A visit", "body": "Dear Tia", "postcode": "YO1 7HH", "street": "1 Elm Row",
    "advice": "None", "nhs_number": "9990000018",
}  # fmt: skip


def yes(*masks: Mask) -> Decision:
    return Decision(True, "You can open this.", "role", frozenset(masks))


@pytest.mark.parametrize(
    ("masks", "hidden"),
    [
        pytest.param((), [], id="nothing masked"),
        pytest.param((Mask.NARRATIVE,), ["body"], id="free text"),
        pytest.param((Mask.ADDRESS,), ["postcode", "street"], id="an address"),
        pytest.param((Mask.ADDRESS, Mask.SECTOR_ONLY), ["postcode", "street"], id="an address but for its sector"),
        pytest.param((Mask.IDENTIFIER, Mask.LEGAL), ["advice", "nhs_number"], id="numbers and legal advice"),
        pytest.param((Mask.CONCEALED_ADDRESS,), [], id="a concealed address, when it is not concealed"),
    ],
)
def test_a_masked_field_is_left_out_and_named(masks: tuple[Mask, ...], hidden: list[str]) -> None:
    shown = masked(PAYLOAD, LETTER, yes(*masks))

    assert hidden_fields(PAYLOAD, LETTER, yes(*masks)) == hidden
    assert all(shown[name] == PAYLOAD[name] for name in PAYLOAD if name not in hidden)
    assert "street" not in shown or "street" not in hidden


def test_an_analyst_sees_the_postcode_sector() -> None:
    shown = masked(PAYLOAD, LETTER, yes(Mask.ADDRESS, Mask.SECTOR_ONLY))

    assert shown["postcode"] == "YO1 7"
    assert "street" not in shown


@pytest.mark.parametrize(
    ("payload", "labels"),
    [
        pytest.param({**PAYLOAD, "concealed_from": ["PARENT"]}, frozenset(), id="by its own words"),
        pytest.param(PAYLOAD, frozenset({Label.ADDRESS_PROTECTED}), id="by a label"),
    ],
)
def test_a_concealed_address_is_hidden_unless_the_decision_opens_it(
    payload: dict[str, object], labels: frozenset[Label]
) -> None:
    closed = masked(payload, LETTER, yes(Mask.CONCEALED_ADDRESS), labels=labels)
    opened = masked(payload, LETTER, yes(), labels=labels)

    assert "postcode" not in closed
    assert "street" not in closed
    assert opened["street"] == "1 Elm Row"


def test_a_refusal_lets_nothing_through() -> None:
    assert masked(PAYLOAD, LETTER, Decision(False, "You cannot open this.", "reach")) == {}


def test_a_field_that_no_declaration_describes_is_shown_to_nobody() -> None:
    assert masked({"shoe_size": 4}, LETTER, yes()) == {}


@pytest.mark.parametrize(
    ("postcode", "expected"), [("SW1A 1AA", "SW1A 1"), ("YO1 7HH", "YO1 7"), ("YO17HH", ""), ("", "")]
)
def test_the_sector_of_a_postcode(postcode: str, expected: str) -> None:
    assert sector(postcode) == expected


@pytest.mark.parametrize("name", sorted(KINDS))
def test_the_search_index_shows_only_headlines_and_identifiers_of_every_kind(name: str) -> None:
    worker = Actor(id=900, roles=frozenset({"social_worker"}), holders=frozenset({1}), reach=reach_map([]))
    child = Thing(sort=Sort.CHILD, held_by=1, person=11)
    decision = may(worker, Verb.SEARCH, child, datetime(2026, 3, 4, tzinfo=UTC))
    spec = kind(name)

    shown = masked(dict.fromkeys(spec.fields, "x"), spec, decision)

    assert decision.allowed
    allowed = {Sensitivity.HEADLINE, Sensitivity.IDENTIFIER}
    assert {spec.fields[field].sensitivity for field in shown} <= allowed
