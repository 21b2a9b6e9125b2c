"""One request over HTTP or HTTPS and its reply, with a time limit. Anything that is not a reply is NoAnswer."""

from __future__ import annotations

import http.client
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import cache
from urllib.parse import urlencode, urlsplit

from kinfold.outside.demographic_service.errors import NoAnswer
from kinfold.terms.errors import SettingError

DEFAULT_SECONDS = 10.0
# No answer of this service is near this; a longer one is not read.
LONGEST_BODY = 4_000_000
_LOCAL = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None

    @classmethod
    def form(cls, url: str, fields: Mapping[str, str]) -> Request:
        """Return a POST of a form."""
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        return cls(url, "POST", kind, urlencode(fields).encode())


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def retry_after(self) -> float | None:
        """Return in how many seconds the service wants to be asked again, if it says so, as a number or a date."""
        said = self.headers.get("retry-after", "").strip()
        if said.isdigit():
            return float(said)
        try:
            return max(0.0, parsedate_to_datetime(said).timestamp() - time.time()) if said else None
        except ValueError:
            return None


Send = Callable[[Request], Reply]


@cache
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()


def sender(seconds: float = DEFAULT_SECONDS) -> Send:
    """Return a function that sends one request and waits at most `seconds` for each part of the reply."""

    def send(request: Request) -> Reply:
        parts = urlsplit(request.url)
        connection = _connection(parts.scheme, parts.hostname or "", parts.port, seconds)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        try:
            connection.request(request.method, path, body=request.body, headers=dict(request.headers))
            reply = connection.getresponse()
            body = reply.read(LONGEST_BODY + 1)
        except (OSError, http.client.HTTPException) as wrong:
            raise NoAnswer("The demographic service did not answer in time.") from wrong
        finally:
            connection.close()
        if len(body) > LONGEST_BODY:
            raise NoAnswer("The demographic service sent more than it ever should.")
        return Reply(reply.status, {name.lower(): value for name, value in reply.getheaders()}, body)

    return send


def _connection(scheme: str, host: str, port: int | None, seconds: float) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=seconds, context=_trusted())
    if scheme == "http" and host in _LOCAL:
        return http.client.HTTPConnection(host, port, timeout=seconds)
    raise SettingError("The demographic service's address must begin with https:// (or be on this machine).")
