"""
The policy in force: whoever decides looks at its head, so that a revocation is in force everywhere within a second.

The head is one small thing that all processes can read, a row of the database: which policy holds. A decision never uses a
head that was read longer ago than `FRESH_SECONDS`. When the head cannot be read, or the policy it names cannot be had or
is not the one that it names, the answer is no.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from kinfold.sharing.agreements import Request
from kinfold.sharing.policy import Policy

FRESH_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Head:
    """Which policy holds now. `number` rises with every change; a lower one than was seen before is refused."""

    number: int
    digest: str


class Enforcer:
    """Answers requests by the policy that the head names. Threads share one."""

    def __init__(
        self,
        read_head: Callable[[], Head],
        load: Callable[[str], Policy],
        *,
        fresh: float = FRESH_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read_head, self._load, self._fresh, self._clock = read_head, load, fresh, clock
        self._lock = threading.Lock()
        self._policy: Policy | None = None
        self._seen = -1
        self._until = float("-inf")

    def allows(self, request: Request) -> bool:
        """Return whether a request is allowed now; no when that cannot be told."""
        if self._clock() >= self._until:
            self._look()
        policy = self._policy
        return policy is not None and policy.allows(request)

    def look_again(self) -> None:
        """Read the head before the next decision, however lately it was read: for what cannot be taken back."""
        self._until = float("-inf")

    @property
    def digest(self) -> str:
        """Return which policy holds, for the record of a decision; "" when none does."""
        return self._policy.digest if self._policy else ""

    def _look(self) -> None:
        """Read the head again, and load what it names if that is another policy."""
        with self._lock:
            began = self._clock()
            if began < self._until:
                return
            try:
                head = self._read_head()
                self._policy = self._named_by(head)
                self._seen = max(self._seen, head.number)
            except Exception:  # whatever goes wrong, the door is closed, and is tried again at once
                self._policy = None
                return
            self._until = began + self._fresh

    def _named_by(self, head: Head) -> Policy | None:
        if head.number < self._seen:
            return None
        if self._policy is not None and self._policy.digest == head.digest:
            return self._policy
        loaded = self._load(head.digest)
        return loaded if loaded.digest == head.digest else None
