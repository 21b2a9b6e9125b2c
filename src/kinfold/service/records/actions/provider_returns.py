"""What a provider sends at its own door in the Department's installation: its financial return, and its plans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone

from kinfold.access.words import Verb
from kinfold.files.attached import Attached, make_safe
from kinfold.market.cases.financial import CONTINGENCY, RECOVERY
from kinfold.market.cases.journal import Line
from kinfold.market.financial.workbook import Return, read_return
from kinfold.service.records.actions.market_cases import added
from kinfold.service.records.commits import writing
from kinfold.service.records.models import Account, Alert, RoleHeld
from kinfold.service.records.reads.provider_door import insist_own, own_key
from kinfold.service.records.reads.provider_returns import FINANCES, Scheme, in_scheme
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system

ALERT = "return received"
ANALYST = "financial_oversight_analyst"
PLANS: Mapping[str, str] = {"contingency": CONTINGENCY, "recovery": RECOVERY}


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a workbook: the line that took it in, or None with everything to put right in `told`."""

    told: Return
    line: Line | None


def send_return(reader: Reader, *, name: str, content: bytes) -> Taken:
    """
    Take in the return of the reader's own provider where its figures fit one another; nothing is kept of one that is refused.

    A return for a period that was sent already becomes its next version. Raises InputError for a file that is not the template,
    and for the same return again; NotPermitted for who is not in the scheme.
    """
    found = in_scheme(reader)
    file = make_safe(name, content)
    told = read_return(file.content, today=found.today)
    if told.refusals:
        return Taken(told, None)
    return Taken(told, _sent(reader, found, "return", told.said(), file))


def send_plan(reader: Reader, which: str, *, said: Mapping[str, Any], file: Attached | None = None) -> Line:
    """Take in a contingency or a recovery plan of the reader's own provider. Raises InputError where it says too little."""
    return _sent(reader, in_scheme(reader), PLANS[which], said, file)


def _sent(reader: Reader, found: Scheme, sort: str, said: Mapping[str, Any], file: Attached | None) -> Line:
    insist_own(reader, own_key(reader, part=FINANCES), Verb.WRITE, part=FINANCES)
    row = found.row
    with writing(
        held_by=row.held_by_id, by=str(reader.account.uid), because=f"{row.reference}: {sort} by the provider"
    ) as change:
        whole = {**said, "received_on": found.today.isoformat(), "sent_by": "the provider"}
        line = added(change, reader, row, sort=sort, said=whole, reasons="", file=file)
        _tell_analysts(found, line)
    return line


def _tell_analysts(found: Scheme, line: Line) -> None:
    """Tell those who work on finances that something came."""
    row, held_by = found.row, found.row.held_by_id
    with as_system():
        held = RoleHeld.objects.filter(role=ANALYST, account__held_by=held_by, from_date__lte=line.day)
        accounts = Account.objects.filter(
            pk__in=held.exclude(until_date__lte=line.day).values("account"), is_active=True
        )
        Alert.objects.bulk_create(
            Alert(account=one, held_by_id=held_by, sort=ALERT, at=line.at, title=f"{row.name}: a {line.sort} came"[:200],
                  href=reverse("finance_case", args=[row.uid]))
            for one in accounts.order_by("pk")
        )  # fmt: skip


def read_by(reader: Reader, uid: str) -> None:
    """Take from an analyst's alerts that something came for a case: they have opened it."""
    mine = Alert.objects.filter(account=reader.account, sort=ALERT, href=reverse("finance_case", args=[uid]))
    mine.filter(done_at__isnull=True).update(seen_at=timezone.now(), done_at=timezone.now())
