"""Monitoring sees routes and counts, never an address or a person; others see no such page."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import include, path

from kinfold.service.config import counting
from kinfold.service.records import guards
from kinfold.service.web import urls, urls_operations

# The same addresses whether or not the project's own list includes these already.
urlpatterns = [*urls_operations.urlpatterns, *urls.urlpatterns, path("accounts/", include("allauth.urls"))]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
TOKEN = "a token of more than twenty characters"


@pytest.fixture
def client(data: Path, settings: Any) -> Iterator[Client]:
    """Return a client of a service that counts its requests."""
    name = "kinfold.service.config.counting.counted"
    settings.MIDDLEWARE = [name, *(one for one in settings.MIDDLEWARE if one != name)]
    counting.COUNTER._begin()
    yield Client()
    if counting.COUNTER._later is not None:  # else it writes its counts into the folder of the next test
        counting.COUNTER._later.cancel()


def values(text: str) -> dict[str, float]:
    """Return the samples of a Prometheus text."""
    lines = [line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in lines}


def test_requests_are_counted_by_route_and_never_by_address(client: Client) -> None:
    uid = "0b5a7d3e-1111-4222-8333-444455556666"
    client.get(f"/children/{uid}/")
    client.get("/search/?q=Ashgrove")
    client.get("/no/such/Ashgrove")

    text = client.get("/metrics").content.decode()

    found = values(text)
    assert found['kinfold_requests_total{route="child",method="GET",status="302"}'] == 1
    assert found['kinfold_requests_total{route="none",method="GET",status="404"}'] == 1
    assert found['kinfold_request_seconds_bucket{route="child",le="+Inf"}'] == 1
    assert found['kinfold_request_seconds_count{route="child"}'] == 1
    assert uid not in text
    assert "Ashgrove" not in text


def test_buckets_only_grow(client: Client) -> None:
    for _ in range(3):
        client.get("/search/")

    found = values(client.get("/metrics").content.decode())

    counts = [found[f'kinfold_request_seconds_bucket{{route="search",le="{b}"}}'] for b in [*counting.BUCKETS, "+Inf"]]
    assert counts == sorted(counts)
    assert counts[-1] == 3


def test_jobs_loads_and_audit_are_told(client: Client, council: int) -> None:
    found = values(client.get("/metrics").content.decode())

    assert found['kinfold_loads{state="done"}'] == 1
    assert found['kinfold_jobs{state="failed"}'] == 0
    assert found["kinfold_audit_links"] >= 1
    assert found["kinfold_audit_links_since_cut"] == found["kinfold_audit_links"]
    assert found["kinfold_audit_last_link_age_seconds"] >= 0
    assert "kinfold_backup_age_seconds" not in found


def test_processes_are_added_up_and_a_broken_file_is_passed_over(client: Client, data: Path) -> None:
    other = counting.Counts()
    other.add(route="child", method="GET", status=200, seconds=0.01)
    (data / "metrics").mkdir()
    (data / "metrics" / "1.json").write_text(other.as_text())
    (data / "metrics" / "2.json").write_text('{"requests": [["child",')

    found = values(client.get("/metrics").content.decode())

    assert found['kinfold_requests_total{route="child",method="GET",status="200"}'] == 1


def test_a_forked_process_begins_at_nothing(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counter = counting.Counter(counting.counts_folder)
    counter.add(route="child", method="GET", status=200, seconds=0.01)
    monkeypatch.setattr(os, "getpid", lambda: 999_999)

    counter.add(route="child", method="GET", status=200, seconds=0.01)

    assert counter.total().requests["child", "GET", "200"] == 2
    assert sorted(int(path.stem) for path in counting.counts_folder().glob("*.json"))[-1] == 999_999


def test_what_an_idle_process_counted_last_is_written_too(data: Path) -> None:
    counter = counting.Counter(counting.counts_folder)
    for _ in range(3):
        counter.add(route="child", method="GET", status=200, seconds=0.01)
    file = next(counting.counts_folder().glob("*.json"))

    last = time.monotonic() + 300
    while (written := counting.counts_from(file.read_text()).requests["child", "GET", "200"]) != 3:
        assert time.monotonic() < last, f"{written} of 3 were written"
        time.sleep(counting.WRITE_EVERY / 4)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        pytest.param({"REMOTE_ADDR": "127.0.0.1"}, 200, id="from this machine"),
        pytest.param({"REMOTE_ADDR": "::1"}, 200, id="from this machine, version 6"),
        pytest.param({"REMOTE_ADDR": "192.0.2.7"}, 404, id="from elsewhere"),
        pytest.param({"REMOTE_ADDR": ""}, 404, id="from nowhere"),
        pytest.param({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.7"}, 404, id="through a proxy here"),
        pytest.param({"REMOTE_ADDR": "192.0.2.7", "HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}, 200, id="with the token"),
        pytest.param({"REMOTE_ADDR": "192.0.2.7", "HTTP_AUTHORIZATION": "Bearer wrong"}, 404, id="with a wrong one"),
        pytest.param({"REMOTE_ADDR": "192.0.2.7", "HTTP_AUTHORIZATION": "Bearer "}, 404, id="with an empty one"),
    ],
)
def test_the_metrics_are_for_this_machine_or_the_token(
    client: Client, monkeypatch: pytest.MonkeyPatch, asked: dict[str, str], status: int
) -> None:
    monkeypatch.setenv("KINFOLD_METRICS_TOKEN", TOKEN)

    assert client.get("/metrics", **asked).status_code == status  # type: ignore[arg-type]


def test_without_a_token_set_no_token_opens_the_metrics(client: Client) -> None:
    answer = client.get("/metrics", REMOTE_ADDR="192.0.2.7", HTTP_AUTHORIZATION="Bearer ")

    assert answer.status_code == 404


def test_alive_needs_neither_database_nor_host_nor_tls(client: Client, settings: Any, monkeypatch: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True

    answer = client.get("/healthz", HTTP_HOST="192.0.2.9:8000")

    assert (answer.status_code, answer.content) == (200, b"alive\n")


def test_ready_says_by_name_what_is_not(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert json.loads(client.get("/readyz").content) == {"ready": True, "not_ready": []}

    monkeypatch.setattr(guards, "missing", lambda: ["commit_no_delete"])
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert json.loads(answer.content) == {"ready": False, "not_ready": ["guards"]}
