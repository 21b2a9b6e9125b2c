"""`kinfold register`: the register of identity of one council."""

from __future__ import annotations

from datetime import UTC, datetime

import typer

from kinfold.command.line import answer, start_service
from kinfold.command.progress import Bar

register_app = typer.Typer(add_completion=False)


@register_app.command()
def register(
    council: str = typer.Option(..., "--council", help="The council's code."),
    check: bool = typer.Option(False, "--check", help="Ask the national service about the numbers that are due."),
    as_json: bool = typer.Option(False, "--json", help="Answer as one JSON document."),
) -> None:
    """
    Bring the register up to date: file changed children for look-ups, issue provisional identifiers, check numbers.

    Example: kinfold register --council 990 --check
    """
    start_service()
    from dataclasses import asdict

    from kinfold.service.config.national_service import national_service
    from kinfold.service.records.actions.register import bring_up_to_date
    from kinfold.service.records.actions.register_lifecycle import go_round
    from kinfold.service.records.reads.accounts import holder_with_code
    from kinfold.service.records.reads.register import counts
    from kinfold.service.records.register_filing import file_changed
    from kinfold.service.records.setting_up import ready

    ready()
    held_by = holder_with_code(council).pk
    said: dict[str, object] = {"filed": file_changed(held_by), **bring_up_to_date(held_by)}
    if check:
        with national_service(held_by) as service, Bar() as bar:
            if service is None:
                said["notes"] = ["No national service is set up: see docs/reference/settings."]
            else:
                today = datetime.now(UTC).date()
                said |= asdict(
                    go_round(held_by, service, today=today, progress=lambda n, of: bar.move("Checking", n, of))
                )
    said["now"] = counts(held_by)
    lines = [f"{name.replace('_', ' ')}: {value:,}" for name, value in said.items() if isinstance(value, int)]
    notes = said.get("notes")
    lines += [str(note) for note in notes] if isinstance(notes, list) else []
    answer(said, as_json=as_json, text="\n".join(lines))
