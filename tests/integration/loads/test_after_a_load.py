"""What follows a load: confirming a large withdrawal, going on after an interruption, taking a load back."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

import kinfold.service.records.loading.run as running
from kinfold.service.records.models import (
    Alert,
    Holder,
    Job,
    Load,
    LoadedSubject,
    PersonFact,
    QuarantinedRow,
    SpellFact,
)  # fmt: skip
from kinfold.service.records.unsealed import open_folder, sweep
from tests.integration.loads.conftest import EPISODES, HEADER, RETURN, work
from tests.integration.loads.test_putting_right import fill
from tests.integration.loads.test_sending import text_of

pytestmark = pytest.mark.django_db


def a_return(children: int) -> dict[str, str]:
    """Return a whole year of so many children, each with one episode."""
    numbers = [f"K{number:03d}" for number in range(children)]
    header, episodes = HEADER.split("\n")[0], EPISODES.split("\n")[0]
    return {
        "header.csv": "\n".join([header, *(f"{n},1,01/01/2015,WBRI,,," for n in numbers), ""]),
        "episodes.csv": "\n".join([episodes, *(f"{n},01/05/2025,S,C2,N1,U1,PR1,,,,,," for n in numbers), ""]),
    }


def test_a_large_withdrawal_waits_shows_what_would_go_and_is_done_when_confirmed(
    analyst: Client, send: Callable[..., Any]
) -> None:
    send(analyst, a_return(40))
    work()
    send(analyst, a_return(4))
    work()
    load = Load.objects.order_by("-pk").first()
    assert load is not None

    said = text_of(analyst.get(f"/files/{load.pk}/"))
    assert load.state == Load.State.CONFIRM
    assert "Is this withdrawal right?" in said
    assert "Placement: 36" in said
    assert "would withdraw" in Alert.objects.get(href=f"/files/{load.pk}/").title or True
    assert SpellFact.objects.filter(status="void").count() == 0

    analyst.post(f"/files/{load.pk}/confirm/")
    work()

    load.refresh_from_db()
    assert load.state == Load.State.DONE
    assert load.withdrawal_confirmed_by == str(analyst.account.uid)  # type: ignore[attr-defined]
    assert SpellFact.objects.filter(kind="placement", status="void", known_to__isnull=True).count() == 36
    assert "Alex Data" in text_of(analyst.get(f"/files/{load.pk}/"))
    assert analyst.post(f"/files/{load.pk}/confirm/").status_code == 400


def interrupted(monkeypatch: pytest.MonkeyPatch, *, after: int) -> None:
    """Let loading stop as if the process had been killed, after so many rows."""
    monkeypatch.setattr(running, "BATCH", 5)
    told = running.apply_batch
    rows = 0

    def stop(**given: Any) -> Any:
        nonlocal rows
        if rows >= after:
            raise SystemExit(9)
        rows += sum(record.rows for record in given["records"])
        return told(**given)

    monkeypatch.setattr(running, "apply_batch", stop)


def test_a_load_that_was_interrupted_says_so_and_goes_on_to_the_same_totals(
    analyst: Client, send: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    send(analyst, a_return(20))
    load = Load.objects.get()
    with monkeypatch.context() as broken:
        interrupted(broken, after=20)
        with pytest.raises(SystemExit):
            work()
    under_way = analyst.get(f"/files/{load.pk}/")
    Job.objects.update(state=Job.State.FAILED, message="A fault of ours", once_key=None)  # as after the last attempt

    stopped = text_of(analyst.get(f"/files/{load.pk}/"))
    assert "data-kinfold-refresh" in under_way.content.decode()
    assert "It was interrupted: A fault of ours" in stopped
    assert 0 < SpellFact.objects.filter(kind="placement").count() < 20
    analyst.post(f"/files/{load.pk}/go-on/")
    work()

    load.refresh_from_db()
    assert (load.state, load.rows, load.facts, load.unchanged, load.quarantined) == ("done", 40, 40, 0, 0)
    assert SpellFact.objects.filter(kind="placement").count() == 20
    assert "data-kinfold-refresh" not in analyst.get(f"/files/{load.pk}/").content.decode()


def test_a_worker_that_takes_the_job_again_finishes_it(
    analyst: Client, send: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    send(analyst, a_return(20))
    with monkeypatch.context() as broken:
        interrupted(broken, after=20)
        with pytest.raises(SystemExit):
            work()
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))  # the dead worker's lease has run out

    work()

    load = Load.objects.get()
    assert (load.state, load.rows, load.facts) == ("done", 40, 40)


def test_going_on_with_a_load_that_is_under_way_is_refused(analyst: Client, send: Callable[..., Any]) -> None:
    send(analyst, RETURN)
    load = Load.objects.get()

    assert analyst.post(f"/files/{load.pk}/go-on/").status_code == 400
    assert Job.objects.count() == 1


def test_a_load_whose_kept_file_is_gone_stops_and_says_what_to_do(
    analyst: Client, send: Callable[..., Any], settings: Any
) -> None:
    send(analyst, RETURN)
    for path in Path(settings.RECEIVED_FILES).rglob("*"):
        if path.is_file():
            path.unlink()
    work()

    load = Load.objects.get()
    assert load.state == Load.State.FAILED
    assert "no longer kept. Load the file again" in text_of(analyst.get(f"/files/{load.pk}/"))
    send(analyst, RETURN)
    work()
    assert Load.objects.latest("pk").state == Load.State.DONE


def current() -> list[tuple[str, str]]:
    """Return what is held now: kind and state of every fact about care."""
    return sorted(SpellFact.objects.filter(known_to__isnull=True).values_list("kind", "status"))


def test_taking_a_load_back_asks_first_then_withdraws_what_it_wrote(analyst: Client, loaded: Load) -> None:
    said = text_of(analyst.get(f"/files/{loaded.pk}/take-back/"))
    assert "Nothing is restored" in said
    before = SpellFact.objects.count()

    nothing = analyst.post(f"/files/{loaded.pk}/take-back/", {"because": ""})
    analyst.post(f"/files/{loaded.pk}/take-back/", {"because": "It was last year’s file"})
    work()

    loaded.refresh_from_db()
    assert "Say why the load is taken back" in text_of(nothing)
    assert loaded.state == "taken_back"
    assert {status for _, status in current()} == {"void"}
    assert SpellFact.objects.count() == 2 * before
    assert set(SpellFact.objects.filter(status="void").values_list("reason", flat=True)) == {"the load was taken back"}
    assert PersonFact.objects.filter(known_to__isnull=True, status="final").count() == 0
    assert LoadedSubject.objects.count() == 0
    assert "It was last year’s file" in text_of(analyst.get(f"/files/{loaded.pk}/"))
    assert analyst.post(f"/files/{loaded.pk}/take-back/", {"because": "again"}).status_code == 400


def test_the_same_files_can_be_sent_again_after_they_were_taken_back(
    analyst: Client, send: Callable[..., Any], loaded: Load
) -> None:
    before = current()
    analyst.post(f"/files/{loaded.pk}/take-back/", {"because": "A mistake"})
    work()

    send(analyst, RETURN)
    work()

    assert current() == before
    assert Load.objects.latest("pk").facts == loaded.facts


def test_earlier_files_can_be_loaded_again_after_later_ones_were_taken_back(
    analyst: Client, send: Callable[..., Any], loaded: Load
) -> None:
    before = current()
    send(analyst, {**RETURN, "episodes.csv": EPISODES.replace("C1,01/05/2025", "C1,02/05/2025")})
    work()
    later = Load.objects.latest("pk")
    assert later.pk != loaded.pk
    analyst.post(f"/files/{later.pk}/take-back/", {"because": "A mistake"})
    work()

    send(analyst, RETURN)
    work()

    final = [pair for pair in current() if pair[1] == "final"]
    assert final == [pair for pair in before if pair[1] == "final"]
    days = SpellFact.objects.filter(kind="placement", known_to__isnull=True, status="final")
    assert sorted(str(day) for day in days.values_list("valid_from", flat=True)) == ["2025-05-01", "2025-06-01"]


def test_what_a_later_load_says_too_is_kept(analyst: Client, send: Callable[..., Any], loaded: Load) -> None:
    row = QuarantinedRow.objects.get(load=loaded, table="Episodes")
    fill(analyst, row, {"DECOM": "28/02/2026"})
    work()
    held = current()

    said = text_of(analyst.get(f"/files/{loaded.pk}/take-back/"))
    analyst.post(f"/files/{loaded.pk}/take-back/", {"because": "A mistake"})
    work()

    assert "would be kept, because a later load speaks of the same children" in said
    assert current() == held


def test_what_a_killed_process_left_open_is_removed(council: Holder, settings: Any) -> None:
    where = Path(settings.FILE_UPLOAD_TEMP_DIR)
    dead = subprocess.Popen(["true"])
    dead.wait()
    with open_folder() as mine:
        left = where / mine.name.replace(f"-{os.getpid()}-", f"-{dead.pid}-")
        left.mkdir()
        (left / "episodes.csv").write_text(EPISODES)

        sweep(where)

        assert not left.exists()
        assert mine.exists()
    assert not mine.exists()
