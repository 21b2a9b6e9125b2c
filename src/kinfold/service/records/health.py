"""
Whether an installation is in order: each check a name, a state, a sentence and how to put it right.

`not_ready` are the few that stop the service from starting; `check_all` is what `kinfold doctor` prints. A check
that itself fails is a problem: it says so by the kind of its error, never by an error's text.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from kinfold.duties import duty_catalogue
from kinfold.service.config.operations import backup_passphrase, volume_is_encrypted
from kinfold.service.jobs.alive import SILENT_AFTER, last_alive
from kinfold.service.records import erasure_log, guards
from kinfold.service.records.audit_heads import cuts_outside, tail_faults
from kinfold.service.records.backups import last_backup
from kinfold.service.records.measures import failed_jobs, stuck_jobs, waiting_since
from kinfold.service.records.models import AuditEntry, AuditHead, Holder, PersonIndex
from kinfold.service.records.scope import as_system
from kinfold.service.records.setting_up import anothers_database
from kinfold.terms.errors import InputError, SettingError

OK, WARNING, PROBLEM = "ok", "warning", "problem"
OLDEST_POSTGRESQL = 150000
GIGABYTE = 1_000_000_000
LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `fix` says how to put it right and is empty when it is in order."""

    name: str
    state: str
    sentence: str
    fix: str = ""

    def as_json(self) -> dict[str, str]:
        """Return the check as `kinfold doctor --json` prints it."""
        return asdict(self)


Found = Iterator[Check]


def check_all(now: datetime) -> list[Check]:
    """Return every check of this installation. Those that need the database are left out when it is not ready."""
    found = [*_safely("database", _database), *_statute_book(), *_machine(now)]
    if all(check.state != PROBLEM for check in found if check.name in ("database", "migrations")):
        for name, check in _OF_THE_RECORD.items():
            found += _safely(name, lambda check=check: check(now))  # type: ignore[misc]
    return found


def not_ready() -> list[Check]:
    """Return what stops the service from answering at all: the database, its tables, its guards, the statute book."""
    return [check for check in [*_safely("database", _database), *_statute_book()] if check.state == PROBLEM]


def _statute_book() -> list[Check]:
    """Return whether every duty can be read: one that is wrong is named with its file and line."""
    try:
        return [Check("duties", OK, f"The statute book has {len(duty_catalogue())} duties.")]
    except SettingError as error:
        return [Check("duties", PROBLEM, str(error), "Correct that line and start again.")]


def front_end() -> Check:
    """Return whether the pages' own style sheet and script are built."""
    built = Path(settings.WEB) / "static" / "built"
    lacking = [name for name in ("app.css", "app.js") if not (built / name).is_file()]
    if lacking:
        return Check("front_end", PROBLEM, f"The front end is not built: {' and '.join(lacking)} are missing.",
                     "Run `make setup`, or `python tools/build_frontend.py`.")  # fmt: skip
    return Check("front_end", OK, "The front end is built.")


def _safely(name: str, look: Callable[[], Found]) -> list[Check]:
    try:
        return list(look())
    except SettingError as error:
        return [Check(name, PROBLEM, str(error), "Correct the setting.")]
    except Exception as error:
        return [Check(name, PROBLEM, f"This could not be checked ({type(error).__name__}).", "See the log.")]


def _database() -> Found:
    try:
        connection.ensure_connection()
    except (DatabaseError, OSError) as error:
        yield Check("database", PROBLEM, f"The database cannot be reached ({type(error).__name__}).",
                    "Start it, and check KINFOLD_DATABASE_URL.")  # fmt: skip
        return
    yield from _postgresql() if connection.vendor == "postgresql" else [Check("database", OK, "SQLite answers.")]
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if waiting:
        yield Check(
            "migrations", PROBLEM, f"{waiting} changes of the tables are not made yet.", "Run `kinfold migrate`."
        )
        return
    yield Check("migrations", OK, "The tables are up to date.")
    lacking = guards.missing()
    if lacking:
        yield Check("guards", PROBLEM, f"The database lacks {len(lacking)} of its guards, {lacking[0]} first.",
                    "Run `kinfold migrate`, then find out who took them away.")  # fmt: skip
    else:
        yield Check("guards", OK, f"All {len(guards.wanted())} guards of the database are in place.")
    if anothers := anothers_database():
        yield Check("installation", PROBLEM, anothers)


