"""Whoever waits to write gets a turn beside work of many transactions in a row."""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path

import pytest
from django.db import connection

from kinfold.service.records.turns import Turns

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL serves writers in order by itself")


def write(file: Path, *, holding: float = 0.0) -> None:
    """Write one line in a transaction of that many seconds, waiting up to a minute for the others."""
    database = sqlite3.connect(file, isolation_level=None, timeout=60)
    try:
        database.execute("begin immediate")
        database.execute("insert into line values (1)")
        time.sleep(holding)
        database.execute("commit")
    finally:
        database.close()


def test_one_write_gets_in_while_long_work_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "lines.sqlite3"
    with sqlite3.connect(file) as made:
        made.execute("pragma journal_mode=wal")
        made.execute("create table line (a)")
    visitor = threading.Thread(target=write, args=(file,))
    turns, ends = Turns(), time.monotonic() + 30

    visitor.start()
    while visitor.is_alive() and time.monotonic() < ends:
        write(file, holding=0.3)
        turns.give()

    assert time.monotonic() < ends
    visitor.join()
