"""`kinfold load`: files in at the door."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer

from kinfold.command.line import answer, start_service
from kinfold.command.side_by_side import Handed, take_in

load_app = typer.Typer(add_completion=False)


@load_app.command()
def load(
    paths: list[Path] = typer.Argument(..., help="Files, folders or zip archives."),
    council: str = typer.Option("", help="The council's three-digit code, where the files do not say it."),
    collection: str = typer.Option("", help="The collection year, such as 2025-26, where the dates leave it open."),
    extracted_at: datetime = typer.Option(None, help="When the source system wrote the files."),
    partial: bool = typer.Option(False, "--partial", help="The files are a part: withdraw nothing they do not carry."),
    full: bool = typer.Option(False, "--full", help="The files are everything: withdraw what they no longer carry."),
    confirm: bool = typer.Option(False, "--confirm-withdrawals", help="Withdraw even when it is a large share."),
    by: str = typer.Option("command line", "--as", help="Who loads, for the record."),
    as_json: bool = typer.Option(False, "--json", help="Answer as one JSON document."),
) -> None:
    """
    Take files in, and say what each row became.

    Loading the same files again changes nothing; an interrupted load is finished by running it again.

    Example: kinfold load returns/2025-26/ cin.xml --council 990
    """
    start_service()
    from kinfold.files.recognise import Options
    from kinfold.service.records.actions import receiving
    from kinfold.service.records.setting_up import ready
    from kinfold.terms.errors import InputError

    if partial and full:
        raise typer.BadParameter("Say --partial or --full, not both.")
    ready()
    if extracted_at is not None and extracted_at.tzinfo is None:
        extracted_at = extracted_at.replace(tzinfo=UTC)
    options = Options(
        la_code=council or None,
        collection=collection or None,
        extracted_at=extracted_at,
        full=True if full else False if partial else None,
    )
    handed = Handed(by=by, today=datetime.now(UTC).date(), council=council or None, options=options, confirm=confirm)
    with _Bar(quiet=not sys.stderr.isatty()) as bar:
        said = take_in(receiving.incoming_of(paths), handed, bar.move)
    if not said["loads"] and said["refused"]:
        if as_json:
            answer(said, as_json=True, code=1)
        raise InputError("\n".join(error["message"] for error in said["refused"]))
    found = bool(said["quarantined"] or said["refused"] or said["waiting_for_confirmation"])
    answer(said, as_json=as_json, text=_in_words(said), code=1 if found else 0)


def _in_words(said: dict[str, Any]) -> str:
    lines = [
        f"{said['rows']:,} rows: {said['facts']:,} brought something new, {said['unchanged']:,} unchanged, "
        f"{len(said['quarantined']):,} in quarantine. {said['children']:,} children.",
    ]
    if said["withdrawn"]:
        lines.append(f"{said['withdrawn']:,} facts were withdrawn because a full return no longer carries them.")
    lines += [f"Refused: {error['message']}" for error in said["refused"]]
    for waiting in said["waiting_for_confirmation"]:
        lines.append(
            f"Load {waiting['load']} would withdraw {waiting['to_withdraw']:,} facts and waits for you: "
            "run it again with --confirm-withdrawals if that is right."
        )
        lines += [f"  {kind}" for kind in waiting["kinds"]]
    lines += [f"Note: {note}" for note in said["notes"]]
    for row in said["quarantined"][:20]:
        lines.append(f"  {row['file']}: {row['message']}")
    if len(said["quarantined"]) > 20:
        lines.append(f"  and {len(said['quarantined']) - 20:,} more: see the load page, or --json")
    if said["loads"]:
        lines.append(f"On the page Files: load {', '.join(map(str, said['loads']))}.")
    return "\n".join(lines)


class _Bar:
    """A progress bar on standard error; silent where nobody is watching."""

    def __init__(self, *, quiet: bool) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            disable=quiet,
        )
        self.tasks: dict[str, Any] = {}

    def __enter__(self) -> _Bar:
        self.bar.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.bar.stop()

    def move(self, label: str, done: int, out_of: int | None) -> None:
        """Show that `done` rows of `out_of` are taken in."""
        if label not in self.tasks:
            self.tasks[label] = self.bar.add_task(label, total=out_of)
        self.bar.update(self.tasks[label], completed=done, total=out_of)