def _postgresql() -> Found:
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('server_version_num')::int")
        version = cursor.fetchone()[0]
        cursor.execute("select rolsuper, rolbypassrls from pg_roles where rolname = current_user")
        superuser, bypasses = cursor.fetchone()
    if version < OLDEST_POSTGRESQL:
        yield Check("database", PROBLEM, "PostgreSQL is older than 15.", "Update PostgreSQL to 15 or later.")
    else:
        yield Check("database", OK, f"PostgreSQL {version // 10000} answers.")
    if superuser or bypasses:
        yield Check("database_role", PROBLEM, "The service's role in PostgreSQL passes the row-level security.",
                    "Run as an administrator: alter role kinfold nosuperuser nobypassrls;")  # fmt: skip
    else:
        yield Check("database_role", OK, "The service's role in PostgreSQL is held by row-level security.")


def _machine(now: datetime) -> list[Check]:
    found: list[Check] = []
    for name, look in (("secret_key", _secret_key), ("keys", _keys), ("tls", _tls), ("demo", _demo), ("disk", _disk)):
        found += _safely(name, look)
    return [*found, front_end()]


def _private(path: Path) -> bool:
    return not stat.S_IMODE(path.stat().st_mode) & 0o077


def _secret_key() -> Found:
    path = Path(settings.DATA) / "secret-key"
    if os.environ.get("KINFOLD_SECRET_KEY"):
        yield Check("secret_key", OK, "The secret key comes from the environment.")
    elif path.exists() and not _private(path):
        yield Check("secret_key", PROBLEM, "The file with the secret key can be read by other accounts.",
                    f"chmod 600 {path}, then make a new one: `kinfold doctor --new-secret`.")  # fmt: skip
    else:
        yield Check("secret_key", OK, "The secret key lies in a file that only the service's account reads.")


def _keys() -> Found:
    folder = Path(settings.DATA) / "keys"
    open_ones = [path for path in [folder, *folder.glob("*")] if path.exists() and not _private(path)]
    if open_ones:
        yield Check("keys", PROBLEM, f"{len(open_ones)} of the keys can be read by other accounts.",
                    f"chmod 700 {folder} and chmod 600 {folder}/*")  # fmt: skip
    else:
        yield Check("keys", OK, "Only the service's account reads the keys of papers and audit heads.")


def _tls() -> Found:
    outward = sorted(set(settings.ALLOWED_HOSTS) - LOCAL_HOSTS)
    if settings.BEHIND_TLS:
        yield Check("tls", OK, "Kinfold is set to answer over TLS only.")
    elif outward:
        yield Check("tls", PROBLEM, f"Kinfold answers as {outward[0]} without TLS.",
                    "Put a proxy with TLS before it and set KINFOLD_TLS=1 and KINFOLD_TRUSTED_PROXIES=1.")  # fmt: skip
    else:
        yield Check("tls", OK, "Kinfold answers only to the machine it is on, without TLS.")
    if settings.DEBUG:
        yield Check("debug", PROBLEM, "KINFOLD_DEBUG shows faults with what was in them.", "Take KINFOLD_DEBUG away.")


def _demo() -> Found:
    asked = os.environ.get("KINFOLD_DEMO", "").strip().lower() in ("1", "yes", "true", "on")
    if settings.DEMO:
        yield Check("demo", WARNING, "This is the demonstration: anybody signs in as anybody.",
                    "Hold invented people in it and nobody else.")  # fmt: skip
    elif asked:
        yield Check("demo", WARNING, "KINFOLD_DEMO is set, but these data are not the demonstration's.",
                    "Take KINFOLD_DEMO away.")  # fmt: skip


def _disk() -> Found:
    usage = shutil.disk_usage(settings.DATA)
    sentence = f"{usage.free / GIGABYTE:,.1f} GB of {usage.total / GIGABYTE:,.0f} GB are free where the data lie."
    fix = "Make room, or move KINFOLD_DATA to a larger volume."
    if usage.free < GIGABYTE or usage.free < usage.total * 0.03:
        yield Check("disk", PROBLEM, sentence, fix)
    elif usage.free < 5 * GIGABYTE or usage.free < usage.total * 0.1:
        yield Check("disk", WARNING, sentence, fix)
    else:
        yield Check("disk", OK, sentence)


def holds_real_records() -> bool:
    """Return whether there are people in the record and nothing says that they are invented."""
    with as_system():
        return not settings.DEMO_MARKER.exists() and PersonIndex.objects.exists()


def _encryption(now: datetime) -> Found:
    real = holds_real_records()
    if connection.vendor == "postgresql":
        yield Check("real_records", OK, "Records are held in PostgreSQL.")
    elif real:
        yield Check("real_records", PROBLEM, "Real children's records are held in SQLite.",
                    "Move to PostgreSQL: `kinfold backup`, then `kinfold restore` with KINFOLD_DATABASE_URL set.")  # fmt: skip
    else:
        yield Check("real_records", OK, "SQLite is for invented data and analysts.")
    if volume_is_encrypted():
        yield Check("encrypted_volume", OK, "Whoever installed Kinfold says that its volumes are encrypted.")
    else:
        yield Check("encrypted_volume", PROBLEM if real else WARNING, "Nobody says that the volumes are encrypted.",
                    "Encrypt the volumes of the database and of KINFOLD_DATA, then set KINFOLD_ENCRYPTED_VOLUME=1.")  # fmt: skip


