"""`kinfold doctor`: is this installation in order, and what to put right."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import typer

from kinfold.command.line import DONE, FOUND, answer, start_service

doctor_app = typer.Typer(add_completion=False)
MARKS = {"ok": "ok     ", "warning": "WARNING", "problem": "PROBLEM"}


@doctor_app.command()
def doctor(
    new_secret: bool = typer.Option(False, "--new-secret", help="Make a new secret key; everybody signs in again."),
    as_json: bool = typer.Option(False, "--json", help="Answer as one JSON document."),
) -> None:
    """
    Check the database, its guards, jobs, disk, audit, encryption, backups and settings.

    Exit code 1 when there is a problem; warnings alone leave it 0.

    Example: kinfold doctor --json
    """
    if new_secret:
        _new_secret(as_json)
        return
    start_service()
    from kinfold.service.records.health import PROBLEM, WARNING, check_all

    checks = check_all(datetime.now(UTC))
    problems = sum(check.state == PROBLEM for check in checks)
    warnings = sum(check.state == WARNING for check in checks)
    document = {"problems": problems, "warnings": warnings, "checks": [check.as_json() for check in checks]}
    lines = []
    for check in checks:
        lines.append(f"{MARKS[check.state]}  {check.sentence}")
        if check.fix:
            lines.append(f"         {check.fix}")
    lines.append(f"{problems} problems, {warnings} warnings." if problems or warnings else "All is in order.")
    answer(document, as_json=as_json, text="\n".join(lines), code=FOUND if problems else DONE)


def _new_secret(as_json: bool) -> None:
    """Write a new secret key where the settings look for it, or show one where the environment gives it."""
    from django.core.management.utils import get_random_secret_key

    key = get_random_secret_key()
    if os.environ.get("KINFOLD_SECRET_KEY"):
        answer({"secret_key": key}, as_json=as_json, text=f"Set KINFOLD_SECRET_KEY to this and start again:\n{key}")
        return
    data = Path(os.environ.get("KINFOLD_DATA") or Path.cwd() / "data")
    data.mkdir(parents=True, exist_ok=True)
    path, part = data / "secret-key", data / "secret-key.new"
    with os.fdopen(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as out:
        out.write(key)
    part.replace(path)
    answer(
        {"written": str(path)}, as_json=as_json,
        text=f"A new secret key is in {path}. Start the service again: everybody is signed out.",
    )  # fmt: skip
