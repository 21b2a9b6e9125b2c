"""A small invented council to list, made with the same actions as everything else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

import kinfold.record.kinds  # noqa: F401 -- fills the registry
from kinfold.record.declare import KINDS
from kinfold.service.records.actions import facts, people
from kinfold.service.records.loading.indexing import index_persons
from kinfold.service.records.models import FACT_TABLES, Account, Holder, Thing
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.setting_up import add_holder
from kinfold.service.records.tables import content_of, payload_text

TODAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Council:
    """An invented council, with words for what a test needs."""

    def __init__(self, code: str = "990", name: str = "Quillmere") -> None:
        self.holder: Holder = add_holder(code=code, name=name)
        self.count = 0

    def child(self, name: str = "", born: date | None = date(2015, 5, 5), **rest: Any) -> Thing:
        """Return a new child."""
        self.count += 1
        child = Thing.objects.create(word="person", sort="child", held_by=self.holder)
        forename, _, surname = (name or f"Child Number{self.count}").partition(" ")
        if born:
            self.fact(child, "person_details", {"birth_date": born})
        self.fact(child, "name", {"forename": forename, "surname": surname, "name_type": "legal"})
        index_persons(self.holder.pk, {child.pk})
        return child

    def fact(self, child: Thing, kind: str, values: dict[str, Any], since: date | None = None,
             until: date | None = None, **rest: Any) -> Any:  # fmt: skip
        """Record a fact typed in here."""
        return facts.record_fact(
            kind=kind, subject=child, values=values, by="test", because="test", valid_from=since, valid_to=until, **rest
        )

    def told(self, child: Thing, kind: str, payload: dict[str, Any], since: date | None, until: date | None, *,
             door: str, extracted: datetime | None = None, party: Thing | None = None, ref: str | None = None) -> Any:  # fmt: skip
        """Write a fact as a door's file would have: two doors may speak of one thing."""
        made = FACT_TABLES[KINDS[kind].word.value].objects.create(
            subject=child, party=party, held_by=self.holder, kind=kind, known_from=self.holder.head + 1,
            valid_from=since, valid_to=until, ref=ref, recorded_by="test", source=door, payload=payload,
            source_extracted_at=extracted, content=content_of(since, until, ref, None, payload_text(payload)),
        )  # fmt: skip
        return made

    def setting(self, urn: str = "SC900001", name: str = "Larchmere House") -> Thing:
        """Return a home with a number and a name."""
        from kinfold.service.records.models import IdentifierKey

        made = Thing.objects.create(word="body", sort="setting", held_by=self.holder)
        IdentifierKey.objects.create(held_by=self.holder, sort="urn", value=urn, thing=made)
        self.fact(made, "setting_details", {"name": name, "urn": urn})
        return made

    def in_care(self, name: str = "", *, since: date = date(2024, 1, 1), home: dict[str, Any] | None = None,
                placed: date | None = None, party: Thing | None = None, **rest: Any) -> Thing:  # fmt: skip
        """Return a child in care, with a home where one is given."""
        child = self.child(name, **rest)
        self.fact(child, "care_period", {"start_reason": "S"}, since)
        if home is not None:
            self.fact(child, "placement", home, placed or since, party=party)
        return child

    def account(self, role: str, *, name: str = "", team: Thing | None = None, worker: Thing | None = None) -> Account:
        """Return somebody with a role."""
        self.count += 1
        made = people.add_account(
            email=f"{role}.{self.count}@{self.holder.code}.invalid", name=name or f"{role} {self.count}", holder=self.holder, by="test",
            today=date(2020, 1, 1), worker=worker,
        )  # fmt: skip
        people.give_role(account=made, role=role, by="test", because="test", today=date(2020, 1, 1), scope=team)
        return made

    def reader(self, role: str, **rest: Any) -> Reader:
        """Return a reader with a role, at noon of the day."""
        return Reader(self.account(role, **rest), NOON)

    def team(self, name: str = "North", code: str = "T1") -> Thing:
        """Return a team."""
        return people.add_team(holder=self.holder, code=code, name=name, by="test")

    def worker(self, name: str, *, team: str = "") -> Thing:
        """Return a worker whom a file has named."""
        made = Thing.objects.create(word="person", sort="worker", held_by=self.holder)
        values = {"full_name": name, "job_title": "Social worker", **({"department": team} if team else {})}
        self.fact(made, "worker_details", values)
        index_persons(self.holder.pk, {made.pk})
        return made

    def allocate(self, child: Thing, worker: Thing, role: str = "SOCIAL_WORKER") -> None:
        """Allocate a child to a worker."""
        people.allocate(children=[child], worker=worker, role=role, by="test", because="test", today=date(2024, 1, 5))


@pytest.fixture
def council(db: None) -> Council:
    """Return an invented council."""
    return Council()


@pytest.fixture
def another_council(db: None) -> Council:
    """Return its invented neighbour."""
    return Council("991", "Brindlecombe")


@pytest.fixture
def signed_in(client: Any, settings: Any) -> Callable[[Account], Any]:
    """Return what signs an account in, past the second factor, as the demonstration does."""
    settings.DEMO = True

    def sign_in(account: Account) -> Any:
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
