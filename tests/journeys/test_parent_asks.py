"""A parent asks for their record: in a real browser, from asking to taking the copy away. Every page passes axe."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

import kinfold.record.kinds
import kinfold.service.jobs.worker  # noqa: F401 -- names every task
from kinfold.service.jobs.queue import finish, take
from kinfold.service.jobs.tasks import run_task
from kinfold.service.records.actions import facts, people, rights
from kinfold.service.records.models import Account, Thing
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.rights import for_rights
from kinfold.service.records.scope import as_system
from kinfold.service.records.setting_up import add_holder, migrate_all

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _say(kind: str, subject: Thing, **rest: Any) -> str:
    with as_system():
        return str(facts.record_fact(kind=kind, subject=subject, by="test", because="a test", **rest))


def _person(holder: Any, sort: str, forename: str, surname: str) -> Thing:
    with as_system():
        made = Thing.objects.create(word="person", sort=sort, held_by=holder)
    _say("name", made, values={"forename": forename, "surname": surname, "name_type": "LEGAL"})
    return made


def _account(holder: Any, role: str, name: str, person: Thing | None = None) -> Account:
    account = people.add_account(
        email=f"{name.split()[0].lower()}@council.invalid", name=name, holder=holder, by="test",
        today=date(2020, 1, 1), worker=person, persona=role,
    )  # fmt: skip
    people.give_role(account=account, role=role, by="test", because="a test", today=date(2020, 1, 1))
    return account


@pytest.fixture
def council(transactional_db: None, settings: Any) -> dict[str, Any]:
    """Return a child and their mother, who may open her own page, and two people of information governance."""
    migrate_all()
    settings.DEMO = True  # a page of personas in the place of sign-in
    holder = add_holder(code="990", name="Elmshire")
    child, mother = _person(holder, "child", "Robin", "Quill"), _person(holder, "adult", "Ottoline", "Brae")
    father = _person(holder, "adult", "Darren", "Pike")
    _say("mother_of", mother, party=child, values={"parental_responsibility": True})
    _say("father_of", father, party=child, values={})
    _say("note", child, valid_from=date(2026, 1, 5), values={
        "title": "Visit", "sections": [{"words": "Darren rang from work. Robin likes the new school."}]})  # fmt: skip
    _account(holder, "parent", "Ottoline Brae", mother)
    nadia = _account(holder, "information_governance", "Nadia Fenn")
    _account(holder, "information_governance", "Omar Tull")
    reader = for_rights(Reader(nadia))
    rights.open_to_family(reader, str(child.uid), email="ottoline@council.invalid", because="parental responsibility")
    return {"child": str(child.uid)}


def _passes_axe(page: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    assert found == [], [(one["id"], one["nodes"][0]["html"]) for one in found]


def _as(browser: Any, address: str, name: str) -> Any:
    page = browser.new_context(locale="en-GB", accept_downloads=True).new_page()
    page.goto(f"{address}/demonstration/")
    page.get_by_role("button", name=name).click()
    return page


def _work() -> None:
    while (job := take("a journey")) is not None:
        assert finish(job, run_task(job))


def test_a_parent_asks_for_a_record_and_takes_a_copy_without_others_names(
    browser: Any, live_server: Any, council: dict[str, Any]
) -> None:
    # given a parent whose page has been opened to her
    parent = _as(browser, live_server.url, "Ottoline Brae")
    parent.goto(f"{live_server.url}/my-record/")
    _passes_axe(parent)

    # when she asks for a copy
    parent.get_by_role("button", name="Ask for a copy").click()
    _passes_axe(parent)
    parent.get_by_label("What would you like a copy of?").fill("Everything since January")
    parent.get_by_role("button", name="Ask", exact=True).click()
    expect(parent.get_by_text("We have your request")).to_be_visible()
    _passes_axe(parent)

    # and one person of information governance marks what is about others and has the pack made
    nadia = _as(browser, live_server.url, "Nadia Fenn")
    nadia.goto(f"{live_server.url}/children/{council['child']}/subject-access/")
    _passes_axe(nadia)
    nadia.get_by_role("table").get_by_role("link").first.click()
    nadia.get_by_label("Words to leave out").fill("from work")
    nadia.get_by_role("button", name="Leave these words out").click()
    nadia.get_by_role("button", name="Make the pack").click()
    _work()
    nadia.reload()
    _passes_axe(nadia)

    # then she cannot release what she made herself
    nadia.get_by_label("Given in part").check()
    nadia.get_by_role("button", name="Answer the request").click()
    expect(nadia.get_by_text("Another person must release this").first).to_be_visible()

    # and a second person releases it
    omar = _as(browser, live_server.url, "Omar Tull")
    omar.goto(nadia.url)
    omar.get_by_label("Given in part").check()
    omar.get_by_role("button", name="Answer the request").click()
    expect(omar.get_by_text("The request is answered")).to_be_visible()

    # and the parent takes it away, with nobody's name in it but hers and the child's
    parent.goto(f"{live_server.url}/my-record/")
    _passes_axe(parent)
    with parent.expect_download() as taken:
        parent.get_by_role("link", name="Data (JSON)").click()
    pack = json.loads(taken.value.path().read_text())
    note = next(item for item in pack["items"] if item["kind"] == "Case note")
    assert note["text"] == "[your father] rang [about somebody else]. Robin likes the new school."
    assert "Darren" not in json.dumps(pack)
