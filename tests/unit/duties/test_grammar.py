"""The notation of rules: what it means, and what is refused with file and line."""

from __future__ import annotations

import pytest

from kinfold.duties.grammar import Where, parse_rule
from kinfold.duties.rule import Amount, Unit
from kinfold.terms.errors import SettingError


@pytest.mark.parametrize(
    "text",
    [
        "within=45WD",
        "within=26W!",
        "first=1W;every=6W[placement<1Y];every=3M[placement>=1Y]",
        "every=3M[to18];every=6W[!to18];every=6M[ltf>=1Y&child_agrees]",
        "before=placement.start;within=5WD",
        "gate=proceedings.start",
        "max=16W;ext=8W",
        "max=72H/28D",
        "window=-3M..+1M",
        "window=-6W..0D",
        "at_age=16Y;within=3M",
        "asap;default=5WD",
        "every=TERM",
        "every=6W[year=1];every=12W[year>1]",
        "standing",
    ],
)
def test_a_rule_written_out_again_is_the_same_rule(text):
    assert str(parse_rule(text)) == text


def test_a_part_knows_its_amount_and_whether_the_first_day_counts():
    part = parse_rule("within=26W!").parts[0]

    assert (part.amount, part.beginning_with) == (Amount(26, Unit.WEEKS), True)


def test_an_amount_is_said_in_words():
    assert [str(Amount(1, Unit.WORKING_DAYS)), str(Amount(6, Unit.WEEKS))] == ["1 working day", "6 weeks"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("", "it is empty", id="nothing"),
        pytest.param("within", "needs a value", id="no value"),
        pytest.param("within=5X", "not a number and a unit", id="unknown unit"),
        pytest.param("within=0WD", "must be 1 or more", id="nothing of something"),
        pytest.param("soon=5WD", "is not one of", id="unknown name"),
        pytest.param("every=6W;every=3M", "twice", id="two that cannot be told apart"),
        pytest.param("standing;within=5WD", "no other parts", id="standing with a date"),
        pytest.param("window=-3M", "needs two ends", id="half a window"),
        pytest.param("at_age=16M", "an age is in years", id="an age in months"),
        pytest.param("every=6W[placement~1Y]", "cannot be read", id="condition"),
        pytest.param("asap=3D", "takes no value", id="asap with a value"),
        pytest.param("gate=Placement Started", "is not an event", id="event with capitals"),
    ],
)
def test_a_rule_that_cannot_be_read_is_refused_with_file_and_line(text, said):
    with pytest.raises(SettingError, match=said) as refused:
        parse_rule(text, Where("visits.toml", 14, "LA12"))

    assert str(refused.value).startswith("visits.toml, line 14: LA12: ")
