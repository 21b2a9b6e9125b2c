"""The regulator works its cases on screens: oversight from triage to closing, unregistered settings, penalties. All is invented."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from django.test import Client

from kinfold.access.matrix import ROUTES
from kinfold.access.roles import ROLES
from kinfold.access.words import Installation
from kinfold.market.ownership.bods import as_statements
from kinfold.market.ownership.invented import invented_chains
from kinfold.market.ownership.store import keep as keep_ownership
from kinfold.market.penalty_grid import keep_grid
from kinfold.service.printing import can_print
from kinfold.service.records import guards
from kinfold.service.records.audit_heads import verify_all
from kinfold.service.records.models import MarketCase, MarketLine, OwnerMatch
from kinfold.service.records.reads.market_cases import penalties_from
from kinfold.service.records.setting_up import add_holder
from tests.integration.market.regulator import (
    GRID,
    Regulator,
    a_register,
    address_of,
    client_of_role,
    day,
    found_regulator,
    oversight_case,
    unregistered_case,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("regulator")
    a_register(place)
    return place


@pytest.fixture
def regulator(folder: Path, settings: Any, db: None) -> Regulator:
    settings.DATA, settings.INSTALLATION, settings.DEMO = folder, "regulator", True
    return found_regulator()


def test_the_triage_shows_denominators_and_intervals_and_what_it_cannot_see(regulator: Regulator) -> None:
    page = regulator.clients["ada"].get("/oversight/").content.decode()
    table = regulator.clients["ada"].get("/oversight/?as=csv")

    assert "No case is open" in page
    assert "can start no notice by itself" in page
    assert "What this list cannot see" in page
    assert " of 10" in page or " of 9" in page
    assert b"Chance in the family" in table.content


def plan_is_tried_and_growth_restricted(regulator: Regulator) -> None:
    """Take a plan in and approve it, find that it is not kept to, and restrict growth on a legal basis."""
    regulator.step("ada", "plan", actions="A manager for each home, Ida Voss, by June\nWeekly visits", manager="Ida Voss, director",
                   **day(regulator.today, "received_on"))  # fmt: skip
    regulator.step("ada", "plan-approved", reasons="It answers each issue")
    regulator.step("bea", "answer", answer="agreed")
    regulator.step("ada", "implementing", reasons="Approved")
    regulator.step("ada", "senior-manager", manager="Per Holt, chair")
    regulator.step(
        "ada", "progress", action="Weekly visits", found="None in three weeks", done="no", **day(regulator.today, "on")
    )
    regulator.step("ada", "review", reasons="The time is over")
    regulator.step("ada", "not-complied-with", reasons="No visits", evidence=["2"])
    regulator.step("bea", "answer", answer="agreed")
    page = regulator.refused("ada", "restriction-proposed", reasons="To protect children", scope="")
    assert "Error" in page
    basis = "condition of registration (Care Standards Act 2000)"
    regulator.step(
        "ada", "restriction-proposed", reasons="To protect children", scope="No further homes", legal_basis=basis
    )
    regulator.step("bea", "answer", answer="agreed", **day(regulator.today, "served_on"))
    regulator.step("ada", "representations", representations="Visits are made", **day(regulator.today, "received_on"))
    regulator.step("ada", "growth-restricted", reasons="Two visits are not enough")
    regulator.step("bea", "answer", answer="agreed", **day(regulator.today, "served_on"))
    page = regulator.page("bea")
    assert "Legal basis: condition of registration" in page


def test_oversight_goes_from_a_signal_to_closing_with_a_second_officer_and_a_notice(regulator: Regulator) -> None:
    oversight_case(regulator)
    page = regulator.page("ada")
    assert "A notice may be drafted" in page
    assert "Limb (a)" in page
    draft = regulator.clients["ada"].get(f"{regulator.home}notice/").content.decode()
    assert "Draft of an improvement plan notice" in draft

    regulator.step("ada", "notice-drafted", reasons="The test is met")
    regulator.step("ada", "notice-served", reasons="Nothing less will do")
    assert "waits for a second officer" in regulator.clients["bea"].get("/oversight/").content.decode()
    cases = regulator.clients["bea"].get("/oversight/?cases=csv").content.decode("utf-8-sig").splitlines()
    assert cases[0] == "Case,About,State,Opened,Waits for a second officer,Last written"
    assert ",Yes," in cases[1]
    assert "cannot be done" in regulator.refused("ada", "answer", answer="agreed", **day(regulator.today, "served_on"))
    regulator.step("bea", "answer", answer="agreed", **day(regulator.today, "served_on"))
    page = regulator.page("bea")
    assert "Plan due by the end of" in page
    notice = regulator.clients["bea"].get(f"{regulator.home}notice/").content.decode()
    for said in (
        "Tarn Holdings plc",
        "Tarn Two Ltd",
        "SC90001",
        "No registered manager",
        "28 days",
        "monetary penalty",
        "Tribunal",
    ):
        assert said in notice, said

    plan_is_tried_and_growth_restricted(regulator)
    regulator.step("ada", "closed", reasons="Lifted after an inspection")
    page = regulator.page("ada")

    assert "Per Holt" in page
    assert [one.faults for one in verify_all()] == [[]]


def test_without_a_confirmed_concern_no_notice_begins_and_reasons_for_not_acting_are_kept(regulator: Regulator) -> None:
    regulator.open("ada", "/oversight/groups/tarn 2/", reasons="First in the list")
    regulator.step("ada", "evidence-review", reasons="To look")

    assert "cannot be done" in regulator.refused("ada", "notice-drafted", reasons="The rank is high")
    regulator.step("ada", "no-action", reasons="The homes were judged anew and are good")
    regulator.step("bea", "answer", answer="agreed")
    page = regulator.page("bea")

    assert "The homes were judged anew" in page
    assert "Ada Finch and Bea Moss" in page


def setting_goes_to_a_civil_penalty(regulator: Regulator) -> None:
    """Take a setting without registration up the ladder to a civil penalty; departing from it needs a reason."""
    unregistered_case(regulator)
    page = regulator.page("cai")
    assert "21 nights" in page or "20 nights" in page
    assert "£21,500" in page
    regulator.step("cai", "warning-letter", reasons="It needs registration")
    regulator.step("cai", "continues", reasons="Seen again")
    regulator.step("cai", "enforcement", reasons="It continues")
    ladder = {
        "repeat": "no",
        "harm": "medium",
        "now": "continuing",
        "emergency": "no",
        "evidence_beyond_doubt": "yes",
        "public_interest": "yes",
    }
    page = regulator.refused("cai", "route", chosen="warning", reasons="Small", departure="", **ladder)
    assert "The ladder recommends civil penalty" in page
    regulator.step("cai", "route", chosen="civil penalty", reasons="A first offence that goes on", **ladder)
    regulator.step("dot", "answer", answer="agreed")
    page = regulator.page("dot")
    assert "Open a case about the penalty" in page
    figures = regulator.clients["cai"].get("/unregistered/").content.decode()
    assert "of those determined should be registered (1 of 1)" in figures
    assert b"civil penalty" in regulator.clients["cai"].get("/unregistered/?as=csv").content


def amount_and_intention(regulator: Regulator, folder: Path, exhibit: str) -> None:
    """Fix the amount from the grid that was supplied, which a second officer signs, and serve the notice of intention."""
    assert "None have been supplied" not in regulator.page("cai")
    assert "cannot be done" in regulator.refused("cai", "amount")
    grid = folder / "grid.toml"
    grid.write_text(GRID)
    keep_grid(grid, folder=folder)
    regulator.step(
        "dot", "sign", sufficient="yes", standard="beyond reasonable doubt", evidence=[exhibit], reasons="I read it all"
    )
    regulator.step(
        "cai",
        "amount",
        severity="high",
        culpability="reckless",
        days="30",
        factors=["concealment"],
        reasons="Exhibit 2",
    )
    regulator.step("cai", "guards-checked", reasons="Nothing stands against it")
    regulator.step("cai", "intention-served", reasons="A child was at risk for weeks")
    regulator.step("dot", "answer", answer="agreed", **day(regulator.today, "served_on"))


def test_an_unregistered_setting_goes_to_a_penalty_and_the_penalty_to_publication(
    regulator: Regulator, folder: Path
) -> None:
    setting_goes_to_a_civil_penalty(regulator)
    origin, regulator.part = regulator.uid, "penalties"
    regulator.open("cai", f"/penalties/new/?from={origin}", name="Fell Care Ltd", act="Carrying on, May 2026", ground="carrying on unregistered",
                   reasons="The outcome of the case")  # fmt: skip
    exhibit = regulator.evidence("cai")
    regulator.step(
        "cai", "act", convicted="no", proceedings_pending="no", acquitted="no", reasons="Asked the court today"
    )
    amount_and_intention(regulator, folder, exhibit)
    said = regulator.clients["dot"].get(f"{regulator.home}notices/intention/").content.decode()
    assert "£12,800.00" in said
    assert "concealment: +25 % of the base: £2,500.00" in said
    assert "28 days" in said
    regulator.step("cai", "representations", representations="We had applied", **day(regulator.today, "received_on"))
    regulator.step("cai", "representations-considered", reasons="They change nothing")
    regulator.step("cai", "final-notice", reasons="As in the notice of intention")
    regulator.step("dot", "answer", answer="agreed", **day(regulator.today, "served_on"))
    regulator.step("cai", "payment", pence="12800", **day(regulator.today, "on"))
    regulator.step("cai", "published", reasons="Regulations ask for it")
    regulator.step("dot", "answer", answer="agreed")
    page = regulator.page("dot")

    assert "US-" in page
    case = MarketCase.objects.get(uid=regulator.uid)
    assert case.origin is not None
    assert penalties_from(case.origin) == [case.reference]
    first = case.reference
    regulator.open("dot", "/penalties/new/", name="Fell Care Ltd", act="carrying on, may 2026", ground="carrying on unregistered",
                   reasons="Found again")  # fmt: skip
    assert f"A penalty for this act stands already ({first})" in regulator.page("dot").replace("&#x27;", "'")
    if can_print():
        regulator.uid = str(MarketCase.objects.get(reference=first).uid)
        assert regulator.clients["cai"].get(f"{regulator.home}notices/final/?as=pdf").content.startswith(b"%PDF")


def test_a_line_that_was_changed_or_cut_off_is_found_by_the_audit(regulator: Regulator) -> None:
    unregistered_case(regulator)
    assert [one.faults for one in verify_all()] == [[]]
    lines = MarketLine.objects.filter(case__uid=regulator.uid)
    with pytest.raises(DatabaseError), transaction.atomic():
        lines.filter(number=2).update(reasons="Nothing to see")

    with guards.lifted():
        lines.filter(number=2).update(reasons="Nothing to see")
        assert "line 2 does not fit" in verify_all()[0].faults[0].message
        lines.filter(number=2).update(reasons="A young child, no checks known")
        assert verify_all()[0].faults == []
        lines.order_by("-number").first().delete()
        assert "the audit chain knows of" in verify_all()[0].faults[0].message


@pytest.mark.parametrize(
    ("who", "address", "status"),
    [
        pytest.param("fin", "/oversight/", 403, id="a registrar"),
        pytest.param("cai", "/oversight/", 403, id="an enforcement officer does not see groups"),
        pytest.param("ada", "/penalties/", 200, id="an oversight officer reads penalties"),
        pytest.param("ada", "/penalties/new/", 403, id="and does not open one"),
        pytest.param("fin", "/unregistered/", 403, id="nor a registrar unregistered settings"),
    ],
)
def test_each_officer_reaches_their_own_cases(regulator: Regulator, who: str, address: str, status: int) -> None:
    assert regulator.clients[who].get(address).status_code == status


def test_every_role_of_the_installation_reaches_what_the_matrix_gives_it_and_nothing_else(regulator: Regulator) -> None:
    unregistered_case(regulator)
    held = regulator.accounts["ada"].held_by
    roles = sorted(
        name for name, role in ROLES.items() if Installation.REGULATOR in role.installations and name != "public"
    )
    clients = {role: client_of_role(role, held) for role in roles}
    for name, rule in sorted(ROUTES.items()):
        if rule.installations != {Installation.REGULATOR} and not name.startswith("web:penalt"):
            continue
        address = address_of(name.removeprefix("web:"), regulator.uid)
        for role in roles:
            status = clients[role].get(address).status_code
            assert (status == 403) == (role not in rule.roles), (name, role, status)
            assert status < 500, (name, role)


def test_a_case_of_another_holder_looks_like_none(regulator: Regulator) -> None:
    unregistered_case(regulator)
    other = add_holder(code="OTH", name="Another inspectorate")
    client = client_of_role("ofsted_enforcement_officer", other)

    theirs, none = client.get(regulator.home), client.get(f"/unregistered/cases/{uuid4()}/")

    assert (theirs.status_code, none.status_code) == (404, 404)


@pytest.mark.parametrize("installation", ["council", "region", "department", "exchange"])
def test_no_other_installation_has_these_pages(installation: str, settings: Any) -> None:
    settings.INSTALLATION = installation

    for address in ("/oversight/", "/unregistered/"):
        assert Client().get(address).status_code == 404
    # penalties about finances are the Department's own
    assert Client().get("/penalties/").status_code == (302 if installation == "department" else 404)


def test_an_exhibit_is_sent_as_it_was_kept_and_stands_in_the_disclosure_schedule(regulator: Regulator) -> None:
    unregistered_case(regulator)
    exhibit = MarketLine.objects.get(case__uid=regulator.uid, sort="evidence")
    file = regulator.clients["dot"].get(f"{regulator.home}exhibits/{exhibit.number}/")
    schedule = regulator.clients["dot"].get(f"{regulator.home}disclosure/").content.decode()

    assert file.content == b"The manager had left in May."
    assert exhibit.content_sha256 in schedule
    assert "report.txt" in schedule


def test_an_officer_decides_which_company_an_owner_is_and_the_last_decision_holds(
    regulator: Regulator, folder: Path
) -> None:
    keep_ownership(as_statements(*invented_chains(["Tarn 1 Ltd"], seed=1), date(2026, 1, 1)), folder=folder)
    ada, address = regulator.clients["ada"], "/market/groups/tarn 1/"
    assert "by name alone, 90%, not confirmed" in ada.get(address).content.decode()
    assert "owner/" not in regulator.clients["cai"].get(address).content.decode()

    assert (
        "Answer “On which documents this rests”"
        in ada.post(f"{address}owner/", {"entity": "invented-provider-0", "same": "yes"}).content.decode()
    )
    ada.post(f"{address}owner/", {"entity": "invented-provider-0", "same": "no", "reasons": "Another address"})
    assert "Who owns Tarn 1 Ltd" not in ada.get(address).content.decode()
    ada.post(f"{address}owner/", {"entity": "invented-provider-0", "same": "yes", "reasons": "Accounts of 2025"})

    assert "accepted by Ada Finch" in ada.get(address).content.decode()
    page = ada.get(f"{address}owner/").content.decode()
    assert "Accounts of 2025" in page
    assert OwnerMatch.objects.count() == 2
