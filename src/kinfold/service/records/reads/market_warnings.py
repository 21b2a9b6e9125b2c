"""Advance warnings as their recipients read them, each its own part alone, and the receipts as the officer reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from kinfold.market.cases.financial import Working
from kinfold.market.cases.journal import Line
from kinfold.market.cases.warnings import warning_to
from kinfold.service.records.models import Alert, MarketCase
from kinfold.service.records.reads.market_cases import FINANCIAL, journal_of, worked
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import NotPermitted

ALERT = "advance warning"
RECIPIENTS = frozenset({"placement_officer", "ofsted_group_oversight_officer"})  # a council's commissioners, and Ofsted


@dataclass(frozen=True, slots=True)
class Received:
    """A warning as one recipient has it. `state` is in force, updated since, or withdrawn; `exit` the counts of the simulation."""

    group: str
    number: int
    issued: datetime
    state: str
    text: Sequence[str]
    exit: dict[str, Any] | None
    href: str


def warnings(reader: Reader) -> list[Received]:
    """Return the warnings that went to the reader's organisation, the newest first; nothing of what went to others."""
    if RECIPIENTS.isdisjoint(reader.role_names):
        return []
    found: list[Received] = []
    with as_system():
        for row in MarketCase.objects.filter(held_by__in=reader.holders, sort=FINANCIAL).order_by("pk"):
            found += _of_case(reader, row)
    return sorted(found, key=lambda one: one.issued, reverse=True)


def warning(reader: Reader, uid: str, number: int) -> Received:
    """Return one warning, and record the look. Raises NotPermitted for one that did not go to the reader's organisation."""
    href = reverse("market_warning", args=[UUID(uid), number])
    found = next((one for one in warnings(reader) if one.href == href), None)
    if found is None:
        raise NotPermitted("There is nothing here that you can open.")
    reader.looked(reader.account.held_by_id or 0, f"advance warning about {found.group}", [])
    return found


def _of_case(reader: Reader, row: MarketCase) -> list[Received]:
    working: Working = worked(row, journal_of(row))
    proposals = {agreed.number: proposal for proposal, agreed in working.decisions}
    found = []
    for place, line in enumerate(working.warned, start=1):
        mine = next((one for one in line.said["recipients"] if one["name"] == reader.account.organisation), None)
        if mine is None:
            continue
        text = warning_to(mine, proposals[line.number].said, group=row.name, issued=line.day, number=place)
        href = reverse("market_warning", args=[row.uid, line.number])
        found.append(Received(row.name, place, line.at, _state(working, line), text, line.said.get("exit"), href))
    return found


def _state(working: Working, line: Line) -> str:
    if working.warning is None:
        return "withdrawn"
    return "in force" if working.warning.number == line.number else "updated since"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a warning at one recipient: who was told in the service, when they opened it, or how else they were told."""

    code: str
    name: str
    children: int | None
    homes: int
    told: int
    opened_at: datetime | None
    opened_by: str
    elsewhere: str


def receipts(row: MarketCase, working: Working) -> list[Receipt]:
    """Return the receipts of the warning in force, one for each recipient; none where none is in force."""
    line = working.warning
    if line is None:
        return []
    href = reverse("market_warning", args=[row.uid, line.number])
    with as_system():
        rows = list(Alert.objects.filter(sort=ALERT, href=href).select_related("account").order_by("seen_at", "pk"))
    other = {one.said["recipient"]: one for one in working.told if one.number > line.number}
    found = []
    for one in line.said["recipients"]:
        theirs = [alert for alert in rows if alert.account and alert.account.organisation == one["name"]]
        seen = next((alert for alert in theirs if alert.seen_at), None)
        told = other.get(one["code"])
        found.append(
            Receipt(one["code"], one["name"], one["children"], len(one["homes"]), len(theirs), seen.seen_at if seen else None,
                    seen.account.name if seen and seen.account else "", f"{told.said['how']}, {told.said['on']}" if told else "")
        )  # fmt: skip
    return found
