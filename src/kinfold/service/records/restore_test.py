"""A backup proved by restoring it: into a temporary database in another process, then compared table by table."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings

from kinfold.service.records.backups import Made
from kinfold.terms.errors import InputError


def restore_test(made: Made, *, passphrase: bytes, database: str = "") -> list[str]:
    """
    Restore a backup and return what differs, as sentences; none when every table holds as many rows.

    `database` is the URL of an empty PostgreSQL database that the operator made; left out, a temporary SQLite
    database inside the data folder, which lies on the same encrypted volume and is removed afterwards.
    """
    with tempfile.TemporaryDirectory(prefix="restore-test-", dir=settings.DATA) as folder:
        said = _restored(made.path, folder, passphrase=passphrase, database=database)
    if "error" in said:
        return [f"The backup could not be restored: {said['error']['message']}"]
    found: dict[str, int] = said["tables"]
    differences = [
        f"{name}: {made.tables.get(name, 0):,} rows were backed up and {found.get(name, 0):,} came back"
        for name in sorted(set(made.tables) | set(found))
        if made.tables.get(name, 0) != found.get(name, 0)
    ]
    if said["files"] != made.files:
        differences.append(f"{made.files:,} files were backed up and {said['files']:,} came back")
    return differences


def _restored(path: Path, folder: str, *, passphrase: bytes, database: str) -> dict[str, Any]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KINFOLD_")}
    environment |= {
        "KINFOLD_DATA": folder,
        "KINFOLD_DATABASE_URL": database or "sqlite://",
        "KINFOLD_INSTALLATION": settings.INSTALLATION,
        "KINFOLD_BACKUP_KEY": passphrase.decode(),
        "DJANGO_SETTINGS_MODULE": "kinfold.service.config.settings",
    }
    code = "import sys; from kinfold.command import main; sys.argv = ['kinfold', *sys.argv[1:]]; main()"
    done = subprocess.run(  # noqa: S603 -- our own command, in a process of its own
        [sys.executable, "-c", code, "restore", str(path), "--json"], env=environment, capture_output=True, text=True
    )
    try:
        said: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise InputError("The backup could not be restored: the restore ended with a fault. See the log.") from None
    return said
