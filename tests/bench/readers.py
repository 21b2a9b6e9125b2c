"""
Fifty readers at sixty requests a second, on the production server as `kinfold serve` starts it.

Whole processes, real sessions, a real mix of pages; each reader has an account of their own in the council with the
most children and waits their turn, so that together they ask sixty times a second whatever the answers take. What is
counted is seen from outside: until the last byte of an answer has come.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from tests.bench.names import give_names
from tests.bench.pages import Child, children_loaded, director, most_children, set_up, slip

READERS, A_SECOND = 50, 60
SECONDS = int(os.environ.get("SECONDS_ASKED", "60"))
# How often each page is asked for among a hundred: a morning's work is mostly search and children's pages.
MIX = {"home": 10, "search": 25, "child": 40, "family": 10, "tonight": 5, "list": 10}
SERVE = [sys.executable, "-c", "from kinfold.command import main; main()", "serve"]


def readers() -> list[dict[str, Any]]:
    """Start the server, let the readers read, and return percentiles for each page and for all."""
    set_up()
    give_names()
    holder, people = most_children()
    cookies = [_session(director(holder, number=number)) for number in range(1, READERS + 1)]
    size = children_loaded()
    with server() as port:
        found = _Found()
        start = time.monotonic() + 1
        threads = [
            threading.Thread(target=_read, args=(number, port, cookie, people, start, found))
            for number, cookie in enumerate(cookies)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return found.rows(size)


class _Found:
    """What the readers met: milliseconds by page, and what went wrong."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._times: dict[str, list[float]] = defaultdict(list)
        self._wrong: dict[str, int] = defaultdict(int)
        self._largest: dict[str, int] = defaultdict(int)

    def add(self, page: str, *, milliseconds: float, status: int, size: int) -> None:
        """Count one answer; a status of 0 is none at all."""
        with self._lock:
            self._times[page].append(milliseconds)
            self._wrong[page] += status != 200
            self._largest[page] = max(self._largest[page], size)

    def rows(self, children: int) -> list[dict[str, Any]]:
        """Return a row for all pages together, then one for each."""
        every = [one for times in self._times.values() for one in times]
        load = round(os.getloadavg()[0], 1)
        rows = [_row("50 readers, all pages", every, sum(self._wrong.values()), max(self._largest.values(), default=0))]
        rows += [_row(f"50 readers, {page}", times, self._wrong[page], self._largest[page])
                 for page, times in sorted(self._times.items())]  # fmt: skip
        return [{**row, "children": children, "load": load} for row in rows]


def _row(what: str, times: Sequence[float], wrong: int, largest: int) -> dict[str, Any]:
    cuts = statistics.quantiles(times, n=100) if len(times) > 1 else [0.0] * 99
    return {
        "what": what, "requests": len(times), "a_second": round(len(times) / SECONDS, 1), "errors": wrong,
        "p50_ms": round(cuts[49], 1), "p95_ms": round(cuts[94], 1), "p99_ms": round(cuts[98], 1),
        "largest_kb": round(largest / 1000),
    }  # fmt: skip


def _session(account: Any) -> tuple[str, str]:
    """Return the session and the token of a reader signed in through the council's own directory."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.middleware.csrf import _get_new_csrf_string

    from kinfold.service.web.sign_in.second_factor import BY_DIRECTORY

    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session[BY_DIRECTORY] = True
    session.create()
    return str(session.session_key), _get_new_csrf_string()


@contextmanager
def server() -> Iterator[int]:
    """Run `kinfold serve` with its own settings for as long as the readers read; the port it answers at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    process = subprocess.Popen([*SERVE, "--port", str(port)], env={**os.environ, "KINFOLD_LOG_LEVEL": "WARNING"},
                               stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise SystemExit("kinfold serve did not start: run `kinfold doctor`")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise SystemExit("kinfold serve was not ready within a minute")


def _read(
    number: int, port: int, cookie: tuple[str, str], people: Sequence[Child], start: float, found: _Found
) -> None:  # fmt: skip
    """Ask at this reader's own moments: every READERS / A_SECOND seconds, beginning one after another."""
    chance, connection = random.Random(number), http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    step = READERS / A_SECOND
    moment = start + number / A_SECOND
    while moment < start + SECONDS:
        time.sleep(max(0.0, moment - time.monotonic()))
        page = chance.choices(list(MIX), list(MIX.values()))[0]
        asked = time.perf_counter()
        status, size = _ask(connection, cookie, page, chance.choice(people))
        found.add(page, milliseconds=(time.perf_counter() - asked) * 1000, status=status, size=size)
        moment += step
    connection.close()


LIST = {"kind": "care_period", "open": "today"}


def _ask(connection: http.client.HTTPConnection, cookie: tuple[str, str], page: str, child: Child) -> tuple[int, int]:
    """Ask for one page and return its status and size; 0 where no answer came."""
    session, token = cookie
    headers = {"Cookie": f"sessionid={session}; csrftoken={token}", "Host": "127.0.0.1"}
    body, method, path = None, "GET", _path(page, child)
    if page == "search":
        method, body = "POST", urlencode({"q": slip(child.name), "csrfmiddlewaretoken": token})
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, len(answer.read())
    except (OSError, http.client.HTTPException):
        connection.close()
        return 0, 0


def _path(page: str, child: Child) -> str:
    return {
        "home": "/", "search": "/search/", "child": f"/children/{child.uid}/", "family": f"/children/{child.uid}/family/",
        "tonight": "/tonight/", "list": f"/lists/build/?{urlencode(LIST)}",
    }[page]  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(readers(), indent=1))
