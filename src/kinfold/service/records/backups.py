"""
Making a backup: one encrypted file with the whole record, the received files and the keys.

In order: `about.json` (what it is, which tables), `tables/<name>/<number>.json` (rows in neutral form),
`files/...` (sealed files, keys, audit heads) and `manifest.json` (how many rows and parts, and their hashes). The
hashes are keyed with the file's own key: they compare with nothing in another backup, so they join neither two
holders nor two identities of one child. No part holds personal data outside the encryption.

`restoring.py` brings it back.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

from kinfold import __version__
from kinfold.service.records import erasure_log
from kinfold.service.records.backup_file import Part, PartsWriter, Readable, read_parts
from kinfold.service.records.backup_tables import Row, Table, kept_tables, rows_of, snapshot
from kinfold.terms.errors import InputError

Progress = Callable[[str, int, int | None], None]
FORMAT = 1
ENDING = ".kinfold-backup"
# What is kept beside the database. The secret of sessions is not: a restored installation makes its own.
FOLDERS = ("keys", "received", "audit-heads")
STATE = "last-backup.json"
_dumps = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


@dataclass(slots=True)
class Tally:
    """How much of one table or folder there is, and the keyed hash over all of it in order."""

    key: bytes
    count: int = 0
    parts: int = 0
    _hash: Any = None

    def __post_init__(self) -> None:
        self._hash = hmac.new(self.key, digestmod=hashlib.sha256)

    def take(self, name: str, content: bytes, count: int) -> None:
        """Add one part."""
        self.begin(name, len(content), count)
        self.more(content)

    def begin(self, name: str, size: int, count: int) -> None:
        """Begin a part that comes in pieces: its name and size are hashed before its content."""
        self.count += count
        self.parts += 1
        self._hash.update(f"{name}\n{size}\n".encode())

    def more(self, piece: bytes) -> None:
        """Add a piece of the part begun."""
        self._hash.update(piece)

    def as_json(self) -> dict[str, Any]:
        """Return the tally as the manifest holds it."""
        return {"count": self.count, "parts": self.parts, "hash": self._hash.hexdigest()}


@dataclass(slots=True)
class Made:
    """What a backup came to."""

    path: Path
    size: int
    made_at: datetime
    tables: dict[str, int] = field(default_factory=dict)
    files: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return it as `kinfold backup --json` prints it."""
        return {
            "file": str(self.path), "bytes": self.size, "made_at": self.made_at.isoformat(),
            "rows": sum(self.tables.values()), "tables": self.tables, "files": self.files,
        }  # fmt: skip


def default_name(now: datetime) -> str:
    """Return the name of a backup made at `now`."""
    return f"kinfold-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}{ENDING}"


def path_for(to: Path | None, now: datetime) -> Path:
    """Return where a backup goes: the new file asked for, or a file with the moment's name in a folder."""
    folder = to or Path(settings.DATA) / "backups"
    return folder / default_name(now) if to is None or folder.is_dir() or not folder.suffix else folder


def write_backup(path: Path, *, passphrase: bytes, now: datetime, progress: Progress | None = None) -> Made:
    """
    Write a backup to `path`, which must not exist, and return what is in it.

    It is written beside its place and moved there when whole: a file of that name is always a whole backup.
    Raises InputError when the file exists or its folder cannot be written.
    """
    if path.exists():
        raise InputError(f"{path} exists already. Give another name: a backup is never written over.")
    erasure_log.catch_up()
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    except OSError as error:
        raise InputError(f"The backup cannot be written to {path.parent}: {error.strerror}.") from error
    made = Made(path, 0, now)
    try:
        with os.fdopen(descriptor, "wb") as out:
            _write(out, passphrase, made, progress or (lambda label, done, out_of: None))
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    made.size = path.stat().st_size
    _remember(made)
    return made


def _write(out: IO[bytes], passphrase: bytes, made: Made, progress: Progress) -> None:
    writer = PartsWriter(out, passphrase)
    tables = kept_tables()
    manifest: dict[str, Any] = {"tables": {}, "files": {}}
    with snapshot() as own:
        writer.add("about.json", _dumps(_about(own, tables, made.made_at)).encode())
        for number, table in enumerate(tables, start=1):
            tally = Tally(writer.keys.hashes)
            for content, count in _table_parts(own, table):
                name = f"tables/{table.name}/{tally.parts:06}.json"
                tally.take(name, content, count)
                writer.add(name, content)
            manifest["tables"][table.name] = tally.as_json()
            made.tables[table.name] = tally.count
            progress("tables", number, len(tables))
        # the files after the rows: a file that rows name is never missing, one too many does no harm
        for folder in FOLDERS:
            tally = Tally(writer.keys.hashes)
            _add_folder(writer, folder, tally)
            manifest["files"][folder] = tally.as_json()
            made.files += tally.count
            progress("files", made.files, None)
    writer.add("manifest.json", _dumps(manifest).encode())
    writer.close()


def _table_parts(own: BaseDatabaseWrapper, table: Table) -> Iterator[tuple[bytes, int]]:
    for rows in rows_of(table, own):
        yield _dumps(rows).encode(), len(rows)


