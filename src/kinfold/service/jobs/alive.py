"""Whether a worker is there: each says so now and then in the shared cache, and forgets itself by being silent."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from django.core.cache import cache

EVERY = timedelta(seconds=30)
# A worker in the middle of a long job says so from the thread that renews its lease.
SILENT_AFTER = timedelta(minutes=3)
_KEY = "kinfold.worker.alive"
_said: dict[str, float] = {}


def say_alive() -> None:
    """Say that a worker is alive; at most once every EVERY, so that it costs nothing."""
    now = time.monotonic()
    if now - _said.get(_KEY, -EVERY.total_seconds()) < EVERY.total_seconds():
        return
    _said[_KEY] = now
    cache.set(_KEY, datetime.now(UTC).isoformat(), timeout=24 * 60 * 60)


def last_alive() -> datetime | None:
    """Return when a worker last said that it is alive, or None when none has for a day."""
    text = cache.get(_KEY)
    return datetime.fromisoformat(text) if text else None
