"""Each door to the market does its own work in a browser: inspectorate, Department, council, provider, public. All is invented."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import expect

from kinfold.market.cases.financial import quarter_before
from kinfold.market.financial.invented import invented_return
from kinfold.market.financial.template import template
from kinfold.service.records.actions.market_demonstration import add_regulator
from kinfold.service.records.actions.market_money_demonstration import add_department
from kinfold.service.records.actions.market_supply_demonstration import add_applications, add_capital
from kinfold.service.records.models import Account
from kinfold.service.records.setting_up import add_holder
from tests.integration.market.regulator import a_register
from tests.journeys.conftest import Served, passes, serving

pytestmark = pytest.mark.browser
HOMES = [{"urn": f"SC9{number:04d}", "places": 4} for number in (1, 10, 19)]


def found_market(folder: Path) -> Any:
    """Found an inspectorate and a Department with their cases, over a small register."""
    today = timezone.localdate()
    a_register(folder)
    with override_settings(INSTALLATION="regulator"):
        inspectorate = add_holder(code="REG", name="Inspectorate of Invented Services")
        homes = {one["urn"]: "Tarn 1 Ltd" for one in HOMES}
        add_regulator(inspectorate, today=today, group="tarn 1", homes=homes)
        add_applications(inspectorate, today=today)
    with override_settings(INSTALLATION="department"):
        department = add_holder(code="DEP", name="Department of Invented Services")
        add_department(department, today=today, groups={"tarn 1": HOMES})
        add_capital(department, today=today)
    return None


@pytest.fixture(scope="module")
def market(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("market-doors")
    with override_settings(DATA=folder), serving(django_db_blocker, lambda: found_market(folder)) as made:
        yield made


@pytest.fixture
def enter(market: Served, page: Any, settings: Any) -> Callable[..., Any]:
    """Return the way in: as somebody of an installation, at an address; as nobody where no name is said."""

    def opened(installation: str, address: str, name: str = "") -> Any:
        settings.INSTALLATION = installation
        page.context.clear_cookies()
        if name:
            with market.database():
                account = Account.objects.get(name=name)
            market.sign_in(page.context, account)
        page.goto(market.url + address)
        return page

    return opened


def answer(page: Any, step: str, /, **said: str) -> None:
    """Do a step of a case: choose it on the case's page, fill in its form and send it."""
    page.get_by_role("link", name=step, exact=True).click()
    for label, text in said.items():
        page.get_by_label(label.replace("_", " ").capitalize(), exact=True).fill(text)
    page.locator("main form button").first.click()


def test_an_inspectorates_officer_drafts_a_notice_and_a_second_one_serves_it(enter: Callable[..., Any]) -> None:
    page = enter("regulator", "/oversight/", "Ada Finch")
    page.get_by_role("link", name="PO-", exact=False).first.click()
    expect(page.get_by_text("A notice may be drafted.", exact=False).first).to_be_visible()
    answer(page, "Draft the notice", reasons="The test is met")
    answer(page, "Propose to serve the notice", reasons="Nothing less will do")
    address = page.url
    page = enter("regulator", "/oversight/", "Bea Moss")
    page.goto(address)
    page.get_by_role("link", name="Answer as second officer").first.click()
    page.get_by_label("Yes, I agree").check()
    page.locator("main form button").first.click()

    expect(page.get_by_role("link", name="The notice as it was served")).to_be_visible()
    passes(page)


def test_an_enforcement_lead_takes_intelligence_on_and_opens_the_case(enter: Callable[..., Any]) -> None:
    page = enter("regulator", "/unregistered/", "Cai Wren")
    page.get_by_role("link", name="US-", exact=False).first.click()
    page.get_by_role("link", name="Triage", exact=False).first.click()
    page.get_by_label("Yes").first.check()
    page.get_by_label("Reasons", exact=False).first.fill("A young child, and no checks known")
    page.locator("main form button").first.click()

    expect(page.get_by_text("recorded.", exact=False).first).to_be_visible()
    passes(page)


def test_the_departments_analyst_reads_ratios_and_refuses_a_return_that_does_not_fit(
    enter: Callable[..., Any], tmp_path: Path
) -> None:
    page = enter("department", "/finance/", "Eva Lund")
    page.get_by_role("link", name="FO-", exact=False).first.click()
    case = page.url
    page.get_by_role("link", name="Every ratio with its arithmetic", exact=False).click()
    expect(page.get_by_role("heading", name="Ratios", exact=True)).to_be_visible()
    passes(page)
    (tmp_path / "return.xlsx").write_bytes(template("Tarn 1"))
    page.goto(f"{case}returns/new/")
    page.locator("input[type=file]").set_input_files(str(tmp_path / "return.xlsx"))
    for part, value in zip(("Day", "Month", "Year"), timezone.localdate().strftime("%d %m %Y").split(), strict=True):
        page.get_by_label(part, exact=True).fill(value)
    page.get_by_role("button", name="Check and take in").click()

    expect(page.get_by_text("The return does not fit: nothing was taken in")).to_be_visible()
    expect(page.get_by_text("Enter: Turnover. It is needed.")).to_be_visible()


