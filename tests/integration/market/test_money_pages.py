"""The Department works a group's finances on screens: determination, returns, stages, a warning with its receipts, exit and price. All is invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kinfold.access.matrix import ROUTES
from kinfold.access.roles import ROLES
from kinfold.access.words import Installation
from kinfold.market.cases.financial import quarter_before
from kinfold.market.financial.invented import invented_return
from kinfold.market.financial.template import template
from kinfold.market.financial.workbook import Return
from kinfold.service.records.actions import people
from kinfold.service.records.audit_heads import verify_all
from kinfold.service.records.models import Alert, MarketCase, MarketLine
from kinfold.service.records.setting_up import add_holder
from tests.integration.market.regulator import PASSWORDS, Regulator, a_register, address_of, client_of_role, day

pytestmark = pytest.mark.django_db
GROUP = "/finance/groups/tarn 1/"
COUNCIL = "Quillmere"
PEOPLE = (
    ("eva", "financial_oversight_analyst", "Eva Lund", ""), ("gus", "financial_oversight_analyst", "Gus Roe", ""),
    ("hal", "placement_officer", "Hal Byrne", COUNCIL), ("ivy", "ofsted_group_oversight_officer", "Ivy Cole", "Ofsted"),
    ("kit", "placement_officer", "Kit Dunn", "Birmingham"), ("lou", "funding_analyst", "Lou Marsh", ""),
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("department")
    a_register(place)
    return place


@pytest.fixture
def department(folder: Path, settings: Any, db: None) -> Regulator:
    settings.DATA, settings.INSTALLATION, settings.DEMO = folder, "department", True
    holder = add_holder(code="DEP", name="Department of Invented Services")
    made = Regulator(part="finance")
    for key, role, name, organisation in PEOPLE:
        made.accounts[key] = people.add_account(email=f"{key}@department.invalid", name=name, holder=holder, by="test", organisation=organisation,
                                                today=date(2020, 1, 1), persona="for a journey")  # fmt: skip
        people.give_role(account=made.accounts[key], role=role, by="test", because="a test", today=date(2020, 1, 1))
        made.clients[key] = Client()
        made.clients[key].force_login(made.accounts[key], PASSWORDS)
    return made


def text_of(department: Regulator, who: str, address: str, status: int = 200) -> str:
    answer = department.clients[who].get(address)
    assert answer.status_code == status, (address, answer.status_code, answer.content.decode()[:500])
    return str(answer.content.decode())


def agreed(department: Regulator, place: str, /, **said: Any) -> None:
    """Propose a step as one officer and agree to it as another."""
    department.step("eva", place, reasons="By the figures and what was said", **said)
    department.step("gus", "answer", answer="agreed")


def a_return(today: date, *, strain: float = 0.0, quarters: int = 0) -> Return:
    ended = quarter_before(today)
    for _ in range(quarters):
        ended = quarter_before(ended)
    homes = [{"urn": f"SC9{number:04d}", "places": 4} for number in range(1, 90, 9)]
    return invented_return(homes, ["990", "330"], period_end=ended, strain=strain)


def send(department: Regulator, told: Return, **said: Any) -> Any:
    file = SimpleUploadedFile("return.xlsx", template("Tarn 1 Ltd", told), content_type="application/octet-stream")
    return department.clients["eva"].post(
        f"{department.home}returns/new/", {"file": file, **day(department.today, "received_on"), **said}, follow=True
    )


@pytest.fixture
def in_scheme(department: Regulator) -> Regulator:
    """A group in the scheme, with a strained return."""
    department.open("eva", GROUP, reasons="It meets conditions")
    department.step("eva", "manager", manager="Jon Ames, finance director")
    agreed(department, "standard-monitoring")
    assert "The return was taken in" in send(department, a_return(department.today, strain=1.0)).content.decode()
    return department


def warned(department: Regulator) -> None:
    agreed(department, "formal-notification", basis="It has told us that it may not go on", actions="Look at each child’s plan",
           contact="Eva Lund", **day(date(2030, 1, 1), "begins"), **day(date(2030, 3, 1), "ends"))  # fmt: skip


def test_the_cases_can_be_taken_away_as_a_file(in_scheme: Regulator) -> None:
    lines = text_of(in_scheme, "eva", "/finance/?cases=csv").splitlines()

    assert lines[1].startswith(f"FO-{in_scheme.today.year}-0001,")
    assert "standard monitoring" in lines[1]


def test_thresholds_can_be_moved_and_who_falls_in_or_out_is_listed(department: Regulator) -> None:
    page = text_of(department, "eva", "/finance/")
    moved = text_of(department, "eva", "/finance/?national=20&regional=50&authorities=0&homes=11")
    table = department.clients["eva"].get("/finance/?as=csv&homes=11").content.decode()

    assert "Groups that meet a condition" in page
    assert "Compared with the policy pack" not in page
    assert "Compared with the policy pack" in moved
    assert "fall out" in moved
    assert "Tarn 1 Ltd" in table


@pytest.mark.parametrize("asked", ["national=much", "national=-1", "homes=501", "authorities=nan", "regional=inf"])
def test_a_threshold_out_of_its_bounds_is_refused_in_words(department: Regulator, asked: str) -> None:
    assert "from" in text_of(department, "eva", f"/finance/?{asked}", 400)


def test_a_return_that_does_not_fit_is_refused_by_sheet_and_cell_and_nothing_is_written(in_scheme: Regulator) -> None:
    before = MarketLine.objects.count()
    told = a_return(in_scheme.today)
    page = send(in_scheme, replace(told, figures={**told.figures, "equity": 1.0})).content.decode()

    assert "nothing was taken in" in page
    assert "Assets must equal liabilities and equity" in page
    assert MarketLine.objects.count() == before


def test_the_same_file_again_another_version_and_a_late_one_are_said(in_scheme: Regulator) -> None:
    first = MarketLine.objects.get(sort="return")
    sent = in_scheme.clients["eva"].get(f"{in_scheme.home}exhibits/{first.number}/").content
    file = SimpleUploadedFile("return.xlsx", sent)
    again = in_scheme.clients["eva"].post(
        f"{in_scheme.home}returns/new/", {"file": file, **day(in_scheme.today, "received_on")}
    )
    other = send(in_scheme, a_return(in_scheme.today, strain=0.9)).content.decode()
    late = send(in_scheme, a_return(in_scheme.today, quarters=3)).content.decode()

    assert "This same file was received already" in again.content.decode()
    assert "It is version 2 for this period" in other
    assert "It is late" in late


def test_ratios_show_their_arithmetic_and_the_score_says_that_its_transfer_is_not_proven(in_scheme: Regulator) -> None:
    page = text_of(in_scheme, "eva", f"{in_scheme.home}ratios/")
    stress = text_of(in_scheme, "eva", f"{in_scheme.home}stress/?fees=10")

    assert "× 365 ÷ (" in page
    assert "Learnt from Polish manufacturers" in page
    assert "nothing is known" in page
    assert "What costs it most points" in page
    assert b"Days of cash" in in_scheme.clients["eva"].get(f"{in_scheme.home}ratios/?as=csv").content
    assert "already today" in stress


def test_a_stage_moves_by_two_officers_alone_and_a_suggestion_moves_nothing(in_scheme: Regulator) -> None:
    page = in_scheme.page("eva")
    assert "Stage 5, significant risk: money for" in page
    assert "Stage 2, standard monitoring" in page

    in_scheme.step("eva", "significant-risk", because="Debts fall due", reasons="The return")
    assert "cannot be done" in in_scheme.refused("eva", "answer", answer="agreed")
    in_scheme.step("gus", "answer", answer="declined", reasons="Ask first")
    assert "Stage 2, standard monitoring" in in_scheme.page("gus")
    in_scheme.step("eva", "override", instead="A meeting next week", reasons="The owner has promised money")
    agreed(in_scheme, "significant-risk", because="Debts fall due")
    in_scheme.step(
        "eva",
        "recovery-plan",
        actions="Sell",
        funding="The sale",
        fallback="Hand over",
        **day(in_scheme.today, "received_on"),
    )
    in_scheme.step("eva", "review", who="Pell and Partners", question="Can it refinance?", **day(in_scheme.today, "on"))
    in_scheme.step("eva", "review-received", who="Pell and Partners", found="It cannot", **day(in_scheme.today, "on"))
    page = in_scheme.page("gus")

    assert "Stage 5, significant risk" in page
    assert "Eva Lund and Gus Roe" in page
    assert "A meeting next week" in page
    assert "Recovery plan, version 1" in page
    assert [one.faults for one in verify_all()] == [[]]


def test_a_warning_goes_to_councils_and_ofsted_each_its_own_part_and_receipts_come_back(in_scheme: Regulator) -> None:
    warned(in_scheme)
    page = in_scheme.page("eva")
    assert "Nobody there has an account" not in page
    assert Alert.objects.filter(sort="advance warning").count() == 3
    (address,) = {one.href for one in Alert.objects.filter(sort="advance warning")}

    hal, kit = (text_of(in_scheme, who, address) for who in ("hal", "kit"))
    assert "SC90001" in hal
    assert "SC90001" not in kit
    theirs = a_return(in_scheme.today).councils[0]["children"]
    assert f"Of the children whom you look after, {theirs} lived in its homes" in hal
    for figure in ("Turnover", "£", "score", "Polish", "cover of debt"):
        assert figure not in hal.split("<main")[1], figure
    page = in_scheme.page("eva")
    assert "Hal Byrne" in page
    assert "1 of 3 have not received it yet" in page
    in_scheme.step("eva", "told", recipient="ofsted", how="The director, by telephone", **day(in_scheme.today, "on"))
    assert "Everybody has received it" in in_scheme.page("eva")

    agreed(in_scheme, "warning-updated", basis="A buyer was found", actions="Wait", contact="Eva Lund",
           **day(date(2030, 2, 1), "begins"), **day(date(2030, 4, 1), "ends"))  # fmt: skip
    listed = text_of(in_scheme, "hal", "/warnings/")
    assert "Updated since" in listed
    assert "In force" in listed
    assert "3 of 3 have not received it yet" in in_scheme.page("eva")
    agreed(in_scheme, "potential-concerns")
    assert "The warning was withdrawn" in in_scheme.page("eva")
    assert "Withdrawn" in text_of(in_scheme, "hal", "/warnings/")


def test_a_recipient_opens_no_warning_that_went_to_others_and_nothing_else_of_the_case(in_scheme: Regulator) -> None:
    warned(in_scheme)
    (address,) = {one.href for one in Alert.objects.filter(sort="advance warning")}
    holder = in_scheme.accounts["eva"].held_by
    stranger = people.add_account(
        email="stranger@department.invalid",
        name="Max Orr",
        holder=holder,
        by="test",
        organisation="Devon",
        today=date(2020, 1, 1),
    )
    people.give_role(account=stranger, role="placement_officer", by="test", because="a test", today=date(2020, 1, 1))
    client = Client()
    client.force_login(stranger, PASSWORDS)

    assert client.get(address).status_code == 404
    assert "No warning has been sent" in client.get("/warnings/").content.decode()
    for place in ("", "ratios/", "stress/", "returns/new/", "disclosure/", "exhibits/4/", "manager/"):
        assert in_scheme.clients["hal"].get(f"{in_scheme.home}{place}").status_code == 403, place
    for other in ("/prices/", "/finance/", "/finance/return/", f"/prices/?group={in_scheme.uid}"):
        assert in_scheme.clients["hal"].get(other).status_code == 403, other


def test_the_exit_is_shown_as_a_curve_with_its_words_its_table_and_its_file(department: Regulator) -> None:
    page = text_of(department, "eva", "/market/groups/tarn 1/exit/")
    table = department.clients["eva"].get("/market/groups/tarn 1/exit/?as=csv&occupancy=100").content.decode()

    assert "How many free places suit is not known, so there is no one answer" in page
    assert "Children without a place" in page
    assert "Our children there" not in page
    assert table.count("\n") == 5
    assert "40" in table.splitlines()[1]
    assert "must be from" in text_of(department, "eva", "/market/groups/tarn 1/exit/?occupancy=9", 400)


def test_no_saving_stands_before_viability_and_exit_and_none_without_an_exit(in_scheme: Regulator) -> None:
    page = text_of(in_scheme, "eva", f"/prices/?group={in_scheme.uid}&form=margin&level=0")
    places = [page.index(words) for words in ("1. Viability", "2. Exit", "3. Fewer places", "What is left")]
    every = text_of(in_scheme, "eva", "/prices/")

    assert places == sorted(places)
    assert "It could not go on: its places may go" in page
    assert "cost £10,000 a week or more" in every
    assert "Rent to related parties over a valuation" in page
    assert b"SC90001" in in_scheme.clients["eva"].get("/prices/?as=csv").content
    placements = text_of(in_scheme, "eva", "/prices/?placements=csv").splitlines()
    fees = [float(line.split(",")[4]) for line in placements[1:]]
    assert fees == sorted(fees, reverse=True)
    assert {line.split(",")[-2] == "Yes" for line in placements[1:] if float(line.split(",")[4]) >= 10_000} <= {True}
    assert "The dearest placements" in page
    assert "Tarn 1 Ltd</span></th>" in page  # its company, between the group and its homes


def test_every_role_of_the_department_reaches_what_the_matrix_gives_it_and_nothing_else(in_scheme: Regulator) -> None:
    held = in_scheme.accounts["eva"].held_by
    roles = sorted(
        name for name, role in ROLES.items() if Installation.DEPARTMENT in role.installations and name != "public"
    )
    clients = {role: client_of_role(role, held) for role in roles}
    money = [
        name
        for name in ROUTES
        if name.startswith(("web:finance", "web:market_warning", "web:market_exit", "web:market_price"))
    ]
    for name in sorted(money):
        address = address_of(name.removeprefix("web:"), in_scheme.uid)
        for role in roles:
            status = clients[role].get(address).status_code
            assert (status == 403) == (role not in ROUTES[name].roles), (name, role, status)
            assert status < 500, (name, role)


@pytest.mark.parametrize("installation", ["council", "region", "exchange"])
def test_a_council_has_none_of_these_pages(installation: str, settings: Any) -> None:
    settings.INSTALLATION = installation

    for address in ("/finance/", "/prices/", "/warnings/", f"/finance/cases/{uuid4()}/", "/finance/return/"):
        assert Client().get(address).status_code == 404, address


def test_the_regulator_sees_who_meets_a_condition_and_no_finances(folder: Path, settings: Any) -> None:
    settings.DATA, settings.INSTALLATION, settings.DEMO = folder, "regulator", True
    client = client_of_role(
        "ofsted_group_oversight_officer", add_holder(code="REG", name="Inspectorate of Invented Services")
    )

    page = client.get("/finance/").content.decode()
    assert "Groups that meet a condition" in page
    assert "Open a case" not in page
    assert client.get("/market/groups/tarn 1/exit/").status_code == 200
    for address in (f"/finance/cases/{uuid4()}/", "/prices/", "/warnings/", "/finance/return/"):
        assert client.get(address).status_code == 404, address


def test_a_case_of_another_holder_looks_like_none(in_scheme: Regulator) -> None:
    client = client_of_role("financial_oversight_analyst", add_holder(code="OTH", name="Another department"))

    assert client.get(in_scheme.home).status_code == client.get(f"/finance/cases/{uuid4()}/").status_code == 404
    assert MarketCase.objects.filter(sort="financial").count() == 1
