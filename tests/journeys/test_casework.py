"""A worker records a visit that saves itself, a colleague writes at the same time, and a manager approves a plan."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from kinfold.service.records.actions import facts, people
from kinfold.service.records.models import Holder
from tests.journeys.conftest import account, child

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("KINFOLD_SHOTS", "")


@pytest.fixture
def team(council: Holder) -> Any:
    """Return a child with a worker and a manager."""
    robin = child(council, "Robin", "Quill", date(2014, 6, 14), number="C1001")
    facts.record_fact(kind="child_in_need_plan", subject=robin, values={}, valid_from=date(2025, 5, 1), by="test",
                      because="test")  # fmt: skip
    for name, role, allocated in (
        ("Asha Lind", "social_worker", "SOCIAL_WORKER"),
        ("Cora Venn", "team_manager", "TEAM_MANAGER"),
    ):
        made = account(council, name, role)
        people.allocate(children=[robin], worker=made.person, role=allocated, by="test", because="test",
                        today=date(2025, 5, 1), replace=False)  # fmt: skip
    return robin


def shot(page: Any, name: str) -> None:
    """Keep a picture of the page at both widths, where a folder for them is named."""
    if not SHOTS:
        return
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=str(Path(SHOTS) / f"{name}-{width}.png"), full_page=True)


def test_a_visit_is_recorded_and_a_plan_is_approved(
    team: Any, be: Callable[[str], Any], live_server: Any, accessible: Callable[[], None]
) -> None:
    # given a worker at the child's page
    page = be("Asha Lind")
    page.goto(f"{live_server.url}/children/{team.uid}/")
    page.get_by_role("link", name="Record something").click()
    accessible()
    shot(page, "list")

    # when a visit is typed in, it is kept without a button
    page.goto(f"{live_server.url}/children/{team.uid}/record/child_in_need_visit/")
    page.get_by_label("What did the child say, in their own words? (optional)").fill("I want to see Nan")
    page.get_by_text("Kept at").wait_for()
    page.reload()
    expect(page.locator("main")).to_contain_text("I want to see Nan")
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_role("heading", name="There is a problem").wait_for()
    accessible()
    shot(page, "errors")
    for question in ("Was the child seen?", "Was the child seen alone?"):
        page.get_by_role("group", name=question, exact=True).get_by_label("Yes").check()
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_role("heading", name="Check your answers").wait_for()
    accessible()
    shot(page, "check")
    page.get_by_role("button", name="Record this").click()

    # then the child's words stand on the child's page
    page.get_by_text("“Visit to a child in need” is recorded").wait_for()
    assert page.locator(".kinfold-own-words").inner_text().startswith("I want to see Nan")

    # and a plan waits for the manager, who approves it
    page.goto(f"{live_server.url}/children/{team.uid}/record/care_plan/")
    for label in ("What is hoped for?", "Who will do what, by when?", "What happens if it does not work?",
                  "What does the child say of it?"):  # fmt: skip
        page.get_by_label(label, exact=True).fill("Robin lives with Nan")
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_role("button", name="Send for approval").click()
    page = be("Cora Venn")
    page.goto(f"{live_server.url}/approvals/")
    accessible()
    shot(page, "approvals")
    page.get_by_role("link", name="Robin Quill").click()
    accessible()
    shot(page, "approval")
    page.get_by_role("button", name="Approve").click()
    page.get_by_text("is approved and recorded").wait_for()


def test_a_letter_is_made_from_the_record(
    team: Any, be: Callable[[str], Any], live_server: Any, accessible: Callable[[], None]
) -> None:
    page = be("Asha Lind")
    page.goto(f"{live_server.url}/children/{team.uid}/letters/")
    accessible()
    shot(page, "letters")
    page.get_by_role("link", name="Appointment").click()
    page.get_by_label("Robin Quill").check()
    page.get_by_label("When, where and what for").fill("On Monday at four, at school")
    page.get_by_role("button", name="Show it").click()
    page.get_by_role("heading", name="As it will be").wait_for()
    accessible()
    shot(page, "letter")
    page.goto(f"{live_server.url}/hubs/")
    accessible()
    page.get_by_label("Name of the hub").fill("Harbour Hub")
    page.get_by_role("button", name="Add the hub").click()
    page.get_by_role("heading", name="Add a service").wait_for()
    accessible()
    shot(page, "hub")
