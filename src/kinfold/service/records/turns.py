"""
Turns at writing, for work of many transactions in a row.

On SQLite one process writes at a time, and whoever waits is not served in order: a waiter asks again at most every
100 ms, and work that begins its next transaction at once is always there first. Six who waited beside such work got in
not once in twenty seconds; with a pause each second half of them waited less than a second. PostgreSQL needs none of it.
"""

from __future__ import annotations

import time

from django.db import connection

AFTER = 1.0  # seconds of work
PAUSE = 0.12  # a little longer than a waiter sleeps before it asks again


class Turns:
    """Lets others write now and then. Made when the work begins; `give` is called between two of its transactions."""

    def __init__(self) -> None:
        self._since = time.monotonic()

    def give(self) -> None:
        """Pause where others may have waited for the length of a turn."""
        if connection.vendor == "sqlite" and time.monotonic() - self._since >= AFTER:
            time.sleep(PAUSE)
            self._since = time.monotonic()
