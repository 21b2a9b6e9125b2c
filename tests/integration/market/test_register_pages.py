"""The public register's pages: open to everybody, in every installation but the exchange, of published facts only."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from kinfold.market.invented import Invented, invented_register
from kinfold.market.ownership.bods import as_statements
from kinfold.market.ownership.invented import invented_chains, invented_disclosures
from kinfold.market.ownership.store import keep as keep_ownership
from kinfold.market.store import keep
from kinfold.service.records.actions import people
from kinfold.service.records.setting_up import add_holder
from kinfold.service.web.presenters.market import AREAS, inspections_table

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("market")
    homes = [
        Invented(f"SC9{n:04d}", "Children's home", "Private" if n % 4 else "Voluntary", f"Tarn {n % 9} Ltd", "990", "Quillmere",
                 "North West", 1 + n % 5)
        for n in range(130)
    ]  # fmt: skip
    keep(invented_register(homes, last_year=2025, seed=2), folder=place)
    return place


@pytest.fixture
def client_of(folder: Path, settings: object) -> Client:
    settings.DATA = folder  # type: ignore[attr-defined]
    return Client()


def test_the_front_page_counts_the_register_and_draws_its_areas(client_of: Client) -> None:
    page = client_of.get("/market/").content.decode()

    assert "130" in page
    assert "By type" in page
    assert "<svg" in page
    assert "Open Government Licence" in page


def test_an_earlier_day_shows_what_was_known_of_it(client_of: Client) -> None:
    assert client_of.get("/market/?on=2018-03-31").status_code == 200
    assert client_of.get("/market/?on=2001-01-01").status_code == 400
    assert "date such as 2023-03-31" in client_of.get("/market/?on=yesterday").content.decode()


def test_settings_are_filtered_and_paged(client_of: Client) -> None:
    page = client_of.get("/market/settings/?sector=Voluntary&q=tarn 8").content.decode()
    second = client_of.get("/market/settings/?page=2").content.decode()

    assert page.count("/market/settings/SC9") == 4
    assert "Showing 51 to 100" in second
    assert "No setting fits" in client_of.get("/market/settings/?q=nowhere").content.decode()


def test_a_setting_has_its_years_and_its_inspections(client_of: Client) -> None:
    page = client_of.get("/market/settings/SC90003/").content.decode()

    assert "Tarn 3 Ltd" in page
    assert "As published each year" in page
    assert client_of.get("/market/settings/SC99999/").status_code == 404


def test_owners_and_one_owner_with_denominators(client_of: Client) -> None:
    owners = client_of.get("/market/groups/").content.decode()
    one = client_of.get("/market/groups/tarn%203/").content.decode()

    assert "may be larger than it looks here" in owners
    assert "Tarn 3 Ltd" in one
    assert "Of those judged" in one
    assert client_of.get("/market/groups/nobody/").status_code == 400


@pytest.mark.parametrize("address", ["/market/", "/market/settings/", "/market/groups/", "/market/settings/SC1/"])
def test_without_a_register_a_page_says_how_to_load_one(address: str, tmp_path: Path, settings: object) -> None:
    settings.DATA = tmp_path  # type: ignore[attr-defined]

    page = Client().get(address)

    assert page.status_code == 200
    assert "kinfold market load" in page.content.decode()


def test_the_exchange_has_no_register(folder: Path, settings: object) -> None:
    settings.DATA, settings.INSTALLATION = folder, "exchange"  # type: ignore[attr-defined]

    assert Client().get("/market/").status_code == 404


@pytest.fixture(scope="module")
def owned(folder: Path) -> Path:
    names = [f"Tarn {number} Ltd" for number in range(5)]
    said = invented_disclosures(names)
    keep_ownership(as_statements(*invented_chains(names, seed=1), date(2026, 1, 1), disclosures=said), folder=folder)
    return folder


@pytest.fixture
def signed_in(owned: Path, client_of: Client) -> Client:
    account = people.add_account(email="ada@council.invalid", name="Ada", holder=add_holder(code="990", name="Elmshire"), by="test",
                                 today=date(2020, 1, 1))  # fmt: skip
    people.give_role(account=account, role="data_analyst", by="test", because="a test", today=date(2020, 1, 1))
    client_of.force_login(account, "django.contrib.auth.backends.ModelBackend")
    return client_of


def test_a_group_leads_to_its_owner_who_is_answered_three_ways_and_drawn(signed_in: Client, settings: Any) -> None:
    settings.DEMO = True
    group = signed_in.get("/market/groups/tarn%201/").content.decode()
    page = signed_in.get("/market/ownership/?of=invented-provider-1").content.decode()

    assert "by name alone, 90%, not confirmed" in group
    for said in ("Who controls it?", "Who has what economic interest?", "Who is registered", "What is not known", "Outside the UK",
                 "<svg", "no declaration of where it pays tax", "54% to 72%"):  # fmt: skip
        assert said in page, said
    circle = signed_in.get("/market/ownership/?of=invented-provider-3").content.decode()
    assert "a circle of companies" in circle
    charity = signed_in.get("/market/ownership/?of=invented-provider-2").content.decode()
    assert "there is no registrable person" in charity
    assert "There is no owner who must be named." in charity
    assert "not named" in signed_in.get("/market/ownership/?of=invented-provider-4").content.decode()


def test_a_name_is_looked_for_and_nobody_unknown_is_shown(signed_in: Client, settings: Any) -> None:
    settings.DEMO = True

    assert "Invented Fund 1 LP" in signed_in.get("/market/ownership/?q=fund").content.decode()
    assert signed_in.get("/market/ownership/?of=nobody").status_code == 404
    assert signed_in.get("/market/ownership/?of=invented-provider-1&on=soon").status_code == 400


def test_who_is_not_signed_in_sees_no_owners_of_owners(owned: Path, client_of: Client) -> None:
    assert "Ownership" not in client_of.get("/market/groups/tarn%201/").content.decode()
    assert client_of.get("/market/ownership/").status_code == 302


@pytest.mark.parametrize(
    ("address", "first", "rows"),
    [
        ("/market/?", "Type,Sector,Region,Settings", 2),
        ("/market/settings/?", "Number,Name,Type,Status", 130),
        ("/market/settings/?sector=Voluntary&q=tarn 8&", "Number,Name,Type,Status", 4),
        ("/market/settings/?q=nowhere&", "Number,Name,Type,Status", 0),
        ("/market/groups/?", "Owner,Also published as,Sector", 9),
        ("/market/groups/?q=tarn 8&", "Owner,Also published as,Sector", 1),
        ("/market/groups/tarn%203/?", "Number,Name,Type,Status", 15),
    ],
)
def test_each_list_of_the_register_can_be_taken_away_as_it_is_shown(
    client_of: Client, address: str, first: str, rows: int
) -> None:
    lines = client_of.get(f"{address}as=csv").content.decode("utf-8-sig").splitlines()

    assert (lines[0].startswith(first), len(lines) - 1) == (True, rows)
    assert client_of.get(f"{address}as=xlsx").content[:2] == b"PK"
    assert ("as=csv" in client_of.get(f"{address}page=1").content.decode()) == (rows > 0)


def test_supported_accommodation_shows_the_judgement_that_it_has() -> None:
    inspection = dict.fromkeys(AREAS) | {"inspection_date": date(2025, 1, 9), "event_type": "Full inspection", "sa_outcome": "Consistently strong service delivery"}  # fmt: skip

    table = inspections_table([inspection])

    assert [one.label for one in table.columns][-2:] == ["Leaders and managers", "Supported accommodation"]
