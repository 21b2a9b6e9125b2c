"""The invented council of the papers' tests among six other organisations, whose systems pull work through the API."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from kinfold.outside.custodians.answering import Round, one_round
from kinfold.outside.custodians.children import ORGANISATIONS, systems
from kinfold.outside.custodians.client import CustodianClient
from kinfold.outside.custodians.local import Entry, Known, LocalSystem
from kinfold.outside.demographic_service.transport import Reply, Request
from kinfold.service.records.actions import agreements_demonstration, finding_asks
from kinfold.service.records.loading.indexing import index_persons
from kinfold.service.records.loading.resolve import remember
from kinfold.service.records.models import Ask, SharingOrganisation
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.sharing.agreements import Purpose
from tests.integration.council import Browser, World
from tests.integration.papers.conftest import web, world

__all__ = ["Sharing", "web", "world"]
NOON = 12


def through_django(request: Request) -> Reply:
    """Send a client's request to the service without a network."""
    parts = urlsplit(request.url)
    kind = request.headers.get("Content-Type", "application/json")
    headers = {name: value for name, value in request.headers.items() if name != "Content-Type"}
    said = Browser(raise_request_exception=False).generic(
        request.method, f"{parts.path}?{parts.query}", request.body or b"", content_type=kind, headers=headers
    )
    return Reply(said.status_code, {name.lower(): value for name, value in said.headers.items()}, said.content)


@dataclass
class Sharing:
    """The council, the six systems by code, and their clients."""

    world: World
    systems: dict[str, LocalSystem]
    clients: dict[str, CustodianClient]
    secrets: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def worker(self) -> Reader:
        """Return the social worker."""
        return self.world.reader("social_worker")

    @property
    def governance(self) -> Reader:
        """Return information governance, at work on agreements."""
        return self.world.reader("information_governance", "looking after sharing agreements")

    def row(self, code: str) -> SharingOrganisation:
        """Return an organisation."""
        return SharingOrganisation.objects.select_related("held_by").get(code=code)

    def ask(self, purpose: Purpose = Purpose.SAFEGUARDING, reader: Reader | None = None) -> Ask:
        """Ask who else knows the child."""
        return finding_asks.ask(
            reader or self.worker, self.world.uid(), purpose=purpose, basis="UK GDPR article 6(1)(e)",
            because="section 47 enquiry", trace="0af7651916cd43dd8448eb211c80319c",
        )  # fmt: skip

    def round(self, code: str) -> Round:
        """Let one system take and do its work."""
        return one_round(self.clients[code], self.systems[code], hour=lambda: NOON)

    def rounds(self) -> None:
        """Let every system do its work."""
        for code in self.systems:
            self.round(code)


@pytest.fixture
def sharing(world: World, settings: Any, tmp_path: Any) -> Sharing:
    """Return the council with its six partners; every one of them knows the child, the police under a restriction."""
    settings.DATA = tmp_path
    settings.API_CALLS_A_MINUTE = 1_000_000
    child = world.persons["child"]
    with as_system():
        remember(world.holder.pk, [("nhs_number", "9434765919", child.pk), ("upn", "A800000000001", child.pk)])
        index_persons(world.holder.pk, [one.pk for one in world.persons.values()])
    agreements_demonstration.add_sharing(world.holder, today=date(2026, 1, 1))
    secrets = json.loads(agreements_demonstration.custodians_file().read_text())["clients"]
    robin = Known("Robin", "Quill", "2014-06-14", nhs_number="9434765919", upn="A800000000001")
    made = {one.code: one for one in systems([robin], seed=7, today=datetime.now(UTC).date())}
    for one in ORGANISATIONS:
        if not made[one.code].entries:  # the chance of this seed left some out: here everybody knows the child
            payload = {"status": "Known", "events": [{"date": "2026-01-05", "kind": "meeting", "summary": "Met"}]}
            payload = (
                payload if one.record_type not in ("personal", "childrens_services") else {**payload, "events": []}
            )
            made[one.code].entries.append(Entry(f"{one.code}-1", one.record_type, robin, payload))
    clients = {
        code: CustodianClient("http://testserver", one["client_id"], secret=one["secret"], send=through_django)
        for code, one in secrets.items()
    }
    return Sharing(world, made, clients, secrets)


@pytest.fixture
def worker_web(sharing: Sharing, web: Callable[[str], Client]) -> Client:
    """Return the social worker's browser."""
    return web("social_worker")
