"""A provider sends its return at its own door in the Department's installation; nobody else's is reached. All is invented."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import CalamineWorkbook

from kinfold.market.cases.financial import quarter_before
from kinfold.market.financial.invented import invented_return
from kinfold.market.financial.template import template
from kinfold.market.financial.workbook import Return
from kinfold.market.penalty_grid import keep_grid
from kinfold.service.records.actions import people
from kinfold.service.records.actions.market_cases import open_case
from kinfold.service.records.actions.market_money_demonstration import add_department
from kinfold.service.records.audit_heads import verify_all
from kinfold.service.records.models import Account, Alert, Holder, MarketCase, MarketLine
from kinfold.service.records.reads.provider_returns import is_the_company
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.setting_up import add_holder
from tests.integration.market.regulator import GRID, PASSWORDS, Regulator, a_register, day, intention_served

pytestmark = pytest.mark.django_db
HOMES = [{"urn": f"SC9{number:04d}", "places": 4} for number in range(1, 60, 5)]
NEW = "/provider/returns/new/"
OFFICER_ONLY = (
    "score",
    "Polish",
    "stage",
    "Debts fall due",
    "Pell and Partners",
    "real possibility",
    "suggest",
    "Gus Roe",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("returns")
    a_register(place)
    return place


@pytest.fixture
def department(folder: Path, settings: Any, db: None) -> Holder:
    """The Department, with a failing group in oversight (a warning is in force) and a sound one."""
    settings.DATA, settings.INSTALLATION, settings.DEMO = folder, "department", True
    holder = add_holder(code="DEP", name="Department of Invented Services")
    add_department(holder, today=Regulator().today, groups={"tarn 1": HOMES, "tarn 2": HOMES[:3]})
    return holder


def door(holder: Holder, organisation: str, role: str = "provider_user") -> Client:
    """Return a client for an account of an organisation."""
    made = people.add_account(email=f"{uuid4().hex}@provider.invalid", name=f"Director of {organisation}", holder=holder, by="test",
                              today=date(2020, 1, 1), organisation=organisation)  # fmt: skip
    people.give_role(account=made, role=role, by="test", because="a test", today=date(2020, 1, 1))
    client = Client()
    client.force_login(made, PASSWORDS)
    return client


def a_return(*, strain: float = 0.3, quarters: int = 0) -> Return:
    ended = quarter_before(Regulator().today)
    for _ in range(quarters):
        ended = quarter_before(ended)
    return invented_return(HOMES, ["990", "330"], period_end=ended, strain=strain)


def sent(client: Client, content: bytes, name: str = "return.xlsx") -> str:
    answer = client.post(NEW, {"file": SimpleUploadedFile(name, content)}, follow=True)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def shown(client: Client, address: str = "/provider/returns/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return str(answer.content.decode())


def cell(book: bytes, sheet: str, row: int) -> Any:
    """Return what stands in column B of a row."""
    return CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_name(sheet).to_python()[row - 1][1]


def test_a_provider_sends_its_return_has_a_receipt_and_the_analyst_is_told(department: Holder) -> None:
    mine, told = door(department, "TARN 1 LIMITED"), a_return(strain=0.2)
    assert cell(mine.get("/provider/returns/workbook/").content, "About", 3) == "Tarn 1"
    book = template("Tarn 1", told)
    page = sent(mine, book)

    due = (told.period_end or date.max) + timedelta(days=45)
    in_time = "It came in time" if Regulator().today <= due else f"{(Regulator().today - due).days} days late"
    for words in ("Your return was received", "version 2", in_time, "SHA-256 of the file"):
        assert words in page, words
    line = MarketLine.objects.filter(sort="return").latest("pk")
    assert (line.said["sent_by"], line.said["figures"]) == ("the provider", dict(told.figures))
    assert mine.get(f"/provider/returns/{line.number}/workbook/").content == book
    assert mine.get(f"/provider/returns/{line.number}/receipt/?as=pdf").content.startswith(b"%PDF")
    eva = Account.objects.get(name="Eva Lund")
    assert Alert.objects.filter(account=eva, sort="return received", done_at=None).count() == 1
    officer = Client()
    officer.force_login(eva, PASSWORDS)
    assert "Director of TARN 1 LIMITED" in shown(officer, f"/finance/cases/{line.case.uid}/")
    assert not Alert.objects.filter(account=eva, sort="return received", done_at=None).exists()
    assert [one.faults for one in verify_all()] == [[]]


def test_a_return_to_be_corrected_comes_filled_in(department: Holder) -> None:
    mine = door(department, "Tarn 1 Ltd")
    number = MarketLine.objects.filter(sort="return", case__about="tarn 1").latest("number").number
    book = mine.get(f"/provider/returns/workbook/?from={number}").content

    assert (
        cell(book, "Figures", 3)
        == MarketLine.objects.get(case__about="tarn 1", number=number).said["figures"]["turnover"]
    )


REFUSED = (
    (template("Tarn 1", replace(a_return(), figures={**a_return().figures, "equity": 1.0})), "Assets must equal"),
    (template("Tarn 1"), "B4"),  # an empty one: the cell is named
    (b"not a workbook", "Save the template as .xlsx"),
    (b"", "empty"),
    (b"<html><script>1</script></html>", "The file is a web page"),
    (b"%PDF-1.7 a letter", "Save the template as .xlsx"),
)


def test_what_does_not_fit_is_refused_in_words_and_nothing_is_kept(department: Holder) -> None:
    mine, before = door(department, "Tarn 1 Ltd"), MarketLine.objects.count()

    for content, words in REFUSED:
        assert words in sent(mine, content), words
    assert MarketLine.objects.count() == before


def test_the_same_return_again_is_not_taken_twice_and_a_late_one_is_said(department: Holder) -> None:
    mine, told = door(department, "Tarn 1 Ltd"), a_return(strain=0.4)
    book = template("Tarn 1", told)
    sent(mine, book)
    before = MarketLine.objects.count()
    same_file, same_figures = sent(mine, book), sent(mine, template("Tarn 1 again", told))
    assert "This same file was received already" in same_file
    assert "A return that says the same was received already" in same_figures
    assert MarketLine.objects.count() == before

    late = a_return(quarters=3)
    page = sent(mine, template("Tarn 1", late))
    days = (Regulator().today - late.period_end).days - 45 if late.period_end else 0
    assert f"It came {days} days late" in page
    assert f"{days} days late" in shown(mine)


def test_the_next_return_is_named_with_its_last_day_and_an_overdue_one_is_said(department: Holder) -> None:
    page = shown(door(department, "Tarn 1 Ltd"))
    due = quarter_before(quarter_before(Regulator().today) + timedelta(days=100)) + timedelta(days=45)

    assert f"by the end of {due:%-d %B %Y}" in page
    assert "overdue" not in page


def test_a_plan_is_sent_and_a_field_that_is_left_out_is_asked_for(department: Holder) -> None:
    mine = door(department, "Tarn 1 Ltd")
    said = {"actions": "Sell a home by June", "funding": "The sale", "fallback": "Hand over"}
    assert (
        "Answer “What pays for it"
        in mine.post("/provider/returns/plans/recovery/", {**said, "funding": ""}).content.decode()
    )
    assert mine.post("/provider/returns/plans/recovery/", said).status_code == 302
    assert mine.get("/provider/returns/plans/wishes/").status_code == 404

    assert MarketLine.objects.filter(sort="recovery plan").latest("pk").said["sent_by"] == "the provider"
    assert "Recovery plan" in shown(mine)


def test_a_provider_sees_what_it_sent_and_never_how_it_is_judged(department: Holder) -> None:
    mine = door(department, "Tarn 1 Ltd")
    pages = [shown(mine), shown(mine, NEW)]
    pages += [
        shown(mine, f"/provider/returns/{one.number}/receipt/")
        for one in MarketLine.objects.filter(sort="return", case__about="tarn 1")
    ]

    for page in pages:
        for kept in OFFICER_ONLY:
            assert kept not in page.split("<main")[1], kept


def test_another_provider_reaches_nothing_of_it_by_any_address(department: Holder) -> None:
    before, case = MarketLine.objects.count(), MarketCase.objects.get(about="tarn 1")
    number = MarketLine.objects.filter(sort="return", case=case).latest("number").number
    for organisation in ("Mere House Ltd", "", "  ", "Tarn", "Tarn 11 Ltd"):
        stranger = door(department, organisation)
        home = stranger.get("/provider/returns/")

        assert home.status_code == 404 or "You are not in the scheme" in home.content.decode(), organisation
        for place in (
            "new/",
            "workbook/",
            f"workbook/?from={number}",
            f"{number}/receipt/",
            f"{number}/workbook/",
            "plans/recovery/",
        ):
            assert stranger.get(f"/provider/returns/{place}").status_code in (403, 404), place
        for place in ("new/", "plans/recovery/"):
            said = {"actions": "x", "funding": "x", "fallback": "x"}
            assert stranger.post(f"/provider/returns/{place}", said).status_code in (403, 404), place
        for place in ("", "ratios/", "returns/new/", f"exhibits/{number}/", "disclosure/"):
            assert stranger.get(f"/finance/cases/{case.uid}/{place}").status_code == 403, place
    assert MarketLine.objects.count() == before


@pytest.mark.parametrize(
    ("name", "organisation", "same"),
    [
        pytest.param("Tarn 1 Ltd", "Tarn 1 Limited", True, id="nobody says a number"),
        pytest.param("Tarn 1 Ltd 07654321", "Tarn 1 Ltd 07654321", True, id="the same number"),
        pytest.param(
            "Tarn 1 Ltd 07654321", "Tarn 1 Ltd 01234567", False, id="a company of the same name, another number"
        ),
        pytest.param("Tarn 1 Ltd", "Tarn 1 Ltd 01234567", True, id="one number alone"),
    ],
)
def test_two_companies_of_one_name_are_told_apart_by_their_numbers(
    folder: Path, settings: Any, name: str, organisation: str, same: bool
) -> None:
    settings.DATA = folder

    assert is_the_company("tarn 1", name, organisation) == same


def test_the_number_of_another_providers_line_opens_nothing(department: Holder) -> None:
    mine = door(department, "Tarn 2 Ltd")
    own = {line.number for line in MarketLine.objects.filter(sort="return", case__about="tarn 2")}

    for number in range(1, 25):
        status = mine.get(f"/provider/returns/{number}/receipt/").status_code
        assert (status == 200) == (number in own), number


def test_before_the_determination_nothing_says_that_one_is_being_made(department: Holder) -> None:
    open_case(Reader(Account.objects.get(name="Eva Lund")), sort="financial", about="tarn 4", name="Tarn 4 Ltd",
              said={"group": "tarn 4", "conditions": ["homes"]}, reasons="It may meet a condition")  # fmt: skip

    assert "You are not in the scheme" in shown(door(department, "Tarn 4 Ltd"))


def test_the_door_is_the_providers_alone(department: Holder) -> None:
    before = MarketLine.objects.count()
    for role in (
        "placement_officer",
        "ofsted_group_oversight_officer",
        "funding_analyst",
        "financial_oversight_analyst",
    ):
        other = door(department, "Tarn 1 Ltd", role)
        for place in ("", "new/", "workbook/", "5/receipt/", "5/workbook/", "plans/recovery/"):
            assert other.get(f"/provider/returns/{place}").status_code == 403, (role, place)
        assert other.post(NEW, {"file": SimpleUploadedFile("a.xlsx", b"x")}).status_code == 403
    assert MarketLine.objects.count() == before


@pytest.mark.parametrize("installation", ["council", "region", "regulator", "exchange"])
def test_the_door_stands_in_the_departments_installation_alone(installation: str, settings: Any) -> None:
    settings.INSTALLATION = installation

    assert Client().get("/provider/returns/").status_code == 404


def test_a_penalty_of_the_secretary_of_state_goes_from_a_case_to_publication_and_its_provider_answers(
    department: Holder, folder: Path
) -> None:
    grid = folder / "grid.toml"
    grid.write_text(GRID)
    keep_grid(grid, folder=folder)
    at, case = Regulator(part="penalties"), MarketCase.objects.get(about="tarn 1")
    for key, name in (("eva", "Eva Lund"), ("gus", "Gus Roe")):
        at.clients[key] = Client()
        at.clients[key].force_login(Account.objects.get(name=name), PASSWORDS)
    page = shown(at.clients["eva"], f"/penalties/new/?from={case.uid}")
    assert "duty of financial oversight" in page.casefold()
    assert "carrying on unregistered" not in page.casefold()
    intention_served(
        at, "eva", "gus", f"/penalties/new/?from={case.uid}", days=0, standard="balance of probabilities", why="It was asked three times",
        name="Tarn 1 Ltd", act="No return for September", ground="duty of financial oversight", reasons="Late",
    )  # fmt: skip
    mine = door(department, "Tarn 1 Ltd")
    assert "Secretary of State" in at.page("eva")
    assert "s.30ZM" in shown(mine, f"/provider/notices/{at.uid}/intention/")
    assert (
        mine.post(f"/provider/cases/{at.uid}/representations/", {"representations": "Our auditor was ill"}).status_code
        == 302
    )
    at.step("eva", "representations-considered", reasons="Read")
    at.step("eva", "final-notice", reasons="An auditor can be replaced")
    at.step("gus", "answer", answer="agreed", **day(at.today, "served_on"))
    at.step("eva", "appealed", reasons="Notice of the tribunal")
    at.step("eva", "appeal", outcome="varied", pence="500", **day(at.today, "on"))
    at.step("eva", "payment", pence="500", **day(at.today, "on"))
    at.step("eva", "published", reasons="Regulations ask it")
    at.step("gus", "answer", answer="agreed")
    assert "£500.00" in at.page("eva")
    assert MarketCase.objects.get(uid=at.uid).origin == case

    stranger, ofsted = door(department, "Mere House Ltd"), door(department, "Ofsted", "ofsted_group_oversight_officer")
    assert stranger.get(f"/provider/notices/{at.uid}/intention/").status_code == 404
    assert stranger.get(f"/penalties/cases/{at.uid}/").status_code == 403
    assert ofsted.get(f"/penalties/cases/{at.uid}/").status_code in (403, 404)
    assert "MP-" not in shown(ofsted, "/penalties/")
