"""An invented council with a child, their mother, and people who work there, and the forms they send."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from kinfold.casework import Form, How
from kinfold.record.declare import KINDS
from kinfold.service.records.models import Account, Reach
from kinfold.service.records.scope import as_system
from kinfold.service.records.setting_up import add_holder
from tests.integration import council
from tests.integration.casework.sent_forms import sent
from tests.integration.council import signing_in

BEFORE = date(2025, 5, 1)
APPOINTED = ("designated_officer", "local_authority_lawyer")


@dataclass
class World(council.World):
    """The council, with words for what a form needs."""

    before: date = BEFORE

    def another(self) -> None:
        """Put a fresh child and parent in the place of those before, so that one council serves many forms."""
        self.add("child", "child", "Robin", "Quill", date(2014, 6, 14))
        self.add("mother", "adult", "Ottoline", "Brae", date(1988, 2, 3))
        self.say("mother_of", "mother", party="child", values={"parental_responsibility": True})
        self.allocate(self.accounts["social_worker"], "SOCIAL_WORKER", "child")

    def allocate(self, account: Account, role: str, *names: str, since: date = BEFORE, beside: bool = True) -> None:
        """Let a worker work with people."""
        super().allocate(account, role, *names, since=since, beside=beside)

    def reaches(self, role: str, name: str) -> None:
        """Let somebody in a role, made if need be, work with a person."""
        account = self.accounts.get(role) or self.work(role, f"{role} worker".title())
        with as_system():
            Reach.objects.get_or_create(
                actor=account.person, person=self.persons[name], held_by=self.holder, from_date=BEFORE, because="a test",
                sort="appointment" if role in APPOINTED else "open_allocation",
            )  # fmt: skip

    def sent(self, form: Form, *, which: str = "", who: str = "", day: date, **given: str) -> dict[str, Any]:
        """Return a whole form as a browser sends it: the first choice everywhere but where `given` says otherwise."""
        return sent(form.questions, given, day=day, which=which, who=who)

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


@pytest.fixture
def web(world: World) -> Callable[[str], Client]:
    """Return a function that gives a browser signed in as whoever has a role."""
    return signing_in(world.accounts)
