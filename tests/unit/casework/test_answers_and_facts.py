"""What was typed becomes values of the declared types, or a message; and the values become facts."""

from __future__ import annotations

import contextlib
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.casework import Form, How, KnownFact, already_known, as_typed, facts_of, form_named, forms, read_answers
from kinfold.casework.answers import read_one
from kinfold.casework.form import Question, Shape
from kinfold.terms.errors import InputError

TODAY = date(2026, 3, 4)
CONTACT = {"day": ["3", "3", "2026"], "contact_source": ["1A"], "reason": ["A worry"]}


def read(form: Form, raw: dict[str, list[str]], known: list[KnownFact] | None = None) -> Any:
    return read_answers(form, raw, today=TODAY, people=["p"], facts=[one.fact for one in known or []])


def fact(kind: str, since: date, until: date | None = None, **values: Any) -> KnownFact:
    return KnownFact(kind, f"{kind} {since}", since, until, values, mark="mark")


def test_a_whole_form_has_no_errors_and_gives_one_fact() -> None:
    form = form_named("contact")
    answers = read(form, CONTACT)

    (made,) = facts_of(form, answers, [], me="Asha Lind")

    assert answers.complete
    assert (made.kind, made.how, made.valid_from) == ("contact", How.NEW, date(2026, 3, 3))
    assert made.values == {"contact_source": "1A", "reason": "A worry"}


@pytest.mark.parametrize(
    ("changed", "question", "said"),
    [
        pytest.param({"reason": []}, "reason", "Answer “What was it about?”", id="missing"),
        pytest.param({"day": ["5", "3", "2026"]}, "day", "must be today or in the past", id="tomorrow"),
        pytest.param({"day": ["31", "2", "2026"]}, "day", "must be a real day", id="no such day"),
        pytest.param({"contact_source": ["ZZ9"]}, "contact_source", "from the list", id="not a code"),
        pytest.param({"family_know": ["perhaps"]}, "family_know", "Say yes or no", id="neither"),
    ],
)
def test_what_is_wrong_is_said_at_its_question(changed: dict[str, list[str]], question: str, said: str) -> None:
    answers = read(form_named("contact"), {**CONTACT, **changed})

    assert said in answers.errors[question]
    assert set(answers.errors) == {question}


@pytest.mark.parametrize(
    ("shape", "typed", "value"),
    [
        pytest.param(Shape.MONEY, "£2,000", 200000, id="pounds with a comma"),
        pytest.param(Shape.MONEY, "12.50", 1250, id="pounds and pence"),
        pytest.param(Shape.NUMBER, "1,204", 1204, id="a whole number"),
        pytest.param(Shape.MOMENT, "2026-03-03T14:05", "2026-03-03T14:05:00+00:00", id="an hour in winter"),
        pytest.param(Shape.MOMENT, "2025-07-03T14:05", "2025-07-03T14:05:00+01:00", id="an hour in summer"),
        pytest.param(Shape.LINES, "Police\r\n\r\n Elm School ", ["Police", "Elm School"], id="one on a line"),
    ],
)
def test_answers_are_read_as_the_declared_type(shape: Shape, typed: str, value: Any) -> None:
    assert read_one(Question("q", "Question?", shape), [typed], today=TODAY) == value


@pytest.mark.parametrize(
    ("shape", "typed"), [(Shape.MONEY, "lots"), (Shape.NUMBER, "-1"), (Shape.MOMENT, "noon"), (Shape.WHO, "stranger")]
)
def test_what_cannot_be_read_is_refused_in_the_questions_words(shape: Shape, typed: str) -> None:
    with pytest.raises(InputError, match="How much"):
        read_one(Question("q", "How much?", shape), [typed], today=TODAY)


def test_a_question_is_needed_only_when_its_condition_holds() -> None:
    form = form_named("disclosure")
    raw = {"day": ["3", "3", "2026"], "decision": ["declined"], "purpose": ["To help"]}

    assert set(read(form, raw).errors) == {"reason_declined"}
    assert set(read(form, {**raw, "decision": ["shared"]}).errors) == {"what"}


def test_a_strategy_discussion_begins_an_enquiry_only_when_it_says_so() -> None:
    form = form_named("strategy_discussion")
    raw = {"day": ["3", "3", "2026"], "agencies_present": ["Police\nElm School"], "initiated_section_47": ["yes"],
           "decision": ["Enquire"], "reasons": ["Bruises"], "safety_until_enquiry": ["Stays with Nan"]}  # fmt: skip

    both = facts_of(form, read(form, raw), [], me="")
    none = facts_of(form, read(form, {**raw, "initiated_section_47": ["no"]}), [], me="")

    assert [one.kind for one in both] == ["strategy_discussion", "section_47_enquiry"]
    assert [one.kind for one in none] == ["strategy_discussion"]


