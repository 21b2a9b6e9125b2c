"""An invented council with one child, their mother, a sister, a restricted brother, and people who work there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

import kinfold.record.kinds  # noqa: F401 -- fills the registry
from kinfold.access.words import Label
from kinfold.service.records import scope
from kinfold.service.records.actions import access, facts, people
from kinfold.service.records.loading.resolve import remember
from kinfold.service.records.models import Account, Holder, Thing
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.service.records.setting_up import add_holder

TODAY = date(2026, 3, 4)


@dataclass
class World:
    """The council, its people by name, and its accounts by role."""

    holder: Holder
    persons: dict[str, Thing] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)

    def uid(self, name: str = "child") -> str:
        """Return somebody's public id."""
        return str(self.persons[name].uid)

    def reader(self, role: str, reason: str = "") -> Reader:
        """Return somebody as a reader."""
        return Reader(self.accounts[role], reason=reason)

    def say(self, kind: str, who: str = "child", **rest: Any) -> str:
        """Record a fact about somebody."""
        values = rest.pop("values", {})
        party = self.persons.get(rest.pop("party", ""))
        with as_system():
            return str(facts.record_fact(kind=kind, subject=self.persons[who], values=values, by="test",
                                         because="a test", party=party, **rest))  # fmt: skip

    def add(self, name: str, sort: str, forename: str, surname: str, born: date | None = None) -> Thing:
        """Add somebody with a name."""
        with as_system():
            self.persons[name] = Thing.objects.create(word="person", sort=sort, held_by=self.holder)
        self.say("name", name, values={"forename": forename, "surname": surname, "name_type": "LEGAL"})
        if born:
            self.say("person_details", name, values={"birth_date": born})
        return self.persons[name]

    def work(self, role: str, name: str, person: Thing | None = None) -> Account:
        """Add an account with a role."""
        account = people.add_account(
            email=f"{name.lower().replace(' ', '.')}@council.invalid", name=name, holder=self.holder, by="test",
            today=date(2020, 1, 1), worker=person,
        )  # fmt: skip
        people.give_role(account=account, role=role, by="test", because="a test", today=date(2020, 1, 1))
        key = role if role not in self.accounts else f"{role} 2"
        self.accounts[key] = account
        return account


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
    people.allocate(
        children=[child, made.persons["sister"]], worker=_thing(worker), role="SOCIAL_WORKER", by="test", because="a test",
        today=date(2025, 5, 1),
    )  # fmt: skip
    access.restrict(person=brother, label=Label.RESTRICTED, named=[], by="test", because="a test")
    made.work("information_governance", "Nadia Fenn")
    return made


class Browser(Client):
    """A test client after whose requests the test itself looks at the tables past the second wall again."""

    def request(self, **asked: Any) -> Any:
        """Make a request."""
        answer = super().request(**asked)
        if connection.vendor == "postgresql":
            scope._tell("system", "0", local=False)
        return answer


def _thing(account: Account) -> Thing:
    assert account.person is not None
    return account.person


@pytest.fixture
def web(world: World) -> Callable[[str], Client]:
    """Return a function that gives a browser signed in as whoever has a role."""

    def signed_in(role: str) -> Client:
        client = Browser()
        client.force_login(world.accounts[role], "django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in
