"""
Who is reading, told to the database.

PostgreSQL checks every row of the fact tables against it (records/guards.py): a second wall behind `may`.
SQLite has no such wall; there the calls do nothing and the first wall stands alone.
A process that is not the web service reads as `system`; a web request reads as the signed-in account, and an
action widens itself to `system` for its own transaction only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


def _tell(account: str, actor: str, *, local: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('kinfold.reader', %s, %s), set_config('kinfold.actor', %s, %s)",
            [account, local, actor, local],
        )


def set_reader(account: Any) -> None:
    """Say that what follows on this connection is read by `account` (nobody when not signed in)."""
    if connection.vendor != "postgresql":
        return
    if getattr(account, "is_authenticated", False):
        _tell(str(account.pk), str(account.person_id or 0), local=False)
    else:
        _tell("0", "0", local=False)


def forget_reader() -> None:
    """Say that nobody reads any more: the connection may be handed to another request."""
    if connection.vendor == "postgresql" and connection.connection is not None and connection.is_usable():
        _tell("0", "0", local=False)


@contextmanager
def as_system() -> Iterator[None]:
    """Read and write past the second wall for the length of one transaction. Only actions and jobs use it."""
    with transaction.atomic():
        if connection.vendor != "postgresql":
            yield
            return
        outermost = len(connection.savepoint_ids) == 0
        with connection.cursor() as cursor:
            cursor.execute(_AS_SYSTEM)
            before = cursor.fetchone()
        yield
        if not outermost:  # the outer transaction goes on as whoever it was; its own end forgets a local setting
            _tell(before[0] or "0", before[1] or "0", local=True)


# Who reads is asked before it is changed, in one statement: each is a journey to the server and back.
_AS_SYSTEM = (
    "with before as materialized (select current_setting('kinfold.reader', true) as reader, "
    "current_setting('kinfold.actor', true) as actor) select reader, actor, "
    "set_config('kinfold.reader', 'system', true), set_config('kinfold.actor', '0', true) from before"
)


@contextmanager
def reading_as_system() -> Iterator[None]:
    """
    Read past the second wall, and write nothing.

    Where there is no such wall (SQLite) this takes no lock: a transaction there is begun for writing, and every
    reader would wait for every other.
    """
    if connection.vendor == "postgresql":
        with as_system():
            yield
    else:
        yield
