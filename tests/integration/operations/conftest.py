"""A council with invented people, committed to the database, and a data folder of its own."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

import kinfold.record.kinds  # noqa: F401 -- fills the registry
from kinfold.record.claim import Claim, Delivery, Key, Place, ReceivedFile, SubjectRecord

PASSPHRASE = "nine invented words that nobody uses elsewhere"
COMMAND = "import sys; from kinfold.command import main; sys.argv = ['kinfold', *sys.argv[1:]]; main()"


def _claim(kind: str, key: str, table: str, row: int, payload: dict[str, Any], **rest: Any) -> Claim:
    return Claim(
        kind=kind, natural_key=key, places=(Place(0, table, row),), payload=payload, valid_to=None,
        **{"valid_from": None, **rest},
    )  # fmt: skip


def _child(number: int) -> SubjectRecord:
    born, since, worker = f"201{number % 9}-05-15", date(2025, 5, 1), Key("worker", f"W{number % 3}")
    name = {"forename": f"Invented{number}", "surname": "Ashgrove", "name_type": "legal"}
    claims = [
        _claim("person_details", "", "children", number, {"birth_date": born, "sex": "F" if number % 2 else "M"}),
        _claim("name", "legal", "children", number, name),
        _claim("child_protection_plan", str(since), "plans", number, {"initial_category": "NEG"}, valid_from=since),
        _claim("allocation", str(since), "workers", number, {"role": "social_worker"}, valid_from=since, party=worker),
    ]
    digest = hashlib.blake2b(repr(claims).encode(), digest_size=16).digest()
    return SubjectRecord(subject=Key("child", f"C{number}"), rows=3, digest=digest, claims=claims)


def delivery(children: int) -> Delivery:
    """Return an invented delivery of so many children."""
    mark = hashlib.sha256(f"invented {children}".encode()).hexdigest()
    return Delivery(
        door="cin_census", collection="2025-26", window=(date(2025, 4, 1), date(2026, 4, 1)), full=True,
        kinds=frozenset({"person_details", "name", "child_protection_plan", "allocation"}),
        files=(ReceivedFile("invented.csv", mark, 10),), read=lambda: map(_child, range(1, children + 1)),
        extracted_at=datetime(2026, 5, 1, tzinfo=UTC),
    )  # fmt: skip


@pytest.fixture
def data(tmp_path: Path, settings: Any) -> Path:
    """Return a data folder of the test's own."""
    from kinfold.service.records import sealing

    folder = tmp_path / "data"
    for name in ("uploads", "static"):
        (folder / name).mkdir(parents=True)
    settings.DATA, settings.RECEIVED_FILES = folder, folder / "received"
    settings.DEMO_MARKER = folder / "invented-data-only"
    sealing._key.cache_clear()
    return folder


@pytest.fixture
def council(data: Path) -> int:
    """Return a holder with twelve invented children, their files kept sealed."""
    return founded(data)


def founded(data: Path) -> int:
    """Found a council with twelve invented children whose file is kept sealed in the data folder."""
    from io import BytesIO

    from kinfold.service.records.loading.run import begin, run
    from kinfold.service.records.sealing import keyed_hash, seal
    from kinfold.service.records.setting_up import add_holder

    holder = add_holder(code="990", name="Elmshire")
    load, _ = begin(delivery(12), held_by=holder.pk, by="test")
    run(load, delivery(12))
    folder = data / "received" / str(holder.pk)
    folder.mkdir(parents=True)
    with (folder / keyed_hash(holder.pk, "a" * 64)).open("wb") as out:
        seal(holder.pk, BytesIO(b"Invented,Ashgrove\n" * 100), out)
    return holder.pk


def quick_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a backup's keys with less work: the strength of scrypt is not what is tested here."""
    from kinfold.service.records import backup_file

    monkeypatch.setattr(backup_file, "SCRYPT_LOG2", 12)
    monkeypatch.setattr(backup_file.Encrypting.__init__, "__kwdefaults__", {"log2": 12})


def read_whole(path: Path, passphrase: str = PASSPHRASE) -> dict[str, Any]:
    """Read a backup to its end without restoring it and return what it holds."""
    from kinfold.service.records import backups
    from kinfold.service.records.backup_file import PIECE

    rows: dict[str, list[Any]] = {}
    files: dict[str, bytes] = {}

    def keep(name: str, source: Any) -> None:
        content = b""
        while piece := source.read(PIECE):
            content += piece
        files[name] = content

    with path.open("rb") as source:
        opened, parts = backups.open_backup(source, passphrase.encode())
        backups.read_through(
            opened, parts, put=lambda table, new: rows.setdefault(table.name, []).extend(new), keep=keep
        )
    return {"about": opened.about, "rows": rows, "files": files, "tallies": opened.tallies}


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """Return a council's backup, made once for the tests that only read the file, and the council's number."""
    from django.core.management import call_command
    from django.test import override_settings

    from kinfold.service.records import backups, guards, sealing
    from kinfold.service.records.scope import as_system

    folder = tmp_path_factory.mktemp("night")
    data = folder / "data"
    for name in ("uploads", "static"):
        (data / name).mkdir(parents=True)
    places = {"DATA": data, "RECEIVED_FILES": data / "received", "DEMO_MARKER": data / "invented-data-only"}
    with override_settings(**places), django_db_blocker.unblock(), pytest.MonkeyPatch.context() as monkeypatch:
        sealing._key.cache_clear()
        quick_keys(monkeypatch)
        with as_system():
            number = founded(data)
        made = backups.write_backup(
            folder / "night.kinfold-backup", passphrase=PASSPHRASE.encode(), now=datetime(2026, 5, 2, 1, 0, tzinfo=UTC)
        )
        with guards.lifted():
            call_command("flush", interactive=False, verbosity=0)
    yield made, number
    sealing._key.cache_clear()


class Installation:
    """Another installation of Kinfold, used through its command line: an empty database and data folder."""

    def __init__(self, folder: Path, url: str, **environment: str) -> None:
        self.folder, self.url = folder, url
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("KINFOLD_", "DJANGO_"))}
        self.environment = {
            **kept, "KINFOLD_DATA": str(folder), "KINFOLD_DATABASE_URL": url, "KINFOLD_BACKUP_KEY": PASSPHRASE,
            **environment,
        }  # fmt: skip

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run one command to its end."""
        return subprocess.run(
            [sys.executable, "-c", COMMAND, *arguments], env={**self.environment, **environment},
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start one command and return its process."""
        return subprocess.Popen(
            [sys.executable, "-c", COMMAND, *arguments], env={**self.environment, **environment},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip


@pytest.fixture
def elsewhere(tmp_path: Path, django_db_blocker: Any) -> Iterator[Installation]:
    """Return an installation with an empty database of the same sort as the tests' own."""
    with django_db_blocker.unblock():
        yield from _elsewhere(tmp_path)


def _elsewhere(tmp_path: Path) -> Iterator[Installation]:
    from django.db import connection

    folder = tmp_path / "elsewhere"
    if connection.vendor == "sqlite":
        yield Installation(folder, "sqlite://")
        return
    name = f"kinfold_elsewhere_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f"drop database if exists {name}")
        cursor.execute(f"create database {name}")
    base = os.environ["KINFOLD_DATABASE_URL"]
    yield Installation(folder, base[: base.rindex("/")] + f"/{name}")
    with connection.cursor() as cursor:
        # Not "with (force)": that asks for the right to end the server's own vacuuming too, which a plain drop does itself.
        cursor.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s and usename = current_user",
            [name],
        )
        cursor.execute(f"drop database if exists {name}")
