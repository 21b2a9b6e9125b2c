"""Several councils' folders loaded side by side become what they become one after another."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path

import pytest
from django.db import connection

from kinfold.command.side_by_side import added_up
from tests.integration.loads.conftest import RETURN
from tests.integration.operations.conftest import Installation

COUNCILS = ("990-quillmere", "Z97-brindleholt", "Z98-cinderwick", "Z99-drummarsh")
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Return a folder of four invented councils' returns, each with two rows that cannot be used."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer: there councils are loaded one after another")
    for council in COUNCILS:
        folder = tmp_path / "shelf" / council / "ssda903" / "2025-26"
        folder.mkdir(parents=True)
        for name, content in RETURN.items():
            (folder / name).write_text(content)
    return tmp_path / "shelf"


def test_reports_are_added_up_in_their_order() -> None:
    assert added_up([]) == {}
    assert added_up([{"rows": 2, "files": ["a"]}, {"rows": 3, "files": ["b", "c"]}]) == {
        "rows": 5,
        "files": ["a", "b", "c"],
    }


def test_councils_side_by_side_are_reported_as_one_load_though_killed_in_between(
    shelf: Path, elsewhere: Installation
) -> None:
    elsewhere.run("migrate")
    at_work = elsewhere.start("load", str(shelf), "--json")
    helpers = _children(at_work, within=300)
    at_work.kill()
    at_work.wait()
    assert _gone(helpers, within=300), "a helper outlived the command that was killed"

    done = elsewhere.run("load", str(shelf), "--json")

    assert done.returncode == 1, done.stderr[-2000:]
    said = json.loads(done.stdout)
    assert said["rows"] == 4 * 8 == said["facts"] + said["unchanged"] + len(said["quarantined"])
    assert (said["children"], len(said["loads"]), len(said["quarantined"])) == (4 * 3, 4, 4 * 2)
    assert len(said["files"]) == 4 * 3


def _children(parent: subprocess.Popen[str], *, within: float) -> list[int]:
    """Wait until a process has children and return them."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        assert parent.poll() is None, f"the command ended by itself: {parent.communicate()}"
        found = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()
        if len(found) >= 2:
            return [int(one) for one in found]
        time.sleep(0.05)
    pytest.fail("the command never started its helpers")


def _gone(processes: list[int], *, within: float) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        if not any(_alive(one) for one in processes):
            return True
        time.sleep(0.2)
    return False


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
