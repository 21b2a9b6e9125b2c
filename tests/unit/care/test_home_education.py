"""Consent to home education: grounds, states and steps, as tables."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.care.case import StepState
from kinfold.care.home_education import (
    ENQUIRY,
    PAST_PLAN,
    PLAN,
    SPECIAL,
    HomeEducationCase,
    HomeEducationState,
    grounds_for,
    home_education_cases,
)
from tests.unit.care.conftest import Said, say

ASKED, TODAY, LAW = date(2027, 1, 11), date(2027, 2, 1), date(2027, 1, 1)
ENQUIRY_OPEN = say("section_47_enquiry", date(2027, 1, 6))
GRANTED = say("home_education_consent", date(2027, 1, 22), decision="granted")
REFUSED = say("home_education_consent", date(2027, 1, 22), decision="refused", review_route_told_date="2027-01-22")
ASKED_AGAIN = say("home_education_step", date(2027, 1, 25), step="review asked for")
LEFT = say("school_deregistration", date(2027, 1, 28))


def reviewed(outcome: str) -> Said:
    return say("home_education_step", date(2027, 1, 29), step="review decided", outcome=outcome)


def case(*facts: Said, in_force: date | None = LAW, **said: Any) -> HomeEducationCase:
    request = say("home_education_request", ASKED, **said)
    return home_education_cases([request, *facts], today=TODAY, in_force=in_force)[0]


@pytest.mark.parametrize(
    ("facts", "grounds"),
    [
        pytest.param([], [], id="nothing on record"),
        pytest.param([ENQUIRY_OPEN], [ENQUIRY], id="an enquiry open on the day"),
        pytest.param([say("section_47_enquiry", date(2026, 11, 1), date(2026, 12, 1))], [], id="an enquiry that ended"),
        pytest.param(
            [say("section_47_enquiry", date(2025, 11, 3), initial_conference_date="2025-11-20")],
            [],
            id="an enquiry of the census, which names no end, that led to a conference",
        ),
        pytest.param(
            [say("section_47_enquiry", date(2026, 12, 30), initial_conference_date="2027-01-19")],
            [ENQUIRY],
            id="an enquiry whose conference is still to come",
        ),
        pytest.param(
            [say("section_47_enquiry", date(2025, 11, 3), conference_not_required=True)],
            [],
            id="an enquiry of the census that needed no conference",
        ),
        pytest.param(
            [say("section_47_enquiry", date(2027, 1, 20))], [ENQUIRY], id="an enquiry opened after the request"
        ),
        pytest.param([say("child_protection_plan", date(2026, 1, 1))], [PLAN], id="a plan that runs"),
        pytest.param(
            [say("child_protection_plan", date(2022, 1, 1), date(2023, 6, 1))],
            [PAST_PLAN],
            id="a plan that ended in 2023",
        ),
        pytest.param(
            [say("child_protection_plan", date(2020, 1, 1), date(2022, 1, 11))],
            [],
            id="a plan that ended five years ago",
        ),
        pytest.param(
            [ENQUIRY_OPEN, say("child_protection_plan", date(2026, 1, 1))], [ENQUIRY, PLAN], id="an enquiry and a plan"
        ),
    ],
)
def test_consent_is_needed_on_these_grounds(facts: list[Said], grounds: list[str]) -> None:
    found = grounds_for(say("home_education_request", ASKED), facts, until=TODAY)

    assert [one.name for one in found] == grounds


def test_the_limb_of_five_years_is_said_to_be_uncertain() -> None:
    found = grounds_for(
        say("home_education_request", ASKED),
        [say("child_protection_plan", date(2022, 1, 1), date(2023, 6, 1))],
        until=TODAY,
    )

    assert not found[0].certain


def test_a_ground_that_the_record_cannot_show_is_taken_from_the_request() -> None:
    assert [one.name for one in case(grounds=[SPECIAL]).grounds] == [SPECIAL]


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        pytest.param([], HomeEducationState.NOT_NEEDED, id="no ground"),
        pytest.param([ENQUIRY_OPEN], HomeEducationState.TO_DECIDE, id="a ground and no decision"),
        pytest.param([ENQUIRY_OPEN, GRANTED], HomeEducationState.GRANTED, id="granted"),
        pytest.param([ENQUIRY_OPEN, REFUSED], HomeEducationState.REFUSED, id="refused"),
        pytest.param([ENQUIRY_OPEN, REFUSED, ASKED_AGAIN], HomeEducationState.UNDER_REVIEW, id="review asked for"),
        pytest.param(
            [ENQUIRY_OPEN, REFUSED, ASKED_AGAIN, reviewed("upheld")], HomeEducationState.UPHELD, id="refusal upheld"
        ),
        pytest.param(
            [ENQUIRY_OPEN, REFUSED, ASKED_AGAIN, reviewed("overturned")], HomeEducationState.GRANTED, id="overturned"
        ),
        pytest.param(
            [ENQUIRY_OPEN, REFUSED, ASKED_AGAIN, reviewed("to be decided again")],
            HomeEducationState.DECIDE_AGAIN, id="sent back",
        ),
        pytest.param([ENQUIRY_OPEN, GRANTED, LEFT], HomeEducationState.LEFT, id="left with consent"),
        pytest.param([ENQUIRY_OPEN, LEFT], HomeEducationState.LEFT_WITHOUT_CONSENT, id="left before a decision"),
        pytest.param([ENQUIRY_OPEN, REFUSED, LEFT], HomeEducationState.LEFT_WITHOUT_CONSENT, id="left although refused"),
        pytest.param([LEFT], HomeEducationState.LEFT, id="left, and no consent was needed"),
        pytest.param(
            [ENQUIRY_OPEN, say("home_education_step", date(2027, 1, 13), step="request withdrawn")],
            HomeEducationState.WITHDRAWN, id="withdrawn",
        ),
    ],
)  # fmt: skip
def test_a_request_stands_where_the_facts_say(facts: list[Said], state: HomeEducationState) -> None:
    assert case(*facts).state is state


@pytest.mark.parametrize(
    ("in_force", "state"),
    [
        pytest.param(None, HomeEducationState.LEFT, id="not commenced"),
        pytest.param(date(2027, 6, 1), HomeEducationState.LEFT, id="commences later"),
        pytest.param(LAW, HomeEducationState.LEFT_WITHOUT_CONSENT, id="in force"),
    ],
)
def test_leaving_the_roll_is_a_breach_only_once_the_act_is_in_force(
    in_force: date | None, state: HomeEducationState
) -> None:
    assert case(ENQUIRY_OPEN, LEFT, in_force=in_force).state is state


def test_the_steps_say_what_is_left() -> None:
    steps = {step.name: step.state for step in case(ENQUIRY_OPEN, REFUSED, grounds=[ENQUIRY]).steps}

    assert steps == {
        "request": StepState.DONE, "grounds": StepState.DONE, "decision": StepState.DONE, "told": StepState.DONE,
        "review": StepState.NOT_YET, "removal": StepState.NOT_YET,
    }  # fmt: skip


def test_a_ground_that_the_request_does_not_state_asks_to_be_confirmed() -> None:
    grounds = next(step for step in case(ENQUIRY_OPEN).steps if step.name == "grounds")

    assert grounds.state is StepState.TO_DO
    assert ENQUIRY in grounds.because


def test_a_second_request_is_a_case_of_its_own() -> None:
    first, second = say("home_education_request", date(2026, 9, 1)), say("home_education_request", ASKED)
    refused = say("home_education_consent", date(2026, 9, 20), decision="refused")

    cases = home_education_cases([second, first, refused, ENQUIRY_OPEN], today=TODAY, in_force=LAW)

    assert [one.state for one in cases] == [HomeEducationState.REFUSED, HomeEducationState.TO_DECIDE]


@given(st.permutations([ENQUIRY_OPEN, REFUSED, ASKED_AGAIN, reviewed("overturned"), LEFT]))
def test_the_order_in_which_facts_are_read_makes_no_difference(facts: list[Said]) -> None:
    assert case(*facts).state is HomeEducationState.LEFT


@given(st.integers(0, 4000), st.integers(1, 400))
def test_a_plan_that_runs_on_the_day_always_asks_for_consent(before: int, after: int) -> None:
    plan = say("child_protection_plan", ASKED - timedelta(days=before), ASKED + timedelta(days=after))

    assert PLAN in [one.name for one in case(plan).grounds]
