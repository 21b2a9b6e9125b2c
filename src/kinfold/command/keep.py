"""`kinfold keep`: where a council keeps each kind of fact, by dated switches."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from kinfold.command.line import answer, start_service

keep_app = typer.Typer(add_completion=False)
Since = Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day; left out, today.")]


@keep_app.command()
def keep(
    kind: str = typer.Argument("", help="The kind's name, such as allocation; left out, the switches are listed."),
    council: str = typer.Option(..., "--council", help="The council's code."),
    system: str = typer.Option("", "--in", help="The system that keeps it; left out, it is kept here."),
    since: Since = None,
    by: str = typer.Option("command line", "--as", help="Who does it, for the record."),
    as_json: bool = typer.Option(False, "--json", help="Answer as one JSON document."),
) -> None:
    """
    Say from which day a kind of fact is kept here or in another system, or list what was said.

    What is kept elsewhere is refused here, with where to change it; files bring it.

    Example: kinfold keep allocation --council 990 --in "the old system" --from 2027-04-01
    """
    start_service()
    from kinfold.service.records.actions.switching import switch
    from kinfold.service.records.reads.accounts import holder_with_code
    from kinfold.service.records.reads.switching import switches_of
    from kinfold.service.records.setting_up import ready

    ready()
    today = datetime.now(UTC).date()
    holder = holder_with_code(council)
    if kind:
        switch(holder=holder, kind=kind, where=system, since=since.date() if since else today, by=by, today=today)
    found = [
        {"kind": one.kind, "where": one.where or "here", "from": one.since, "now": one.holds}
        for one in switches_of(holder.pk, today)
    ]
    answer({"switches": found}, as_json=as_json, text=_in_words(found))


def _in_words(found: list[dict[str, Any]]) -> str:
    lines = [f"{one['kind']:32}  {one['where']} from {one['from']}{'  (now)' if one['now'] else ''}" for one in found]
    return "\n".join(lines) or "Every kind is kept here: none has been switched."
