"""`kinfold rebuild`: the index tables made again from the facts."""

from __future__ import annotations

from dataclasses import asdict

import typer

from kinfold.command.line import answer, start_service

rebuild_app = typer.Typer(add_completion=False)


@rebuild_app.command()
def rebuild(
    holder: str = typer.Option("", help="The three-digit code of one council; all when left out."),
    as_json: bool = typer.Option(False, "--json", help="Answer as one JSON document."),
) -> None:
    """
    Make the index tables again: who is found by which name and number, who reaches whom, and what is due.

    Safe while the service runs, and safe to interrupt.

    Example: kinfold rebuild --holder 990
    """
    start_service()
    from kinfold.command.progress import Bar
    from kinfold.service.records.rebuilding import rebuild as run
    from kinfold.service.records.setting_up import ready
    from kinfold.terms.errors import InputError

    ready()
    with Bar() as bar:
        made = run(code=holder or None, progress=bar.move)
    if holder and not made:
        raise InputError(f"No holder here has the code {holder}.")
    lines = [
        f"{one.holder}: {one.people:,} people, {one.name_keys:,} name keys, {one.identifier_keys:,} numbers "
        f"({one.identifier_keys_added:,} added), {one.reach:,} rows of reach, {one.clocks:,} clocks."
        for one in made
    ]
    answer({"holders": [asdict(one) for one in made]}, as_json=as_json, text="\n".join(lines) or "Nothing is held yet.")
