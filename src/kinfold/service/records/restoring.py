"""
Bringing a backup back: into an empty database only, all of it or nothing.

Rows go in as they were, in one transaction, behind the tables as they were when the backup was made; then every
hash is held to the manifest, every audit chain verified, and what the law erased since is erased again. Files lie
ready in a folder of their own until all of that is true. Then tables and guards are brought up to date.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management.color import no_style
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from kinfold.service.records import audit, erasure_log, guards
from kinfold.service.records.audit_heads import note_restore, verify_holder
from kinfold.service.records.backup_file import Readable
from kinfold.service.records.backup_tables import Row, Table, put_rows
from kinfold.service.records.backups import FOLDERS, Opened, open_backup, read_through
from kinfold.service.records.models import FACT_TABLES, Account, AuditHead, Commit, Holder, Thing
from kinfold.service.records.scope import as_system
from kinfold.service.records.setting_up import migrate_all
from kinfold.terms.errors import InputError

NAME = re.compile(r"[a-z][a-z0-9_]*")
# The names of kept files: holder or folder, then letters and digits. Nothing leads out of its folder.
PATH = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9][A-Za-z0-9._-]*)+")
PIECE = 1024 * 1024


@dataclass(slots=True)
class Restored:
    """What came of a restore."""

    made_at: datetime
    tables: dict[str, int] = field(default_factory=dict)
    files: int = 0
    erased_again: int = 0
    chains: int = 0
    notes: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return it as `kinfold restore --json` prints it."""
        return {
            "made_at": self.made_at.isoformat(), "rows": sum(self.tables.values()), "tables": self.tables,
            "files": self.files, "erased_again": self.erased_again, "chains_verified": self.chains, "notes": self.notes,
        }  # fmt: skip


def restore(path: Path, *, passphrase: bytes, now: datetime, erasures: Sequence[Path] = ()) -> Restored:
    """
    Bring the backup at `path` back and return what came of it.

    `erasures` are logs of erasures kept elsewhere, beside the one in the data folder. Raises InputError, with
    nothing restored, when the database is not empty or the backup is not whole.
    """
    for log in erasures:
        if not log.exists():
            raise InputError(f"{log} does not exist: what was erased since the backup would come back.")
    insist_on_empty()
    staging = Path(tempfile.mkdtemp(prefix="restoring-", dir=settings.DATA))
    try:
        with _open(path) as source:
            opened, parts = open_backup(source, passphrase)
            _make_tables_of(opened)
            with _foreign_keys_at_the_end(), as_system():
                done = _bring_in(opened, parts, staging)
                done.erased_again = erasure_log.replay(_erased_since(erasures, done))
                _move_files(staging, done)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    lacking = migrate_all()
    if lacking:
        raise InputError(
            f"The record is back, but the database lacks its guards {', '.join(lacking)}. Run `kinfold migrate`."
        )
    _note(now, done)
    erasure_log.catch_up()
    return done


@contextmanager
def _foreign_keys_at_the_end() -> Iterator[None]:
    """
    Let SQLite check foreign keys once, when all rows are in (`_close_wall`).

    Checked row by row, each new parent makes it search whole tables for children that came first: 350,000 rows
    took more than ten minutes. PostgreSQL defers its checks by itself.
    """
    if connection.vendor != "sqlite":
        yield
        return
    connection.disable_constraint_checking()
    try:
        yield
    finally:
        connection.enable_constraint_checking()


def _open(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error


def insist_on_empty() -> None:
    """Raise InputError unless the database holds no record at all: a restore is never laid over one."""
    existing = set(connection.introspection.table_names())
    with as_system():
        for model in (Holder, Thing, Commit, Account):
            if model._meta.db_table in existing and model.objects.exists():
                raise InputError(
                    "This database already holds a record. A backup is restored only into an empty database: make "
                    "a new one, and name it in KINFOLD_DATABASE_URL."
                )


def _make_tables_of(opened: Opened) -> None:
    """Make the tables as they were when the backup was made; `migrate_all` brings them up to date afterwards."""
    executor = MigrationExecutor(connection)
    recorded = {(app, name) for app, name in opened.about["migrations"]}
    unknown = sorted(name for app, name in recorded - set(executor.loader.disk_migrations))
    if unknown:
        raise InputError(
            f"This backup was made by a newer Kinfold ({opened.about['kinfold']}): {', '.join(unknown)} is not known "
            "here. Update Kinfold, then restore."
        )
    if set(executor.loader.applied_migrations) - recorded:
        raise InputError(
            "This database has newer tables than the backup. Restore into a database without any tables: they are "
            "made as they were and then brought up to date."
        )
    graph = executor.loader.graph
    leaves = [
        node for node in sorted(recorded)
        if not any(child.key[0] == node[0] and child.key in recorded for child in graph.node_map[node].children)
    ]  # fmt: skip
    executor.migrate(leaves)


def _bring_in(opened: Opened, parts: Any, staging: Path) -> Restored:
    done = Restored(opened.made_at)
    for name, table in opened.tables.items():
        if not all(NAME.fullmatch(word) for word in (name, *table.names)):
            raise InputError("This backup names a table that Kinfold does not have. Nothing was restored.")
    _open_wall()

    def put(table: Table, rows: list[Row]) -> None:
        put_rows(table, rows)

    def keep(name: str, source: Readable) -> None:
        done.files += 1
        _keep(staging, name, source)

    read_through(opened, parts, put=put, keep=keep)
    done.tables = {name: _count(name) for name in opened.tables}
    _close_wall(opened)
    _verify(done)
    return done


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f'select count(*) from "{table}"')
        return int(cursor.fetchone()[0])


