"""
Answers kept for a short while, and one flight for one question.

A question is kept under a keyed hash: without the key nobody can tell from the cache who was asked about, nor try names
against it. Each part of a question is written with its length, so that no two questions have one hash.
"""

from __future__ import annotations

import hmac
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import Generic, TypeVar

Answer = TypeVar("Answer")
KEPT_SECONDS = 300.0
MOST_KEPT = 10_000


def hashed(key: bytes, parts: Iterable[str]) -> bytes:
    """Return the keyed hash of a question."""
    told = b"".join(len(raw).to_bytes(4, "big") + raw for raw in (part.encode() for part in parts))
    return hmac.digest(key, told, "sha256")


class Remembered(Generic[Answer]):
    """Answers by hashed question. Failures are never kept, and whoever waited for one gets the same failure."""

    def __init__(
        self,
        key: bytes,
        *,
        seconds: float = KEPT_SECONDS,
        most: int = MOST_KEPT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._key, self._seconds, self._most, self._clock = key, seconds, most, clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[bytes, tuple[float, Answer]] = OrderedDict()
        self._flying: dict[bytes, Future[Answer]] = {}

    def get(self, parts: Iterable[str], ask: Callable[[], Answer]) -> Answer:
        """Return the answer to a question: kept, or on its way already, or asked for now."""
        question = hashed(self._key, parts)
        with self._lock:
            until, answer = self._kept.get(question, (0.0, None))
            if answer is not None and self._clock() < until:
                return answer
            waiting = self._flying.get(question)
            if waiting is None:
                flight: Future[Answer] = Future()
                self._flying[question] = flight
        return waiting.result() if waiting is not None else self._ask(question, flight, ask)

    def _ask(self, question: bytes, flight: Future[Answer], ask: Callable[[], Answer]) -> Answer:
        try:
            answer = ask()
        except BaseException as wrong:
            with self._lock:
                del self._flying[question]
            flight.set_exception(wrong)
            raise
        with self._lock:
            del self._flying[question]
            self._kept[question] = (self._clock() + self._seconds, answer)
            self._kept.move_to_end(question)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        flight.set_result(answer)
        return answer

    def forget(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._kept.clear()
