"""Two invented councils, children in each, and clients that may do different things."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client

import kinfold.record.kinds  # noqa: F401 -- fills the registry
from kinfold.service.records.actions import api_clients, facts
from kinfold.service.records.loading.resolve import remember
from kinfold.service.records.models import Holder, Thing
from kinfold.service.records.scope import as_system
from kinfold.service.records.setting_up import add_holder

TODAY = date(2026, 3, 4)
ALL_SCOPES = tuple(api_clients.SCOPES)


@dataclass
class Api:
    """A client of the API under test: its token is sent with every call."""

    token: str
    client_id: str
    secret: str
    supplier_key: str
    web: Client

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Make a call with a JSON body and return Django's response."""
        sent: dict[str, Any] = {"headers": {"Authorization": f"Bearer {self.token}", **headers}}
        if body is not None:
            sent |= {
                "data": body if isinstance(body, (str, bytes)) else json.dumps(body),
                "content_type": "application/json",
            }
        return self.web.generic(method, path, **_generic(sent))

    def get(self, path: str, **headers: str) -> Any:
        """GET a path under the API's root."""
        return self.call("GET", f"/api/v1{path}", **headers)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        """POST JSON to a path under the API's root."""
        return self.call("POST", f"/api/v1{path}", body, **headers)

    def feed(self, body: Any, la_code: str = "990", at: str = "", **headers: str) -> Any:
        """Send a call of the Department's daily feed."""
        wanted = {"SupplierKey": self.supplier_key, **headers}
        return self.call("POST", f"{at}/children_social_care_data/{la_code}/children", body, **wanted)


def _generic(sent: dict[str, Any]) -> dict[str, Any]:
    return {"data": sent.get("data", ""), "content_type": sent.get("content_type", ""), "headers": sent["headers"]}


@pytest.fixture(autouse=True)
def _addresses(settings: Any) -> Iterator[None]:
    """Serve the API's own addresses, and count calls afresh. A request must not close the test's connection."""
    settings.ROOT_URLCONF = "kinfold.service.api.urls"
    settings.API_CALLS_A_MINUTE = 1_000_000
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.fixture
def council(db: None) -> Holder:
    """Return an invented council."""
    cache.clear()
    return add_holder(code="990", name="Elmshire")


@pytest.fixture
def other_council(db: None) -> Holder:
    """Return another one."""
    return add_holder(code="991", name="Ashford Vale")


def make_child(holder: Holder, number: str, forename: str, surname: str, born: date) -> Thing:
    """Return a child with a name, a date of birth, a number and a care period."""
    with as_system():
        child = Thing.objects.create(word="person", sort="child", held_by=holder)

        remember(holder.pk, [("la_child_id", number, child.pk)])

        def say(kind: str, values: dict[str, Any], **rest: Any) -> None:
            facts.record_fact(kind=kind, subject=child, values=values, by="test", because="a test", **rest)

        say("person_details", {"birth_date": born, "sex": "F"})
        say("name", {"forename": forename, "surname": surname, "name_type": "LEGAL"})
        say("identifier", {"identifier_type": "la_child_id", "value": number}, ref=number)
        say("care_period", {"start_reason": "S"}, valid_from=date(2025, 5, 1))
        return child


@pytest.fixture
def child(council: Holder) -> Thing:
    """Return a child of the council."""
    return make_child(council, "C1001", "Rosalind", "Quarrington", date(2014, 6, 14))


@pytest.fixture
def other_child(other_council: Holder) -> Thing:
    """Return a child of the other council."""
    return make_child(other_council, "C2002", "Barnaby", "Thistlewood", date(2013, 2, 2))


@pytest.fixture
def client_for(council: Holder) -> Callable[..., Api]:
    """Return a function that makes a client of the API in given roles and gets it a token."""

    def make(
        *roles: str, scopes: tuple[str, ...] = ALL_SCOPES, holder: Holder | None = None,
        organisation: str = "Case system",
    ) -> Api:  # fmt: skip
        with as_system():
            made = api_clients.add_client(
                holder=holder or council, organisation=organisation, roles=roles, scopes=scopes, by="test",
                today=date(2026, 1, 1),
            )  # fmt: skip
            client = api_clients.client_with_secret(made.client_id, made.secret)
            assert client is not None
            issued = api_clients.issue_token(client, [])
            assert issued is not None
        return Api(issued.token, made.client_id, made.secret, made.supplier_key, Client(raise_request_exception=False))

    return make


@pytest.fixture
def worker(client_for: Callable[..., Api]) -> Api:
    """Return a client that reads and writes the records of the whole council: the night team's system."""
    return client_for("emergency_duty_team")


@pytest.fixture
def loader(client_for: Callable[..., Api]) -> Api:
    """Return a client that loads files: the case system's feed."""
    return client_for("data_analyst")
