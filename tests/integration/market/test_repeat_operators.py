"""Repeat operators found through ownership, and owners brought together by officers' decisions. All is invented."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from kinfold.market.ownership import Entity, Interest
from kinfold.market.ownership.bods import as_statements
from kinfold.market.ownership.store import keep as keep_ownership
from tests.integration.market.regulator import Regulator, a_register, day, found_regulator

pytestmark = pytest.mark.django_db
ADA = Entity("person|ada fell", "Ada Fell", sort="person", country="GB", source="invented")
FELL, MERE = (
    Entity(f"GB-COH-0990000{n}", name, country="GB", numbers=(("GB-COH", f"0990000{n}"),), source="invented")
    for n, name in enumerate(("Fell Care Ltd", "Mere House Ltd"), start=1)
)
TARNS = tuple(Entity(f"tarn-{n}", f"Tarn {n} Ltd", country="GB", source="invented") for n in (1, 2))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("operators")
    a_register(place)
    holdings = [Interest(ADA.uid, one.uid, "shares", 0.8, 0.8, date(2020, 1, 1)) for one in (FELL, MERE, *TARNS)]
    keep_ownership(as_statements([ADA, FELL, MERE, *TARNS], holdings, date(2026, 1, 1)), folder=place)
    return place


@pytest.fixture
def regulator(folder: Path, settings: Any, db: None) -> Regulator:
    settings.DATA, settings.INSTALLATION, settings.DEMO = folder, "regulator", True
    return found_regulator()


def opened(regulator: Regulator, name: str, operator: str) -> str:
    """Open a case about a setting and return its identifier."""
    regulator.part = "unregistered"
    regulator.open("cai", "/unregistered/new/", name=name, source="a council", hint="Agency staff", operator=operator, area="330",
                   **day(regulator.ago(9), "received_on"))  # fmt: skip
    return regulator.uid


def test_a_case_shows_the_other_settings_of_its_operator_and_of_those_whom_ownership_connects(
    regulator: Regulator,
) -> None:
    opened(regulator, "Harbour Street", "Mere House Ltd 09900002")
    opened(regulator, "Field Lane", "fell care limited")
    opened(regulator, "Nowhere Road", "Unheard Of Ltd")
    opened(regulator, "Chapel Row", "Fell Care Ltd")
    page = regulator.page("cai")

    assert "Field Lane" in page
    assert "Nowhere Road" not in page
    assert (
        "Fell Care Ltd belongs to Ada Fell (80% of the shares). Ada Fell holds Mere House Ltd (80% of the shares). "
        "Ada Fell controls both." in page
    )
    assert "By name alone, not confirmed: Fell Care Ltd." in page

    assert "No company 12345678 is in" in regulator.refused(
        "cai", "operator", entity="none", number="12345678", reasons="A letter"
    )
    regulator.step("cai", "operator", entity="none", number="9900001", reasons="The tenancy names it")
    page = regulator.page("cai")
    assert "Decided" in page
    assert "The tenancy names it" in page
    assert page.count("not confirmed: Fell Care Ltd") == 1  # the case of Field Lane, where nobody has decided

    regulator.step("cai", "operator", entity="none", number="", reasons="Another company of that name")
    page = regulator.page("cai")
    assert "Harbour Street" not in page
    assert "the same name" in page  # what was said of Field Lane stands


def test_accepted_matches_bring_owners_together_everywhere_and_a_refusal_takes_them_apart(regulator: Regulator) -> None:
    ada, nobody = regulator.clients["ada"], Client()

    def decided(number: int, same: str, because: str) -> None:
        answer = ada.post(
            f"/market/groups/tarn {number}/owner/", {"entity": f"tarn-{number}", "same": same, "reasons": because}
        )
        assert answer.status_code == 302

    assert b"Tarn 2 Ltd" in ada.get("/oversight/?as=csv").content
    decided(1, "yes", "Accounts of 2025")
    assert "brought together" not in ada.get("/market/groups/").content.decode()

    decided(2, "yes", "Accounts of 2025, note 9")
    for address in ("/market/groups/tarn 1/", "/market/groups/tarn 2/"):
        page = ada.get(address).content.decode()
        assert "Owners brought together in this group" in page
        assert "accepted by Ada Finch: Accounts of 2025, note 9" in page
        assert "20</span>" in page or ">20<" in page
    assert "2 owners are brought together" in ada.get("/market/groups/").content.decode()
    public = nobody.get("/market/groups/tarn 2/").content.decode()
    assert "shown as one group" in public
    assert "Ada" not in public
    assert b"Tarn 2 Ltd" not in ada.get("/oversight/?as=csv").content

    decided(2, "no", "Another company of that name")
    page = ada.get("/market/groups/tarn 2/").content.decode()
    assert "brought together" not in page
    assert ">10<" in page
