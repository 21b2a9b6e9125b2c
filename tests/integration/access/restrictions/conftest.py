"""A council with a child whose record is restricted, and those who may and may not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from kinfold.service.records.setting_up import add_holder
from tests.integration.access.restrictions.restricting import LONG_AGO
from tests.integration.council import World, signing_in


@pytest.fixture
def world(db: None, settings: Any) -> World:
    """Return a council with a child, two workers and a manager, and those who may restrict."""
    settings.DEMO = True  # in place of a second factor
    cache.clear()
    made = World(add_holder(code="990", name="Elmshire"))
    made.add("child", "child", "Robin", "Quill", date(2014, 6, 14))
    made.add("other", "child", "Tia", "Marsh", date(2014, 6, 14))
    for role, name, allocated in (
        ("social_worker", "Asha Lind", "SOCIAL_WORKER"), ("social_worker", "Ben Ode", "OTHER"),
        ("team_manager", "Cora Venn", "TEAM_MANAGER"), ("independent_reviewing_officer", "Ida Roe", "INDEPENDENT_REVIEWING_OFFICER"),
    ):  # fmt: skip
        made.allocate(made.work(role, name), allocated, "child", "other", since=LONG_AGO)
    made.work("head_of_service", "Hal Brook")
    made.work("director_of_childrens_services", "Rowena Castell")
    made.work("information_governance", "Nadia Fenn")
    return made


@pytest.fixture
def web(world: World) -> Callable[[str], Client]:
    """Return a function that gives a browser signed in as whoever has a role."""
    return signing_in(world.accounts)
