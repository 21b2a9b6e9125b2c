"""Serious incidents: which are notifiable, where each stands, and the time limits of the catalogue."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kinfold.care.case import Due, StepState
from kinfold.care.incidents import (
    ABUSE,
    CARE_LEAVER,
    DELAYED,
    DIED,
    FINAL,
    HARMED,
    IN_CARE,
    LOCAL,
    NO_REVIEW,
    PUBLISHED,
    REPLY,
    REVIEW,
    SENT,
    SUBMISSION,
    IncidentCase,
    IncidentState,
    incident_cases,
    suggests_notification,
)
from tests.unit.care.conftest import Said, say

AWARE = "2026-12-23T15:10:00+00:00"
TOLD = say("notification", date(2026, 12, 30), notification_type="serious incident",
           sent_at="2026-12-30T10:00:00+00:00", recipients=["the Panel", "safeguarding partners"])  # fmt: skip
APPROVED = say("approval", date(2026, 12, 30), regulation=SUBMISSION, outcome="approved")
RAPID = say("rapid_review", date(2027, 1, 15), sent_to_panel_date="2027-01-15", recommends_review=True)
DECIDED = say("decision", date(2027, 2, 4), matter=LOCAL, choice=REVIEW)
NOT_DECIDED = say("decision", date(2027, 2, 4), matter=LOCAL, choice=NO_REVIEW)


def step(name: str, day: date) -> Said:
    return say("practice_review_step", day, step=name)


PUBLISHING = [step(FINAL, date(2027, 7, 1)), step(SENT, date(2027, 7, 20)), step(PUBLISHED, date(2027, 8, 3))]


def case(*facts: Said, due: Due, today: date = date(2027, 8, 30), **said: Any) -> IncidentCase:
    said = {"aware_at": AWARE, "notifiable": True, **said}
    incident = Said("serious_incident", date(2026, 12, 23), None, {k: v for k, v in said.items() if v is not None})
    return incident_cases([incident, *facts], today=today, due=due)[0]


@pytest.mark.parametrize(
    ("criteria", "notifiable"),
    [
        pytest.param([ABUSE, DIED], True, id="abuse and a death"),
        pytest.param([ABUSE, HARMED], True, id="abuse and serious harm"),
        pytest.param([IN_CARE], True, id="a looked-after child's death, whatever the cause"),
        pytest.param([CARE_LEAVER], True, id="a care leaver's death, whatever the cause"),
        pytest.param([ABUSE], False, id="abuse alone"),
        pytest.param([HARMED], False, id="harm without abuse"),
        pytest.param([DIED], False, id="a death without abuse"),
        pytest.param([], False, id="nothing"),
    ],
)
def test_these_criteria_make_an_incident_notifiable(criteria: list[str], notifiable: bool) -> None:
    assert suggests_notification(criteria)[0] is notifiable


@pytest.mark.parametrize(
    ("facts", "said", "state"),
    [
        pytest.param([], {"notifiable": None}, IncidentState.CRITERIA, id="criteria not decided"),
        pytest.param([], {"notifiable": False}, IncidentState.NOT_NOTIFIABLE, id="not notifiable"),
        pytest.param([], {}, IncidentState.SUBMISSION, id="waits for the director"),
        pytest.param([APPROVED], {}, IncidentState.NOTIFICATION, id="approved"),
        pytest.param([APPROVED, TOLD], {}, IncidentState.RAPID_REVIEW, id="notified"),
        pytest.param([TOLD, RAPID], {}, IncidentState.DECISION, id="rapid review sent"),
        pytest.param([TOLD, RAPID, DECIDED], {}, IncidentState.PRACTICE_REVIEW, id="a review is commissioned"),
        pytest.param([TOLD, RAPID, NOT_DECIDED], {}, IncidentState.CLOSED, id="no review"),
        pytest.param([TOLD, RAPID, DECIDED, *PUBLISHING[:2]], {}, IncidentState.PUBLICATION, id="report sent"),
        pytest.param([TOLD, RAPID, DECIDED, *PUBLISHING], {}, IncidentState.CLOSED, id="published, nothing recommended"),
        pytest.param(
            [TOLD, RAPID, DECIDED, *PUBLISHING, say("recommendation", date(2027, 8, 3))], {},
            IncidentState.RECOMMENDATIONS, id="a recommendation is open",
        ),
        pytest.param(
            [TOLD, RAPID, DECIDED, *PUBLISHING, say("recommendation", date(2027, 8, 3), date(2027, 8, 20))], {},
            IncidentState.CLOSED, id="every recommendation is done",
        ),
    ],
)  # fmt: skip
def test_an_incident_stands_where_the_facts_say(
    facts: list[Said], said: dict[str, Any], state: IncidentState, due: Due
) -> None:
    assert case(*facts, due=due, **said).state is state


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        pytest.param("notification", date(2027, 1, 4), id="5 working days over Christmas and New Year"),
        pytest.param("publication", date(2027, 8, 4), id="6 months from the decision"),
        pytest.param("report_sent", date(2027, 7, 23), id="7 working days back from publication on 3 August"),
    ],
)
def test_the_time_limits_are_those_of_the_storyline(name: str, limit: date, due: Due) -> None:
    assert case(TOLD, RAPID, DECIDED, *PUBLISHING, due=due).step(name).earliest_due == limit


def test_a_rapid_review_shows_both_days() -> None:
    from kinfold.duties import due as due_of

    found = case(TOLD, due=lambda duty, trigger: due_of(duty, trigger=trigger).due, today=date(2027, 1, 19))
    rapid = found.step("rapid_review")

    assert (rapid.due, rapid.earliest_due) == (date(2027, 1, 21), date(2027, 1, 18))
    assert rapid.state is StepState.TO_DO


@pytest.mark.parametrize(
    ("sent", "state"),
    [
        pytest.param("2027-01-04T16:00:00+00:00", StepState.DONE, id="on the last day"),
        pytest.param("2027-01-05T09:00:00+00:00", StepState.DONE_LATE, id="the day after"),
    ],
)
def test_a_notification_is_in_time_up_to_its_last_day(sent: str, state: StepState, due: Due) -> None:
    told = say("notification", date.fromisoformat(sent[:10]), notification_type="serious incident", sent_at=sent)

    assert case(told, due=due).step("notification").state is state


def test_what_is_not_sent_in_time_is_overdue_and_says_so(due: Due) -> None:
    found = case(due=due, today=date(2027, 1, 5))

    assert {step.name for step in found.overdue} == {"submission", "notification", "partners"}


def test_reasons_for_a_delay_stop_the_clock_and_not_the_case(due: Due) -> None:
    found = case(TOLD, RAPID, DECIDED, step(FINAL, date(2027, 7, 1)), step(SENT, date(2027, 7, 2)),
                 step(DELAYED, date(2027, 8, 1)), due=due)  # fmt: skip

    assert found.step("publication").state is StepState.TO_DO
    assert found.state is IncidentState.PUBLICATION


def test_the_panels_reply_is_a_step_of_its_own(due: Due) -> None:
    assert case(TOLD, RAPID, due=due).step("reply").state is StepState.NOT_YET
    assert case(TOLD, RAPID, step(REPLY, date(2027, 2, 1)), due=due).step("reply").state is StepState.DONE


def test_what_names_its_incident_belongs_to_it_and_to_no_other(due: Due) -> None:
    first = say("serious_incident", date(2026, 1, 5), aware_at="2026-01-05T09:00:00+00:00", notifiable=True)
    second = say("serious_incident", date(2026, 3, 2), aware_at="2026-03-02T09:00:00+00:00", notifiable=True)
    late = say("notification", date(2026, 3, 9), notification_type="serious incident", concerns=first.fact)

    cases = incident_cases([first, second, late], today=date(2026, 3, 10), due=due)

    assert [one.state for one in cases] == [IncidentState.RAPID_REVIEW, IncidentState.SUBMISSION]