def test_a_councils_commissioner_opens_the_warning_and_the_officer_has_the_receipt(enter: Callable[..., Any]) -> None:
    page = enter("department", "/warnings/", "Hal Byrne")
    page.locator("main table a").first.click()
    expect(page.get_by_text("Of the children whom you look after", exact=False)).to_be_visible()
    passes(page)

    page = enter("department", "/finance/", "Eva Lund")
    page.get_by_role("link", name="FO-", exact=False).first.click()
    expect(page.get_by_text("Hal Byrne", exact=False).first).to_be_visible()


def test_a_provider_sends_its_return_and_keeps_the_receipt(enter: Callable[..., Any], tmp_path: Path) -> None:
    told = invented_return(HOMES, ["990", "991"], period_end=quarter_before(timezone.localdate()), strain=0.5)
    (tmp_path / "return.xlsx").write_bytes(template("Tarn 1", told))
    page = enter("department", "/provider/returns/", "Tia Marsh")
    page.get_by_role("button", name="Send a return").click()
    page.locator("input[type=file]").set_input_files(str(tmp_path / "return.xlsx"))
    page.get_by_role("button", name="Check and send").click()

    expect(page.get_by_role("heading", name="Receipt for a financial return")).to_be_visible()
    expect(page.get_by_text("SHA-256 of the file", exact=False)).to_be_visible()
    passes(page)


def by_keys(page: Any, link: str) -> None:
    """Go to a link with the keyboard alone, and follow it."""
    target = page.get_by_role("link", name=link, exact=True).first
    for _ in range(80):
        page.keyboard.press("Tab")
        if target.evaluate("one => one === document.activeElement"):
            break
    expect(target).to_be_focused()
    page.keyboard.press("Enter")


def test_a_funding_analyst_finds_a_late_project_and_records_what_stands_in_its_way_by_keys(
    enter: Callable[..., Any],
) -> None:
    page = enter("department", "/capital/", "Nia Beck")
    expect(page.get_by_role("heading", name="Capital programme")).to_be_visible()
    expect(page.get_by_text("places are delivered", exact=False).first).to_be_visible()
    passes(page)
    row = page.get_by_role("row").filter(has_text="Quay Cottage").first
    by_keys(page, row.get_by_role("link").first.inner_text())
    by_keys(page, "Record what stands in the way")
    page.get_by_label("What it is").focus()
    page.keyboard.type("Objections")
    for part, value in zip(("Day", "Month", "Year"), timezone.localdate().strftime("%d %m %Y").split(), strict=True):
        page.get_by_label(part, exact=True).focus()
        page.keyboard.type(value)
    page.get_by_label("What happened, and who decides about it").focus()
    page.keyboard.type("A petition; the council's committee meets next month")
    page.locator("main form button").first.focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text("A petition; the council's committee meets next month", exact=False).first).to_be_visible()
    passes(page)
    page.goto(page.url.split("/capital/")[0] + "/capital/barriers/")
    expect(page.get_by_role("heading", name="Where projects fail, and why")).to_be_visible()
    passes(page)


def test_a_registrar_asks_how_long_the_queue_takes_and_decides_the_route_of_the_next(enter: Callable[..., Any]) -> None:
    page = enter("regulator", "/registrations/", "Fin Lark")
    expect(page.get_by_text("applications wait, 3 of them on the fast track", exact=False)).to_be_visible()
    page.get_by_role("textbox", name="Officers who decide applications").fill("4")
    page.keyboard.press("Enter")
    expect(page.get_by_role("rowheader", name="4 (as asked)")).to_be_visible()
    expect(page.get_by_text("With 4 officers the last of them is decided in", exact=False)).to_be_visible()
    passes(page)
    page.get_by_role("row").filter(has_text="Cedar Yard").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Why it may go on the fast track, or may not")).to_be_visible()
    passes(page)
    page.get_by_role("link", name="Decide the route", exact=False).click()
    page.get_by_label("Standard").check()
    page.get_by_label("Reasons", exact=False).first.fill("Planning permission is not there yet")
    for part, value in zip(("Day", "Month", "Year"), timezone.localdate().strftime("%d %m %Y").split(), strict=True):
        page.get_by_label(part, exact=True).fill(value)
    page.locator("main form button").first.click()

    expect(page.get_by_text("Planning permission is not there yet", exact=False).first).to_be_visible()


def test_anybody_looks_up_a_home_its_owner_and_all_that_the_owner_has(enter: Callable[..., Any]) -> None:
    page = enter("regulator", "/market/settings/?q=SC90010")
    page.get_by_role("link", name="SC90010", exact=False).first.click()
    expect(page.get_by_text("As published each year").first).to_be_visible()
    passes(page)
    page.get_by_role("link", name="See the owner’s settings").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Tarn 1 Ltd")
