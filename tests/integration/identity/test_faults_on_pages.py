"""An outage of the national service, as one sees it: turned by the command, and an error on the pages, never "none"."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from kinfold.outside.demographic_service.errors import Refused
from kinfold.service.jobs.daily import REGISTER
from kinfold.service.jobs.queue import finish, take
from kinfold.service.jobs.register import register_round  # noqa: F401 -- names the task
from kinfold.service.jobs.tasks import run_task
from kinfold.service.records.actions.register_lifecycle import Round, go_round
from kinfold.service.records.models import AuditEntry, Job, RegisterEntry
from kinfold.service.records.scope import as_system
from tests.integration.identity.test_pairs import Council

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 4)
NUMBER = "9990000018"


@pytest.fixture
def council(settings: Any, tmp_path: Path) -> Council:
    settings.DEMO = True
    settings.DATA = tmp_path
    (tmp_path / "invented-data-only").write_text("Everybody here is invented.\n")
    cache.clear()
    return Council()


@pytest.fixture
def browser(council: Council) -> Client:
    client = Client()
    client.force_login(council.officer, backend="django.contrib.auth.backends.ModelBackend")
    return client


def kinfold(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command as whoever runs the demonstration does."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KINFOLD_")}
    program = [sys.executable, "-c", "from kinfold.command import main; main()", *words]
    return subprocess.run(
        program, env={**kept, "KINFOLD_DATA": str(folder)}, check=False, capture_output=True, text=True
    )


def do_a_round(browser: Client) -> str:
    """Press the button, let the worker do what waits, and return the page."""
    browser.post("/same-child/rounds/")
    while (job := take("a test")) is not None:
        finish(job, run_task(job))
    return browser.get("/same-child/rounds/").content.decode()


def test_the_command_turns_the_service_and_says_what_each_does(tmp_path: Path) -> None:
    assert "There is no demonstration in this folder" in kinfold(tmp_path, "faults").stderr
    (tmp_path / "invented-data-only").write_text("Everybody here is invented.\n")

    down = kinfold(tmp_path, "faults", "national", "down")
    slip = kinfold(tmp_path, "faults", "national", "asleep")
    what = kinfold(tmp_path, "faults", "national")
    now = kinfold(tmp_path, "faults", "--json")

    assert "national: down, it answers every question with 503" in down.stdout
    assert (slip.returncode, what.returncode) == (1, 1)
    assert "Choose one of well, slow" in slip.stderr
    assert "Say what national does from now on: well, slow" in what.stderr
    assert json.loads(now.stdout)["national"] == "down"


@pytest.mark.parametrize("fault", ["down", "busy", "dropped", "half", "wrong", "clock"])
def test_an_outage_is_an_error_on_the_pages_and_nobody_is_marked(
    council: Council, browser: Client, tmp_path: Path, fault: str
) -> None:
    child = council.child("Rosalind", "Applecote", date(2012, 3, 14), postcode="S10 2AA", nhs=NUMBER)
    council.child("Tobias", "Fenwright", date(2009, 5, 21), sex="M", postcode="LS1 4AP")
    from kinfold.outside.faults import turn

    turn(tmp_path, "national", fault)
    page = do_a_round(browser)

    assert "Error: no answer" in page
    assert "0 not found" in page
    assert "so the others wait" in page
    assert "not checked yet" in browser.get(f"/child/{child.uid}/register/").content.decode()
    with as_system():
        assert not RegisterEntry.objects.filter(checked_at__isnull=False).exists()
        assert not AuditEntry.objects.filter(action="identifier checked").exists()

    turn(tmp_path, "national", "well")
    page = do_a_round(browser)
    assert "1 verified" in page
    assert "checked: the same person" in browser.get(f"/child/{child.uid}/register/").content.decode()


def test_a_service_that_refuses_our_key_says_nothing_about_any_child(council: Council) -> None:
    council.child("Rosalind", "Applecote", date(2012, 3, 14), nhs=NUMBER)

    class Refusing:
        def search(self, search: Any) -> Any:
            raise Refused("Check the API key", code="invalid_client", status=401)

        def patient(self, nhs_number: str) -> Any:
            raise Refused("Check the API key", code="invalid_client", status=401)

    done = go_round(council.holder.pk, Refusing(), today=TODAY)

    assert (done.no_answer, done.not_found, done.checked) == (1, 0, 0)


def test_a_round_says_all_it_came_to_and_how_many_it_left_to_a_person() -> None:
    said = Round(checked=4, verified=1, asked_of_a_person=2, traced=1).said

    assert said == (
        "4 checked, 1 verified, 0 with other particulars, 0 not found, 0 replaced, 1 traced, 2 left to a person"
    )


def test_whom_the_service_was_not_sure_of_is_on_the_page(council: Council, browser: Client) -> None:
    child = council.child("Tobias", "Fenwright", date(2009, 5, 21), sex="M", postcode="LS1 4AP")
    sure = council.child("Rosalind", "Applecote", date(2012, 3, 14), postcode="S10 2AA", nhs=NUMBER)
    do_a_round(browser)
    with as_system():
        RegisterEntry.objects.filter(person=child).update(standing="different")

    page = browser.get("/same-child/rounds/").content.decode()

    assert f"/child/{child.uid}/register/" in page
    assert f"/child/{sure.uid}/register/" not in page
    assert "with other particulars" in page


def test_a_round_is_begun_once_and_in_the_audit(council: Council, browser: Client) -> None:
    for _ in range(2):
        page = browser.post("/same-child/rounds/", follow=True).content.decode()

    assert "A round is under way" in page
    assert Job.objects.filter(name=REGISTER).count() == 1
    assert AuditEntry.objects.filter(action="round of the register begun").count() == 1
