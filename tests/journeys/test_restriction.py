"""A team manager asks for a record to be restricted, a head of service agrees, and it vanishes for everybody else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from kinfold.service.records.audit import verify_chain
from tests.journeys.conftest import NARROW, WIDE, Served, passes
from tests.journeys.test_every_page import keep_picture

pytestmark = pytest.mark.browser


@pytest.fixture(params=["with scripts", "without"])
def open_as(request: Any, browser: Any, served: Served) -> Iterator[Any]:
    """Return a function that gives a page of somebody's own browser, with JavaScript and without."""
    made = []

    def a_page(who: str) -> Any:
        context = browser.new_context(
            locale="en-GB", viewport=WIDE, java_script_enabled=request.param == "with scripts"
        )
        made.append(context)
        served.become(context, who)
        return context.new_page()

    a_page.scripted = request.param == "with scripts"  # type: ignore[attr-defined]
    yield a_page
    for context in made:
        context.close()


def _asks(manager: Any, address: str, accessible: Any) -> None:
    manager.goto(address)
    manager.get_by_role("link", name="Restriction", exact=True).click()
    accessible(manager)
    manager.get_by_role("button", name="Ask for a restriction").click()
    manager.get_by_label("Somebody who works here knows the child").check()
    manager.get_by_label("What has happened").fill("Eli lives next door to the family")
    # who forgets to say who may still open it is told so, and what they typed is kept
    manager.get_by_role("button", name="Go on and check").click()
    expect(manager.get_by_role("alert").get_by_role("link")).to_contain_text("Choose who may still open the record")
    expect(manager.get_by_label("What has happened")).to_have_value("Eli lives next door to the family")
    accessible(manager)
    manager.get_by_label("Sam Okoro").check()
    manager.get_by_label("Mary Ash").check()
    manager.get_by_role("button", name="Go on and check").click()
    expect(manager.get_by_role("heading", level=1)).to_contain_text("Check before you go on")
    accessible(manager)
    keep_picture(manager, "restriction_check")
    manager.set_viewport_size(NARROW)
    keep_picture(manager, "restriction_check-320")
    manager.set_viewport_size(WIDE)
    manager.get_by_role("button", name="Ask for the restriction").click()
    expect(manager.get_by_text("Asked. Nothing changes until")).to_be_visible()


def _agrees(head: Any, address: str, accessible: Any) -> None:
    head.goto(address)
    head.get_by_role("link", name="Mary Ash asks for a record to be restricted").click()
    accessible(head)
    head.get_by_label("Yes, restrict the record now").check()
    head.get_by_role("button", name="Answer").click()
    expect(head.get_by_text("The record is restricted, from now on")).to_be_visible()
    accessible(head)


def _takes_it_off(head: Any, accessible: Any) -> None:
    head.get_by_role("link", name="Robin Quill").first.click()
    head.get_by_role("button", name="Take it off").click()
    accessible(head)
    head.get_by_label("Why is it taken off?").fill("Eli has moved away")
    head.get_by_role("button", name="Take it off").click()
    expect(head.get_by_role("cell", name="Eli has moved away").first).to_be_visible()
    accessible(head)


def test_a_restriction_is_asked_for_agreed_seen_by_nobody_else_and_taken_off(served: Served, open_as: Any) -> None:
    accessible = passes if open_as.scripted else lambda page: None
    address = f"{served.url}/children/{served.town.uid('robin')}/"
    # given that a team manager learns that a colleague knows the family, and a head of service agrees
    _asks(open_as("manager"), address, accessible)
    head = open_as("head")
    _agrees(head, served.url, accessible)

    # then the worker who is named goes on, and sees that it is restricted
    sam = open_as("worker")
    sam.goto(address)
    expect(sam.get_by_text("This record is restricted")).to_be_visible()
    accessible(sam)

    # and a worker of the same team neither finds the child nor is told that there is one
    eli = open_as("other worker")
    assert eli.goto(address).status == 404
    eli.goto(f"{served.url}/search/?q=Robin")
    expect(eli.get_by_text("Nobody was found")).to_be_visible()

    # until it is taken off again with a reason, which its history keeps
    _takes_it_off(head, accessible)
    eli.goto(f"{served.url}/search/?q=Robin")
    expect(eli.get_by_text("Robin Quill").first).to_be_visible()
    with served.database():
        assert verify_chain(served.town.holder.pk) == []
