"""`kinfold due`, `kinfold clocks`, `kinfold duties`: the statute book on the command line."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import typer

from kinfold.command.line import answer, start_service

due_app = typer.Typer(add_completion=False)
clocks_app = typer.Typer(add_completion=False)
duties_app = typer.Typer(add_completion=False)


@due_app.command()
def due(
    duty: str = typer.Argument(..., help="The duty's id, such as FD04."),
    trigger: str = typer.Option(..., help="The day (or moment) that starts it, such as 2026-12-18."),
    part: str = typer.Option("", help="first, every, max, second or ext, where the rule has several parts."),
    as_json: bool = typer.Option(False, "--json", help="Answer as one JSON document."),
) -> None:
    """
    Say when a duty falls due, with its arithmetic and its source. Needs no database.

    Example: kinfold due FD04 --trigger 2026-12-18
    """
    from kinfold.duties import due as reckon
    from kinfold.duties import parse_trigger

    found = reckon(duty, trigger=parse_trigger(trigger), part=part or None)
    row = found.as_row()
    answer(row, as_json=as_json, text=f"Due {row['due']}. {row['arithmetic']} {row['source']}")


@duties_app.command()
def duties(as_json: bool = typer.Option(False, "--json", help="Answer as one JSON document.")) -> None:
    """
    List the catalogue of statutory duties. Needs no database.

    Example: kinfold duties --json
    """
    from kinfold.duties import catalogue_rows, duty_catalogue

    rows = catalogue_rows(duty_catalogue())
    answer(rows, as_json=as_json, text="\n".join(f"{row['id']}  {row['label']}" for row in rows))


@clocks_app.command()
def clocks(
    child: str = typer.Option("", help="One child, by id or the council's own number; all the reader's without it."),
    by: str = typer.Option("", "--as", help="The e-mail address of the user who looks. The look is recorded."),
    on: datetime = typer.Option(None, formats=["%Y-%m-%d"], help="As the wall stands on this day."),
    as_known_on: datetime = typer.Option(
        None, formats=["%Y-%m-%d"], help="From what was known at the end of this day."
    ),
    as_json: bool = typer.Option(False, "--json", help="Answer as one JSON document."),
) -> None:
    """
    List the clocks that run, the most pressing first.

    Example: kinfold clocks --child C100234 --as sam.okoro@elmshire.example --json
    """
    start_service()
    from kinfold.service.records.reads import clocks as reading
    from kinfold.service.records.reads.reader import reader_named

    reader = reader_named(by)
    day = on.date() if on else datetime.now(UTC).date()
    rows = reading.clock_rows(reader, child=child or None, on=day, as_known_on=_day(as_known_on))
    answer(rows, as_json=as_json, text="\n".join(_line(row) for row in rows))


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _line(row: dict[str, Any]) -> str:
    return f"{row.get('due') or '          '}  {row.get('state')}  {row.get('because')}"
