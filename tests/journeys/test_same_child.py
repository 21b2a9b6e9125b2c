"""The same child, known to several: a social worker and a police officer find her; a reviewer clears doubtful pairs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

import kinfold.record.kinds  # noqa: F401 -- fills the registry
from kinfold.service.records.actions import agreements_demonstration, facts, people
from kinfold.service.records.actions.identity import find_pairs
from kinfold.service.records.loading.indexing import index_persons
from kinfold.service.records.models import Alert, Holder, Pair, Reach, SameAs, Thing
from kinfold.service.records.scope import as_system
from tests.journeys.conftest import TODAY, account, child

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FORENAMES = ("Amber", "Briony", "Clemency", "Dilys", "Esme", "Frances", "Greta", "Hester", "Imogen", "Juno")
SURNAMES = ("Applecote", "Brindlow", "Carrowmere", "Dunnethorpe", "Fenwright")
DOUBTFUL = 50


def _worker(holder: Holder, name: str, role: str, *, organisation: str = "") -> Thing:
    with as_system():
        person = Thing.objects.create(word="person", sort="worker", held_by=holder)
    made = people.add_account(
        email=f"{name.split()[0].lower()}@{holder.code}.invalid", name=name, holder=holder, by="test", today=TODAY,
        worker=person, persona="for this journey", organisation=organisation,
    )  # fmt: skip
    people.give_role(account=made, role=role, by="test", because="test", today=TODAY)
    return person


@pytest.fixture
def robin(council: Holder, settings: Any, tmp_path: Any) -> Thing:
    """Return a child whose social worker, and the police officer of the meeting about her, both work in the council."""
    settings.DATA = tmp_path
    with as_system():
        made = child(council, "Robin", "Quill", date(2014, 6, 14), number="C1001")
    sam = _worker(council, "Sam Okoro", "social_worker")
    dana = _worker(council, "Dana Kerr", "child_protection_team_police", organisation="Vale Police")
    people.allocate(children=[made], worker=sam, role="SOCIAL_WORKER", by="test", because="test", today=TODAY)
    with as_system():
        Reach.objects.create(held_by=council, actor=dana, person=made, sort="meeting", from_date=TODAY,
                             because="strategy discussion")  # fmt: skip
    agreements_demonstration.add_sharing(council, today=TODAY)
    return made


def _finds(page: Any, live_server: Any, words: str) -> str:
    """Search for a child in somebody's own words, open her page, and return its address."""
    page.goto(f"{live_server.url}/search/")
    page.locator("main input[name=q]").fill(words)
    page.locator("main").get_by_role("button", name="Search").click()
    page.locator("main").get_by_role("link", name="Robin Quill").click()
    return str(page.url)


def test_a_police_officer_and_a_social_worker_find_the_same_child(
    robin: Thing, be: Callable[[str], Any], live_server: Any, accessible: Callable[[], None]
) -> None:
    page = be("Sam Okoro")
    found = _finds(page, live_server, "Quill, Robin")
    page.get_by_role("link", name="Who else knows").click()
    page.get_by_role("link", name="Shared space").click()
    page.get_by_role("button", name="Tell me when another organisation records a new concern").click()

    page = be("Dana Kerr")
    assert _finds(page, live_server, "Robyn Quil 14/06/2014") == found
    accessible()
    page.get_by_role("link", name="Who else knows").click()
    page.get_by_role("link", name="Shared space").click()
    expect(page.get_by_text("You are here for Vale Police.")).to_be_visible()
    page.get_by_label("Day").fill("5")
    page.get_by_label("Month").fill("1")
    page.get_by_label("Year").fill("2026")
    page.get_by_label("What do you add?").fill("Seen out at night with older people")
    page.locator("input[name=purpose][value=safeguarding]").check()
    page.get_by_label("new concern").check()
    accessible()
    page.get_by_role("button", name="Add it").click()

    page = be("Sam Okoro")
    page.goto(f"{live_server.url}/children/{robin.uid}/shared-space/")
    entry = page.locator(".govuk-inset-text")
    expect(entry).to_contain_text("Vale Police")
    expect(entry).to_contain_text("Seen out at night with older people")
    expect(entry).to_contain_text("New concern")
    accessible()
    with as_system():
        assert Alert.objects.get(sort="concern").account.name == "Sam Okoro"


def test_a_reviewer_clears_fifty_doubtful_pairs_by_single_keys_and_takes_one_back(
    council: Holder, be: Callable[[str], Any], live_server: Any, accessible: Callable[[], None]
) -> None:
    account(council, "Ilse Marran", "information_governance")
    _fifty_twice(council)
    page = be("Ilse Marran")
    page.goto(f"{live_server.url}/same-child/")
    page.get_by_role("button", name="Start with the likeliest").click()
    accessible()
    page.get_by_role("link", name="Decide with single keys").click()

    left = page.locator(".govuk-hint", has_text="Single keys are on")
    for waiting in range(DOUBTFUL - 1, 0, -1):
        expect(left).to_contain_text(f"{waiting} more pair")
        page.keyboard.press("d" if waiting % 5 == 0 else "s")
    expect(left).to_contain_text("This is the last pair")
    page.keyboard.press("z")
    expect(page.get_by_text("Undone.")).to_be_visible()
    page.keyboard.press("u")
    expect(left).to_contain_text("This is the last pair")
    page.keyboard.press("s")

    expect(page.get_by_role("heading", name="Records that may be the same child")).to_be_visible()
    accessible()
    page.keyboard.press("z")
    expect(page.get_by_text("Undone.")).to_be_visible()
    expect(left).to_contain_text("This is the last pair")
    page.keyboard.press("s")
    expect(page.get_by_role("heading", name="Records that may be the same child")).to_be_visible()
    with as_system():
        decided = {sort: Pair.objects.filter(decision=sort).count() for sort in ("open", "same", "apart", "unsure")}
        assert decided == {"open": 0, "same": 40, "apart": 9, "unsure": 1}
        assert SameAs.objects.filter(known_to__isnull=True).count() == decided["same"]


def _fifty_twice(council: Holder) -> None:
    """Put fifty children on record twice, the second time with a slip in the name and no home."""
    with as_system():
        made = []
        for number in range(DOUBTFUL):
            forename, surname = FORENAMES[number % 10], SURNAMES[number // 10]
            for name in (forename, forename + forename[-1]):
                one = Thing.objects.create(word="person", sort="child", held_by=council)
                say = {"subject": one, "by": "test", "because": "test"}
                born = date(2010 + number % 7, 1 + number % 12, 2 + number % 27)
                facts.record_fact(kind="person_details", values={"birth_date": born, "sex": "F"}, **say)
                facts.record_fact(
                    kind="name", values={"forename": name, "surname": surname, "name_type": "LEGAL"}, **say
                )
                made.append(one.pk)
        index_persons(council.pk, made)
        assert find_pairs(council.pk) == DOUBTFUL
