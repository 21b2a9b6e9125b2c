"""`kinfold child`: one child as the page shows it, refused as the page refuses."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import typer

from kinfold.command.line import answer, start_service

if TYPE_CHECKING:  # the record's reads need the service to have started
    from kinfold.service.records.reads.person import Whole

child_app = typer.Typer(add_completion=False)


@child_app.command()
def child(
    reference: str = typer.Argument(..., help="The child's id, or the council's own number for the child."),
    by: str = typer.Option(..., "--as", help="The e-mail address of the user who looks. The look is recorded."),
    as_known_on: datetime = typer.Option(None, formats=["%Y-%m-%d"], help="What was known at the end of this day."),
    reason: str = typer.Option("", help="Why you look, where your role asks for it."),
    as_json: bool = typer.Option(False, "--json", help="Answer as one JSON document."),
) -> None:
    """
    Show one child's whole record to a named user, as the page would.

    Example: kinfold child C100234 --as sam.okoro@elmshire.example --as-known-on 2026-03-04 --json
    """
    start_service()
    from kinfold.service.records.reads import person, reader

    looking = reader.reader_named(by)
    looking.reason = reason
    uid = person.find_child(looking, reference)
    day = as_known_on.date() if as_known_on else None
    document = person.whole(looking, uid, as_known_on=day, action="command line: child")
    answer(person.as_json(document), as_json=as_json, text=_in_words(document))


def _in_words(document: Whole) -> str:
    from kinfold.service.records.reads.person import in_words

    lines = [document.name or "Name not known", f"  {document.because}"]
    for entry in document.entries:
        until = f" to {entry.until}" if entry.until else ""
        values = "; ".join(in_words(name, entry.kind, value) for name, value in entry.values.items())
        lines.append(f"{entry.since or '          '}{until}  {entry.kind.label}: {values}")
    return "\n".join(lines)
