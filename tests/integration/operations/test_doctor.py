"""What is out of order is said in a sentence with how to put it right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from kinfold.duties.catalogue import FOLDER, read_catalogue
from kinfold.service.jobs import alive
from kinfold.service.records import guards, health
from kinfold.service.records.models import AuditEntry, Job

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _answers_to_this_machine(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]


def states(now: datetime | None = None) -> dict[str, str]:
    """Return each check's state by its name."""
    return {check.name: check.state for check in health.check_all(now or datetime.now(UTC))}


def sentence(name: str) -> str:
    """Return what one check says, with its fix."""
    check = next(check for check in health.check_all(datetime.now(UTC)) if check.name == name)
    return f"{check.sentence} {check.fix}"


def test_every_check_has_a_sentence_and_what_is_wrong_has_a_way_out(council: int) -> None:
    checks = health.check_all(datetime.now(UTC))

    assert len(checks) >= 14
    assert all(check.sentence.endswith(".") for check in checks)
    assert all(bool(check.fix) == (check.state != health.OK) for check in checks)


def test_a_new_installation_has_no_problem(data: Path) -> None:
    assert health.PROBLEM not in states().values()


def test_real_records_need_postgresql_encryption_and_backups(council: int, monkeypatch: pytest.MonkeyPatch) -> None:
    found = states()

    assert found["real_records"] == ("problem" if connection.vendor == "sqlite" else "ok")
    assert found["encrypted_volume"] == found["backup"] == "problem"
    monkeypatch.setenv("KINFOLD_ENCRYPTED_VOLUME", "1")
    assert states()["encrypted_volume"] == "ok"


def test_the_demonstration_may_lie_anywhere(council: int, settings: Any) -> None:
    settings.DEMO_MARKER.write_text("invented")

    assert health.PROBLEM not in states().values()


def test_a_duty_with_an_error_stops_the_service_and_is_named_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = (FOLDER / "complaints.toml").read_text(encoding="utf-8")
    (tmp_path / "complaints.toml").write_text(said.replace('rule = "within', 'rule = "witin', 1), encoding="utf-8")
    monkeypatch.setattr(health, "duty_catalogue", lambda: read_catalogue(tmp_path))

    assert [check.name for check in health.not_ready()] == ["duties"]
    assert "complaints.toml, line " in sentence("duties")


def test_a_guard_taken_away_stops_the_service(data: Path) -> None:
    on_table = " on commit" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"drop trigger commit_no_update{on_table}")

    try:
        assert [check.name for check in health.not_ready()] == ["guards"]
        assert "kinfold migrate" in sentence("guards")
    finally:
        guards.install()


@pytest.mark.parametrize(
    ("setting", "value", "check", "state"),
    [
        ("BEHIND_TLS", True, "tls", "ok"),
        ("ALLOWED_HOSTS", ["kinfold.elmshire.example"], "tls", "problem"),
        ("DEBUG", True, "debug", "problem"),
        ("DEMO", True, "demo", "warning"),
    ],
)
def test_settings_are_looked_at(data: Path, settings: Any, setting: str, value: Any, check: str, state: str) -> None:
    setattr(settings, setting, value)

    assert states()[check] == state


def test_keys_that_others_can_read_are_a_problem(council: int, data: Path) -> None:
    assert states()["keys"] == "ok"

    next((data / "keys").glob("*.key")).chmod(0o644)

    assert "chmod 700" in sentence("keys")


def test_a_secret_key_that_others_can_read_is_a_problem(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KINFOLD_SECRET_KEY", raising=False)
    (data / "secret-key").write_text("x" * 50)
    (data / "secret-key").chmod(0o644)

    assert "--new-secret" in sentence("secret_key")


def test_a_front_end_that_is_not_built_is_a_problem(data: Path, settings: Any) -> None:
    settings.WEB = data

    assert "make setup" in sentence("front_end")


@pytest.mark.parametrize(
    ("job", "state"),
    [
        ({"state": "running", "lease_until": timedelta(minutes=-30)}, "problem"),
        ({"state": "running", "lease_until": timedelta(seconds=30)}, "ok"),
        ({"state": "ready", "run_after": timedelta(minutes=-30)}, "problem"),
        ({"state": "ready", "run_after": timedelta(minutes=30)}, "ok"),
        ({"state": "failed", "finished_at": timedelta(hours=-2)}, "warning"),
        ({"state": "failed", "finished_at": timedelta(days=-3)}, "ok"),
        ({"state": "done", "finished_at": timedelta(hours=-2)}, "ok"),
    ],
)
def test_jobs_that_nobody_does_are_seen(data: Path, job: dict[str, Any], state: str) -> None:
    now = timezone.now()
    moments = {name: now + value for name, value in job.items() if isinstance(value, timedelta)}
    Job.objects.create(**{"name": "load", "run_after": now, **job, **moments})

    assert states()["jobs"] == state


def test_a_worker_that_says_it_is_alive_is_heard(data: Path) -> None:
    cache.clear()
    alive._said.clear()
    assert states()["worker"] == "warning"

    alive.say_alive()

    assert states()["worker"] == "ok"
    assert states(datetime.now(UTC) + timedelta(minutes=10))["worker"] == "warning"


def test_a_chain_whose_end_was_changed_is_seen(council: int) -> None:
    assert states()["audit"] == "ok"
    connection.check_constraints()  # PostgreSQL alters no table with a check still to come
    with guards.lifted():
        AuditEntry.objects.filter(held_by=council).update(action="something else")

        assert states()["audit"] == "problem"


def test_a_month_without_a_signed_head_is_seen(council: int) -> None:
    next_month = datetime.now(UTC).replace(day=1) + timedelta(days=40)

    assert states(next_month)["audit_heads"] == "warning"


def test_a_check_that_fails_is_a_problem_that_says_only_what_sort(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> object:
        raise RuntimeError("Invented Ashgrove, born 2011")

    monkeypatch.setattr(health.shutil, "disk_usage", lambda path: broken())

    assert sentence("disk") == "This could not be checked (RuntimeError). See the log."


def test_a_setting_that_is_wrong_is_named(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KINFOLD_ENCRYPTED_VOLUME", "perhaps")

    assert "KINFOLD_ENCRYPTED_VOLUME must be 1 or 0" in sentence("encryption")