def _about(own: BaseDatabaseWrapper, tables: Sequence[Table], now: datetime) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "kinfold": __version__,
        "made_at": now.astimezone(UTC).isoformat(),
        "installation": settings.INSTALLATION,
        "database": own.vendor,
        "migrations": sorted(list(pair) for pair in MigrationRecorder(own).applied_migrations()),
        "tables": {table.name: [list(column) for column in table.columns] for table in tables},
    }


def kept_files(folder: str) -> list[Path]:
    """Return the files of one of FOLDERS, in order; what is still being written (`.part`) is not one."""
    root = Path(settings.DATA) / folder
    return sorted(path for path in root.rglob("*") if path.is_file() and path.suffix != ".part")


def _add_folder(writer: PartsWriter, folder: str, tally: Tally) -> None:
    for path in kept_files(folder):
        size = path.stat().st_size
        name = f"files/{path.relative_to(settings.DATA).as_posix()}"
        tally.begin(name, size, 1)
        with path.open("rb") as source:
            writer.add_from(name, _Told(source, tally), size)


class _Told:
    """A file that tells a tally every piece that is read from it."""

    def __init__(self, source: Readable, tally: Tally) -> None:
        self._source, self._tally = source, tally

    def read(self, size: int = -1) -> bytes:
        """Return the next piece."""
        piece = self._source.read(size)
        self._tally.more(piece)
        return piece


def _remember(made: Made) -> None:
    """Keep when the last backup was made, for `kinfold doctor` and the metrics."""
    state = {"made_at": made.made_at.isoformat(), "bytes": made.size, "database": connection.vendor}
    (Path(settings.DATA) / STATE).write_text(json.dumps(state))


def last_backup() -> datetime | None:
    """Return when the last backup of this installation was made, or None."""
    try:
        return datetime.fromisoformat(json.loads((Path(settings.DATA) / STATE).read_text())["made_at"])
    except (OSError, ValueError, KeyError):
        return None


def remove_older(folder: Path, *, keep: int) -> list[Path]:
    """Remove all but the newest `keep` backups in `folder` and return those that went."""
    backups = sorted(folder.glob(f"kinfold-*{ENDING}"), reverse=True)  # their names are in order of time
    for path in backups[keep:]:
        path.unlink()
    return backups[keep:]


@dataclass(slots=True)
class Opened:
    """A backup that is being read: what it says of itself, and tallies of what has been read so far."""

    about: dict[str, Any]
    hashes: bytes
    tables: dict[str, Table]
    tallies: dict[str, dict[str, Tally]] = field(default_factory=lambda: {"tables": {}, "files": {}})
    whole: bool = False

    @property
    def made_at(self) -> datetime:
        """Return when the backup was made."""
        return datetime.fromisoformat(self.about["made_at"])


def open_backup(source: IO[bytes], passphrase: bytes) -> tuple[Opened, Iterator[Part]]:
    """Return what a backup says of itself and its further parts. Raises InputError if it is not one we can read."""
    keys, parts = read_parts(source, passphrase)
    first = next(parts, None)
    if first is None or first.name != "about.json":
        raise InputError("This is not a backup of Kinfold. Nothing was restored.")
    about = json.loads(first.all())
    if about.get("format") != FORMAT:
        raise InputError(
            f"This backup was made by another version of Kinfold ({about.get('kinfold')}). Update Kinfold."
        )
    tables = {
        name: Table(name, tuple((column, form) for column, form in columns))
        for name, columns in about["tables"].items()
    }
    return Opened(about, keys.hashes, tables), parts


def read_through(opened: Opened, parts: Iterator[Part], *, put: Callable[[Table, list[Row]], None],
                 keep: Callable[[str, Readable], None]) -> None:  # fmt: skip
    """
    Hand every row to `put` and every file to `keep`, then hold all of it to the manifest.

    Raises InputError when a part is missing, added or different; then nothing handed over may be used.
    """
    for part in parts:
        if part.name == "manifest.json":
            _hold_to(opened, json.loads(part.all()))
            opened.whole = True
            continue
        section, _, rest = part.name.partition("/")
        name = rest.partition("/")[0]
        if opened.whole or section not in opened.tallies:
            raise InputError("This backup holds something that Kinfold does not write. Nothing was restored.")
        tally = opened.tallies[section].setdefault(name, Tally(opened.hashes))
        if section == "tables":
            content = part.all()
            rows = json.loads(content)
            tally.take(part.name, content, len(rows))
            put(opened.tables[name], rows)
        else:
            tally.begin(part.name, part.size, 1)
            keep(rest, _Told(part.content, tally))
    if not opened.whole:
        raise InputError("This backup has no manifest: it is not whole. Nothing was restored. Use another copy.")


def _hold_to(opened: Opened, manifest: dict[str, Any]) -> None:
    for section, said in manifest.items():
        found = {name: tally.as_json() for name, tally in opened.tallies.get(section, {}).items()}
        empty = Tally(opened.hashes).as_json()
        for name in sorted(set(said) | set(found)):
            if said.get(name) != found.get(name, empty):
                raise InputError(
                    f"This backup does not hold what its manifest says of {name}. Nothing was restored. Use another copy."
                )
