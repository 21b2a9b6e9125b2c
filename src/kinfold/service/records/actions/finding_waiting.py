"""
A custodian's question whether there is work, held open until there is some.

A question held open takes a thread of the server. So only some of a process's threads may be taken in this way at once;
whoever asks beyond that is answered at once, as if they had not said that they would wait.
"""

from __future__ import annotations

import threading
import time

from django.db import connection

from kinfold.service.records.actions import finding_leases
from kinfold.service.records.models import SharingOrganisation

LONGEST = 20
MOST_HELD_OPEN = 2  # of the four threads that a process has
LOOK_EVERY = 0.25
_free = threading.BoundedSemaphore(MOST_HELD_OPEN)


def work_waits(custodian: SharingOrganisation, *, seconds: int = 0) -> bool:
    """Return whether there is work, waiting so long for some to come; no connection is held meanwhile."""
    if finding_leases.waiting(custodian):
        return True
    if not seconds or not _free.acquire(blocking=False):
        return False
    try:
        return _looked(custodian, until=time.monotonic() + min(seconds, LONGEST))
    finally:
        _free.release()


def _looked(custodian: SharingOrganisation, *, until: float) -> bool:
    while time.monotonic() < until:
        if not connection.in_atomic_block:
            connection.close()
        time.sleep(LOOK_EVERY)
        if finding_leases.waiting(custodian):
            return True
    return False
