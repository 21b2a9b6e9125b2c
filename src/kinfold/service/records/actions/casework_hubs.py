"""Adding family hubs and the services they offer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from kinfold.access.words import Verb
from kinfold.record.declare import KINDS
from kinfold.service.records.actions import facts
from kinfold.service.records.actions.recording import checked
from kinfold.service.records.models import Thing
from kinfold.service.records.reads.casework_hubs import HUB, as_offer, hub_of, hubs
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import InputError, NotPermitted


def add_hub(reader: Reader, *, name: str) -> str:
    """Add a family hub of the reader's council; return its public id."""
    holder = reader.account.held_by
    if holder is None:
        raise NotPermitted("There is nothing here that you can open.")
    reader.insist(Verb.WRITE, as_offer(holder.pk), action="add a family hub")
    if any(hub.name.casefold() == name.strip().casefold() for hub in hubs(reader)):
        raise InputError("There is a hub of that name already.")
    with as_system():
        made = Thing.objects.create(word="body", sort="organisation", held_by=holder)
        _say(reader, made, "partner_details", {"name": name.strip(), "partner_type": HUB}, reader.now.date())
    return str(made.uid)


def add_service(reader: Reader, uid: str, *, values: Mapping[str, Any], since: date) -> None:
    """Record a service that a hub offers from a day on."""
    hub = hub_of(reader, uid)
    reader.insist(Verb.WRITE, as_offer(hub.held_by_id), action="add a service")
    with as_system():
        _say(reader, hub, "service_offered", {k: v for k, v in values.items() if v not in (None, "")}, since)


def _say(reader: Reader, row: Thing, kind: str, values: Mapping[str, Any], since: date) -> None:
    said = checked(KINDS[kind], values, valid_from=since, valid_to=None)
    facts.record_fact(
        kind=kind, subject=row, values=said, valid_from=since, by=str(reader.account.uid), because="family hubs",
        today=reader.now.date(),
    )  # fmt: skip
