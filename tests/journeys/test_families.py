"""A visit to two children of a family, typed once, and the family's own page, by keyboard order and held to axe."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

from kinfold.service.records.actions import facts, people
from kinfold.service.records.models import Holder, Thing
from tests.journeys.conftest import account, child

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def zuri(council: Holder) -> Thing:
    """Return a child with a brother and a worker who works with both."""
    worker = account(council, "Sam Okoro", "social_worker")
    children = [
        child(council, name, "Okafor", born, number=number)
        for name, born, number in (("Zuri", date(2017, 5, 14), "C1"), ("Joel", date(2023, 3, 2), "C2"))
    ]
    family = Thing.objects.create(word="person", sort="group", held_by=council)
    for one in children:
        facts.record_fact(kind="member_of_group", subject=one, party=family, values={}, by="test", because="test")
    people.allocate(children=children, worker=worker.person, role="SOCIAL_WORKER", by="test", because="test",
                    today=date(2025, 5, 1))  # fmt: skip
    return children[0]


def answer(page: Any, question: str, choice: str) -> None:
    page.get_by_role("group", name=question, exact=True).get_by_label(choice, exact=True).check(force=True)


def test_a_visit_and_a_plan_are_typed_once_for_a_brother_and_a_sister(
    zuri: Thing, be: Callable[[str], Any], live_server: Any, accessible: Callable[[], None]
) -> None:
    # given a worker who has visited both children
    page = be("Sam Okoro")
    page.goto(f"{live_server.url}/children/{zuri.uid}/record/child_in_need_visit/")
    accessible()

    # when the visit is typed once, and what is Joel's own is asked of him by name
    page.get_by_label("Joel Okafor").check(force=True)
    answer(page, "Was the child seen?", "Yes")
    answer(page, "Was the child seen alone?", "Yes")
    page.get_by_label("What did the child say, in their own words? (optional)").fill("I like maths")
    page.get_by_role("button", name="Check your answers").click()
    expect(page.get_by_role("heading", name="Joel Okafor")).to_be_visible()
    accessible()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    accessible()
    answer(page, "Was Joel Okafor seen?", "Yes")
    answer(page, "Was Joel Okafor seen alone?", "No")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    accessible()
    page.get_by_role("button", name="Record this").click()

    # then it is recorded for both
    expect(page.get_by_text("“Visit to a child in need” is recorded for 2 children")).to_be_visible()

    # and the family's page leads to the plan, which is kept once
    page.get_by_role("navigation", name="This child").get_by_role("link", name="Family", exact=True).click()
    page.get_by_role("link", name="The family’s page").click()
    expect(page.get_by_text("There is no plan for the family yet")).to_be_visible()
    accessible()
    page.get_by_role("link", name="Write the family’s plan").click()
    expect(page.get_by_label("Joel Okafor")).to_be_checked()
    for label in ("What do the family hope for?", "Who will do what, by when?", "What do the family say of it?"):
        page.get_by_label(label, exact=True).fill("Bedtimes hold")
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_label("What did Joel Okafor say, in their own words? (optional)").fill("Story first")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Record this").click()
    expect(page.get_by_text("“Family Help plan” is recorded for 2 children")).to_be_visible()
    page.goto(f"{live_server.url}/children/{zuri.uid}/family/")
    page.get_by_role("link", name="The family’s page").click()
    expect(page.get_by_text("Story first")).to_be_visible()
    accessible()
