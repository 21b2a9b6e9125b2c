"""
A circuit breaker: after several failures in a row nobody asks for a while, then one question tries again.

Without it, every page that asks would wait for the time limit while the service is down.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from kinfold.outside.demographic_service.errors import NoAnswer

FAILURES = 5
REST_SECONDS = 30.0


class Breaker:
    """Counts failures in a row. Threads share it."""

    def __init__(
        self, *, failures: int = FAILURES, rest: float = REST_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._rest, self._clock = failures, rest, clock
        self._lock = threading.Lock()
        self._failed, self._closed_until = 0, 0.0

    def check(self) -> None:
        """Raise NoAnswer while the service is left alone. The first question after that is the trial of all."""
        with self._lock:
            now = self._clock()
            if now < self._closed_until:
                raise NoAnswer(
                    "The demographic service has not answered for a while, so we are not asking it at the moment.",
                    again_in=self._closed_until - now,
                )
            if self._failed >= self._most:
                self._closed_until = now + self._rest

    def succeeded(self) -> None:
        """Take note of an answer."""
        with self._lock:
            self._failed, self._closed_until = 0, 0.0

    def failed(self) -> None:
        """Take note that there was none."""
        with self._lock:
            self._failed += 1
            if self._failed >= self._most:
                self._closed_until = self._clock() + self._rest
