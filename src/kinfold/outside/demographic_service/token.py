"""
An access token, got for an assertion that we sign with our own key: no secret is ever sent.

Source: NHS England, application-restricted RESTful APIs, signed JWT authentication; RFC 7523.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import jwt

from kinfold.outside.demographic_service.errors import NoAnswer, Refused
from kinfold.outside.demographic_service.transport import Request, Send

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
# The service takes an assertion of at most five minutes; ours is good for one.
ASSERTION_SECONDS = 60
# A token is renewed this long before it ends, so that no question travels with one that ends on the way.
RENEWED_BEFORE_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who we are to the service: our API key, the key's number, and the private key (PEM) that signs."""

    api_key: str
    key_id: str
    private_key: bytes
    token_url: str

    def assertion(self, now: float) -> str:
        """Return an assertion that nobody can use twice."""
        claims = {"iss": self.api_key, "sub": self.api_key, "aud": self.token_url, "jti": str(uuid4()),
                  "iat": int(now), "exp": int(now) + ASSERTION_SECONDS}  # fmt: skip
        return jwt.encode(claims, self.private_key, algorithm="RS512", headers={"kid": self.key_id})


class Tokens:
    """Gives a token that is good now, getting a new one when it must; threads share one."""

    def __init__(self, signer: Signer, send: Send, clock: Callable[[], float] = time.time) -> None:
        self._signer, self._send, self._clock = signer, send, clock
        self._lock = threading.Lock()
        self._token, self._until = "", 0.0

    def token(self) -> str:
        """Return a token; raises NoAnswer or Refused where the service gives none."""
        with self._lock:
            if self._clock() >= self._until:
                self._token, self._until = self._new()
            return self._token

    def forget(self, token: str) -> None:
        """Do not use `token` again: the service did not take it."""
        with self._lock:
            if self._token == token:
                self._until = 0.0

    def _new(self) -> tuple[str, float]:
        now = self._clock()
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": self._signer.assertion(now),
        }
        reply = self._send(Request.form(self._signer.token_url, form))
        if reply.status >= 500 or reply.status == 429:
            raise NoAnswer("The demographic service gives no access token at the moment.", again_in=reply.retry_after)
        if reply.status != 200:
            raise Refused(
                "The demographic service does not accept our key. Check the API key, the key's number and this "
                "machine's clock.",
                code="invalid_client",
                status=reply.status,
            )
        try:
            said = json.loads(reply.body)
            # the service gives the number of seconds as a text
            return str(said["access_token"]), now + float(said["expires_in"]) - RENEWED_BEFORE_SECONDS
        except (KeyError, TypeError, ValueError) as wrong:
            raise NoAnswer("The demographic service sent an access token that we cannot read.") from wrong
