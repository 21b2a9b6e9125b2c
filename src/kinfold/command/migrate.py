"""`kinfold migrate`: the tables, the shared cache, the database's own guards."""

from __future__ import annotations

import typer

from kinfold.command.line import answer, start_service

migrate_app = typer.Typer(add_completion=False)


@migrate_app.command()
def migrate(as_json: bool = typer.Option(False, "--json", help="Answer as one JSON document.")) -> None:
    """
    Make or update the tables and install the database's guards again.

    Example: kinfold migrate
    """
    start_service()
    from kinfold.service.records.setting_up import migrate_all

    lacking = migrate_all()
    answer({"migrated": True, "missing_guards": lacking}, as_json=as_json, text="The database is up to date.",
           code=1 if lacking else 0)  # fmt: skip
