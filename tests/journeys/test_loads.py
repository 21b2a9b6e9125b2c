"""A council loads its files and puts a row right; a worker is killed in the middle of a load and started again."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from kinfold.service.records.models import Account, Job, Load, LoadedSubject, RoleHeld, SpellFact
from kinfold.service.records.setting_up import add_holder

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB"
EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 700}


def the_return(folder: Path, children: int) -> list[Path]:
    """Write a year's return of so many children; the second child's episode begins on a day that does not exist."""
    numbers = [f"C{number}" for number in range(1, children + 1)]
    days = {"C2": "31/02/2025"}
    tables = {
        "header.csv": [HEADER, *(f"{n},1,01/01/2015,WBRI,,," for n in numbers)],
        "episodes.csv": [EPISODES, *(f"{n},{days.get(n, '01/05/2025')},S,C2,N1,U1,PR1,,,,,," for n in numbers)],
    }
    for name, lines in tables.items():
        (folder / name).write_text("\n".join([*lines, ""]))
    return [folder / name for name in tables]


def passes_axe(page: Any) -> None:
    """Hold a page to the automated check, on a wide screen and on a narrow one."""
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "it scrolls sideways"
    page.set_viewport_size(WIDE)


@pytest.fixture
def analyst(live_server: Any, page: Any) -> Any:
    """Return the browser of a council's data analyst, signed in, on the home page."""
    council = add_holder(code="990", name="Elmshire")
    account = Account.objects.create_user(
        "alex@example.test", name="Alex Data", held_by=council, organisation="Elmshire"
    )
    RoleHeld.objects.create(
        account=account, role="data_analyst", held_by=council, from_date=date(2020, 1, 1), granted_by="test"
    )
    web = Client()
    web.force_login(account)
    session = web.session
    session["signed_in_by_directory"] = True
    session.save()
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": live_server.url}
    page.context.add_cookies([cookie])
    page.set_viewport_size(WIDE)
    page.goto(live_server.url)
    return page


def same_database() -> str:
    """Return the address of the test's database, for a process of its own."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite://{quote(name)}"
    return urlsplit(os.environ["KINFOLD_DATABASE_URL"])._replace(path=f"/{name}").geturl()


@contextmanager
def a_worker() -> Iterator[subprocess.Popen[bytes]]:
    """Start `kinfold worker` beside the pages, and stop it afterwards."""
    env = {**os.environ, "KINFOLD_DATABASE_URL": same_database(), "KINFOLD_DATA": str(settings.DATA)}
    line = [sys.executable, "-c", "from kinfold.command import main; main()", "worker"]
    with subprocess.Popen(line, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as worker:
        try:
            yield worker
        finally:
            worker.send_signal(signal.SIGTERM)
            worker.wait(timeout=60)


def wait_until(true: Callable[[], Any], what: str, seconds: float = 300) -> None:
    """Wait until something is so."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, f"waited {seconds:.0f} seconds for: {what}"
        time.sleep(0.05)


def test_a_council_loads_its_files_and_puts_a_row_right(analyst: Any, tmp_path: Path) -> None:
    # given somebody who loads a council's files, and nothing loaded yet
    analyst.get_by_role("link", name="Files", exact=True).first.click()
    expect(analyst.get_by_text("No files have come in yet")).to_be_visible()
    passes_axe(analyst)

    # when they send a letter by mistake, they are told which file, what is wrong and what to do
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(b"%PDF-1.7 of no use here")
    send(analyst, letter)
    expect(analyst).to_have_title(re.compile("^Error: "))
    wrong = analyst.locator(".govuk-error-summary")
    expect(wrong).to_contain_text("letter.pdf is a PDF. Send the data it was made from")
    passes_axe(analyst)

    # and when they send their return, they see it under way, and then what became of every row
    send(analyst, the_return(tmp_path, 6))
    expect(analyst.get_by_text("Waiting for its turn")).to_be_visible()
    passes_axe(analyst)
    with a_worker():
        analyst.get_by_text("12 received = 11 that brought something new + 0 unchanged + 1").wait_for(timeout=300_000)
        passes_axe(analyst)
        put_right(analyst)

        # then the same files are loaded again with the correction, and every row could be used
        analyst.get_by_text("12 received = 1 that brought something new + 11 unchanged + 0").wait_for(timeout=300_000)
        expect(analyst.get_by_text("Every row could be used.")).to_be_visible()
        passes_axe(analyst)
    assert SpellFact.objects.filter(kind="placement", valid_from="2026-02-28", known_to__isnull=True).count() == 1

    # and the history shows both loads, and the first can be taken back only knowingly
    analyst.get_by_role("link", name="Files", exact=True).first.click()
    expect(analyst.locator("tbody tr")).to_have_count(2)
    passes_axe(analyst)
    analyst.locator("tbody tr a").last.click()
    analyst.get_by_role("link", name="Take this load back").click()
    expect(analyst.get_by_text("would be kept, because a later load speaks of the same children")).to_be_visible()
    passes_axe(analyst)


def send(analyst: Any, files: Path | list[Path]) -> None:
    """Choose files and send them."""
    analyst.locator("input[type=file]").set_input_files(files)
    analyst.get_by_role("button", name="Send the files").click()


def put_right(analyst: Any) -> None:
    """Open the row that could not be used, which says what is wrong beside the field, and put it right with a reason."""
    analyst.get_by_role("link", name="See all the rows").click()
    expect(analyst.get_by_text("31/02/2025 is not a day that exists")).to_be_visible()
    passes_axe(analyst)
    analyst.get_by_role("link", name="Episodes row 3").click()
    expect(analyst.get_by_label("DECOM")).to_have_value("31/02/2025")
    passes_axe(analyst)
    analyst.get_by_label("DECOM").fill("28/02/2026")
    analyst.get_by_role("button", name="Save and load again").click()
    expect(analyst.locator(".govuk-error-summary a")).to_have_text("Say why this is right")
    passes_axe(analyst)
    analyst.get_by_label("Why is this right?").fill("The court order says so")
    analyst.get_by_role("button", name="Save and load again").click()


def test_a_worker_is_killed_in_the_middle_of_a_load_and_started_again(analyst: Any, tmp_path: Path) -> None:
    # given a return of three thousand children, sent from the page
    children = 3_000
    analyst.get_by_role("link", name="Files", exact=True).first.click()
    send(analyst, the_return(tmp_path, children))
    load = Load.objects.get()

    # when the machine goes down in the middle of it
    with a_worker() as worker:
        wait_until(lambda: LoadedSubject.objects.exists(), "the first batch")
        worker.kill()
        worker.wait()
    done = LoadedSubject.objects.count()
    assert 0 < done < children
    analyst.reload()
    expect(analyst.locator("progress")).to_be_visible()

    # and a worker is started again, once the dead one's lease of a minute has run out
    Job.objects.filter(state=Job.State.RUNNING).update(lease_until=timezone.now() - timedelta(seconds=1))
    analyst.reload()
    expect(analyst.get_by_text("It goes on by itself as soon as a worker is there")).to_be_visible()
    passes_axe(analyst)
    with a_worker():
        # then the load is finished, as if nothing had happened
        said = f"{2 * children:,} received = {2 * children - 1:,} that brought something new + 0 unchanged + 1"
        analyst.get_by_text(said).wait_for(timeout=300_000)
    load.refresh_from_db()
    assert (load.rows, load.facts, load.quarantined) == (2 * children, 2 * children - 1, 1)
    assert SpellFact.objects.filter(kind="placement").count() == children - 1
    assert list(Path(settings.FILE_UPLOAD_TEMP_DIR).glob("kinfold-*")) == []
