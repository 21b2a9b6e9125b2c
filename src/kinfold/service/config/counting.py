"""
Requests counted by route, method and status, and how long they took. Never by address: an address can hold a
number of a child.

Each process keeps its own counts and writes them to a small file of its own about once a second; whoever is
asked for the metrics adds the files up. Files of processes that ended stay until the service starts again, so
that the sums only ever grow.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]
# Upper bounds in seconds: a page under 80 ms and a search under 100 ms are promised, so there is detail below.
BUCKETS = (0.025, 0.05, 0.08, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
WRITE_EVERY = 1.0
ALIVE = "/healthz"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@dataclass(slots=True)
class Counts:
    """Requests by (route, method, status), and durations by route: one count a bucket, then the sum."""

    requests: dict[tuple[str, str, str], int] = field(default_factory=lambda: defaultdict(int))
    buckets: dict[str, list[int]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def add(self, *, route: str, method: str, status: int, seconds: float) -> None:
        """Count one request."""
        self.requests[route, method if method in METHODS else "other", str(status)] += 1
        within = self.buckets.setdefault(route, [0] * (len(BUCKETS) + 1))
        within[next((place for place, bound in enumerate(BUCKETS) if seconds <= bound), len(BUCKETS))] += 1
        self.seconds[route] += seconds

    def merge(self, other: Counts) -> None:
        """Add another process's counts to these."""
        for key, count in other.requests.items():
            self.requests[key] += count
        for route, within in other.buckets.items():
            mine = self.buckets.setdefault(route, [0] * (len(BUCKETS) + 1))
            self.buckets[route] = [a + b for a, b in zip(mine, within, strict=True)]
        for route, seconds in other.seconds.items():
            self.seconds[route] += seconds

    def as_text(self) -> str:
        """Return the counts as a process writes them to its file."""
        requests = [[*key, number] for key, number in self.requests.items()]
        return json.dumps({"requests": requests, "buckets": self.buckets, "seconds": self.seconds})


def counts_from(text: str) -> Counts:
    """Return the counts in a process's file. Raises ValueError, KeyError or TypeError for what is not one."""
    said = json.loads(text)
    counts = Counts()
    for route, method, status, number in said["requests"]:
        counts.requests[route, method, status] = int(number)
    counts.buckets = {route: list(map(int, within)) for route, within in said["buckets"].items()}
    counts.seconds.update(said["seconds"])
    return counts


class Counter:
    """One process's counts and the file they are written to."""

    def __init__(self, folder: Callable[[], Path]) -> None:
        self._folder, self._lock = folder, threading.Lock()
        self._begin()

    def _begin(self) -> None:
        self._process, self._counts, self._written = os.getpid(), Counts(), 0.0
        self._later: threading.Timer | None = None

    def add(self, *, route: str, method: str, status: int, seconds: float) -> None:
        """Count one request; write the file if it is time."""
        with self._lock:
            if self._process != os.getpid():
                self._begin()  # a forked process begins at nothing, in a file of its own
            self._counts.add(route=route, method=method, status=status, seconds=seconds)
            if time.monotonic() - self._written > WRITE_EVERY:
                self._write()
            elif self._later is None:  # else what an idle process counted last would stay unseen
                self._later = threading.Timer(WRITE_EVERY, self._write_later)
                self._later.daemon = True
                self._later.start()

    def _write_later(self) -> None:
        with self._lock:
            self._later = None
            self._write()

    def _write(self) -> None:
        path = self._folder() / f"{self._process}.json"
        part = path.with_suffix(".part")
        with suppress(OSError):  # a full disk costs numbers, never an answer
            path.parent.mkdir(mode=0o700, exist_ok=True)
            part.write_text(self._counts.as_text())
            part.replace(path)
        self._written = time.monotonic()

    def total(self) -> Counts:
        """Return the counts of all processes, this one's up to this moment."""
        with self._lock:
            if self._process == os.getpid() and self._counts.requests:
                self._write()
        total = Counts()
        for text in _texts(self._folder()):
            try:
                total.merge(counts_from(text))
            except (ValueError, KeyError, TypeError):
                continue  # a file of another version, or cut off by a full disk
        return total


def _texts(folder: Path) -> Iterable[str]:
    for path in sorted(folder.glob("*.json")):
        try:
            yield path.read_text()
        except OSError:
            continue


def counts_folder() -> Path:
    """Return where the processes write their counts."""
    return Path(settings.DATA) / "metrics"


def forget_counts() -> None:
    """Take away the files of an earlier run: called once, before the processes start."""
    for path in counts_folder().glob("*.*"):
        path.unlink(missing_ok=True)


COUNTER = Counter(counts_folder)


def counted(get_response: Handler) -> Handler:
    """
    Count every request. The first of all, it also answers whether the process is alive: without the database,
    the name of the host or a redirect to TLS, which a probe on the machine itself does not have.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        if request.path == ALIVE:
            return alive()
        started = time.perf_counter()
        response = get_response(request)
        if not request.path.startswith(settings.STATIC_URL):
            match = request.resolver_match
            COUNTER.add(
                route=(match.view_name or match.route) if match else "none",
                method=request.method or "",
                status=response.status_code,
                seconds=time.perf_counter() - started,
            )
        return response

    return handle


def alive() -> HttpResponse:
    """Answer that the process is alive."""
    return HttpResponse("alive\n", content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})
