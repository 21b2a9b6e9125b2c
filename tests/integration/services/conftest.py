"""The invented council of the papers' tests, with the people of the three services beside it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kinfold.service.records.actions import people
from tests.integration.council import Browser, World
from tests.integration.papers.conftest import web, world

__all__ = ["Browser", "World", "typed", "web", "world"]


def typed(name: str, day: date) -> dict[str, str]:
    """Return a day as a form sends it."""
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


@pytest.fixture
def services(world: World) -> World:
    """Return the council with a director, a home education officer and the partnership's manager."""
    world.work("director_of_childrens_services", "Rowena Castell")
    world.work("elective_home_education_officer", "Elin Marsh")
    world.work("safeguarding_partnership_manager", "Sunil Farrow")
    manager = world.work("team_manager", "Mara Beck")
    assert manager.person is not None
    people.allocate(
        children=[world.persons["child"]], worker=manager.person, role="TEAM_MANAGER", by="test", because="a test",
        today=date(2025, 5, 1), replace=False, is_primary=False,
    )  # fmt: skip
    return world


@pytest.fixture
def officer(services: World, web: Any) -> Any:
    """Return the home education officer's browser."""
    return web("elective_home_education_officer")
