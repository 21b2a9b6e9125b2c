"""An invented council with one child, their mother, a sister, a restricted brother, and people who work there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from kinfold.access.words import Label
from kinfold.service.records.actions import access
from kinfold.service.records.loading.resolve import remember
from kinfold.service.records.scope import as_system
from kinfold.service.records.setting_up import add_holder
from tests.integration.council import World, signing_in

TODAY = date(2026, 3, 4)


@pytest.fixture
def world(db: None, settings: Any) -> World:
    """Return the council with its people."""
    settings.DEMO = True  # in place of a second factor
    cache.clear()
    made = World(add_holder(code="990", name="Elmshire"))
    child = made.add("child", "child", "Robin", "Quill", date(2014, 6, 14))
    made.add("mother", "adult", "Ottoline", "Brae", date(1988, 2, 3))
    made.add("sister", "child", "Juniper", "Quill", date(2016, 1, 9))
    brother = made.add("brother", "child", "Felix", "Quill", date(2012, 5, 5))
    for name in ("child", "sister", "brother"):
        made.say("mother_of", "mother", party=name, values={"parental_responsibility": True})
    with as_system():
        remember(made.holder.pk, [("la_child_id", "C1001", child.pk)])
    made.say("identifier", values={"identifier_type": "la_child_id", "value": "C1001"}, ref="C1001")
    made.say("care_period", values={"start_reason": "S"}, valid_from=date(2025, 5, 1))
    worker = made.work("social_worker", "Asha Lind")
    made.allocate(worker, "SOCIAL_WORKER", "child", "sister", since=date(2025, 5, 1), beside=False)
    access.restrict(person=brother, label=Label.RESTRICTED, named=[], by="test", because="a test")
    made.work("information_governance", "Nadia Fenn")
    return made


@pytest.fixture
def web(world: World) -> Callable[[str], Client]:
    """Return a function that gives a browser signed in as whoever has a role."""
    return signing_in(world.accounts)
