"""What the page about a child shows of a fact, the fact's own page shows too: one rule decides both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from kinfold.record.declare import Word
from kinfold.service.records.reads.person import WHO_THEY_ARE, whole
from tests.integration.council import World
from tests.integration.papers.conftest import web, world

__all__ = ["web", "world"]
pytestmark = pytest.mark.django_db

BEGAN = date(2025, 5, 1)
# Roles that reach a child and read a part of the work, with the role of their allocation.
IN_PART = {
    "safeguarding_partnership_manager": "SAFEGUARDING_PARTNERSHIP",
    "personal_adviser": "PERSONAL_ADVISER",
    "independent_reviewing_officer": "INDEPENDENT_REVIEWING_OFFICER",
    "child_protection_team_police": "MULTI_AGENCY_POLICE",
    "virtual_school_head": "VIRTUAL_SCHOOL",
}


@pytest.mark.parametrize("role", IN_PART)
def test_every_fact_that_a_childs_page_shows_can_be_opened(
    role: str, world: World, web: Callable[[str], Client]
) -> None:
    world.say("care_plan", values={}, valid_from=BEGAN)
    world.say("placement", values={"placement_type": "U4", "placement_provider": "PR1"}, valid_from=BEGAN)
    world.work(role, "Sunil Farrow", world.add("worker of " + role, "worker", "Sunil", "Farrow"))
    world.allocate(world.accounts[role], IN_PART[role], "child", since=BEGAN)

    document = whole(world.reader(role, "a review"), world.uid())
    refused = [
        entry.kind.name
        for entry in document.entries
        if entry.kind.word is not Word.TIE  # a tie is a fact about the other end, and opens from the family's page
        and entry.kind.name not in WHO_THEY_ARE  # shown at the head of the page, with no page of their own
        if web(role).get(f"/facts/{entry.kind.word.value}/{entry.fact}/").status_code != 200
    ]

    assert document.name == "Robin Quill"
    assert refused == []


def test_what_is_kept_from_a_reader_is_not_said_to_be_unknown(world: World, web: Callable[[str], Client]) -> None:
    world.work("data_analyst", "Priya Lomax")

    page = web("data_analyst").get(f"/children/{world.uid()}/").content.decode()

    assert "Name withheld" in page
    assert "Date of birth withheld" in page
    assert "not known" not in page.split("<main", 1)[1].split("</h1>", 1)[0]
