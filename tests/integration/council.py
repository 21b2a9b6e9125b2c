"""What the integration tests' councils share: people with facts, accounts with roles, and browsers signed in as them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.test import Client

import kinfold.record.kinds  # noqa: F401 -- fills the registry
from kinfold.service.records import scope
from kinfold.service.records.actions import facts, people
from kinfold.service.records.models import Account, Holder, Thing
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system

LONG_AGO = date(2020, 1, 1)


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
        """Record a fact about somebody and return its id."""
        party = self.persons.get(rest.pop("party", ""))
        with as_system():
            return str(facts.record_fact(kind=kind, subject=self.persons[who], values=rest.pop("values", {}), by="test",
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
            today=LONG_AGO, worker=person,
        )  # fmt: skip
        people.give_role(account=account, role=role, by="test", because="a test", today=LONG_AGO)
        self.accounts[role if role not in self.accounts else f"{role} 2"] = account
        return account

    def allocate(self, account: Account, role: str, *names: str, since: date, beside: bool = True) -> None:
        """Let a worker work with people, `beside` those who do already or in their place."""
        assert account.person is not None
        people.allocate(
            children=[self.persons[name] for name in names], worker=account.person, role=role, by="test",
            because="a test", today=since, replace=not beside,
        )  # fmt: skip


class Browser(Client):
    """A test client after whose requests the test itself looks at the tables past the second wall again."""

    def request(self, **asked: Any) -> Any:
        """Make a request."""
        answer = super().request(**asked)
        if connection.vendor == "postgresql":
            scope._tell("system", "0", local=False)
        return answer


def signing_in(accounts: Mapping[str, Account]) -> Callable[[str], Client]:
    """Return a function that gives a browser signed in as whoever has a role."""

    def signed_in(role: str) -> Client:
        client = Browser()
        client.force_login(accounts[role], "django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in
