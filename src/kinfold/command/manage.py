"""`kinfold manage`: Django's own management commands."""

from __future__ import annotations

import typer

from kinfold.command.line import start_service

manage_app = typer.Typer(add_completion=False)


@manage_app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def manage(context: typer.Context) -> None:
    """
    Run one of Django's management commands.

    Example: kinfold manage check --deploy
    """
    start_service()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["kinfold manage", *context.args])