def _open_wall() -> None:
    """Let COPY into the fact tables: PostgreSQL refuses it behind row-level security. Undone in this transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in FACT_TABLES.values():
                cursor.execute(f'alter table "{model._meta.db_table}" disable row level security')


def _close_wall(opened: Opened) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            try:
                cursor.execute("set constraints all immediate")
            except IntegrityError:
                raise InputError("This backup is not whole: it has rows that name rows that are not in it.") from None
            cursor.execute("set constraints all deferred")
            for statement in _sequences(opened):
                cursor.execute(statement)
        else:
            broken = cursor.execute("pragma foreign_key_check").fetchall()
            if broken:
                raise InputError(f"This backup is not whole: rows of {broken[0][0]} name rows that are not in it.")
    guards.install()


def _sequences(opened: Opened) -> list[str]:
    from django.apps import apps

    models = [m for m in apps.get_models(include_auto_created=True) if m._meta.db_table in opened.tables]
    return connection.ops.sequence_reset_sql(no_style(), models)


def _verify(done: Restored) -> None:
    """Hold every chain to its links and contents. Heads kept outside are compared by `kinfold audit verify`."""
    for held_by, name in Holder.objects.order_by("pk").values_list("pk", "name"):
        broken = audit.verify_chain(held_by)
        if broken:
            raise InputError(
                f"The audit chain of {name} in this backup does not hold: {broken[0].message} Nothing was restored. "
                "Keep this backup as it is, tell information governance, and use an older one."
            )
        done.chains += 1


def _erased_since(elsewhere: Sequence[Path], done: Restored) -> list[erasure_log.Erased]:
    found: dict[erasure_log.Erased, None] = {}
    for path in [erasure_log.log_path(), *elsewhere]:
        erased, unreadable = erasure_log.read_log(path)
        found.update(dict.fromkeys(erased))
        if unreadable:
            done.notes.append(f"Lines {', '.join(map(str, unreadable))} of {path.name} cannot be read.")
    return list(found)


def _keep(staging: Path, name: str, source: Readable) -> None:
    if not PATH.fullmatch(name) or name.partition("/")[0] not in FOLDERS or ".." in name:
        raise InputError("This backup holds a file with a name that Kinfold does not give. Nothing was restored.")
    target = staging / name
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
        while piece := source.read(PIECE):
            out.write(piece)


def _move_files(staging: Path, done: Restored) -> None:
    """
    Put the files in their place. A key that is there and differs stops the restore: what it sealed would be lost.

    Of the audit heads only the missing ones come back: those outside are newer than any backup.
    """
    moves = [(path, Path(settings.DATA) / path.relative_to(staging)) for path in sorted(staging.rglob("*"))]
    for path, target in moves:
        if not path.is_file() or not target.exists() or target.read_bytes() == path.read_bytes():
            continue
        if target.is_relative_to(Path(settings.DATA) / "keys"):
            raise InputError(
                f"The key {target.name} in {target.parent} is another than the one in the backup. Move the folder "
                "`keys` away if nothing needs it any more, then restore again. Nothing was restored."
            )
    for path, target in moves:
        if path.is_file() and not target.exists():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.replace(target)
    _forget_cached_keys()


def _forget_cached_keys() -> None:
    from kinfold.service.records import sealing

    sealing._key.cache_clear()


def _note(now: datetime, done: Restored) -> None:
    """Say in every chain, and outside the database, that it goes on from a backup."""
    with transaction.atomic(), as_system():
        for held_by in Holder.objects.order_by("pk").values_list("pk", flat=True):
            head = AuditHead.objects.filter(held_by=held_by).first()
            if head is None:
                continue
            note_restore(held_by, now=now)
            body = {"made_at": done.made_at.isoformat(), "erased_again": done.erased_again}
            audit.append(held_by, [{"action": "restored from backup", "body": body}], at=now)
    for held_by in Holder.objects.values_list("pk", flat=True):
        done.notes += verify_holder(held_by).notes
