"""`kinfold backup`: one encrypted file with the record, the received files and the keys."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer

from kinfold.command.line import DONE, FOUND, answer, start_service

backup_app = typer.Typer(add_completion=False)


@backup_app.command()
def backup(
    to: Path = typer.Argument(None, help="A folder or a new file; left out, `backups` beside the data."),
    test: bool = typer.Option(False, "--test", help="Restore it into a temporary database and compare the counts."),
    test_into: str = typer.Option("", help="With --test: the URL of an empty PostgreSQL database to restore into."),
    keep: int = typer.Option(0, min=0, help="Afterwards remove all but so many of the newest backups in the folder."),
    as_json: bool = typer.Option(False, "--json", help="Answer as one JSON document."),
) -> None:
    """
    Write an encrypted backup of everything, consistent to one moment, while the service runs.

    The passphrase comes from KINFOLD_BACKUP_KEY_FILE (a file's name) or KINFOLD_BACKUP_KEY.

    Example: kinfold backup /mnt/backups --test --keep 30
    """
    start_service()
    from kinfold.command.progress import Bar
    from kinfold.service.config.operations import backup_passphrase
    from kinfold.service.records import backups
    from kinfold.service.records.health import PROBLEM, not_ready
    from kinfold.service.records.restore_test import restore_test
    from kinfold.terms.errors import InputError

    passphrase = backup_passphrase()
    if lacking := [check for check in not_ready() if check.state == PROBLEM]:
        raise InputError(f"{lacking[0].sentence} {lacking[0].fix}")
    now = datetime.now(UTC)
    with Bar() as bar:
        made = backups.write_backup(backups.path_for(to, now), passphrase=passphrase, now=now, progress=bar.move)
    said: dict[str, Any] = made.as_json()
    text = [f"{made.path}: {said['rows']:,} rows, {made.files:,} files, {made.size:,} bytes, encrypted."]
    differences: list[str] = []
    if test or test_into:
        differences = restore_test(made, passphrase=passphrase, database=test_into)
        said["tested"] = {"restored": not differences, "differences": differences}
        text += differences or ["Restored into a temporary database: every count is the same, every audit chain holds."]
    if keep and not differences:
        removed = backups.remove_older(made.path.parent, keep=keep)
        said["removed"] = [path.name for path in removed]
    answer(said, as_json=as_json, text="\n".join(text), code=FOUND if differences else DONE)
