"""
The production server: gunicorn with threads where processes can fork, waitress elsewhere.

The parent checks and imports, forks, and serves nothing itself. Its log lines go through our own formatter, which
drops their arguments: gunicorn would write the address of a request that failed, and an address can hold a name.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connections

from kinfold.service.config.counting import forget_counts
from kinfold.service.config.parent import when_gone
from kinfold.service.records.health import PROBLEM, front_end, not_ready
from kinfold.terms.errors import InputError

# Heavy pages are bound by the processor: two processes a core keep it busy while one waits for the database.
# More than eight would need more connections than PostgreSQL gives by default (8 processes x a pool of 8).
MOST_WORKERS = 8
THREADS = 4
WAIT_FOR_WORKER = 30.0
PARENT = "KINFOLD_PARENT"


@dataclass(frozen=True, slots=True)
class Serving:
    """Where and how to serve."""

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 0
    threads: int = THREADS
    with_worker: bool = False
    server: str = ""

    @property
    def processes(self) -> int:
        """Return how many processes answer: what was asked for, else twice the cores up to MOST_WORKERS."""
        return self.workers or default_workers(os.cpu_count() or 1)

    @property
    def address(self) -> str:
        """Return the address to open."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"


def default_workers(cores: int) -> int:
    """Return how many processes serve on a machine with `cores`."""
    return min(2 * cores, MOST_WORKERS)


def insist_on_ready() -> None:
    """Raise InputError with what to do when the service cannot answer: tables, guards, the front end."""
    lacking = [check for check in [*not_ready(), front_end()] if check.state == PROBLEM]
    if lacking:
        raise InputError("Kinfold cannot start:\n" + "\n".join(f"  {check.sentence} {check.fix}" for check in lacking))
    connections.close_all()


def serve(how: Serving) -> None:
    """Serve until told to stop. Raises InputError when something is not ready or the port is taken."""
    insist_on_ready()
    _insist_on_free(how)
    forget_counts()
    server = how.server or ("waitress" if sys.platform == "win32" else "gunicorn")
    (_with_gunicorn if server == "gunicorn" else _with_waitress)(how)


def _insist_on_free(how: Serving) -> None:
    import socket

    family = socket.AF_INET6 if ":" in how.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trying:
        trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trying.bind((how.host, how.port))
        except OSError as error:
            raise InputError(
                f"Kinfold cannot answer at {how.address}: {error.strerror}. Choose another --port."
            ) from None


def _application() -> Any:
    from django.urls import get_resolver

    from kinfold.identity.score import shipped_model
    from kinfold.service.config.wsgi import application

    _ = get_resolver().reverse_dict  # every address imported once, before the processes fork
    _ = shipped_model()  # as are the weights of look-ups
    _close_connections()
    # What is there for good is left out of Python's search for garbage: else one answer in a hundred or so waits for a
    # search through all of it, 50 to 90 ms. The processes also share its memory for longer.
    gc.collect()
    gc.freeze()
    return application


def _close_connections() -> None:
    """No process may go on with a connection, or a pool of them, that its parent opened."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if connection.vendor == "postgresql":
            connection.close_pool()  # type: ignore[attr-defined]


def _with_gunicorn(how: Serving) -> None:
    from gunicorn.app.base import BaseApplication

    class Kinfold(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for name, value in gunicorn_settings(how).items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            return _application()

    Kinfold().run()


def gunicorn_settings(how: Serving) -> dict[str, Any]:
    """Return gunicorn's settings for `how`."""
    from kinfold.service.config.server_log import Quiet

    beside = _Beside() if how.with_worker else None
    return {
        "bind": f"[{how.host}]:{how.port}" if ":" in how.host else f"{how.host}:{how.port}",
        "worker_class": "gthread",
        "workers": how.processes,
        "threads": how.threads,
        "preload_app": True,
        "timeout": 60,  # a process that does not answer its parent for a minute is replaced
        "graceful_timeout": 30,
        "keepalive": 5,
        "max_requests": 20_000,
        "max_requests_jitter": 2_000,
        "accesslog": None,  # our own line names the route and never the address
        "logger_class": Quiet,
        "proc_name": "kinfold",
        "when_ready": (lambda server: beside.start()) if beside else (lambda server: None),
        "on_exit": (lambda server: beside.stop()) if beside else (lambda server: None),
    }


def _with_waitress(how: Serving) -> None:
    import waitress

    beside = _Beside() if how.with_worker else None
    if beside:
        beside.start()
    # systemd and others stop a service by SIGTERM; waitress itself knows only the keyboard's
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        waitress.serve(
            _application(), host=how.host, port=how.port, threads=max(how.threads, 8), ident=None,
            max_request_body_size=settings.MAX_UPLOAD_BYTES + 10_000_000, clear_untrusted_proxy_headers=False,
        )  # fmt: skip
    finally:
        if beside:
            beside.stop()


class _Beside:
    """One background worker that runs while the server does, and is started again if it dies."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._over = threading.Event()

    def start(self) -> None:
        """Start the worker and watch it."""
        self._run()
        threading.Thread(target=self._watch, daemon=True).start()

    def _run(self) -> None:
        environment = {**os.environ, PARENT: str(os.getpid())}
        code = "import django; django.setup(); from kinfold.service.config.server import work_beside; work_beside()"
        self._process = subprocess.Popen([sys.executable, "-c", code], env=environment)  # noqa: S603 -- our own words

    def _watch(self) -> None:
        while not self._over.wait(5):
            if self._process is not None and self._process.poll() is not None:
                logging.getLogger("kinfold.worker").error("the worker beside the server ended; starting it again")
                self._run()

    def stop(self) -> None:
        """Tell the worker to finish the job in hand, and wait for it a while."""
        self._over.set()
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(WAIT_FOR_WORKER)
        except subprocess.TimeoutExpired:
            self._process.kill()  # its lease runs out and the job is taken again


def work_beside() -> None:
    """Be the worker beside a server: do jobs until told to stop, or until the server is gone."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kinfold.service.config.settings")
    import django

    django.setup()
    from kinfold.service.jobs.worker import Worker

    worker = Worker()
    worker.stop_on_signals()
    when_gone(int(os.environ[PARENT]), worker.stop)
    worker.run()
