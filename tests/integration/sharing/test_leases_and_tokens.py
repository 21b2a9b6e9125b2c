"""Who takes work and answers it: leases in force, renewed and replayed; tokens, forged and of another scope; waiting."""

from __future__ import annotations

import json
import threading
import time
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from kinfold.outside.custodians.client import CustodianClient, Refused
from kinfold.outside.demographic_service.transport import Request
from kinfold.service.records.actions import api_clients, finding_leases, finding_waiting
from kinfold.service.records.models import ApiToken, CustodianWork
from kinfold.service.records.scope import as_system
from tests.integration.sharing.conftest import Sharing, through_django

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("how", ["replayed", "run out", "another's", "made up", "answered twice"])
def test_only_the_lease_in_force_answers(sharing: Sharing, how: str) -> None:
    sharing.ask()
    client = sharing.clients["vale-police"]
    (work,) = client.claim()
    lease = work["lease"]
    if how == "replayed":
        CustodianWork.objects.update(lease_until=timezone.now())
        (again,) = client.claim()
        assert again["lease"] != lease
    elif how == "run out":
        CustodianWork.objects.update(lease_until=timezone.now())
    elif how == "another's":
        client = sharing.clients["vale-homes"]
    elif how == "made up":
        lease = str(uuid4())
    else:
        client.answer(work["work"], lease, "none")

    with pytest.raises(Refused) as refused:
        client.answer(work["work"], lease, "none")

    assert refused.value.status == 409


def test_a_lease_is_renewed_from_now_and_not_for_ever(sharing: Sharing) -> None:
    sharing.ask()
    (work,) = sharing.clients["vale-police"].claim()
    first = CustodianWork.objects.get(uid=work["work"])

    until = sharing.clients["vale-police"].renew(work["work"], work["lease"])
    again = sharing.clients["vale-police"].renew(work["work"], work["lease"])

    assert first.lease_until is not None
    assert abs((CustodianWork.objects.get(pk=first.pk).lease_until - first.lease_until).total_seconds()) < 60  # type: ignore[operator]
    assert until[:16] == again[:16]
    CustodianWork.objects.filter(pk=first.pk).update(first_leased_at=timezone.now() - timedelta(hours=3))
    with pytest.raises(Refused):
        sharing.clients["vale-police"].renew(work["work"], work["lease"])


@pytest.mark.parametrize(
    ("scopes", "status"), [(["files.load"], 403), (["custodian.work"], 204)], ids=["another scope", "its scope"]
)
def test_a_token_does_what_its_scope_says(sharing: Sharing, scopes: list[str], status: int) -> None:
    with as_system():
        made = api_clients.add_client(
            holder=sharing.world.holder, organisation="Vale Voices", roles=["police_partner"], scopes=scopes, by="test",
            today=date(2026, 1, 1),
        )  # fmt: skip
    row = sharing.row("vale-homes")
    row.client_id = made.client_id
    row.save()
    token = json.loads(_token(made.client_id, made.secret))["access_token"]

    reply = through_django(_get("/api/v1/custodian/work", token))

    assert reply.status == status


def _token(client_id: str, secret: str) -> bytes:
    said = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    return through_django(Request.form("http://testserver/api/v1/oauth/token", said)).body


def _get(path: str, token: str) -> Any:
    return Request(f"http://testserver{path}", headers={"Authorization": f"Bearer {token}"})


@pytest.mark.parametrize("token", ["forged", "", "a" * 43])
def test_a_forged_token_takes_no_work(sharing: Sharing, token: str) -> None:
    sharing.ask()

    assert through_django(_get("/api/v1/custodian/work", token)).status == 401


def test_an_expired_token_is_fetched_anew_and_a_wrong_secret_is_not(sharing: Sharing) -> None:
    sharing.ask()
    client = sharing.clients["vale-homes"]
    assert client.work_waits()
    ApiToken.objects.update(until=timezone.now())

    assert client.work_waits()
    wrong = CustodianClient(
        "http://testserver", sharing.secrets["vale-homes"]["client_id"], secret="no", send=through_django
    )
    with pytest.raises(Refused) as refused:
        wrong.claim()
    assert refused.value.status == 401


def test_a_question_for_work_waits_until_there_is_some(sharing: Sharing, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter([False, False, True])
    monkeypatch.setattr(finding_leases, "waiting", lambda custodian: next(looks))
    monkeypatch.setattr(finding_waiting, "LOOK_EVERY", 0.0)

    assert sharing.clients["vale-police"].work_waits(seconds=20)


def test_a_question_for_work_is_answered_no_when_its_time_is_over(sharing: Sharing) -> None:
    began = time.monotonic()

    assert not sharing.clients["vale-police"].work_waits(seconds=1)

    assert time.monotonic() - began >= 1


def test_no_more_questions_are_held_open_than_leave_threads_for_others(
    sharing: Sharing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding_waiting, "_free", threading.BoundedSemaphore(1))
    finding_waiting._free.acquire()
    slept = []
    monkeypatch.setattr(time, "sleep", slept.append)

    assert not sharing.clients["vale-police"].work_waits(seconds=20)

    assert slept == []
