"""`kinfold load` killed anywhere and run again ends as if it had never been interrupted: nothing lost, nothing twice."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kinfold.synthetic import invent

KINFOLD = [sys.executable, "-c", "from kinfold.command import main; main()"]
FACTS = ("person_fact", "tie_fact", "body_fact", "spell_fact", "event_fact", "plan_fact", "paper_fact")


@dataclass
class Council:
    """An invented council's returns, and what loading them without interruption gives."""

    older: Path
    newer: Path
    whole: list[Any]
    printed: dict[str, Any]
    seconds: float


def command(data: Path, *paths: Path) -> tuple[list[str], dict[str, str]]:
    """Return the command that loads `paths` into `data`, and its environment."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KINFOLD_")}
    return [*KINFOLD, "load", *map(str, paths), "--council", "990", "--json"], {**kept, "KINFOLD_DATA": str(data)}


def load(data: Path, *paths: Path) -> dict[str, Any]:
    """Load to the end and return what was printed."""
    line, env = command(data, *paths)
    done = subprocess.run(line, env=env, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode in (0, 1), done.stderr[-2000:]
    return dict(json.loads(done.stdout))


def killed(data: Path, after: float, *paths: Path) -> bool:
    """Start loading, kill -9 after so many seconds, and return whether it was still at work."""
    line, env = command(data, *paths)
    with subprocess.Popen(line, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as at_work:
        try:
            at_work.wait(timeout=after)
        except subprocess.TimeoutExpired:
            at_work.send_signal(signal.SIGKILL)
            at_work.wait()
            return True
    return False


def state_of(data: Path) -> list[Any]:
    """Return everything that must not depend on interruptions: loads' totals, facts by kind and state, rows set aside."""
    with sqlite3.connect(data / "kinfold.sqlite3") as database:
        loads = database.execute(
            "select door, collection, state, rows, facts, unchanged, quarantined, children, withdrawn from load "
            "order by door, collection, rows"
        ).fetchall()
        facts = [
            database.execute(
                f"select kind, status, known_to is null, count(*), count(distinct fact) from {table} group by 1, 2, 3"
            ).fetchall()
            for table in FACTS
        ]
        rows = database.execute(
            'select "table", code, state, count(*) from quarantined_row group by 1, 2, 3'
        ).fetchall()
        files = database.execute("select count(*) from audit_entry where action = 'file loaded'").fetchall()
    return [loads, facts, rows, files]


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Council:
    """Invent a council; spoil a few rows; load two years' returns, the second correcting and withdrawing of the first."""
    out = tmp_path_factory.mktemp("kill")
    (made,) = invent("council", 7, out / "files", today=date(2026, 6, 30))
    older = made.folder / "ssda903" / "2024-25"
    newer = out / "corrected return"
    newer.mkdir()
    for path in older.iterdir():
        lines = path.read_text(encoding="utf-8").splitlines()
        if path.name == "episodes.csv":
            lines[5:8] = [line.replace("/", "-") for line in lines[5:8]]
            del lines[20:60]
        (newer / path.name).write_text("\n".join([*lines, ""]), encoding="utf-8")
    data = out / "whole"
    data.mkdir()
    load(data, older)
    started = time.monotonic()
    printed = load(data, newer)
    return Council(older, newer, state_of(data), printed, time.monotonic() - started)


def _survives(council: Council, data: Path, chance: random.Random, *, kills: int) -> int:
    """Load both returns with so many kills on the way, and hold the end to the uninterrupted one."""
    data.mkdir()
    hits = 0
    for paths in ((council.older,), (council.newer,)):
        for _ in range(kills):
            hits += killed(data, chance.uniform(0.2, 1.1) * council.seconds, *paths)
        printed = load(data, *paths)
    assert state_of(data) == council.whole
    same = ("rows", "children", "files", "refused", "waiting_for_confirmation", "notes")
    assert {name: printed[name] for name in same} == {name: council.printed[name] for name in same}
    wrong = [(row["file"], row["row"], row["code"]) for row in printed["quarantined"]]
    assert wrong == [(row["file"], row["row"], row["code"]) for row in council.printed["quarantined"]]
    assert printed["rows"] == printed["facts"] + printed["unchanged"] + len(printed["quarantined"])
    return hits


def test_the_uninterrupted_load_has_something_of_everything(council: Council) -> None:
    loads = {row[2]: row for row in council.whole[0]}

    assert council.printed["withdrawn"] > 0
    assert len(council.printed["quarantined"]) == 3
    assert set(loads) == {"done"}


def test_a_load_that_is_killed_and_run_again_ends_the_same(council: Council, tmp_path: Path) -> None:
    _survives(council, tmp_path / "data", random.Random(1), kills=2)


@pytest.mark.long
def test_a_hundred_kills_change_nothing(council: Council, tmp_path: Path) -> None:
    hits = sum(_survives(council, tmp_path / str(n), random.Random(n), kills=5) for n in range(10))

    assert hits >= 50, "too few of the kills came while the load was at work"
