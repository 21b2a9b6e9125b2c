"""The production server starts when all is ready, says what to do when it is not, and stops its worker with it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from kinfold.service.config.server import MOST_WORKERS, default_workers

from .conftest import Installation

SECRET_NAME = "Ashgrovington"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Return an installation whose tables are made."""
    made = Installation(tmp_path_factory.mktemp("serving") / "data", "sqlite://")
    done = made.run("migrate", "--json")
    assert done.returncode == 0, done.stderr
    return made


def free_port() -> int:
    """Return a port that nobody answers at."""
    with socket.socket() as trying:
        trying.bind(("127.0.0.1", 0))
        return int(trying.getsockname()[1])


def ask(port: int, path: str, *, within: float = 300) -> tuple[int, str, dict[str, str]]:
    """Return status, text and headers of an answer; wait until somebody answers."""
    last = time.monotonic() + within
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
                return answer.status, answer.read().decode(), dict(answer.headers)
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(), dict(error.headers)
        except OSError:
            if time.monotonic() > last:
                raise
            time.sleep(0.2)


def stop(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Tell a server to stop and return its exit code and what it logged."""
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=300)
    return process.returncode, said


@pytest.fixture(params=["gunicorn", "waitress"])
def server(request: pytest.FixtureRequest, place: Installation) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """Return a server that answers, under each of the two."""
    port = free_port()
    process = place.start("serve", "--port", str(port), "--workers", "2", "--server", request.param)
    ask(port, "/healthz")
    yield port, process
    if process.poll() is None:
        stop(process)


def test_it_answers_counts_and_logs_no_address(server: tuple[int, subprocess.Popen[str]]) -> None:
    port, process = server
    ready, _, _ = ask(port, "/readyz")
    page, text, headers = ask(port, "/accounts/login/")
    ask(port, f"/search/?q={SECRET_NAME}")
    ask(port, f"/{SECRET_NAME}/")
    style, _, _ = ask(port, "/static/built/app.css")
    counted = _counted(port, 'kinfold_requests_total{route="search"')

    code, said = stop(process)

    assert (ready, page, style, code) == (200, 200, 200, 0)
    assert "<form" in text
    assert "nonce-" in headers["Content-Security-Policy"]
    assert counted
    assert SECRET_NAME not in said
    assert '"route": "search"' in said


def _counted(port: int, what: str) -> bool:
    """Wait until a count is there: each process writes its own within a second or so."""
    last = time.monotonic() + 300
    while what not in ask(port, "/metrics")[1]:
        if time.monotonic() > last:
            return False
        time.sleep(0.2)
    return True


def test_a_port_that_is_taken_is_said_in_words(place: Installation) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        done = place.run("serve", "--port", str(taken.getsockname()[1]))

    assert done.returncode == 1
    assert "Choose another --port" in done.stderr


def test_it_refuses_without_tables_and_says_what_to_run(tmp_path: Path) -> None:
    done = Installation(tmp_path / "empty", "sqlite://").run("serve", "--port", str(free_port()), "--json")

    assert done.returncode == 1
    assert "Run `kinfold migrate`" in done.stderr


def test_it_refuses_without_the_databases_guards(tmp_path: Path) -> None:
    import sqlite3

    place = Installation(tmp_path / "unguarded", "sqlite://")
    assert place.run("migrate").returncode == 0
    with sqlite3.connect(place.folder / "kinfold.sqlite3") as database:
        database.execute("drop trigger audit_entry_no_update")

    done = place.run("serve", "--port", str(free_port()))

    assert done.returncode == 1
    assert "lacks 1 of its guards, audit_entry_no_update first" in done.stderr


def test_it_refuses_a_database_that_cannot_be_reached(tmp_path: Path) -> None:
    url = f"postgresql://kinfold@127.0.0.1:{free_port()}/nothing"

    done = Installation(tmp_path / "unreached", url).run("serve", "--port", str(free_port()))

    assert done.returncode == 1
    assert "The database cannot be reached" in done.stderr


def children_of(pid: int) -> list[int]:
    """Return the processes that `pid` started."""
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    if not listed.exists():
        pytest.skip("this system does not list the children of a process")
    return [int(child) for child in listed.read_text().split()]


def workers_of(pid: int) -> list[int]:
    """Return the background workers beside a server."""
    return [c for c in children_of(pid) if b"work_beside" in Path(f"/proc/{c}/cmdline").read_bytes()]


def alive(pid: int) -> bool:
    """Return whether a process is there and not over."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_the_worker_beside_it_ends_with_it(place: Installation, how: signal.Signals) -> None:
    port = free_port()
    process = place.start("serve", "--port", str(port), "--workers", "1", "--with-worker")
    ask(port, "/healthz")
    last = time.monotonic() + 300
    while not (workers := workers_of(process.pid)) and time.monotonic() < last:
        time.sleep(0.2)
    rest = children_of(process.pid)

    process.send_signal(how)
    process.wait(300)

    assert len(workers) == 1
    last = time.monotonic() + 300
    while alive(workers[0]) and time.monotonic() < last:
        time.sleep(0.2)
    assert not alive(workers[0])
    for pid in rest:  # what a killed parent leaves behind ends by itself; do not wait for it here
        if alive(pid):
            os.kill(pid, signal.SIGTERM)


@pytest.mark.parametrize(("cores", "processes"), [(1, 2), (2, 4), (4, 8), (64, MOST_WORKERS)])
def test_two_processes_a_core_up_to_what_a_database_bears(cores: int, processes: int) -> None:
    assert default_workers(cores) == processes


def test_what_it_is_told_to_be_is_checked(place: Installation) -> None:
    assert place.run("serve", "--server", "apache").returncode == 2
    assert place.run("serve", "--port", "99999").returncode == 2


def test_a_new_secret_is_written_where_the_settings_look(tmp_path: Path) -> None:
    place = Installation(tmp_path / "data", "sqlite://")
    first = json.loads(place.run("doctor", "--new-secret", "--json").stdout)
    path = Path(first["written"])
    before = path.read_text()

    place.run("doctor", "--new-secret")
    shown = json.loads(place.run("doctor", "--new-secret", "--json", KINFOLD_SECRET_KEY="x" * 50).stdout)

    assert path == place.folder / "secret-key"
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    assert path.read_text() != before
    assert len(path.read_text()) >= 40
    assert len(shown["secret_key"]) >= 40
