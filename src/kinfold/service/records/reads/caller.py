"""
Who calls the API: an organisation's client, as a reader like any other.

A client reads with the roles and reach of its own account. The end user it says it acts for is an assertion: it
opens nothing, and stands in the audit beside the client.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from kinfold.service.records import audit
from kinfold.service.records.models import Account
from kinfold.service.records.reads.quick import quickly
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import reading_as_system


def token_hash(token: str) -> str:
    """Return what is kept of a token. It has 256 random bits, so no slow hash is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass
class Caller(Reader):
    """A client of the API at a moment, with its scopes, its council and whom it says it acts for."""

    client_id: str = ""
    scopes: frozenset[str] = frozenset()
    own_holder: int | None = None
    own_code: str = ""
    on_behalf_of: str = ""
    trace: str = ""

    def _say(self, held_by: int, said: audit.Said) -> None:
        super()._say(held_by, {**said, "body": {**said.get("body", {}), **self.asserted()}})

    def called(self, operation: str) -> None:
        """Record that an operation that writes was called, by which client and for whom."""
        if self.own_holder is not None:
            self._say(self.own_holder, {"action": f"api: {operation}", "reason": self.reason})

    def asserted(self) -> dict[str, Any]:
        """Return by which client, for whom and under which trace this is asked."""
        said = {"client": self.client_id, "on_behalf_of": self.on_behalf_of, "trace": self.trace}
        return {name: value for name, value in said.items() if value}


def caller_of(token: str, *, on_behalf_of: str = "", reason: str = "", trace: str = "") -> Caller | None:
    """Return whom a token belongs to, or None when it is unknown, spent or its client is no longer let in."""
    with reading_as_system():
        rows: list[Any] = quickly(Account, _WHOSE, [token_hash(token), _moment(timezone.now())], beside=_BESIDE)
    if not rows:
        return None
    found = rows[0]
    scopes = json.loads(found.scopes) if isinstance(found.scopes, str) else found.scopes
    return Caller(
        account=found, reason=reason, client_id=found.client_id, scopes=frozenset(scopes),
        own_holder=found.own_holder, own_code=found.own_code or "", on_behalf_of=on_behalf_of, trace=trace,
    )  # fmt: skip


_BESIDE = ("scopes", "client_id", "own_holder", "own_code")
_WHOSE = (
    "{columns}, token.scopes, client.client_id, client.held_by, holder.code "
    "from api_token as token join api_client as client on client.id = token.client_id "
    "join account as it on it.id = client.account_id left join holder on holder.id = client.held_by "
    "where token.hash = %s and token.until > %s and client.revoked_at is null and it.is_active"
)


def _moment(value: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(value)
