"""
Who calls the API: an organisation's client, as a reader like any other.

A client reads with the roles and reach of its own account. The end user it says it acts for is an assertion: it
opens nothing, and stands in the audit beside the client.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from kinfold.service.records import audit
from kinfold.service.records.models import ApiToken
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system


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
    with as_system():
        found = (
            ApiToken.objects.select_related("client__account", "client__held_by")
            .filter(hash=token_hash(token), until__gt=timezone.now(), client__revoked_at__isnull=True)
            .filter(client__account__is_active=True)
            .first()
        )
    if found is None:
        return None
    client = found.client
    return Caller(
        account=client.account, reason=reason, client_id=client.client_id, scopes=frozenset(found.scopes),
        own_holder=client.held_by_id, own_code=client.held_by.code if client.held_by else "",
        on_behalf_of=on_behalf_of, trace=trace,
    )  # fmt: skip
