"""An invented council with a few children in care, their worker, a manager, a director, and what is due for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

import kinfold.record.kinds  # noqa: F401 -- fills the registry
from kinfold.service.records import scope
from kinfold.service.records.actions import facts, people
from kinfold.service.records.actions.clock_keeping import keep_clocks
from kinfold.service.records.loading.indexing import index_persons
from kinfold.service.records.models import Account, Holder, Thing
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.service.records.setting_up import add_holder

TODAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
LONG_AGO = date(2020, 1, 1)


@dataclass
class Council:
    """The council, its children by name and its accounts by role."""

    holder: Holder
    children: dict[str, Thing] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)

    def child(self, name: str, *, born: date = date(2014, 6, 14), worker: str = "social_worker") -> Thing:
        """Return a new child, allocated to the holder of a role."""
        with as_system():
            made = Thing.objects.create(word="person", sort="child", held_by=self.holder)
        self.children[name] = made
        self.say(name, "name", {"forename": name, "surname": "Quill", "name_type": "LEGAL"})
        self.say(name, "person_details", {"birth_date": born})
        index_persons(self.holder.pk, {made.pk})
        account = self.accounts.get(worker)
        if account is not None and account.person is not None:
            people.allocate(children=[made], worker=account.person, role="SOCIAL_WORKER", by="test", because="a test",
                            today=LONG_AGO)  # fmt: skip
        return made

    def say(self, name: str, kind: str, values: dict[str, Any] | None = None, since: date | None = None,
            until: date | None = None, **rest: Any) -> str:  # fmt: skip
        """Record a fact about a child and return its id."""
        with as_system():
            return str(facts.record_fact(kind=kind, subject=self.children[name], values=values or {}, by="test",
                                         because="a test", valid_from=since, valid_to=until, **rest))  # fmt: skip

    def account(self, role: str, name: str) -> Account:
        """Return a new account with a role."""
        with as_system():
            worker = Thing.objects.create(word="person", sort="worker", held_by=self.holder)
        made = people.add_account(email=f"{role}@{self.holder.code}.invalid", name=name, holder=self.holder, by="test",
                                  today=LONG_AGO, worker=worker)  # fmt: skip
        people.give_role(account=made, role=role, by="test", because="a test", today=LONG_AGO)
        self.accounts[role] = made
        return made

    def reader(self, role: str) -> Reader:
        """Return somebody as a reader at noon of the day."""
        return Reader(self.accounts[role], NOON)

    def uid(self, name: str) -> str:
        """Return a child's public id."""
        return str(self.children[name].uid)

    def keep(self, today: date = TODAY) -> int:
        """Work out what has changed, as the worker does."""
        return keep_clocks(self.holder.pk, today=today)


@pytest.fixture
def council(db: None, settings: Any) -> Council:
    """Return the council with one child in care since 12 November 2026."""
    settings.DEMO = True  # in place of a second factor
    cache.clear()
    made = Council(add_holder(code="990", name="Elmshire"))
    made.account("social_worker", "Asha Lind")
    made.account("head_of_service", "Bram Oduya")
    made.account("director_of_childrens_services", "Ines Farrow")
    made.child("Robin")
    made.say("Robin", "care_period", {"start_reason": "S"}, date(2026, 11, 12))
    made.say("Robin", "placement", {"placement_type": "U6"}, date(2026, 11, 12))
    return made


class Browser(Client):
    """A test client after whose requests the test itself looks at the tables past the second wall again."""

    def request(self, **asked: Any) -> Any:
        """Make a request."""
        answer = super().request(**asked)
        if connection.vendor == "postgresql":
            scope._tell("system", "0", local=False)
        return answer


@pytest.fixture
def signed_in(council: Council) -> Callable[[str], Client]:
    """Return a function that gives a browser signed in as whoever has a role."""

    def sign_in(role: str) -> Client:
        client = Browser()
        client.force_login(council.accounts[role], "django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
