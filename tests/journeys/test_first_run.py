"""The first thing anybody does with Kinfold: `make run` on an empty machine, which is `kinfold demo` in an empty folder."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

LONGEST_WAIT = 600  # a machine shared with other tests; how soon it opens is for `make bench`


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[str]:
    """Begin the demonstration in an empty folder and return its address once it answers."""
    if "postgresql" in os.environ.get("KINFOLD_DATABASE_URL", ""):
        pytest.skip("the demonstration stands on SQLite, and is begun once")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "KINFOLD_DATA": str(tmp_path / "data")}
    command = [str(Path(sys.executable).with_name("kinfold")), "demo", "--port", str(port)]
    log = (tmp_path / "log").open("wb")
    process = subprocess.Popen(command, env=environment, stderr=log, stdout=log)
    try:
        _wait(f"http://127.0.0.1:{port}/demonstration/", process, tmp_path / "log")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=60)
        log.close()


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text()[-2000:]
        try:
            urlopen(address, timeout=5).close()  # noqa: S310 -- this machine's own address
        except (URLError, OSError):
            time.sleep(0.5)
        else:
            return
    pytest.fail(log.read_text()[-2000:])


@pytest.mark.browser
def test_the_first_page_offers_people_to_be_and_a_social_worker_has_children(opened: str, page: Any) -> None:
    page.goto(opened)
    assert page.url.endswith("/demonstration/?next=/") or "/demonstration/" in page.url
    assert "Every child, family and council here is invented" in page.inner_text("body")
    page.locator("form button").first.click()
    assert "My children" in page.inner_text("h2")
    page.locator("table tbody a").first.click()
    assert "/children/" in page.url
