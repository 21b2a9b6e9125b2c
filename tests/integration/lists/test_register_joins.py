"""The public register joined to a council's placements by URN: our children on a setting's page, its judgements on a placement."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kinfold.access.words import Label
from kinfold.market.invented import Invented, invented_register
from kinfold.market.store import keep
from kinfold.service.records.actions.access import restrict

pytestmark = pytest.mark.django_db
URN = "SC900001"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("register")
    homes = [
        Invented(f"SC90000{n}", "Children's home", "Private", "Tarn Ltd", "990", "Quillmere", "North West", 4)
        for n in range(1, 5)
    ]
    keep(invented_register(homes, last_year=2025, seed=2), folder=place)
    return place


@pytest.fixture
def house(council: Any, folder: Path, settings: Any) -> Any:
    settings.DATA = folder
    return council.setting(URN)


def test_a_settings_page_shows_our_own_children_there_to_whoever_may_see_them(
    council: Any, house: Any, signed_in: Any, client: Any
) -> None:
    council.in_care("Amal Fenn", home={"placement_type": "K2", "urn": URN}, party=house)
    hidden = council.in_care("Cass Wren", home={"placement_type": "K2", "urn": URN}, party=house)
    restrict(person=hidden, label=Label.RESTRICTED, named=[], by="test", because="a test")
    everybody = client.get(f"/market/settings/{URN}/").content.decode()

    page = signed_in(council.account("emergency_duty_team")).get(f"/market/settings/{URN}/").content.decode()

    assert "Our children there" not in everybody
    assert "Amal Fenn" not in everybody
    assert "Our children there" in page
    assert "Amal Fenn" in page
    assert "Cass Wren" not in page
    office = signed_in(council.account("application_administrator")).get(f"/market/settings/{URN}/").content.decode()
    assert "Amal Fenn" not in office


def test_if_a_group_closed_a_council_sees_its_own_children_alone_and_others_counts_only(
    council: Any, house: Any, signed_in: Any
) -> None:
    council.in_care("Amal Fenn", home={"placement_type": "K2", "urn": URN}, party=house)

    page = signed_in(council.account("head_of_service")).get("/market/groups/tarn/exit/").content.decode()

    assert "Our children there" in page
    assert "Amal Fenn" in page
    assert "Is there a place for everybody?" in page
    for role in ("social_worker", "data_analyst"):
        assert signed_in(council.account(role)).get("/market/groups/tarn/exit/").status_code == 403, role


def test_a_placement_and_a_home_show_what_the_register_says_of_the_setting(
    council: Any, house: Any, signed_in: Any
) -> None:
    child = council.in_care("Amal Fenn")
    fact = council.fact(
        child, "placement", {"placement_type": "K2", "urn": URN}, date(2024, 1, 1), party=house, ref=URN
    )
    client = signed_in(council.account("emergency_duty_team"))

    placement = client.get(f"/facts/spell/{fact}/").content.decode()
    home = client.get(f"/organisations/{house.uid}/").content.decode()

    for page in (placement, home):
        assert "In the register of providers" in page
        assert "Tarn Ltd" in page
        assert "(overall)" in page or "None has been published" in page
        assert "as published on" in page
        assert "Registered" in page
    assert "When the placement began, 1 January 2024" in placement
    assert "Owner: Tarn Ltd" in placement


def test_a_placement_in_no_registered_setting_says_nothing_of_one(council: Any, house: Any, signed_in: Any) -> None:
    child = council.in_care("Amal Fenn")
    fact = council.fact(child, "placement", {"placement_type": "U1"}, date(2024, 1, 1))
    client = signed_in(council.account("emergency_duty_team"))

    assert "In the register of providers" not in client.get(f"/facts/spell/{fact}/").content.decode()
