"""An invented council with a few children in care, their worker, a manager, a director, and what is due for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from kinfold.service.records.actions.clock_keeping import keep_clocks
from kinfold.service.records.loading.indexing import index_persons
from kinfold.service.records.models import Thing
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.setting_up import add_holder
from tests.integration.council import LONG_AGO, World, signing_in

TODAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Council(World):
    """The council, with words for what its wall needs."""

    def child(self, name: str, *, born: date = date(2014, 6, 14), worker: str = "social_worker") -> Thing:
        """Return a new child, allocated to the holder of a role."""
        made = self.add(name, "child", name, "Quill", born)
        index_persons(self.holder.pk, {made.pk})
        if worker in self.accounts:
            self.allocate(self.accounts[worker], "SOCIAL_WORKER", name, since=LONG_AGO, beside=False)
        return made

    def tell(self, name: str, kind: str, values: dict[str, Any] | None = None, since: date | None = None,
             until: date | None = None, **rest: Any) -> str:  # fmt: skip
        """Record a fact about a child and return its id."""
        return self.say(kind, name, values=values or {}, valid_from=since, valid_to=until, **rest)

    def at_noon(self, role: str) -> Reader:
        """Return somebody as a reader at noon of the day."""
        return Reader(self.accounts[role], NOON)

    def keep(self, today: date = TODAY) -> int:
        """Work out what has changed, as the worker does."""
        return keep_clocks(self.holder.pk, today=today)


@pytest.fixture
def council(db: None, settings: Any) -> Council:
    """Return the council with one child in care since 12 November 2026."""
    settings.DEMO = True  # in place of a second factor
    cache.clear()
    made = Council(add_holder(code="990", name="Elmshire"))
    made.work("social_worker", "Asha Lind")
    made.work("head_of_service", "Bram Oduya")
    made.work("director_of_childrens_services", "Ines Farrow")
    made.work("data_analyst", "Priya Lomax")
    made.child("Robin")
    made.tell("Robin", "care_period", {"start_reason": "S"}, date(2026, 11, 12))
    made.tell("Robin", "placement", {"placement_type": "U6"}, date(2026, 11, 12))
    return made


@pytest.fixture
def signed_in(council: Council) -> Callable[[str], Client]:
    """Return a function that gives a browser signed in as whoever has a role."""
    return signing_in(council.accounts)
