"""Recommendations, the search of learning, the yearly reports, and messages between installations."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from kinfold.care import messages
from kinfold.care.case import Due
from kinfold.care.corporate_parenting import Year, answers_in_year, body_year, parts_of_the_duty, year_of
from kinfold.care.incidents import incident_cases
from kinfold.care.learning import RecommendationState, recommendation, search
from kinfold.care.partnership_report import yearly_lines
from kinfold.terms.errors import InputError
from tests.unit.care.conftest import Said, say
from tests.unit.care.test_incidents import DECIDED, NOT_DECIDED, PUBLISHING, RAPID, TOLD

TODAY = date(2027, 9, 1)
MADE = date(2027, 8, 3)


@pytest.mark.parametrize(
    ("fact", "state"),
    [
        pytest.param(say("recommendation", MADE), RecommendationState.NO_ANSWER, id="not answered"),
        pytest.param(say("recommendation", MADE, answer="accepted"), RecommendationState.ACCEPTED, id="accepted"),
        pytest.param(say("recommendation", MADE, answer="refused"), RecommendationState.REFUSED, id="refused"),
        pytest.param(say("recommendation", MADE, due_date="2027-08-31"), RecommendationState.OVERDUE, id="overdue"),
        pytest.param(say("recommendation", MADE, due_date="2027-09-01"), RecommendationState.NO_ANSWER, id="due today"),
        pytest.param(
            say("recommendation", MADE, date(2027, 9, 1), due_date="2027-08-31"),
            RecommendationState.DONE,
            id="done late",
        ),
    ],
)
def test_a_recommendation_stands_where_the_facts_say(fact: Said, state: RecommendationState) -> None:
    assert recommendation(fact, today=TODAY).state is state


@dataclass(frozen=True)
class Point:
    words: str
    theme: str


POINTS = [Point("Babies under one were not seen alone.", "bruising"), Point("Ask about fathers.", "men in the home"),
          Point("Bruising in babies was not looked into.", "health")]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "theme", "found"),
    [
        pytest.param("", "", [0, 1, 2], id="no words find everything"),
        pytest.param("BRUIS", "", [0, 2], id="the beginning of a word, the theme first"),
        pytest.param("babies alone", "", [0], id="every word must stand there"),
        pytest.param("", "health", [2], id="one theme"),
        pytest.param("grandparents", "", [], id="nothing"),
    ],
)
def test_learning_is_found_by_words_and_theme(text: str, theme: str, found: list[int]) -> None:
    assert search(POINTS, text, theme=theme) == [POINTS[place] for place in found]


def test_the_partnerships_report_counts_by_the_year_of_becoming_aware(due: Due) -> None:
    children: list[list[Said]] = [
        [TOLD, RAPID, DECIDED, *PUBLISHING, say("recommendation", MADE, theme="bruising")],
        [TOLD, RAPID, NOT_DECIDED],
        [],
    ]
    cases = []
    for facts in children:
        incident = say(
            "serious_incident", date(2026, 12, 23), aware_at="2026-12-23T15:10:00+00:00", notifiable=bool(facts)
        )
        cases += incident_cases([incident, *facts], today=TODAY, due=due)

    lines = {line.label: line.words for line in yearly_lines(cases, Year(2026))}

    assert lines["Incidents the council became aware of"] == "3"
    assert lines["Decided not to be notifiable"] == "1 of 3"
    assert lines["Notified in time"] == "2 of 2"
    assert lines["Local practice reviews commissioned"] == "1 of 2"
    assert lines["Bruising"] == "1 of 1"
    assert {line.value for line in yearly_lines(cases, Year(2025))} == {0}


@pytest.mark.parametrize(
    ("day", "name"),
    [
        pytest.param(date(2026, 3, 31), "2025-26", id="the last day"),
        pytest.param(date(2026, 4, 1), "2026-27", id="the first"),
        pytest.param(date(2099, 6, 1), "2099-00", id="a century's end"),
    ],
)
def test_a_year_begins_in_april(day: date, name: str) -> None:
    assert year_of(day).name == name


def test_a_bodys_year_says_which_parts_of_the_duty_are_missing() -> None:
    parts = parts_of_the_duty()
    facts = [
        say("corporate_parenting_action", date(2026, 5, 1), duty=parts[0], people_reached=12),
        say("corporate_parenting_action", date(2025, 5, 1), duty=parts[1]),
        say("service_offered", date(2024, 1, 1), service="Work experience"),
        say("service_offered", date(2024, 1, 1), date(2026, 4, 1), service="Ended before the year"),
        say("published_report", date(2027, 5, 1), report_type="corporate parenting report", period="2026-27"),
    ]

    found = body_year(facts, Year(2026))

    assert found.met == parts[:1]
    assert found.missing == parts[1:]
    assert found.people_reached == 12
    assert [one.payload["service"] for one in found.offers] == ["Work experience"]
    assert found.report is not None
    assert found.state == f"1 of {len(parts)} parts recorded"


def test_offers_to_care_leavers_are_counted_with_their_answers() -> None:
    offers = [
        say("support_offer", date(2026, 6, 1), offer="covenant", answer=a) for a in ("accepted", "declined", None)
    ]

    assert [(one.offer, one.made, one.accepted, one.declined) for one in answers_in_year(offers, Year(2026))] == [
        ("covenant", 3, 1, 1)
    ]


# --- messages ------------------------------------------------------------------------------------


def body(*facts: Said, direction: str = messages.TO_PANEL) -> dict[str, Any]:
    made = messages.body_of(
        facts, direction=direction, sender_code="990", sender="Elmshire", incident=facts[0].fact,
        made_at=datetime(2027, 1, 4, 9, tzinfo=UTC), age=3, sex="F",
    )  # fmt: skip
    return {**made, "public_key": "ab" * 32, "signature": "cd" * 64}


INCIDENT = say("serious_incident", date(2026, 12, 23), aware_at="2026-12-23T15:10:00+00:00", notifiable=True)


def test_a_message_is_read_as_it_was_sent() -> None:
    sent = body(INCIDENT, TOLD)

    message, signed = messages.read_message(json.dumps(sent, indent=3).encode(), direction=messages.TO_PANEL)

    assert signed == messages.canonical(sent)
    assert [one.kind for one in message.facts] == ["serious_incident", "notification"]
    assert message.about == {"age": 3, "sex": "F"}


def test_only_what_may_travel_does() -> None:
    names = say("name", date(2020, 1, 1), forename="Robin")
    other = say("decision", date(2027, 1, 1), matter="case closure", choice="closed")

    sent = body(INCIDENT, names, other, say("notification", date(2027, 1, 1), notification_type="serious incident",
                                            channel="portal"))  # fmt: skip

    assert [one["kind"] for one in sent["facts"]] == ["serious_incident", "notification"]
    assert "channel" not in sent["facts"][1]["values"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xff\xfe", id="no text"),
        pytest.param(b"[" * 5000, id="nested without end"),
        pytest.param(b'{"format": "other"}', id="another format"),
        pytest.param(json.dumps({**body(INCIDENT), "facts": None}).encode(), id="no facts"),
        pytest.param(json.dumps({**body(INCIDENT), "incident": "x"}).encode(), id="no incident"),
        pytest.param(json.dumps({**body(INCIDENT), "made_at": "2027-01-04"}).encode(), id="no time zone"),
        pytest.param(json.dumps(body(INCIDENT, direction=messages.FROM_PANEL)).encode(), id="the other way"),
        pytest.param(
            json.dumps(body(INCIDENT)).replace("serious_incident", "name").encode(), id="a kind that does not travel"
        ),
    ],
)
def test_what_is_no_message_is_refused_with_a_reason(content: bytes) -> None:
    with pytest.raises(InputError, match=r"message|way|travel"):
        messages.read_message(content, direction=messages.TO_PANEL)


def test_a_fact_received_twice_is_new_once() -> None:
    message, _ = messages.read_message(json.dumps(body(INCIDENT, TOLD)).encode(), direction=messages.TO_PANEL)

    assert [one.kind for one in messages.new_facts(message, [INCIDENT.fact])] == ["notification"]
