"""What came through a link: opened to the one person it was made for, for as long as it stands."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core import signing
from django.utils import timezone

from kinfold.service.records.models import Ask, FetchLink, Pointer
from kinfold.service.records.reads.agreements import allowed_now, latest_version, own_organisation
from kinfold.service.records.reads.child_fact import open_person
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import reading_as_system
from kinfold.service.records.sealing import unseal
from kinfold.sharing.agreements import Mode, Purpose, RecordType, Request
from kinfold.terms.errors import NotPermitted

NOTHING = "There is nothing here that you can open."
_SIGNER = signing.Signer(salt="kinfold.fetch-link")


@dataclass(frozen=True, slots=True)
class Fetched:
    """A record asked for: where it stands, and what it says once it is there."""

    ask: str
    child: str
    custodian: str
    record_type: RecordType
    purpose: str
    state: str
    message: str
    asked_at: datetime
    received_at: datetime | None
    until: datetime
    ended: bool
    payload: Mapping[str, Any]


def content_request(pointer: Pointer, *, asker: str, purpose: str) -> Request:
    """Return the question to the policy whether what a record says may be told to `asker`."""
    return Request(
        holder=pointer.custodian.code, asker=asker, mode=Mode.CONTENT, record_type=RecordType(pointer.record_type),
        purpose=Purpose(purpose), on=timezone.localdate(),
    )  # fmt: skip


def still_stands(link: FetchLink) -> bool:
    """Return whether a link is still good: the agreement it was made under holds, and allows it at this moment."""
    latest = latest_version(link.pointer.custodian)
    if latest is None or latest.pk != link.agreement_id or latest.revoked:
        return False
    request = content_request(link.pointer, asker=link.organisation.code, purpose=link.purpose)
    return allowed_now(link.held_by_id, request)


def token_of(link: FetchLink) -> str:
    """Return the link's own address: its number with a mark that only this service can make."""
    return _SIGNER.sign(link.uid.hex)


def opened(reader: Reader, token: str) -> Fetched:
    """
    Return what came through a link, and record the View.

    Raises NotPermitted for a token that was made up or belongs to somebody else, alike. A link whose time is over, or
    whose agreement has changed since, opens nothing: `ended` says so.
    """
    try:
        uid = _SIGNER.unsign(token)
    except signing.BadSignature as error:
        raise NotPermitted(NOTHING) from error
    link = (
        FetchLink.objects.select_related("pointer__custodian", "organisation", "ask__person", "agreement")
        .filter(uid=uid, account=reader.account).first()
    )  # fmt: skip
    if link is None:
        raise NotPermitted(NOTHING)
    open_person(reader, str(link.ask.person.uid), action="open a fetched record")
    if own_organisation(reader, link.held_by_id).pk != link.organisation_id:
        raise NotPermitted(NOTHING)
    shown = _shown(link)
    reader.looked(
        link.held_by_id, "opened a fetched record", [shown.child], because=f"{link.purpose}: {link.ask.because}"
    )
    return shown


def _shown(link: FetchLink) -> Fetched:
    waiting_or_here = link.state in (FetchLink.State.WAITING, FetchLink.State.RECEIVED)
    ended = link.until <= timezone.now() or (waiting_or_here and not still_stands(link))
    payload = _payload(link) if link.state == FetchLink.State.RECEIVED and not ended else {}
    return Fetched(
        str(link.ask.uid), str(link.ask.person.uid), link.pointer.custodian.name, RecordType(link.pointer.record_type),
        link.purpose, link.state, link.message, link.at, link.received_at, link.until, ended, payload,
    )  # fmt: skip


def _payload(link: FetchLink) -> Mapping[str, Any]:
    raw = bytes(link.sealed)
    if not raw:
        return {}
    found: dict[str, Any] = json.loads(b"".join(unseal(link.held_by_id, io.BytesIO(raw))))
    return found


def fetched_of(reader: Reader, made: Ask) -> list[tuple[FetchLink, Fetched]]:
    """Return what the reader asked for within one ask, as it stands now, the first asked for first."""
    with reading_as_system():
        links = (
            FetchLink.objects.select_related("pointer__custodian", "organisation", "ask__person", "agreement")
            .filter(ask=made, account=reader.account).order_by("pk")
        )  # fmt: skip
        return [(link, _shown(link)) for link in links]
