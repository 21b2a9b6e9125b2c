"""Applications to register: the rules of the fast track, checks of fitness, second officers, clocks and the queue. All is invented."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from kinfold.market.cases import registration
from kinfold.market.cases.journal import appended
from kinfold.market.cases.registration_notices import notice_of
from kinfold.market.supply.fast_track import FACTS, FITNESS, eligibility, in_force, rules
from kinfold.market.supply.queue import first_come, outcomes
from kinfold.terms.errors import InputError
from kinfold.terms.working_days import bank_holidays
from tests.unit.market.supply import PACK, TODAY, Journal, ago

HOLIDAYS = bank_holidays(2024, 2028)
READY = {
    "provider_sort": "company", "need": "care", "commissioned": False, "area_short": False, "capital_grant": False, "planning": "granted",
    "location_assessment": "suitable", "manager": True, "money": True,
}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "eligible", "words"),
    [
        ({}, False, "No rule opens"),
        ({"provider_sort": "charity"}, True, "It may"),
        ({"provider_sort": "council"}, True, "It may"),
        ({"commissioned": True}, True, "It may"),
        ({"capital_grant": True}, True, "It may"),
        ({"need": "complex health"}, False, "No rule opens"),  # the need alone does not: the area must be short of places
        ({"need": "complex health", "area_short": True}, True, "It may"),
        ({"need": "care", "area_short": True}, False, "No rule opens"),
        ({"provider_sort": "charity", "planning": "applied"}, False, "this is needed first: Planning permission"),
        ({"provider_sort": "charity", "planning": "not needed"}, True, "It may"),
        ({"provider_sort": "charity", "location_assessment": "unsuitable"}, False, "The location was assessed"),
        ({"provider_sort": "charity", "manager": False}, False, "A manager is named"),
        ({"provider_sort": "charity", "money": None}, False, "The money to open"),
    ],
)  # fmt: skip
def test_the_rules_say_who_may_go_on_the_fast_track_and_why(said: dict[str, Any], eligible: bool, words: str) -> None:
    found = eligibility({**READY, **said}, TODAY)

    assert (found.eligible, words in found.because) == (eligible, True), found.because
    assert all(one.source and one.certainty for one in found.explained)


def test_before_the_reform_was_announced_no_rule_opened_a_fast_track() -> None:
    found = eligibility({**READY, "provider_sort": "charity"}, date(2024, 1, 2))

    assert (found.eligible, found.explained) == (False, [])
    assert rules()["not_for_profit"].unit == "opens"


def an_application(**said: Any) -> Journal:
    opened = {
        "name": "Elm",
        "provider": "Elm Trust",
        "provision": "children's home",
        "council": "990",
        "received_on": ago(60),
        **READY,
    }
    return Journal(registration, **{**opened, **said})


def up_to_visits(journal: Journal, route: str = "standard", **more: Any) -> Any:
    journal.write("move", reasons="All there", to="complete", on=ago(50))
    journal.write("route", reasons="By the rules", route=route, on=ago(48), **more)
    return journal.write("visit", on=ago(20), who="Ann", found="Ready")


def fit(journal: Journal) -> None:
    for check in in_force(TODAY, FITNESS):
        journal.write("fitness", check=check.name, met=True, what="Seen")


def both(journal: Journal, to: str, **said: Any) -> Any:
    journal.write("proposal", reasons="Because", to=to, evidence=[], **said)
    return journal.write("agreed", "ben", of=len(journal.lines), served_on=TODAY.isoformat())


@pytest.mark.parametrize("route", ["standard", "fast track"])
def test_no_route_leaves_out_a_check_of_fitness(route: str) -> None:
    journal = an_application(provider_sort="charity" if route == "fast track" else "company")
    up_to_visits(journal, route)

    with pytest.raises(InputError, match="Not every check of fitness is met"):
        journal.write("proposal", reasons="Because", to="registered", urn="SC012345", evidence=[])
    fit(journal)
    assert both(journal, "registered", urn="SC012345").state == "registered"


def test_departing_from_the_rules_needs_a_reason_of_its_own() -> None:
    journal = an_application()
    journal.write("move", reasons="All there", to="complete", on=ago(50))

    with pytest.raises(InputError, match="departs from the rules"):
        journal.write("route", reasons="Quick", route="fast track")
    assert journal.write(
        "route", reasons="Quick", route="fast track", departure="Two children wait in hospital"
    ).is_fast


def test_nobody_agrees_to_their_own_decision_and_a_refusal_waits_for_representations() -> None:
    journal = an_application()
    up_to_visits(journal)
    journal.write("proposal", reasons="No staff", to="notice of proposal", proposes="refuse", evidence=[])
    with pytest.raises(InputError, match="nobody agrees to their own"):
        journal.write("agreed", of=len(journal.lines), served_on=TODAY.isoformat())
    made = journal.write("agreed", "ben", of=len(journal.lines), served_on=TODAY.isoformat())

    assert registration.representations_until(made, PACK) == TODAY + timedelta(days=27)
    with pytest.raises(InputError, match="Representations may be made until"):
        journal.write("proposal", reasons="No staff", to="refused", evidence=[])
    journal.write("representations", representations="We have hired", received_on=TODAY.isoformat())
    assert both(journal, "refused").state == "refused"
    journal.write("move", reasons="Lodged", to="appealed", on=TODAY.isoformat())
    assert (
        journal.write("appeal decided", outcome="allowed", urn="SC012345", on=TODAY.isoformat()).state == "registered"
    )


def test_an_application_that_leaves_a_question_open_is_not_complete() -> None:
    with pytest.raises(InputError, match="Is the money to open"):
        an_application(money=None).write("move", reasons="All there", to="complete")
    assert set(an_application(money=None).working.unsaid) == {FACTS["money"].label}


def test_clocks_count_working_days_by_the_route_and_stop_when_it_is_decided() -> None:
    fast, usual = an_application(provider_sort="charity"), an_application()
    up_to_visits(fast, "fast track")
    up_to_visits(usual)

    by_route = [
        {one.what: one for one in registration.clocks(one.working, holidays=HOLIDAYS, policy=PACK)}
        for one in (fast, usual)
    ]

    assert by_route[0]["Decided"].due < by_route[1]["Decided"].due
    assert by_route[0]["Home visited"].is_late(TODAY)
    assert not by_route[1]["Home visited"].is_late(TODAY)
    fit(usual)
    assert registration.next_due(both(usual, "registered", urn="SC012345"), holidays=HOLIDAYS, policy=PACK) is None


def test_the_queue_puts_the_fast_track_first_and_counts_what_each_route_came_to() -> None:
    fast, usual, new = an_application(provider_sort="charity"), an_application(), an_application()
    up_to_visits(fast, "fast track")
    up_to_visits(usual)
    working = [one.working for one in (new, usual, fast)]
    found = [(one, registration.next_due(one, holidays=HOLIDAYS, policy=PACK)) for one in working]

    assert first_come(found) == [2, 0, 1]
    assert [(one.route, one.applications, one.waiting, one.days) for one in outcomes(working, holidays=HOLIDAYS, policy=PACK)] == [
        ("fast track", 1, 1, None), ("standard", 1, 1, None), ("no route yet", 1, 1, None),
    ]  # fmt: skip


def test_what_a_route_came_to_tells_how_its_homes_were_judged_first() -> None:
    good, less = an_application(), an_application()
    for journal, urn in ((good, "SC012345"), (less, "SC000002")):
        up_to_visits(journal)
        fit(journal)
        both(journal, "registered", urn=urn)
    judged = {"SC012345": "Good", "SC000002": "Inadequate", "SC000003": "Good"}

    (found,) = outcomes([good.working, less.working], holidays=HOLIDAYS, policy=PACK, judged=judged)

    assert (found.registered, found.inspected, found.good) == (2, 2, 1)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"to": "notice of proposal", "proposes": "refuse"}, ["to refuse your application", "by the end of 28 June 2026 (28 days"]),
        ({"to": "notice of proposal", "proposes": "conditions", "conditions": "Two children at most"}, ["with conditions", "Conditions: Two children at most"]),
        ({"to": "refused"}, ["You made no representations in time.", "appeal to the First-tier Tribunal by the end of 28 June 2026"]),
        ({"to": "registered", "urn": "SC012345"}, ["under the number SC012345"]),
    ],
)  # fmt: skip
def test_what_is_sent_says_everything_it_must_with_its_last_day(said: dict[str, Any], words: list[str]) -> None:
    journal = an_application()
    proposal = appended(
        journal.lines, sort="proposal", said=said, by="ann", name="Ann", at=journal.at, reasons="Too few staff"
    )

    sent = notice_of(journal.working, proposal, served_on=TODAY, policy=PACK)

    assert sent[0] == "To: Elm Trust"
    assert all(any(word in one for one in sent) for word in words), sent
    assert "Our reasons: Too few staff" in sent
    assert not any("{" in one for one in sent)
