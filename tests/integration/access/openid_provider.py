"""
An OpenID Connect provider on this machine: a council's directory with invented people in it.

It answers over HTTP as a real one does: discovery, authorization with PKCE, a token endpoint that checks the
client and the code verifier, keys, user information. `faults` make it lie in one way at a time.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "kinfold-of-elmshire", "an invented secret of the client"


@dataclass
class Member:
    """Somebody in the directory."""

    subject: str
    email: str
    name: str
    groups: list[str]
    email_verified: bool = True


@dataclass
class Provider:
    """The directory's state: who is at the browser, what it lies about, what it handed out."""

    address: str = ""
    at_the_browser: Member | None = None
    faults: set[str] = field(default_factory=set)
    groups_in: str = "id_token"
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    first_nonce: str = ""
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    strangers_key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    def configuration(self) -> dict[str, Any]:
        """Return what discovery answers."""
        return {
            "issuer": "https://elsewhere.invalid" if "other issuer" in self.faults else self.address,
            "authorization_endpoint": f"{self.address}/authorize", "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys", "userinfo_endpoint": f"{self.address}/userinfo",
            "token_endpoint_auth_methods_supported": ["client_secret_post"], "code_challenge_methods_supported": ["S256"],
        }  # fmt: skip

    def keys(self) -> dict[str, Any]:
        """Return the public keys."""
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": "1", "use": "sig", "alg": "RS256"}]}

    def authorize(self, query: dict[str, str]) -> str:
        """Return where the browser goes after the person signed in here."""
        self.asked.append(query)
        assert self.at_the_browser is not None
        assert query["client_id"] == CLIENT
        assert query["response_type"] == "code"
        self.first_nonce = self.first_nonce or query["nonce"]
        code = secrets.token_urlsafe(12)
        self.codes[code] = {**query, "member": self.at_the_browser}
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Return status and tokens for a code, once, to the client that holds its verifier."""
        asked = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        right = asked is not None and (
            (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
            and asked["code_challenge_method"] == "S256"
            and asked["code_challenge"] == challenge
            and asked["redirect_uri"] == form["redirect_uri"]
        )
        if not right or asked is None:
            return 400, {"error": "invalid_grant"}
        member = asked["member"]
        return 200, {
            "access_token": member.subject, "token_type": "Bearer", "expires_in": 300,
            "id_token": self.id_token(member, asked["nonce"]),
        }  # fmt: skip

    def id_token(self, member: Member, nonce: str) -> str:
        """Return a signed ID token, true but for the faults."""
        now = int(time.time())
        claims = {
            "iss": self.address, "sub": member.subject, "iat": now, "exp": now + 300,
            "aud": "another client" if "audience" in self.faults else CLIENT,
            "nonce": self.first_nonce if "replayed nonce" in self.faults else nonce,
            "email": member.email, "email_verified": member.email_verified, "name": member.name,
        }  # fmt: skip
        if self.groups_in == "id_token":
            claims["groups"] = member.groups
        if "expired" in self.faults:
            claims |= {"iat": now - 7200, "exp": now - 3600}
        if "no nonce" in self.faults:
            del claims["nonce"]
        return self.signed(claims)

    def signed(self, claims: dict[str, Any]) -> str:
        """Return claims as a token, signed as the faults will have it."""
        if "unsigned" in self.faults:
            return jwt.encode(claims, None, algorithm="none")
        if "signed with the secret" in self.faults:
            return jwt.encode(claims, SECRET * 2, algorithm="HS256", headers={"kid": "1"})
        key = self.strangers_key if "signature" in self.faults else self.key
        return jwt.encode(claims, key, algorithm="RS256", headers={"kid": "1"})

    def user_information(self, access_token: str) -> dict[str, Any]:
        """Return what the directory says of whoever the token is of."""
        member = self.at_the_browser
        assert member is not None
        assert access_token == member.subject
        about = {"sub": "somebody else" if "other subject" in self.faults else member.subject, "name": member.name}
        return about | ({"groups": member.groups} if self.groups_in == "userinfo" else {})

    def logout_token(self, subject: str, **claims: Any) -> str:
        """Return a signed back-channel logout token."""
        now = int(time.time())
        event = {"http://schemas.openid.net/event/backchannel-logout": {}}
        body = {"iss": self.address, "aud": CLIENT, "sub": subject, "iat": now, "exp": now + 120, "events": event}
        return self.signed({**body, "jti": secrets.token_hex(8), **claims})


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _json(self, status: int, body: dict[str, Any]) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/authorize":
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                self.send_response(302)
                self.send_header("Location", provider.authorize(query))
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif parts.path == "/userinfo":
                self._json(200, provider.user_information(self.headers["Authorization"].removeprefix("Bearer ")))
            elif parts.path == "/keys":
                self._json(200, provider.keys())
            else:
                self._json(200, provider.configuration())

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._json(*provider.token({name: values[0] for name, values in parse_qs(text).items()}))

        def log_message(self, *arguments: Any) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def running() -> Iterator[Provider]:
    """Run a directory until the block ends."""
    provider = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
