"""A leaver's children go to others in one step; two people who edit one note both keep their words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from kinfold.service.records.audit import verify_chain
from kinfold.service.records.models import Account, PaperFact, SpellFact
from tests.journeys.conftest import WIDE, Served, passes

pytestmark = pytest.mark.browser


def a_page(browser: Any, served: Served, who: str) -> Any:
    """Return a page of somebody's own browser."""
    context = browser.new_context(locale="en-GB", viewport=WIDE)
    served.become(context, who)
    return context.new_page()


def test_a_leavers_children_are_reallocated(served: Served, browser: Any) -> None:
    # given a manager whose worker Sam leaves, with two children
    manager = a_page(browser, served, "manager")
    manager.goto(f"{served.url}/people/")
    passes(manager)
    manager.get_by_role("link", name="Sam Okoro").click()
    passes(manager)
    manager.get_by_role("link", name="They are leaving").click()
    passes(manager)

    # when the manager says nobody takes Juniper yet and Eli takes the rest
    manager.get_by_label("Who takes their children?").select_option(label="Eli Reed (North)")
    manager.get_by_label("Juniper Quill").select_option(label="Nobody yet")
    manager.get_by_role("button", name="Record that they leave").click()

    # then one child is with Eli, the other is named first among those without a worker, and Sam cannot sign in
    expect(manager.get_by_text("Sam Okoro has left. 1 of their children")).to_be_visible()
    passes(manager)
    with served.database():
        assert open_with(served, "robin") == [served.town.things["eli"].pk]
        assert open_with(served, "juniper") == []
        assert not Account.objects.get(pk=served.town.who["worker"].pk).is_active
        assert verify_chain(served.town.holder.pk) == []
    eli = a_page(browser, served, "other worker")
    eli.goto(served.url)
    expect(eli.get_by_role("link", name="Robin Quill")).to_be_visible()
    passes(eli)


def open_with(served: Served, child: str) -> list[int | None]:
    """Return whom a child is allocated to now."""
    rows = SpellFact.objects.filter(
        subject=served.town.things[child],
        kind="allocation",
        known_to__isnull=True,
        valid_to__isnull=True,
        status="final",
    )
    return list(rows.filter(payload__role="SOCIAL_WORKER").values_list("party_id", flat=True))


def test_two_people_who_edit_one_note_both_keep_their_words(served: Served, browser: Any) -> None:
    # given two people who have opened the same note to correct it
    address = f"{served.url}/children/{served.town.uid()}/papers/{served.town.facts['note']}/edit/"
    first, second = a_page(browser, served, "other worker"), a_page(browser, served, "manager")
    for page in (first, second):
        page.goto(address)
    passes(first)

    # when both save
    for page, words in ((first, "Robin likes the new school."), (second, "Robin walks to school alone.")):
        page.get_by_label("Words").fill(words)
        page.get_by_label("Why you are correcting it").fill("I was there")
        page.get_by_role("button", name="Save the correction").click()

    # then the first is saved, and the second sees both side by side
    first.get_by_text("The correction is saved").first.wait_for()
    assert second.get_by_role("heading", level=1).inner_text() == "Somebody else changed this first"
    expect(second.get_by_role("region", name="Saved by").get_by_text("Robin likes the new school.")).to_be_visible()
    expect(second.get_by_role("region", name="Yours").get_by_text("Robin walks to school alone.")).to_be_visible()
    passes(second)

    # and when the second takes from both, all three versions are kept
    second.get_by_label("Words").fill("Robin likes the new school and walks there alone.")
    second.get_by_role("button", name="Save this").click()
    second.get_by_text("The correction is saved").first.wait_for()
    with served.database():
        versions = PaperFact.objects.filter(fact=served.town.facts["note"]).order_by("known_from")
        said = [json.dumps(one.payload) for one in versions]
    assert len(said) == 3
    assert "Darren rang" in said[0]
    assert "likes the new school." in said[1]
    assert "walks there alone" in said[2]
