"""An invented council with a child, their mother, a carer, and people who work there."""

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
from kinfold.casework import Form, How, Question, Shape
from kinfold.record.declare import KINDS
from kinfold.service.records import scope
from kinfold.service.records.actions import facts, people
from kinfold.service.records.models import Account, Holder, Reach, Thing
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.service.records.setting_up import add_holder
from kinfold.service.web.presenters.casework_form import options_of

BEFORE = date(2025, 5, 1)
SAID = "Robin wants to see Nan on Sundays"


@dataclass
class World:
    """The council, its people by name, and its accounts by role."""

    holder: Holder
    before: date = BEFORE
    persons: dict[str, Thing] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)

    def uid(self, name: str = "child") -> str:
        """Return somebody's public id."""
        return str(self.persons[name].uid)

    def reader(self, role: str) -> Reader:
        """Return somebody as a reader."""
        return Reader(self.accounts[role])

    def say(self, kind: str, who: str = "child", **rest: Any) -> str:
        """Record a fact about somebody."""
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

    def another(self) -> None:
        """Put a fresh child and parent in the place of those before, so that one council serves many forms."""
        self.add("child", "child", "Robin", "Quill", date(2014, 6, 14))
        self.add("mother", "adult", "Ottoline", "Brae", date(1988, 2, 3))
        self.say("mother_of", "mother", party="child", values={"parental_responsibility": True})
        self.allocate(self.accounts["social_worker"], "SOCIAL_WORKER", "child")

    def work(self, role: str, name: str) -> Account:
        """Add an account with a role."""
        account = people.add_account(
            email=f"{name.lower().replace(' ', '.')}@council.invalid", name=name, holder=self.holder, by="test",
            today=date(2020, 1, 1),
        )  # fmt: skip
        people.give_role(account=account, role=role, by="test", because="a test", today=date(2020, 1, 1))
        self.accounts[role if role not in self.accounts else f"{role} 2"] = account
        return account

    def allocate(self, account: Account, role: str, *names: str) -> None:
        """Let a worker work with people."""
        assert account.person is not None
        people.allocate(
            children=[self.persons[name] for name in names], worker=account.person, role=role, by="test",
            because="a test", today=BEFORE, replace=False,
        )  # fmt: skip

    def reaches(self, role: str, name: str) -> None:
        """Let somebody in a role, made if need be, work with a person."""
        account = self.accounts.get(role) or self.work(role, f"{role} worker".title())
        with as_system():
            Reach.objects.get_or_create(
                actor=account.person, person=self.persons[name], sort="appointment" if role == "designated_officer" else
                "open_allocation", held_by=self.holder, from_date=BEFORE, because="a test",
            )  # fmt: skip

    def sent(self, form: Form, *, which: str = "", who: str = "", day: date, **given: str) -> dict[str, Any]:
        """Return a whole form as a browser sends it: the first choice everywhere but where `given` says otherwise."""
        return _sent(form, which, who, day, given)

    def begun(self, form: Form, about: str = "child") -> str:
        """Record what a form goes on with, and return its public id; empty for a form that begins something."""
        found = ""
        for one in form.writes:
            if one.how is How.NEW:
                continue
            kind = KINDS[one.kind]
            needed = {f.name: f.choices[0] if f.choices else "x" for f in kind.fields.values() if f.required}
            said = {**needed, **dict(one.set)} if one is form.main() else needed
            fact = self.say(one.kind, about, values=said, valid_from=BEFORE)
            found = found or fact
        return found


def _sent(form: Form, which: str, who: str, day: date, given: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for question in form.questions:
        if question.name in given:
            found[question.name] = given[question.name]
        elif question.shape is Shape.DAY:
            if question.name != "until":
                found |= {f"{question.name}_day": day.day, f"{question.name}_month": day.month,
                          f"{question.name}_year": day.year}  # fmt: skip
        else:
            found[question.name] = _answer(question, which, who, day)
    return {name: text for name, text in found.items() if text != ""}


def _answer(question: Question, which: str, who: str, day: date) -> str:
    match question.shape:
        case Shape.ONE | Shape.MANY:
            return options_of(question, day)[0][0]
        case Shape.YES_NO:
            return "yes"
        case Shape.WHICH:
            return which
        case Shape.WHO:
            return who if question.people == "family" else ""
        case Shape.MOMENT:
            return f"{day.isoformat()}T10:30"
        case Shape.NUMBER:
            return "3"
        case Shape.MONEY:
            return "2,000"
    return SAID[: question.longest]


@pytest.fixture
def world(db: None, settings: Any) -> World:
    """Return the council with its people."""
    settings.DEMO = True  # in place of a second factor
    cache.clear()
    made = World(add_holder(code="990", name="Elmshire"))
    made.add("child", "child", "Robin", "Quill", date(2014, 6, 14))
    made.add("mother", "adult", "Ottoline", "Brae", date(1988, 2, 3))
    made.say("mother_of", "mother", party="child", values={"parental_responsibility": True})
    made.allocate(made.work("social_worker", "Asha Lind"), "SOCIAL_WORKER", "child")
    made.allocate(made.work("social_worker", "Bryn Oake"), "OTHER", "child")
    made.allocate(made.work("team_manager", "Cora Venn"), "TEAM_MANAGER", "child")
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
def web(world: World) -> Callable[[str], Client]:
    """Return a function that gives a browser signed in as whoever has a role."""

    def signed_in(role: str) -> Client:
        client = Browser()
        client.force_login(world.accounts[role], "django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in
