"""A search that finds more people than it shows says so, counts nobody whom the reader may not find, and asks for words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kinfold.service.records.loading.indexing import index_persons
from kinfold.service.records.reads import search as reads
from tests.integration.papers.conftest import web, world

__all__ = ["web", "world"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def smiths(world: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the council with three children of one name, of whom a search shows two."""
    monkeypatch.setattr(reads, "MOST", 2)
    for number in range(3):
        world.add(f"smith {number}", "child", "Ottilie", "Smithwick", date(2012, 3, 1 + number))
    index_persons(world.holder.pk, [one.pk for one in world.persons.values()])
    return world


def test_more_than_are_shown_is_said_with_how_to_find_the_others(smiths: Any, web: Any) -> None:
    page = web("information_governance").post("/search/", {"q": "Ottilie Smithwick"}).content.decode()

    assert "More than 2 found" in page
    assert "Add a forename, a date of birth or a postcode" in page


def test_as_many_as_are_shown_is_all_there_are(smiths: Any, web: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reads, "MOST", 3)

    page = web("information_governance").post("/search/", {"q": "Ottilie Smithwick"}).content.decode()

    assert "3 found" in page
    assert "More than" not in page


def test_a_search_for_nothing_asks_for_words(smiths: Any, web: Any) -> None:
    asked = web("information_governance").post("/search/", {"q": " "}).content.decode()
    opened = web("information_governance").get("/search/").content.decode()

    assert "Enter a name, a date of birth, a number or a postcode" in asked
    assert "Enter a name" not in opened