def test_a_new_placement_ends_the_one_before_on_its_first_day() -> None:
    form = form_named("placement")
    known = [fact("placement", date(2025, 5, 1)), fact("placement", date(2024, 5, 1), date(2025, 5, 1))]
    raw = {"day": ["3", "3", "2026"], "placement_type": ["U1"], "placement_provider": ["PR1"], "start_reason": ["P"]}
    answers = read(form, raw)
    assert answers.complete, answers.errors

    ended, begun = facts_of(form, answers, known, me="")

    assert (ended.how, ended.fact, ended.valid_to) == (How.END, known[0].fact, date(2026, 3, 3))
    assert (begun.how, begun.valid_from, begun.valid_to) == (How.NEW, date(2026, 3, 3), None)


def test_leaving_care_ends_everything_that_goes_on_on_one_day() -> None:
    form = form_named("leaves_care")
    known = [fact(kind, date(2025, 5, 1)) for kind in ("care_period", "placement", "legal_status")]
    answers = read(form, {"which": [known[0].fact], "day": ["3", "3", "2026"], "end_reason": ["E4A"]}, known)
    assert answers.complete, answers.errors

    made = facts_of(form, answers, known, me="")

    assert [(one.kind, one.how, one.valid_to) for one in made] == [
        (kind, How.END, date(2026, 3, 3)) for kind in ("care_period", "placement", "legal_status")
    ]


def test_nothing_ends_before_it_began() -> None:
    form = form_named("leaves_care")
    known = [fact("care_period", date(2026, 3, 4))]
    answers = read(form, {"which": [known[0].fact], "day": ["3", "3", "2026"], "end_reason": ["E4A"]}, known)

    with pytest.raises(InputError, match="before it began, on 4 March 2026"):
        facts_of(form, answers, known, me="")


def test_what_is_open_once_cannot_begin_twice() -> None:
    form = form_named("missing")
    raw = {"day": ["3", "3", "2026"], "missing_type": ["M"], "began_at": ["2026-03-03T10:00"]}

    with pytest.raises(InputError, match="one is under way already"):
        facts_of(form, read(form, raw), [fact("missing", date(2026, 3, 1))], me="")


def test_the_childs_own_words_are_a_paper_apart_and_nothing_when_there_are_none() -> None:
    form = form_named("child_in_need_visit")
    raw = {"day": ["3", "3", "2026"], "seen": ["yes"], "seen_alone": ["yes"]}

    silent = facts_of(form, read(form, raw), [], me="Asha Lind")
    said = facts_of(form, read(form, {**raw, "own_words": ["I want Nan"]}), [], me="Asha Lind")

    assert [one.kind for one in silent] == ["child_in_need_visit"]
    assert said[1].kind == "childs_own_words"
    assert said[1].values["sections"] == [{"heading": "", "words": "I want Nan"}]
    assert "I want Nan" not in str(said[0].values)


def test_what_the_record_knows_is_not_asked_again() -> None:
    form = form_named("referral")
    known = [fact("contact", date(2026, 3, 1), source_description="Ms Ray, Elm School", reason="A worry")]

    start = already_known(form, known, today=TODAY, me="Asha Lind")

    assert start["source_description"] == ["Ms Ray, Elm School"]
    assert start["reason"] == ["A worry"]
    assert start["day"] == ["4", "3", "2026"]


@pytest.mark.parametrize("form", [pytest.param(form, id=name) for name, form in forms().items()])
def test_what_is_prefilled_can_be_read_again(form: Form) -> None:
    known = [fact(one.kind, date(2026, 3, 1)) for one in form.writes]
    start = already_known(form, known, today=TODAY, me="Asha Lind")

    answers = read(form, start, known)

    assert not set(answers.errors) & set(start)


@given(st.dates(date(1990, 1, 1), TODAY))
def test_a_day_is_typed_and_read_as_the_same_day(day: date) -> None:
    question = Question("q", "Which day?", Shape.DAY, past=True)

    assert read_one(question, as_typed(question, day.isoformat()), today=TODAY) == day.isoformat()


@given(st.text(), st.sampled_from([one for one in Shape if one not in (Shape.WHO, Shape.WHICH)]))
def test_no_text_makes_reading_fall_over(text: str, shape: Shape) -> None:
    with contextlib.suppress(InputError):
        read_one(Question("q", "Question?", shape, targets=(("care_plan", "goals"),)), [text] * 3, today=TODAY)


def test_a_new_version_of_a_plan_begins_with_the_one_before_and_has_the_next_number() -> None:
    form = form_named("care_plan")
    first = {"goals": [{"words": "Home with Nan"}], "actions": [{"what": "Call Nan", "who": "Asha"}], "edition": 2,
             "view_of_child": "I like it", "agreed_by": ["Nan"]}  # fmt: skip
    known = [KnownFact("care_plan", "f1", date(2026, 1, 5), None, first)]

    start = already_known(form, known, today=TODAY, me="Asha Lind")
    raw = {**start, "contingency": ["Nan's sister"], "view_of_child": ["Still good"]}
    told = facts_of(form, read_answers(form, raw, today=TODAY), known, me="Asha Lind")

    assert (start["goals"], start["actions"]) == (["Home with Nan"], ["Call Nan; Asha"])
    assert not {"view_of_child", "agreed_by"} & set(start), "what people say of it is asked anew"
    assert told[0].values["edition"] == 3
