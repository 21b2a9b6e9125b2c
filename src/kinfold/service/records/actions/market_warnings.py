"""Advance warnings: whom one goes to is fixed in the journal when it is agreed to, and each recipient's people are told at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone

from kinfold.market.cases.financial import FORMAL, UPDATED, recipients
from kinfold.market.cases.journal import Line, Waiting
from kinfold.market.financial.workbook import council_names
from kinfold.service.records.models import Account, Alert, MarketCase, RoleHeld
from kinfold.service.records.reads.market_cases import CasePage
from kinfold.service.records.reads.market_exits import exit_counts, homes_of
from kinfold.service.records.reads.market_warnings import ALERT, RECIPIENTS, Received
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system


def with_recipients(page: CasePage, waiting: Waiting, said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an agreement says, with the recipients and the exit's counts where it issues or updates a warning."""
    if waiting.to not in (FORMAL, UPDATED):
        return dict(said)
    group = page.working.opened.said["group"]
    latest = page.working.latest
    whom = recipients(latest.said if latest else None, homes_of(group), council_names())
    return {**said, "recipients": whom, "exit": exit_counts(group)}


def deliver(row: MarketCase, line: Line) -> int:
    """Tell everybody who receives warnings for a recipient, and return how many were told; who has nobody is told by an officer."""
    names = {one["name"] for one in line.said["recipients"]}
    day = line.day
    with as_system():
        held = RoleHeld.objects.filter(role__in=RECIPIENTS, account__held_by=row.held_by, from_date__lte=day).exclude(
            until_date__lte=day
        )
        accounts = Account.objects.filter(pk__in=held.values("account"), organisation__in=names, is_active=True)
        alerts = [
            Alert(account=one, held_by_id=row.held_by_id, sort=ALERT, at=line.at, href=reverse("market_warning", args=[row.uid, line.number]),
                  title=f"An advance warning about {row.name}"[:200])
            for one in accounts.order_by("pk")
        ]  # fmt: skip
        Alert.objects.bulk_create(alerts)
    return len(alerts)


def received(reader: Reader, found: Received) -> None:
    """Record that the reader opened a warning: the receipt that the officer sees. The first opening counts."""
    with as_system():
        mine = Alert.objects.filter(account=reader.account, sort=ALERT, href=found.href)
        mine.filter(seen_at__isnull=True).update(seen_at=timezone.now(), done_at=timezone.now())
