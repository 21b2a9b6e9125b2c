"""
Another process of the service, which asks the same of the policy again and again: it says `yes` when it is first told
so, and when it is told `no`, at which moment it last began to ask and was told yes.

    python -m tests.integration.sharing.watching HELD_BY HOLDER ASKER
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from kinfold.command.line import start_service


@contextmanager
def watching(held_by: int, *, holder: str, asker: str) -> Iterator[subprocess.Popen[str]]:
    """Start the process on the database that this one has open; what follows it begins once it was told yes."""
    from django.db import connection

    said = connection.settings_dict
    address = f"sqlite:///{said['NAME']}"
    if connection.vendor == "postgresql":
        address = f"postgresql://{said['USER']}@{said['HOST']}:{said['PORT']}/{said['NAME']}"
    line = [sys.executable, "-m", "tests.integration.sharing.watching", str(held_by), holder, asker]
    environment = os.environ | {"KINFOLD_DATABASE_URL": address}
    with subprocess.Popen(line, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "yes\n"
        yield process


def last_told_yes(process: subprocess.Popen[str]) -> float:
    """Wait until the process is told no; return when it last began to ask and was told yes."""
    assert process.stdout is not None
    return float(process.stdout.readline())


def _watch(held_by: int, holder: str, asker: str) -> None:
    from kinfold.service.records.reads.agreements import enforcer_for
    from kinfold.service.records.scope import reading_as_system
    from kinfold.sharing.agreements import Mode, Purpose, RecordType, Request

    asked = Request(holder=holder, asker=asker, mode=Mode.CONTENT, record_type=RecordType.CRIME_JUSTICE,
                    purpose=Purpose.SAFEGUARDING, on=date.today())  # fmt: skip  # noqa: DTZ011 -- any day will do
    told, last = False, 0.0
    while True:
        began = time.time()
        with reading_as_system():
            allowed = enforcer_for(held_by).allows(asked)
        if not allowed:
            break
        last = began
        if not told:
            print("yes", flush=True)
            told = True
        time.sleep(0.001)
    print(last, flush=True)


if __name__ == "__main__":
    start_service()
    _watch(int(sys.argv[1]), *sys.argv[2:])
