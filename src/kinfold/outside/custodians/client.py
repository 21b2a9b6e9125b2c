"""
The reference client of a custodian: everything that a system needs to pull work from Kinfold, and nothing else.

    client = CustodianClient("https://kinfold.elmshire.example", client_id, secret=secret)
    for work in client.claim(most=10):
        ...
        client.answer(work["work"], work["lease"], "records", [{"record_type": "health", "system": "gp", "record": "81"}])

It needs no way in: every call goes from the custodian to Kinfold. A token is fetched when one is needed and once more
when it has run out.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from kinfold.outside.demographic_service.errors import NoAnswer
from kinfold.outside.demographic_service.transport import Reply, Request, Send, sender
from kinfold.terms.errors import KinfoldError

SCOPE = "custodian.work"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
# A token is not used in its last half minute: it could run out on the way.
SPARE_SECONDS = 30.0
Json = dict[str, Any]


class Unreachable(KinfoldError):
    """Kinfold did not answer. Nothing is known of what became of the call: it may be made again."""


class Refused(KinfoldError):
    """Kinfold said no: `status` and `code` of its problem document, and in how many seconds to try again, if it says."""

    def __init__(self, status: int, code: str, detail: str, retry_after: float | None, errors: Sequence[Json]) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status, self.code, self.retry_after, self.errors = status, code, retry_after, errors


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key in PEM by which a client shows who it is: Ed25519 ("EdDSA") or P-256 ("ES256")."""

    pem: bytes
    algorithm: str = "EdDSA"


class CustodianClient:
    """One custodian's client. `secret` or `key` shows who it is; `send` and `clock` are handed in by tests."""

    def __init__(
        self, address: str, client_id: str, *, secret: str = "", key: SigningKey | None = None, send: Send | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._address, self._client_id, self._secret, self._key = address.rstrip("/"), client_id, secret, key
        self._send, self._clock = send or sender(), clock
        self._token, self._good_until = "", float("-inf")

    def work_waits(self, *, seconds: int = 0) -> bool:
        """Return whether there is work; with `seconds`, as soon as there is some, or after so long where there is none."""
        return self._call("GET", f"/custodian/work?wait={seconds}" if seconds else "/custodian/work").status == 200

    def claim(self, most: int = 1) -> list[Json]:
        """Take up to `most` pieces of work; none where there is none."""
        reply = self._call("POST", "/custodian/work/claim", {"most": most})
        return list(json.loads(reply.body)["work"]) if reply.status == 200 else []

    def renew(self, work: str, lease: str) -> str:
        """Keep a lease a while longer; return until when."""
        return str(
            json.loads(self._call("POST", f"/custodian/work/{work}/renew", {"lease": lease}).body)["lease_until"]
        )

    def answer(self, work: str, lease: str, outcome: str, records: Sequence[Mapping[str, str]] = ()) -> None:
        """Say what you hold."""
        said = {"lease": lease, "outcome": outcome, "records": list(records)}
        self._call("POST", f"/custodian/work/{work}/answer", said)

    def answer_all(self, answers: Sequence[Mapping[str, Any]]) -> list[Json]:
        """Say what you hold to several pieces of work; return what became of each."""
        if not answers:
            return []
        return list(json.loads(self._call("POST", "/custodian/answers", {"answers": list(answers)}).body)["answers"])

    def give(self, work: str, lease: str, payload: Mapping[str, Any]) -> None:
        """Give the record asked for."""
        self._call("POST", f"/custodian/work/{work}/record", {"lease": lease, "payload": dict(payload)})

    def not_given(self, work: str, lease: str, outcome: str) -> None:
        """Say why the record asked for is not given."""
        self._call("POST", f"/custodian/work/{work}/record", {"lease": lease, "outcome": outcome})

    def _call(self, method: str, path: str, body: Json | None = None) -> Reply:
        reply = self._once(method, path, body)
        if reply.status == 401:  # the token ran out earlier than it said, or was taken back: one more try
            self._good_until = float("-inf")
            reply = self._once(method, path, body)
        if reply.status >= 400:
            raise _refusal(reply)
        return reply

    def _once(self, method: str, path: str, body: Json | None) -> Reply:
        headers = {"Authorization": f"Bearer {self._bearer()}", "Accept": "application/json"}
        sent = None
        if body is not None:
            headers["Content-Type"], sent = "application/json", json.dumps(body).encode()
        return self._sent(Request(f"{self._address}/api/v1{path}", method, headers, sent))

    def _sent(self, request: Request) -> Reply:
        try:
            return self._send(request)
        except NoAnswer as error:
            raise Unreachable("Kinfold did not answer in time.") from error

    def _bearer(self) -> str:
        if self._clock() < self._good_until:
            return self._token
        url = f"{self._address}/api/v1/oauth/token"
        reply = self._sent(Request.form(url, {"grant_type": "client_credentials", "scope": SCOPE, **self._proof(url)}))
        if reply.status != 200:
            raise _refusal(reply)
        said = json.loads(reply.body)
        self._token = str(said["access_token"])
        self._good_until = self._clock() + float(said["expires_in"]) - SPARE_SECONDS
        return self._token

    def _proof(self, url: str) -> dict[str, str]:
        if self._key is None:
            return {"client_id": self._client_id, "client_secret": self._secret}
        now = datetime.now(UTC)
        claims = {"iss": self._client_id, "sub": self._client_id, "aud": url, "jti": str(uuid.uuid4()), "iat": now,
                  "exp": now + timedelta(minutes=2)}  # fmt: skip
        signed = jwt.encode(claims, self._key.pem, algorithm=self._key.algorithm)
        return {"client_assertion_type": ASSERTION_TYPE, "client_assertion": signed}


def _refusal(reply: Reply) -> Refused:
    try:
        said = json.loads(reply.body)
    except ValueError:
        said = {}
    return Refused(
        reply.status, str(said.get("code", "")), str(said.get("detail", "")), reply.retry_after, said.get("errors", ())
    )
