"""The secret address of a worker's calendar: made, replaced and ended by the worker."""

from __future__ import annotations

import hashlib
import secrets

from kinfold.service.records import audit
from kinfold.service.records.models import CalendarFeed
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system


def hash_of(token: str) -> str:
    """Return what is kept of a token: whoever reads the table cannot read the calendar."""
    return hashlib.sha256(token.encode()).hexdigest()


def make_feed(reader: Reader) -> str:
    """Give the reader a new secret address, which ends the one before; return its token, shown this once."""
    token = secrets.token_urlsafe(32)
    with as_system():
        _end(reader)
        CalendarFeed.objects.create(account=reader.account, hash=hash_of(token), made_at=reader.now)
        _say(reader, "calendar address made")
    return token


def end_feed(reader: Reader) -> None:
    """End the reader's calendar: its address answers nobody any more."""
    with as_system():
        if _end(reader):
            _say(reader, "calendar address ended")


def _end(reader: Reader) -> int:
    return CalendarFeed.objects.filter(account=reader.account, ended_at__isnull=True).update(ended_at=reader.now)


def _say(reader: Reader, action: str) -> None:
    if reader.account.held_by_id is not None:
        audit.append(reader.account.held_by_id, [{"actor": str(reader.account.uid), "action": action}], at=reader.now)