def _backups(now: datetime) -> Found:
    real = holds_real_records()
    last = last_backup()
    fix = "Set KINFOLD_BACKUP_KEY_FILE and run `kinfold backup` every night (deploy/kinfold-backup.timer)."
    if last is None:
        yield Check("backup", PROBLEM if real else WARNING, "No backup was ever made here.", fix)
    elif now - last > timedelta(hours=36):
        yield Check("backup", PROBLEM if real else WARNING, f"The last backup is of {last:%-d %B %Y}.", fix)
    else:
        yield Check("backup", OK, f"The last backup is of {last:%-d %B %Y, %H:%M} UTC.")
    if os.environ.get("KINFOLD_BACKUP_KEY") or os.environ.get("KINFOLD_BACKUP_KEY_FILE"):
        try:
            backup_passphrase()
        except InputError as error:
            yield Check("backup_key", PROBLEM, str(error), "Correct the setting.")


def _jobs(now: datetime) -> Found:
    with as_system():
        stuck, waiting, failed = stuck_jobs(now), waiting_since(now), failed_jobs(now - timedelta(days=1))
    if stuck:
        yield Check("jobs", PROBLEM, f"{stuck} jobs are stuck: their worker is gone and no other took them.",
                    "Start a worker: `kinfold worker`.")  # fmt: skip
    elif waiting and now - waiting > timedelta(minutes=10):
        yield Check("jobs", PROBLEM, f"Jobs have waited since {waiting:%-d %B %Y, %H:%M} UTC.",
                    "Start a worker, or more of them: `kinfold worker`.")  # fmt: skip
    elif failed:
        yield Check("jobs", WARNING, f"{failed} jobs gave up in the last day.", "See the jobs' messages and the log.")
    else:
        yield Check("jobs", OK, "No job is stuck and none waits long.")
    heard = last_alive()
    if heard is None or now - heard > SILENT_AFTER:
        since = f" since {heard:%-d %B %Y, %H:%M} UTC" if heard else ""
        yield Check("worker", WARNING, f"No worker was heard of{since}: uploads will wait.",
                    "Start one: `kinfold worker`, or `kinfold serve --with-worker`.")  # fmt: skip
    else:
        yield Check("worker", OK, "A worker is at work.")


def _audit(now: datetime) -> Found:
    with as_system():
        holders = list(Holder.objects.order_by("code").values_list("pk", "name"))
        chains = set(AuditHead.objects.values_list("held_by", flat=True))
    broken = [name for pk, name in holders if pk in chains and tail_faults(pk)]
    if broken:
        yield Check("audit", PROBLEM, f"The audit chain of {broken[0]} does not hold.",
                    "Run `kinfold audit verify`, keep everything as it is, and tell information governance.")  # fmt: skip
    else:
        yield Check("audit", OK, f"The ends of {len(chains)} audit chains hold.")
    month = (now.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    behind = [name for pk, name in holders if pk in chains and _is_uncut(pk, month)]
    if behind:
        yield Check("audit_heads", WARNING, f"The audit heads of {month} are not cut and signed for {behind[0]}.",
                    "Run `kinfold audit cut` every month (deploy/kinfold-audit-cut.timer).")  # fmt: skip
    else:
        yield Check("audit_heads", OK, "The signed heads of the audit lie outside the database.")


def _is_uncut(held_by: int, month: str) -> bool:
    """Return whether a chain that has links of `month` has no head of it outside the database."""
    year, number = int(month[:4]), int(month[5:])
    with as_system():
        wrote = AuditEntry.objects.filter(held_by=held_by, at__year=year, at__month=number).exists()
    return wrote and month not in {cut.head.month for cut in cuts_outside(held_by)}


def _erasures(now: datetime) -> Found:
    added = erasure_log.catch_up()
    unreadable = erasure_log.read_log()[1]
    if unreadable:
        yield Check("erasures", WARNING, f"{len(unreadable)} lines of {erasure_log.log_path().name} cannot be read.",
                    "Bring the file's copy back; lines the database knows were added again.")  # fmt: skip
    else:
        said = f" {added} were added now." if added else ""
        yield Check("erasures", OK, f"Every erasure is noted outside the database.{said}")


_OF_THE_RECORD: dict[str, Callable[[datetime], Found]] = {
    "encryption": _encryption,
    "backup": _backups,
    "jobs": _jobs,
    "audit": _audit,
    "erasures": _erasures,
}
