"""
Asking the service over HTTPS, as its contract wants it asked.

Every request carries a token and its own number (`X-Request-ID`), kept when the same request is tried again. All
workers share one budget of questions. A 429 holds everybody for as long as the service says. When there is no answer
the caller gets NoAnswer, never an empty answer.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote, urlencode
from uuid import uuid4

from kinfold.outside.demographic_service.breaker import Breaker
from kinfold.outside.demographic_service.budget import Budget
from kinfold.outside.demographic_service.errors import NoAnswer, Refused
from kinfold.outside.demographic_service.patient import Found, Patient, codes_of, found_from, patient_from
from kinfold.outside.demographic_service.remembered import Remembered
from kinfold.outside.demographic_service.search import Search
from kinfold.outside.demographic_service.token import Tokens
from kinfold.outside.demographic_service.transport import Reply, Request, Send
from kinfold.terms.identifiers import normalise_nhs_number

Answer = TypeVar("Answer")
ATTEMPTS = 3
LONGEST_WAIT_SECONDS = 20.0
# Where a 429 does not say how long, the whole application rests for this long.
DEFAULT_REST_SECONDS = 1.0
FIRST_PAUSE_SECONDS = 0.2
_NOT_NOW = frozenset({408, 425, 429, 500, 502, 503, 504})
_FHIR = "application/fhir+json"


@dataclass(slots=True)
class Counts:
    """How often the service was asked, and what came of it. No names, no numbers of people."""

    requests: int = 0
    again: int = 0
    not_now: int = 0


@dataclass(slots=True)
class Client:
    """
    The service. `organisation` is the ODS code sent for whom we ask, where one application serves several.

    Threads share a client; processes share its budget.
    """

    base_url: str
    tokens: Tokens
    send: Send
    budget: Budget
    remembered: Remembered[tuple[int, bytes]]
    breaker: Breaker = field(default_factory=Breaker)
    organisation: str = ""
    longest_wait: float = LONGEST_WAIT_SECONDS
    pause: Callable[[float], None] = time.sleep
    counts: Counts = field(default_factory=Counts)

    def search(self, search: Search) -> Found:
        """Return whom a search found; raises NoAnswer or Refused."""
        if search.refusal:
            raise Refused(search.refusal, code="INVALID_SEARCH_DATA", status=400)
        return self._asked(f"/Patient?{urlencode(search.parameters(), quote_via=quote)}", found_from)

    def patient(self, nhs_number: str) -> Patient | None:
        """
        Return the person with this number, or None if the service has none.

        A number that was superseded brings the person under the number that holds now: compare `nhs_number`.
        Raises Refused for a number that fails its check digit, without asking.
        """
        number = normalise_nhs_number(nhs_number)
        if number is None:
            raise Refused(
                "This is not an NHS number: its check digit is wrong.", code="INVALID_RESOURCE_ID", status=400
            )
        try:
            return self._asked(f"/Patient/{number}", patient_from)
        except Refused as refused:
            if refused.code in ("RESOURCE_NOT_FOUND", "INVALIDATED_RESOURCE"):
                return None
            raise

    def _asked(self, path: str, into: Callable[[dict[str, Any]], Answer]) -> Answer:
        question = (self.base_url, self.organisation, path)
        status, body = self.remembered.get(question, lambda: self._carried_out(path, into))
        if status == 200:
            return _read(body, into)
        codes = _read(body, codes_of)
        raise Refused(
            f"The demographic service refused the question ({codes[0] if codes else status}).",
            code=codes[0] if codes else str(status),
            status=status,
        )

    def _carried_out(self, path: str, into: Callable[[dict[str, Any]], object]) -> tuple[int, bytes]:
        """Return the status and body of an answer that can be read, having tried again where that is worth it."""
        number, last = str(uuid4()), NoAnswer("The demographic service did not answer.")
        for attempt in range(ATTEMPTS):
            self.breaker.check()
            self.pause(self.budget.take(most=self.longest_wait))
            self.counts.requests += 1
            self.counts.again += attempt > 0
            try:
                reply = self._sent(path, number)
                if reply.status not in _NOT_NOW and reply.status != 401:
                    # half an answer is none: it is asked for again, and never remembered
                    _read(reply.body, into if reply.status == 200 else codes_of)
                    self.breaker.succeeded()
                    return reply.status, reply.body
                last = self._not_now(reply)
            except NoAnswer as wrong:
                last = wrong
                self.breaker.failed()
            if attempt < ATTEMPTS - 1:
                self.pause(FIRST_PAUSE_SECONDS * 2**attempt)
        raise last

    def _sent(self, path: str, number: str) -> Reply:
        token = self.tokens.token()
        headers = {"Authorization": f"Bearer {token}", "X-Request-ID": number, "X-Correlation-ID": number,
                   "Accept": _FHIR}  # fmt: skip
        if self.organisation:
            headers["NHSD-End-User-Organisation-ODS"] = self.organisation
        reply = self.send(Request(f"{self.base_url}{path}", headers=headers))
        if reply.status == 401:
            self.tokens.forget(token)
        return reply

    def _not_now(self, reply: Reply) -> NoAnswer:
        """Return why there is no answer, having told the budget or the breaker."""
        self.counts.not_now += 1
        if reply.status == 429:
            rest = reply.retry_after or DEFAULT_REST_SECONDS
            self.budget.hold(rest)
            return NoAnswer("The demographic service has had enough questions from us.", again_in=rest)
        if reply.status == 401:
            return NoAnswer("The demographic service does not take our access token.")
        self.breaker.failed()
        return NoAnswer(
            f"The demographic service cannot answer at the moment ({reply.status}).", again_in=reply.retry_after
        )


def _read(body: bytes, into: Callable[[dict[str, Any]], Answer]) -> Answer:
    try:
        said = json.loads(body)
    except ValueError as wrong:
        raise NoAnswer("The demographic service sent something that is not JSON.") from wrong
    try:
        return into(said)
    except (AttributeError, KeyError, TypeError, ValueError) as wrong:
        raise NoAnswer("The demographic service answered in a form that we do not know.") from wrong
