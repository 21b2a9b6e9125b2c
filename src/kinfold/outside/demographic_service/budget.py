"""
The questions a second that all workers of this installation have together.

The service counts by application, so the count is kept in one small file that every worker opens. It holds one
moment: when the next question would be due if they were evenly spaced. A burst may run ahead of it by its length.
Source: the generic cell rate algorithm (ITU-T I.371), which needs no more than that moment.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Protocol

from kinfold.outside.demographic_service.errors import NoAnswer

# NHS England gives an application five questions a second unless more is agreed.
DEFAULT_PER_SECOND = 5.0
_LOCKED_SECONDS = 10.0


class Budget(Protocol):
    """Says how long to wait before the next question."""

    def take(self, *, most: float) -> float:
        """Return the seconds to wait before asking, and count the question; raises NoAnswer beyond `most`."""

    def hold(self, seconds: float) -> None:
        """Let nobody ask for so many seconds: the service said that it had enough."""


class SharedBudget:
    """A budget in a file, for any number of threads and processes of one machine."""

    def __init__(
        self,
        file: Path,
        *,
        per_second: float = DEFAULT_PER_SECOND,
        burst: int = 5,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._file, self._clock = file, clock
        self._space, self._ahead = 1 / per_second, (burst - 1) / per_second
        file.parent.mkdir(parents=True, exist_ok=True)
        with closing(self._open()) as kept:
            kept.execute("pragma journal_mode = wal")
            kept.execute("create table if not exists budget (one integer primary key check (one = 1), due real)")
            kept.execute("insert or ignore into budget values (1, 0)")

    def take(self, *, most: float) -> float:
        """Return the seconds to wait before asking, and count the question; raises NoAnswer beyond `most`."""
        with closing(self._open()) as kept:
            kept.execute("begin immediate")
            now, due = self._clock(), self._due(kept)
            wait = max(0.0, due - self._ahead - now)
            if wait > most:
                kept.execute("rollback")
                raise NoAnswer("Our share of questions to the demographic service is used up.", again_in=wait)
            kept.execute("update budget set due = ?", [max(due, now) + self._space])
            kept.execute("commit")
        return wait

    def hold(self, seconds: float) -> None:
        """Let nobody ask for so many seconds."""
        with closing(self._open()) as kept:
            kept.execute("begin immediate")
            until = self._clock() + seconds + self._ahead
            kept.execute("update budget set due = ?", [max(self._due(kept), until)])
            kept.execute("commit")

    def _open(self) -> sqlite3.Connection:
        kept = sqlite3.connect(self._file, timeout=_LOCKED_SECONDS, isolation_level=None)
        # what a power cut takes from this file is worth a second of questions, and no wait for the disk
        kept.execute("pragma synchronous = off")
        return kept

    @staticmethod
    def _due(kept: sqlite3.Connection) -> float:
        return float(kept.execute("select due from budget").fetchone()[0])
