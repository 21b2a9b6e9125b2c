"""Files sent over the API: begun at once, loaded by a job, reported, their bad rows listed."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from kinfold.service.records.models import Holder, Job, Load, PersonIndex
from kinfold.service.records.scope import as_system

from .conftest import Api

pytestmark = pytest.mark.django_db
CHILDREN = [
    {"la_child_id": "U1", "child_details": {"first_name": "Ada", "surname": "Winterbourne", "sex": "F"}},
    {
        "la_child_id": "U2",
        "social_care_episodes": [
            {"social_care_episode_id": "E1", "referral_date": "2026-01-05", "referral_source": "ZZ"}
        ],
    },
]


def send(api: Api, *files: tuple[str, bytes], fields: Any = None, **headers: str) -> Any:
    handles = []
    for name, content in files:
        handle = io.BytesIO(content)
        handle.name = name
        handles.append(handle)
    return api.web.post(
        "/api/v1/loads",
        {"files": handles, **(fields or {})},
        headers={"Authorization": f"Bearer {api.token}", **headers},
    )


def work() -> None:
    """Do the jobs that wait, as a worker does."""
    with as_system():
        from kinfold.service.jobs import queue, tasks

        while (job := queue.take("test")) is not None:
            queue.finish(job, tasks.run_task(job))


FEED = ("feed.json", json.dumps(CHILDREN).encode())


def test_a_file_sent_is_loaded_by_a_job(loader: Api) -> None:
    response = send(loader, FEED)

    assert response.status_code == 202, response.content
    number = response.json()["loads"][0]["id"]
    assert loader.get(f"/loads/{number}").json()["state"] == "waiting"
    work()
    done = loader.get(f"/loads/{number}").json()
    assert done["state"] == "done"
    assert done["rows"] == done["facts"] + done["unchanged"] + done["quarantined"]
    with as_system():
        assert PersonIndex.objects.filter(la_child_id="U1").exists()


def test_the_rows_that_could_not_be_used_are_listed(loader: Api) -> None:
    number = send(loader, FEED).json()["loads"][0]["id"]
    work()

    listed = loader.get(f"/loads/{number}/quarantine?limit=1").json()

    assert listed["total"] == 1
    assert listed["rows"][0]["field"] == "referral_source"


def test_the_same_files_again_are_the_same_load(loader: Api) -> None:
    first = send(loader, FEED).json()["loads"][0]["id"]
    work()

    assert send(loader, FEED).json()["loads"][0]["id"] == first
    assert Load.objects.count() == 1


def test_an_upload_sent_again_under_its_key_is_answered_as_it_was(loader: Api) -> None:
    first, again = (send(loader, FEED, **{"Idempotency-Key": "u-1"}) for _ in range(2))
    other = send(loader, ("feed.json", b'[{"la_child_id": "U9"}]'), **{"Idempotency-Key": "u-1"})

    assert first.content == again.content
    assert again.headers["Idempotent-Replayed"] == "true"
    assert other.status_code == 422
    assert Job.objects.filter(name="load").count() == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("picture.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, id="a picture"),
        pytest.param("empty.csv", b"", id="an empty file"),
        pytest.param("../../etc/passwd.csv", b"a,b\n1,2\n", id="a table of nothing"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(loader: Api, name: str, content: bytes) -> None:
    response = send(loader, (name, content))

    assert response.status_code == 422, response.content
    assert "etc/" not in response.content.decode()
    assert not Load.objects.exists()


def test_no_file_at_all_is_refused(loader: Api) -> None:
    response = loader.web.post(
        "/api/v1/loads", {"collection": "2025-26"}, headers={"Authorization": f"Bearer {loader.token}"}
    )

    assert response.status_code == 422


def test_another_councils_loads_are_not_there(
    loader: Api, client_for: Callable[..., Api], other_council: Holder
) -> None:
    number = send(loader, FEED).json()["loads"][0]["id"]
    stranger = client_for("data_analyst", holder=other_council)

    hidden, nothing = stranger.get(f"/loads/{number}").json(), stranger.get("/loads/987654").json()

    assert {**hidden, "trace": ""} == {**nothing, "trace": ""}
    assert hidden["status"] == 404
    assert stranger.get("/loads").json()["total"] == 0
    assert stranger.get(f"/loads/{number}/quarantine").status_code == 404
