"""A social worker asks who else knows a child; a revocation stops a record on its way; the mother reads who looked."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

import kinfold.record.kinds  # noqa: F401 -- fills the registry
from kinfold.outside.custodians.children import systems
from kinfold.outside.custodians.client import CustodianClient
from kinfold.outside.custodians.local import Known, LocalSystem
from kinfold.outside.custodians.running import running
from kinfold.service.records.actions import agreements_demonstration, facts, people, rights
from kinfold.service.records.models import Account, FetchLink, Holder, Thing
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.rights import for_rights
from kinfold.service.records.scope import as_system
from tests.journeys.conftest import account, child

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROBIN = Known("Robin", "Quill", "2014-06-14")


def _mother(holder: Holder, of: Thing, governance: Account) -> None:
    with as_system():
        mother = Thing.objects.create(word="person", sort="adult", held_by=holder)
        facts.record_fact(kind="name", subject=mother, by="test", because="test",
                          values={"forename": "Ottoline", "surname": "Brae", "name_type": "LEGAL"})  # fmt: skip
        facts.record_fact(kind="mother_of", subject=mother, party=of, by="test", because="test",
                          values={"parental_responsibility": True})  # fmt: skip
    made = people.add_account(email="ottoline@990.invalid", name="Ottoline Brae", holder=holder, by="test",
                              today=date(2020, 1, 1), worker=mother, persona="for this journey",
                              organisation="A family")  # fmt: skip
    people.give_role(account=made, role="parent", by="test", because="test", today=date(2020, 1, 1))
    rights.open_to_family(for_rights(Reader(governance)), str(of.uid), email=made.email, because="her child")


@pytest.fixture
def robin(council: Holder, settings: Any, tmp_path: Any) -> Thing:
    """Return a child with a social worker, a mother who may open her page, and six organisations around."""
    settings.DATA = tmp_path
    settings.API_CALLS_A_MINUTE = 1_000_000
    with as_system():
        made = child(council, "Robin", "Quill", date(2014, 6, 14), number="C1001")
        person = Thing.objects.create(word="person", sort="worker", held_by=council)
    worker = people.add_account(email="sam@990.invalid", name="Sam Okoro", holder=council, by="test",
                                today=date(2020, 1, 1), worker=person, persona="for this journey")  # fmt: skip
    people.give_role(account=worker, role="social_worker", by="test", because="test", today=date(2020, 1, 1))
    people.allocate(children=[made], worker=person, role="SOCIAL_WORKER", by="test", because="test",
                    today=date(2025, 1, 1))  # fmt: skip
    _mother(council, made, account(council, "Nadia Fenn", "information_governance"))
    agreements_demonstration.add_sharing(council, today=date(2026, 1, 1))
    return made


@pytest.fixture
def others(robin: Thing, live_server: Any) -> Iterator[dict[str, LocalSystem]]:
    """Return the other organisations' systems, at work over HTTP."""
    secrets = json.loads(agreements_demonstration.custodians_file().read_text())["clients"]
    made = systems([ROBIN], seed=1, today=datetime.now(UTC).date())
    for one in made:
        one.down_hours = frozenset()
    clients = {
        code: CustodianClient(live_server.url, one["client_id"], secret=one["secret"]) for code, one in secrets.items()
    }
    with running(made, clients, every=0.3):
        yield {one.code: one for one in made}


def _other_window(browser: Any, address: str, name: str) -> Any:
    page = browser.new_context(locale="en-GB").new_page()
    page.goto(f"{address}/demonstration/")
    page.get_by_role("button", name=name).click()
    return page


def test_a_revocation_stops_a_record_on_its_way_and_the_mother_reads_who_looked(
    robin: Thing, others: dict[str, LocalSystem], be: Callable[[str], Any], browser: Any, live_server: Any,
    accessible: Callable[[], None],
) -> None:  # fmt: skip
    page = be("Sam Okoro")
    page.goto(f"{live_server.url}/children/{robin.uid}/")
    page.get_by_role("link", name="Who else knows").click()
    accessible()

    page.get_by_role("button", name="Ask them").click()
    page.get_by_label("To protect a child from harm").check()
    page.get_by_label("Why do you ask now?").fill("Section 47 enquiry begun today")
    page.get_by_role("button", name="Ask them").click()
    page.get_by_text("6 of 6 organisations asked are heard from").wait_for(timeout=300_000)
    accessible()

    holding = threading.Event()
    give = LocalSystem.give

    def slowly(self: LocalSystem, *asked: Any, **more: Any) -> Any:
        assert holding.wait(90)
        return give(self, *asked, **more)

    LocalSystem.give = slowly  # type: ignore[method-assign]
    try:
        page.get_by_role("button", name=re.compile("Ask for this record.*Vale Schools Trust")).click()
        page.get_by_text("On its way").wait_for()
        governance = _other_window(browser, live_server.url, "Nadia Fenn")
        governance.goto(f"{live_server.url}/agreements/of/vale-schools/revoke/")
        governance.get_by_label("Why").fill("A complaint is looked into")
        governance.get_by_role("button", name="Revoke it now").click()
        governance.get_by_text("Whatever was on its way is stopped").wait_for()
    finally:
        holding.set()
        LocalSystem.give = give  # type: ignore[method-assign]

    page.get_by_text("The agreement changed while the record was on its way").wait_for(timeout=300_000)
    accessible()
    with as_system():
        link = FetchLink.objects.get()
        assert (link.state, bytes(link.sealed)) == ("stopped", b"")

    mother = _other_window(browser, live_server.url, "Ottoline Brae")
    mother.goto(f"{live_server.url}/my-record/")
    words = mother.locator("main").inner_text()
    assert "Vale Police" in words
    assert "Section 47 enquiry begun today" in words


def test_what_comes_is_shown_by_itself_while_one_organisation_is_silent(
    robin: Thing, others: dict[str, LocalSystem], be: Callable[[str], Any], live_server: Any,
    accessible: Callable[[], None],
) -> None:  # fmt: skip
    others["ashford-vale"].down_hours = frozenset(range(24))
    page = be("Sam Okoro")
    page.goto(f"{live_server.url}/children/{robin.uid}/who-else/ask/")
    page.get_by_label("To protect a child from harm").check()
    page.get_by_label("Why do you ask now?").fill("Section 47 enquiry begun today")
    page.get_by_role("button", name="Ask them").click()
    page.evaluate("window.neverLoadedAgain = true")

    page.get_by_text("5 of 6").wait_for(timeout=300_000)
    page.get_by_text("Nothing is known yet from: Ashford Vale Council.").wait_for(timeout=60_000)

    assert page.locator("#came").get_by_text("Waiting for them").count() == 1
    assert page.evaluate("window.neverLoadedAgain") is True
    accessible()
