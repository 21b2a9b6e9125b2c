"""`kinfold worker`: background jobs."""

from __future__ import annotations

import typer

from kinfold.command.line import answer, start_service

worker_app = typer.Typer(add_completion=False)


@worker_app.command()
def worker(
    once: bool = typer.Option(False, "--once", help="Stop when nothing is left to do."),
    as_json: bool = typer.Option(False, "--json", help="Answer as one JSON document when it stops."),
) -> None:
    """
    Do background jobs until stopped. Run as many as you like, on as many machines.

    Example: kinfold worker
    """
    start_service()
    from kinfold.service.jobs.worker import Worker
    from kinfold.service.records.setting_up import ready

    ready()
    working = Worker()
    working.stop_on_signals()
    done = working.run(once=once)
    answer({"done": done}, as_json=as_json, text=f"{done} jobs done.")
