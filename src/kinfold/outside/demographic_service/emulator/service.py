"""One request answered as the service would answer it: token, headers, quota, faults, then the question itself."""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import jwt
from jwt.types import Options

from kinfold.outside.demographic_service.emulator import fhir
from kinfold.outside.demographic_service.emulator.people import People
from kinfold.outside.demographic_service.emulator.rules import MOST_RESULTS, Problem, invalid, missing, question
from kinfold.outside.demographic_service.emulator.searching import search
from kinfold.outside.demographic_service.token import ASSERTION_TYPE
from kinfold.terms.identifiers import is_nhs_number

TOKEN_PATH = "/oauth2/token"  # noqa: S105 - a path
BASE_PATH = "/personal-demographics/FHIR/R4"
TOKEN_SECONDS = 599
LONGEST_ASSERTION_SECONDS = 300
_DENIED = Problem(401, "ACCESS_DENIED", "forbidden", "Access Denied")


@dataclass(slots=True)
class Answered:
    """A reply of the emulator. `dropped` cuts the line instead, `half` in the middle of the body."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    dropped: bool = False
    half: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """What one request meets instead of its answer: a status, a cut line, half of the answer, or a wrong `body`."""

    status: int = 503
    retry_after: str = ""
    dropped: bool = False
    half: bool = False
    body: bytes = b""


@dataclass(slots=True)
class Knobs:
    """
    What a test or the demonstration may turn. `faults` meet the next requests one by one; `down` meets them all.

    `seconds_ahead` puts the emulator's clock wrong; `latency` is added to every answer, in seconds.
    """

    per_second: float = 5.0
    latency: float = 0.0
    seconds_ahead: float = 0.0
    with_user: bool = False
    down: Fault | None = None
    faults: deque[Fault] = field(default_factory=deque)


@dataclass(slots=True)
class Emulator:
    """
    The service over `people`. `keys` are the public keys (PEM) of each API key that it knows, by the key's number.

    `turns`, where it is given, turns the knobs before each request: the demonstration's are turned by a command.
    """

    people: People
    keys: Mapping[str, Mapping[str, bytes]]
    knobs: Knobs = field(default_factory=Knobs)
    host: str = ""
    clock: Callable[[], float] = time.time
    asked: int = 0
    turns: Callable[[Knobs], None] | None = None
    _tokens: dict[str, float] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)
    _allowance: float = 0.0
    _counted_at: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Answered:
        """Return the reply to one request; names of headers in lower case."""
        if self.turns is not None:
            self.turns(self.knobs)
        if (method, urlsplit(target).path) == ("POST", TOKEN_PATH):
            return self._token(body)
        fault = self._fault()
        if fault is None:
            return self._answered(method, target, headers)
        if fault.half:
            return replace(self._answered(method, target, headers), half=True)
        later = {"Retry-After": fault.retry_after} if fault.retry_after else {}
        return Answered(fault.status, fault.body, later, fault.dropped)

    def _answered(self, method: str, target: str, headers: Mapping[str, str]) -> Answered:
        parts = urlsplit(target)
        try:
            reply = self._service(method, parts.path, parse_qsl(parts.query, keep_blank_values=True), headers)
        except Problem as problem:
            known = problem.code in ("RESOURCE_NOT_FOUND", "INVALIDATED_RESOURCE")
            reply = _fhir(problem.status, fhir.outcome(problem, severity="information" if known else "error"))
            if problem.status == 429:
                reply.headers["Retry-After"] = "1"
        for name in ("X-Request-ID", "X-Correlation-ID"):
            if name.lower() in headers:
                reply.headers[name] = headers[name.lower()]
        return reply

    def now(self) -> float:
        """Return the emulator's idea of the time."""
        return self.clock() + self.knobs.seconds_ahead

    def _fault(self) -> Fault | None:
        with self._lock:
            return self.knobs.faults.popleft() if self.knobs.faults else self.knobs.down

    def _service(self, method: str, path: str, pairs: list[tuple[str, str]], headers: Mapping[str, str]) -> Answered:
        self._check(headers)
        with self._lock:
            self.asked += 1
        tail = path.removeprefix(BASE_PATH).strip("/").split("/")
        if method != "GET" or not path.startswith(BASE_PATH) or tail[0] != "Patient" or len(tail) > 2:
            raise Problem(404, "UNSUPPORTED_SERVICE", "processing", "The requested service is not supported")
        return self._read(tail[1]) if len(tail) == 2 else self._search(pairs)

    def _check(self, headers: Mapping[str, str]) -> None:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or self._tokens.get(token, 0.0) <= self.now():
            raise _DENIED
        number = headers.get("x-request-id", "")
        if not number:
            raise missing("X-Request-ID")
        try:
            UUID(number)
        except ValueError:
            raise invalid(number, "X-Request-ID") from None
        self._count()

    def _count(self) -> None:
        """Take one from the allowance of the second, or refuse."""
        with self._lock:
            now, rate = self.clock(), self.knobs.per_second
            self._allowance = min(rate, self._allowance + (now - self._counted_at) * rate)
            self._counted_at = now
            if self._allowance < 1:
                words = f"The application has exceeded its quota of {rate:g} requests every 1 second"
                raise Problem(429, "TOO_MANY_REQUESTS", "throttled", words)
            self._allowance -= 1

    def _search(self, pairs: list[tuple[str, str]]) -> Answered:
        asked = question(pairs, most_allowed=MOST_RESULTS if self.knobs.with_user else 1)
        found = search(self.people, asked)
        if len(found) > asked.most:
            return _fhir(200, fhir.too_many())
        stamp = datetime.fromtimestamp(self.now(), UTC).isoformat(timespec="seconds")
        return _fhir(200, fhir.bundle(found, base_url=f"{self.host}{BASE_PATH}", timestamp=stamp))

    def _read(self, number: str) -> Answered:
        if not is_nhs_number(number):
            raise Problem(400, "INVALID_RESOURCE_ID", "value", f"Invalid resource ID - '{number}'")
        entry = self.people.current(number)
        if entry is None:
            raise Problem(404, "RESOURCE_NOT_FOUND", "not-found", "The resource was not found")
        if entry.invalidated:
            raise Problem(404, "INVALIDATED_RESOURCE", "processing", "The resource was invalidated")
        reply = _fhir(200, fhir.patient(entry.patient))
        reply.headers["ETag"] = f'W/"{entry.patient.version or 1}"'
        return reply

    def _token(self, body: bytes) -> Answered:
        form = dict(parse_qsl(body.decode("utf-8", "replace")))
        try:
            wrong = self._wrong_with(form)
        except jwt.InvalidTokenError as error:
            wrong = str(error)
        if wrong:
            return _json(401, {"error": "invalid_client", "error_description": wrong}, "application/json")
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._tokens[token] = self.now() + TOKEN_SECONDS
        said = {"access_token": token, "expires_in": str(TOKEN_SECONDS), "token_type": "Bearer",
                "issued_at": str(int(self.now() * 1000))}  # fmt: skip
        return _json(200, said, "application/json")

    def _wrong_with(self, form: Mapping[str, str]) -> str:
        """Return what is wrong with a request for a token; "" if nothing."""
        if form.get("grant_type") != "client_credentials" or form.get("client_assertion_type") != ASSERTION_TYPE:
            return "The grant or the type of assertion is not supported"
        assertion = form.get("client_assertion", "")
        key_id = str(jwt.get_unverified_header(assertion).get("kid", ""))
        issuer = str(jwt.decode(assertion, options={"verify_signature": False}).get("iss", ""))
        key = self.keys.get(issuer, {}).get(key_id)
        if key is None:
            return "The API key or the key's number is not known"
        options: Options = {"verify_exp": False, "verify_iat": False, "require": ["exp", "iss", "sub", "aud", "jti"]}
        claims = jwt.decode(assertion, key, algorithms=["RS512"], audience=f"{self.host}{TOKEN_PATH}",
                            options=options)  # fmt: skip
        return self._wrong_claims(claims)

    def _wrong_claims(self, claims: Mapping[str, object]) -> str:
        left = float(str(claims["exp"])) - self.now()
        if left <= 0:
            return "The assertion has ended"
        if left > LONGEST_ASSERTION_SECONDS:
            return "The assertion is good for longer than five minutes"
        if claims["iss"] != claims["sub"]:
            return "The issuer and the subject differ"
        with self._lock:
            if str(claims["jti"]) in self._used:
                return "The assertion was used before"
            self._used.add(str(claims["jti"]))
        return ""


def _fhir(status: int, said: fhir.Json) -> Answered:
    return _json(status, said, "application/fhir+json")


def _json(status: int, said: fhir.Json, kind: str) -> Answered:
    return Answered(status, json.dumps(said).encode(), {"Content-Type": kind})
