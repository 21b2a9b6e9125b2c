"""Loads measured as a user runs them: whole processes of `kinfold`, their wall clock and their memory."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

SCALE = os.environ.get("SCALE", "region")
TODAY = date(2026, 6, 30)
RETURNS = ("ssda903", "cin_census")
ALL_FORMATS = ("ssda903", "cin_census", "daily_feed", "standard_safeguarding_dataset", "annex_a")
KINFOLD = [sys.executable, "-c", "from kinfold.command import main; main()"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a load of one scale may take at most, and how fast it must at least read and be run again."""

    seconds: float
    megabytes: float
    read_a_second: float = 3000
    times_faster_again: float = 5


LIMITS: Mapping[str, Limits] = {"region": Limits(180, 1500), "england": Limits(1500, 4000)}


@dataclass(slots=True)
class Run:
    """One whole process: its seconds, the most memory it and its children had at once, and what it answered."""

    seconds: float
    cpu_seconds: float
    megabytes: float
    answer: dict[str, Any]


def run(command: Sequence[str], environment: Mapping[str, str]) -> Run:
    """Run a command and measure it. Stops the measurements when it fails."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        before, started = os.times(), time.perf_counter()
        with subprocess.Popen(command, env=dict(environment), stdout=out, stderr=err, text=True) as process:
            watch = _Memory(process.pid)
            code = process.wait()
        seconds, after = time.perf_counter() - started, os.times()
        out.seek(0)
        err.seek(0)
        if code not in (0, 1):
            raise SystemExit(err.read()[-2000:])
        text = out.read()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Run(seconds, cpu, watch.stop(), json.loads(text) if text.startswith("{") else {})


class _Memory:
    """Watches the memory of a process and its children together, four times a second (Linux only; else 0)."""

    def __init__(self, pid: int) -> None:
        self.pid, self.most, self.over = pid, 0.0, threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()

    def _watch(self) -> None:
        while not self.over.wait(0.25):
            self.most = max(self.most, sum(map(_megabytes, [self.pid, *_children(self.pid)])))

    def stop(self) -> float:
        """Return the most memory seen, in megabytes."""
        self.over.set()
        self.thread.join()
        return self.most


def _megabytes(pid: int) -> float:
    """Return a process's share of memory: pages that it shares with others are divided among them."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


def _children(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="kinfold-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "KINFOLD_DATA": str(folder / "data"), "KINFOLD_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "kinfold.service.config.settings"}  # fmt: skip


def _invent(scale: str, folder: Path, formats: Sequence[str]) -> Path:
    from kinfold.synthetic import invent

    invented = folder / "invented"
    for _ in invent(scale, 1, invented, formats=formats, today=TODAY, processes=os.cpu_count() or 1):
        pass
    return invented


def returns() -> list[dict[str, Any]]:
    """Read, load and load again the SSDA903 and CIN files of a scale, all tables; SCALE and KINFOLD_DATABASE_URL choose."""
    limits = LIMITS.get(SCALE)
    with _folder() as folder:
        invented, environment = _invent(SCALE, folder, RETURNS), _environment(folder)
        database = "PostgreSQL" if environment.get("KINFOLD_DATABASE_URL", "").startswith("postgres") else "SQLite"
        run([*KINFOLD, "migrate"], environment)
        read = run([sys.executable, "-m", "tests.bench.loads", str(invented)], environment)
        load = [*KINFOLD, "load", str(invented), "--json"]
        first, again = run(load, environment), run(load, environment)
    assert again.answer["facts"] == 0, "the same files again changed something"
    rate = read.answer["children"] / read.seconds
    rows = [
        _row(f"{SCALE}: read and checked, nothing written", read, children_a_second=round(rate)),
        _row(f"{SCALE}: loaded into {database}", first),
        _row(f"{SCALE}: the same files again", again, times_faster=round(first.seconds / again.seconds, 1)),
    ]
    if limits is not None:
        rows[0]["of_limit"] = {"children a second (at least)": round(rate / limits.read_a_second, 2)}
        rows[1]["of_limit"] = {"seconds": round(first.seconds / limits.seconds, 2),
                               "megabytes": round(first.megabytes / limits.megabytes, 2)}  # fmt: skip
        rows[2]["of_limit"] = {
            "times faster (at least)": round(first.seconds / again.seconds / limits.times_faster_again, 2)
        }
    return rows


def formats() -> list[dict[str, Any]]:
    """Load one invented council's files, a format at a time, and return the rate of each."""
    with _folder() as folder:
        council = next(path for path in _invent("council", folder, ALL_FORMATS).iterdir() if path.name[0] != ".")
        environment = _environment(folder)
        run([*KINFOLD, "migrate"], environment)
        code = council.name.split("-")[0]
        done = {
            name: run([*KINFOLD, "load", str(council / name), "--council", code, "--json"], environment)
            for name in ("standard_safeguarding_dataset", "daily_feed", "ssda903", "cin_census", "annex_a")
        }
    return [_row(f"council: {name}", one, children_a_second=round(one.answer["children"] / one.seconds))
            for name, one in done.items()]  # fmt: skip


def _row(label: str, one: Run, **more: Any) -> dict[str, Any]:
    counts = {name: one.answer[name] for name in ("rows", "children") if name in one.answer}
    figures = {
        "seconds": round(one.seconds, 1),
        "cpu_seconds": round(one.cpu_seconds, 1),
        "megabytes": round(one.megabytes),
    }
    return {"what": label, **counts, **figures, **more}


def _read_and_check(shelf: Path) -> dict[str, int]:
    """Read every file of every council on a shelf as a load does, writing nothing; return what was read."""
    from kinfold.files.received import Incoming
    from kinfold.files.recognise import recognise

    children = rows = 0
    for council in sorted(path for path in shelf.iterdir() if path.name[0] != "."):
        for delivery in recognise([Incoming(council.name, council)], today=TODAY):
            for record in delivery.read():
                children += record.subject.sort == "child"
                rows += record.rows
    return {"children": children, "rows": rows}


if __name__ == "__main__":
    print(json.dumps(_read_and_check(Path(sys.argv[1]))))
