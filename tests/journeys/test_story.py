"""Somebody looks for a child and reads the story; somebody else must not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

from kinfold.service.records.actions import facts, people
from kinfold.service.records.audit import verify_chain
from kinfold.service.records.models import Alert, AuditEntry, Commit, Holder
from kinfold.service.records.setting_up import add_holder
from tests.journeys.conftest import TODAY, account, child

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_social_worker_finds_a_child_by_a_misspelt_name_and_reads_the_story(
    council: Holder, be: Callable[[str], Any], accessible: Callable[[], None]
) -> None:
    # given a child with a plan, allocated to Sam
    sam = account(council, "Sam Okoro", "social_worker")
    zuri = child(council, "Zuri", "Okafor-Lindqvist", date(2017, 3, 9), number="C100")
    facts.record_fact(
        kind="child_protection_plan", subject=zuri, values={"initial_category": "NEG"}, by="test", because="test",
        valid_from=date(2026, 1, 26),
    )  # fmt: skip
    people.allocate(children=[zuri], worker=sam.person, role="SOCIAL_WORKER", by="test", because="test", today=TODAY)

    # when Sam types the name as it sounds
    page = be("Sam Okoro")
    accessible()
    page.get_by_label("Find a child").fill("zoori okafor linquist")
    page.get_by_role("button", name="Search").click()
    accessible()
    page.get_by_role("link", name="Zuri Okafor-Lindqvist").click()

    # then the story is there, and the look was recorded with its reason
    assert page.get_by_role("heading", level=1).inner_text() == "Zuri Okafor-Lindqvist"
    expect(page.get_by_text("Child protection plan").first).to_be_visible()
    accessible()
    assert AuditEntry.objects.filter(action="child page", person=str(zuri.uid), actor=str(sam.uid)).exists()
    assert verify_chain(council.pk) == []


def test_a_manager_of_another_council_finds_nothing_not_even_a_count(
    council: Holder, be: Callable[[str], Any], accessible: Callable[[], None], live_server: Any
) -> None:
    zuri = child(council, "Zuri", "Okafor", date(2017, 3, 9), number="C100")
    account(add_holder(code="991", name="Oakbridge"), "Moira Other", "team_manager")

    page = be("Moira Other")
    page.get_by_label("Find a child").fill("Zuri Okafor")
    page.get_by_role("button", name="Search").click()

    expect(page.get_by_text("Nobody was found")).to_be_visible()
    accessible()
    page.goto(f"{live_server.url}/children/{zuri.uid}/")
    assert "Okafor" not in page.content()
    assert page.get_by_role("heading", level=1).inner_text() != "Zuri Okafor"
    accessible()


def test_a_record_is_opened_at_once_and_those_who_must_know_are_told(
    council: Holder, be: Callable[[str], Any], accessible: Callable[[], None], page: Any
) -> None:
    # given a worker who does not work with the child, and information governance
    account(council, "Ben Duty", "social_worker")
    nadia = account(council, "Nadia Fenn", "information_governance")
    child(council, "Tia", "Marsh", date(2012, 5, 1), number="C200")

    # when the worker says why they need the record now
    be("Ben Duty")
    page.get_by_label("Find a child").fill("Tia Marsh")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="ask to open it").click()
    accessible()
    page.get_by_role("radio").first.check()
    page.get_by_label("In your own words").fill("The police have brought her to the office and her worker is away.")
    page.get_by_role("button", name="Open for four hours").click()

    # then it opens, and Nadia is told and reviews it
    assert page.get_by_role("heading", level=1).inner_text() == "Tia Marsh"
    assert Alert.objects.filter(account=nadia, sort="break_glass", done_at__isnull=True).count() == 1
    be("Nadia Fenn")
    accessible()
    page.get_by_role("link", name="opened at once").click()
    accessible()
    page.get_by_label("What did you find?").fill("Right: she was at risk that evening.")
    page.get_by_role("button", name="Record the review").click()
    assert not Alert.objects.filter(account=nadia, sort="break_glass", done_at__isnull=True).exists()


def test_an_inspector_asks_what_was_known_on_a_day(
    council: Holder, be: Callable[[str], Any], accessible: Callable[[], None], live_server: Any
) -> None:
    # given a child in the inspector's sample, whose plan was recorded after the day asked about
    greta = account(council, "Greta Sallow", "ofsted_inspector")
    joel = child(council, "Joel", "Reyes", date(2015, 8, 2), number="C300")
    people.put_in_sample(account=greta, children=[joel], by="test", today=date.today(), days=10)  # noqa: DTZ011
    facts.record_fact(
        kind="child_protection_plan", subject=joel, values={"initial_category": "EMO"}, by="test", because="test",
        valid_from=date(2026, 1, 26),
    )  # fmt: skip
    first = Commit.objects.filter(held_by=council).order_by("number").first()
    assert first is not None

    # when the inspector opens the record now, and as known the day before anything was
    page = be("Greta Sallow")
    page.goto(f"{live_server.url}/children/{joel.uid}/")
    expect(page.get_by_text("Child protection plan").first).to_be_visible()
    page.goto(f"{live_server.url}/children/{joel.uid}/?as_known_on=2025-12-31")

    # then nothing was known yet, and the page says of which day it speaks
    expect(page.get_by_text("what was known at the end of 31 December 2025")).to_be_visible()
    assert page.get_by_text("Child protection plan").count() == 0
    accessible()
