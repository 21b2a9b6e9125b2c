"""`kinfold restore`: a backup brought back into an empty database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import typer

from kinfold.command.line import answer, start_service

restore_app = typer.Typer(add_completion=False)


@restore_app.command()
def restore(
    path: Path = typer.Argument(..., help="The backup."),
    erasures: list[Path] = typer.Option([], help="A log of erasures kept elsewhere; may be given several times."),
    as_json: bool = typer.Option(False, "--json", help="Answer as one JSON document."),
) -> None:
    """
    Bring a backup back into an empty database and data folder, all of it or nothing.

    Every hash and every audit chain is verified, and what was erased by law since is erased again: the log of
    erasures in the data folder is read, and any named by --erasures.

    Example: kinfold restore /mnt/backups/kinfold-20260304T010000Z.kinfold-backup --erasures /mnt/safe/erasures.log
    """
    start_service()
    from kinfold.service.config.operations import backup_passphrase
    from kinfold.service.records.restoring import restore as run

    done = run(path, passphrase=backup_passphrase(), now=datetime.now(UTC), erasures=erasures)
    said = done.as_json()
    text = [
        f"{said['rows']:,} rows and {done.files:,} files are back as they were at {done.made_at:%-d %B %Y, %H:%M} UTC. "
        f"{done.chains} audit chains hold. {done.erased_again} erasures were made again.",
        *done.notes,
        "Now run `kinfold doctor`.",
    ]
    answer(said, as_json=as_json, text="\n".join(text))
