"""`kinfold serve`: the pages and the API."""

from __future__ import annotations

import sys

import typer

from kinfold.command.line import start_service

serve_app = typer.Typer(add_completion=False)


@serve_app.command()
def serve(
    host: str = typer.Option("127.0.0.1", help="The address to answer at; a TLS proxy stands before any other."),
    port: int = typer.Option(8000, min=1, max=65535, help="The port to answer at."),
    workers: int = typer.Option(0, min=0, max=64, help="Processes; 0 means twice the cores, up to 8."),
    threads: int = typer.Option(4, min=1, max=64, help="Threads of each process."),
    with_worker: bool = typer.Option(False, "--with-worker", help="Run one background worker beside it."),
    server: str = typer.Option("", help="gunicorn or waitress; left out, what suits the machine."),
    as_json: bool = typer.Option(False, "--json", help="Say where it answers as one JSON line first."),
) -> None:
    """
    Serve the pages and the API until stopped.

    Refuses to start when the tables or the database's guards are missing, or the front end is not built.

    Example: kinfold serve --port 8000 --with-worker
    """
    start_service()
    from kinfold.service.config.server import Serving
    from kinfold.service.config.server import serve as run

    if server not in ("", "gunicorn", "waitress"):
        raise typer.BadParameter("--server must be gunicorn or waitress.")
    how = Serving(host=host, port=port, workers=workers, threads=threads, with_worker=with_worker, server=server)
    if as_json:
        print(f'{{"address": "{how.address}", "processes": {how.processes}, "threads": {how.threads}}}', flush=True)
    print(f"Kinfold answers at {how.address} (stop it with Ctrl and C)", file=sys.stderr, flush=True)
    run(how)
