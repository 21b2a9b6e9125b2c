"""The first thing anybody does with Kinfold: `make run` on an empty machine, which is `kinfold demo` in an empty folder."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

LONGEST_WAIT = 600  # a machine shared with other tests; how soon it opens is for `make bench`


@contextmanager
def opened(folder: Path, installation: str = "council") -> Iterator[str]:
    """Begin the demonstration in an empty folder and return its address once it answers."""
    if "postgresql" in os.environ.get("KINFOLD_DATABASE_URL", ""):
        pytest.skip("the demonstration stands on SQLite, and is begun once")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "KINFOLD_DATA": str(folder / "data"), "KINFOLD_INSTALLATION": installation}
    command = [str(Path(sys.executable).with_name("kinfold")), "demo", "--port", str(port)]
    log = (folder / "log").open("wb")
    process = subprocess.Popen(command, env=environment, stderr=log, stdout=log)
    try:
        _wait(f"http://127.0.0.1:{port}/demonstration/", process, folder / "log")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=300)
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
def test_the_first_page_offers_people_to_be_and_a_social_worker_has_children(tmp_path: Path, page: Any) -> None:
    with opened(tmp_path) as address:
        page.goto(address)
        expect(page).to_have_url(re.compile("/demonstration/"))
        expect(page.locator("body")).to_contain_text("Every child, family and council here is invented")
        page.locator("form button").first.click()
        expect(page.locator("h2", has_text="What is due").first).to_be_visible()
        expect(page.get_by_role("heading", name="My children")).to_be_visible()
        page.locator("table tbody a").first.click()
        expect(page).to_have_url(re.compile("/children/"))


@pytest.mark.browser
@pytest.mark.parametrize(
    ("installation", "who", "link", "heading"),
    [
        pytest.param("regulator", "Ada Finch", "Provider oversight", "Provider oversight", id="the inspectorate"),
        pytest.param("department", "Eva Lund", "Financial oversight", "Financial oversight", id="the department"),
    ],
)
def test_a_national_service_opens_and_reads_its_register(
    tmp_path: Path, page: Any, installation: str, who: str, link: str, heading: str
) -> None:
    with opened(tmp_path, installation) as address:
        page.goto(address)
        page.get_by_role("button", name=who).click()
        page.get_by_role("link", name=link).first.click()
        expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
