"""A provider at its own door: its homes, notices, plan, representations and vacancies, and nothing of anybody else. All is invented."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from django.test import Client

from kinfold.market.penalty_grid import keep_grid
from kinfold.service.records.actions import people
from kinfold.service.records.audit_heads import verify_all
from kinfold.service.records.models import Account, Alert, HomeVacancy
from kinfold.service.records.reads import provider_door as reading
from tests.integration.market.regulator import (
    GRID,
    PASSWORDS,
    Regulator,
    a_register,
    day,
    found_regulator,
    intention_served,
    oversight_case,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("door")
    a_register(place)
    grid = place / "grid.toml"
    grid.write_text(GRID)
    keep_grid(grid, folder=place)
    return place


@pytest.fixture
def regulator(folder: Path, settings: Any, db: None) -> Regulator:
    settings.DATA, settings.INSTALLATION, settings.DEMO = folder, "regulator", True
    return found_regulator()


def provider(regulator: Regulator, organisation: str) -> Client:
    """Return a client for an account of a provider."""
    email = f"{organisation.split()[0].casefold()}.{Account.objects.count()}@provider.invalid"
    account = people.add_account(email=email, name=f"Director of {organisation}", holder=regulator.accounts["ada"].held_by, by="test",
                                 today=date(2020, 1, 1), organisation=organisation)  # fmt: skip
    people.give_role(account=account, role="provider_user", by="test", because="a test", today=date(2020, 1, 1))
    client = Client()
    client.force_login(account, PASSWORDS)
    return client


def improvement_notice(regulator: Regulator) -> str:
    """Serve an improvement plan notice on Tarn Holdings plc; return the case."""
    oversight_case(regulator)
    regulator.step("ada", "notice-drafted", reasons="The test is met")
    regulator.step("ada", "notice-served", reasons="Nothing less will do")
    regulator.step("bea", "answer", answer="agreed", **day(regulator.today, "served_on"))
    return regulator.uid


def notice_of_intention(regulator: Regulator) -> str:
    """Serve a notice of intention on Tarn 3 Ltd; return the case."""
    intention_served(
        regulator, "cai", "dot", "/penalties/new/", days=3, standard="beyond reasonable doubt", why="A child was at risk",
        name="Tarn 3 Ltd", act="Carrying on, May", ground="carrying on unregistered", reasons="Found",
    )  # fmt: skip
    return regulator.uid


def shown(client: Client, address: str = "/provider/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def test_a_provider_reads_the_notice_served_on_it_sends_its_plan_and_sees_what_becomes_of_it(
    regulator: Regulator,
) -> None:
    parent = provider(regulator, "Tarn Holdings PLC")
    assert "No notice has been served on you" in shown(parent)
    uid = improvement_notice(regulator)
    page = shown(parent)

    assert "Send the improvement plan for PO-" in page
    assert "SC90019" in page  # a home of a subsidiary that the notice names
    assert "No registered manager" in shown(parent, f"/provider/notices/{uid}/improvement-plan/")
    answer = parent.post(
        f"/provider/cases/{uid}/plan/", {"actions": "A manager for each home, by June", "manager": "Ida Voss, chair"}
    )
    assert answer.status_code == 302
    assert "Received; not yet decided" in shown(parent)
    refused = parent.post(f"/provider/cases/{uid}/plan/", {"actions": "More", "manager": "Ida Voss"}).content.decode()
    assert "No plan is waited for now" in refused

    regulator.part, regulator.uid = "oversight", uid
    assert "sent by: the provider" in regulator.page("ada")
    regulator.step("ada", "plan-rejected", reasons="It leaves out restraint")
    assert "It leaves out restraint" not in shown(parent)  # proposed, and not yet agreed
    regulator.step("bea", "answer", answer="agreed")
    page = shown(parent)
    assert "Not approved: send another (It leaves out restraint)" in page
    for kept in ("Report of a visit", "Ada Finch", "The same cause in both homes"):
        assert kept not in page
    assert [one.faults for one in verify_all()] == [[]]


def test_subsidiaries_are_given_a_copy_and_answer_a_proposal_about_their_registrations(regulator: Regulator) -> None:
    parent, subsidiary = provider(regulator, "Tarn Holdings PLC"), provider(regulator, "Tarn Two Limited")
    uid = improvement_notice(regulator)
    page = shown(subsidiary)
    assert "A copy: your parent undertaking sends the plan" in page
    assert "Send the improvement plan" not in page
    assert (
        subsidiary.post(f"/provider/cases/{uid}/plan/", {"actions": "Ours", "manager": "Ida Voss"}).status_code == 200
    )
    assert "None sent yet" in shown(parent)

    regulator.part, regulator.uid = "oversight", uid
    exhibit = regulator.evidence("ada")
    regulator.step("ada", "plan-overdue", reasons="Nothing came")
    regulator.step("ada", "not-complied-with", reasons="Nothing came", evidence=[exhibit])
    regulator.step("bea", "answer", answer="agreed")
    basis = "condition of registration (Care Standards Act 2000)"
    regulator.step("ada", "restriction-proposed", reasons="No plan came", legal_basis=basis, scope="No new homes")
    regulator.step("bea", "answer", answer="agreed", **day(regulator.today, "served_on"))
    last = regulator.today + timedelta(days=27)
    for client in (parent, subsidiary):
        page = shown(client)
        assert "Notice of a proposal to restrict growth" in page
        assert f"by the end of {last:%-d %B %Y}" in page
        assert "No new homes" in shown(client, f"/provider/notices/{uid}/restriction-proposal/")
    assert "Representations may be made until" in regulator.refused("ada", "growth-restricted", reasons="It stands")
    assert (
        subsidiary.post(
            f"/provider/cases/{uid}/representations/", {"representations": "We have found a manager"}
        ).status_code
        == 302
    )
    assert "We have found a manager" in regulator.page("ada")
    regulator.step("ada", "growth-restricted", reasons="One manager is not enough")
    regulator.step("bea", "answer", answer="agreed", **day(regulator.today, "served_on"))
    assert "We considered 1 representations" in shown(subsidiary, f"/provider/notices/{uid}/restriction/")
    assert "Notice of the decision to restrict growth" in regulator.page("ada")


def test_a_penalty_that_oversight_asks_for_is_handed_to_those_who_impose_it(regulator: Regulator) -> None:
    uid = improvement_notice(regulator)
    regulator.part, regulator.uid = "oversight", uid
    exhibit = regulator.evidence("ada")
    regulator.step("ada", "plan-overdue", reasons="Nothing came")
    for to in ("not-complied-with", "penalty-case"):
        regulator.step("ada", to, reasons="Nothing came", evidence=[exhibit])
        regulator.step("bea", "answer", answer="agreed")
    asked = Alert.objects.get(account=regulator.accounts["cai"], sort="penalty asked for")

    page = shown(regulator.clients["cai"], asked.href)
    assert "Tarn Holdings plc" in page
    assert "improvement plan of PO-" in page
    assert "carrying on unregistered" in page.casefold()
    assert "cap on profit" not in page.casefold()  # the Secretary of State's power, not the Chief Inspector's


def test_representations_are_taken_up_to_the_end_of_the_last_day_and_not_after(
    regulator: Regulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = provider(regulator, "TARN 3 LIMITED")
    uid = notice_of_intention(regulator)
    address = f"/provider/cases/{uid}/representations/"
    last = regulator.today + timedelta(days=27)  # day 1 is the day of service

    assert f"by the end of {last:%-d %B %Y}" in shown(person)
    assert "Answer “Your representations”" in person.post(address, {"representations": ""}).content.decode()
    real = reading.day_of
    for now, taken in ((last, True), (last + timedelta(days=1), False)):
        monkeypatch.setattr(reading, "day_of", lambda when, now=now: now)
        page = person.get("/provider/").content.decode()
        assert ("Make representations" in page) == taken
    answer = person.post(address, {"representations": "Too late"}).content.decode()
    assert "The days for representations on this notice are over" in answer
    monkeypatch.setattr(reading, "day_of", real)

    assert person.post(address, {"representations": "We had applied in April"}).status_code == 302
    assert "We had applied in April" in shown(person)
    assert "We had applied in April" in regulator.page("cai")


def test_a_provider_sees_nothing_of_another_and_no_officers_page(regulator: Regulator) -> None:
    stranger, nobody = provider(regulator, "Mere House Ltd"), Client()
    notice, penalty = improvement_notice(regulator), notice_of_intention(regulator)

    page = shown(stranger)
    assert "No notice has been served on you" in page
    assert "SC9" not in page
    for address in (
        f"/provider/notices/{notice}/improvement-plan/", f"/provider/notices/{penalty}/intention/", f"/provider/cases/{notice}/plan/",
        f"/provider/cases/{penalty}/representations/",
    ):  # fmt: skip
        assert stranger.get(address).status_code == 404, address
        assert stranger.post(address, {"representations": "x", "actions": "x", "manager": "x"}).status_code in (
            404,
            405,
        ), address
        assert nobody.get(address).status_code == 302, address
        assert regulator.clients["ada"].get(address).status_code == 403, address
    for address in (
        "/oversight/",
        "/penalties/",
        "/unregistered/",
        f"/oversight/cases/{notice}/",
        f"/penalties/cases/{penalty}/",
    ):
        assert stranger.get(address).status_code == 403, address
    parent = provider(regulator, "Tarn Holdings plc")
    assert parent.get(f"/provider/notices/{notice}/final/").status_code == 404
    assert parent.get(f"/provider/notices/{penalty}/intention/").status_code == 404
    assert nobody.get("/market/settings/").status_code == 200  # the register is everybody's


def test_a_provider_keeps_the_vacancies_of_its_own_homes(regulator: Regulator) -> None:
    own = provider(regulator, "Tarn 3 Ltd")
    page = shown(own)
    assert "Not said" in page
    homes = sorted({part[:7] for part in page.split("SC9")[1:]})
    urn = f"SC9{homes[0][:4]}"

    assert own.post("/provider/vacancies/", {urn: "2", "note": "from Monday"}).status_code == 302
    assert own.post("/provider/vacancies/", {urn: "2"}).status_code == 302  # the same again is nothing new
    assert list(HomeVacancy.objects.values_list("urn", "places")) == [(urn, 2)]
    assert "registered places: not more can be free" in own.post("/provider/vacancies/", {urn: "99"}).content.decode()
    other = provider(regulator, "Tarn 4 Ltd")
    other.post("/provider/vacancies/", {urn: "1"})
    assert HomeVacancy.objects.count() == 1
    assert f"{urn}," in own.get("/provider/?as=csv").content.decode()
    said = "Free places, as its provider says"
    assert said in shown(regulator.clients["fin"], f"/market/settings/{urn}/")  # a registrar reads registrations
    assert "from Monday" in shown(regulator.clients["fin"], f"/market/settings/{urn}/")
    assert said not in shown(other, f"/market/settings/{urn}/")
    assert said not in shown(Client(), f"/market/settings/{urn}/")
    with pytest.raises(DatabaseError), transaction.atomic():
        HomeVacancy.objects.update(places=0)


def test_the_departments_analyst_reads_signals_and_figures_and_can_begin_nothing(
    regulator: Regulator, settings: Any
) -> None:
    settings.INSTALLATION = "department"
    account = people.add_account(email="analyst@department.invalid", name="Nia Reed", holder=regulator.accounts["ada"].held_by, by="test",
                                 today=date(2020, 1, 1))  # fmt: skip
    people.give_role(
        account=account, role="financial_oversight_analyst", by="test", because="a test", today=date(2020, 1, 1)
    )
    client = Client()
    client.force_login(account, PASSWORDS)
    page = shown(client, "/market/signals/")

    assert "Groups to look at first" in page
    assert "1,109" in page
    assert "80%" in page
    assert "Not published" in page
    assert "/oversight/" not in page
    assert client.get("/oversight/").status_code == 404
    assert b"Chance in the family" in client.get("/market/signals/?as=csv").content
    assert Client().get("/market/signals/").status_code == 302
    settings.INSTALLATION = "regulator"
    assert regulator.clients["ada"].get("/market/signals/").status_code == 404
