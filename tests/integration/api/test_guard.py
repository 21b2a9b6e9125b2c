"""What every call goes through: scope, role, how often, what content, and sending it again."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from types import MappingProxyType
from typing import Any

import pytest
from django.test import Client

from kinfold.access import matrix
from kinfold.service.api.v1 import guard
from kinfold.service.records.models import AuditBody, AuditEntry, IdempotencyKey, SpellFact, Thing
from kinfold.service.records.scope import as_system

from .conftest import Api

pytestmark = pytest.mark.django_db
MISSING = {
    "kind": "missing",
    "values": {"missing_type": "M"},
    "valid_from": "2026-01-02",
    "because": "told by the carer",
}


def is_problem(response: Any, status: int) -> bool:
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    said = response.json()
    assert said["status"] == status
    assert said["trace"] == response.headers["X-Trace-Id"]
    assert said["type"] == f"urn:kinfold:problem:{said['code']}"
    return True


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        pytest.param("GET", "/api/v1/nowhere", 404, id="no such address"),
        pytest.param("GET", "/api/v1/", 404, id="the root"),
        pytest.param("GET", "/api/v1/children/a%0Ab", 404, id="a line break in an address"),
        pytest.param("GET", "/api/v1/children/not-an-id", 404, id="an id that is none"),
        pytest.param("DELETE", "/api/v1/search?q=ann", 405, id="a method it does not take"),
        pytest.param("GET", "/api/v1/search?q=a", 422, id="too short"),
        pytest.param("GET", "/api/v1/search?q=ann&limit=201", 422, id="more than 200"),
        pytest.param("GET", "/api/v1/search?q=ann&offset=10000000000000000000000", 422, id="an offset without end"),
        pytest.param("GET", "/api/v1/loads/99999999999999999999", 422, id="a number no database holds"),
        pytest.param("GET", "/api/v1/search?q=a%00b", 422, id="a control character"),
    ],
)
def test_every_error_is_a_problem(loader: Api, method: str, path: str, status: int) -> None:
    response = loader.call(method, path)

    assert is_problem(response, status)
    assert status != 405 or "GET" in response.headers["Allow"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param("{", 400, id="not JSON"),
        pytest.param('{"q": NaN}', 400, id="not a number"),
        pytest.param("[" * 100_000, 400, id="nested without end"),
        pytest.param('{"q": ' + "1" * 5000 + "}", 400, id="a number without end"),
        pytest.param(b"\xff\xfe", 400, id="not UTF-8"),
        pytest.param('{"q": "\\ud800x"}', 422, id="half a character"),
        pytest.param("[]", 422, id="not an object"),
        pytest.param('"' + "x" * 6_000_000 + '"', 413, id="6 MB"),
    ],
)
def test_a_bad_body_is_a_problem(worker: Api, body: Any, status: int) -> None:
    assert is_problem(worker.post("/search", body), status)


def test_another_kind_of_content_is_415(worker: Api) -> None:
    response = worker.web.generic(
        "POST", "/api/v1/search", "q=ann", content_type="text/plain",
        headers={"Authorization": f"Bearer {worker.token}"},
    )  # fmt: skip

    assert is_problem(response, 415)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic eDp5", "Bearer " + "x" * 5000])
def test_without_a_good_token_there_is_nothing(worker: Api, header: str) -> None:
    response = worker.web.get("/api/v1/people/me", headers={"Authorization": header})

    assert is_problem(response, 401)
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_without_the_scope_is_403(client_for: Callable[..., Api], child: Thing) -> None:
    reading = client_for("emergency_duty_team", scopes=("records.read",))

    response = reading.post(f"/children/{child.uid}/facts", MISSING)

    assert is_problem(response, 403)
    assert 'scope="records.write"' in response.headers["WWW-Authenticate"]


def test_a_role_without_the_route_is_403(worker: Api) -> None:
    assert is_problem(worker.get("/loads"), 403)


def test_a_client_without_a_role_reaches_nothing(client_for: Callable[..., Api], child: Thing) -> None:
    nobody = client_for()

    assert is_problem(nobody.get("/people/me"), 403)
    assert is_problem(nobody.get(f"/children/{child.uid}"), 403)


def test_an_operation_without_an_entry_answers_nobody(worker: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = MappingProxyType({name: rule for name, rule in matrix.ROUTES.items() if name != "api:me"})
    monkeypatch.setattr(guard, "route_rule", lambda name: matrix.route_rule(name, fewer))

    assert is_problem(worker.get("/people/me"), 404)
    assert worker.get("/kinds").status_code == 200


def test_too_many_calls_are_429_with_how_long_to_wait(worker: Api, settings: Any) -> None:
    settings.API_CALLS_A_MINUTE = 2

    answers = [worker.get("/people/me") for _ in range(5)]

    assert is_problem(answers[-1], 429)
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60


def test_one_client_does_not_use_up_anothers_calls(worker: Api, loader: Api, settings: Any) -> None:
    settings.API_CALLS_A_MINUTE = 2
    for _ in range(5):
        worker.get("/people/me")

    assert loader.get("/people/me").status_code == 200


def test_a_trace_sent_is_the_trace_answered(worker: Api) -> None:
    assert worker.get("/people/me", **{"X-Trace-Id": "abc123"}).headers["X-Trace-Id"] == "abc123"


@pytest.mark.parametrize("sent", ["Tia Marsh", "999 000 0018 seen", "a" * 65, ""])
def test_what_has_room_for_words_about_a_person_names_no_call(worker: Api, sent: str) -> None:
    named = worker.get("/people/me", **{"X-Trace-Id": sent}).headers["X-Trace-Id"]

    assert named != sent
    assert re.fullmatch(r"[0-9a-f]{32}", named)


def test_a_call_sent_again_under_its_key_changes_nothing(worker: Api, child: Thing) -> None:
    first, again = (
        worker.post(f"/children/{child.uid}/facts", MISSING, **{"Idempotency-Key": "k-1"}) for _ in range(2)
    )

    with as_system():
        assert SpellFact.objects.filter(subject=child, kind="missing").count() == 1
    assert (first.status_code, first.content, first.headers["Location"]) == (
        again.status_code, again.content, again.headers["Location"],
    )  # fmt: skip
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers


def test_a_key_used_for_another_body_is_refused(worker: Api, child: Thing) -> None:
    worker.post(f"/children/{child.uid}/facts", MISSING, **{"Idempotency-Key": "k-2"})

    other = worker.post(
        f"/children/{child.uid}/facts", {**MISSING, "valid_from": "2026-01-03"}, **{"Idempotency-Key": "k-2"}
    )

    assert is_problem(other, 422)
    assert other.json()["code"] == "key-reused"


def test_a_refused_call_may_be_put_right_under_its_key(worker: Api, child: Thing) -> None:
    wrong = worker.post(f"/children/{child.uid}/facts", {**MISSING, "valid_from": None}, **{"Idempotency-Key": "k-3"})
    right = worker.post(f"/children/{child.uid}/facts", MISSING, **{"Idempotency-Key": "k-3"})

    assert (wrong.status_code, right.status_code) == (422, 201)


def test_two_clients_may_use_one_key(worker: Api, client_for: Callable[..., Api], child: Thing) -> None:
    other = client_for("emergency_duty_team")
    path = f"/children/{child.uid}/facts"

    assert worker.post(path, MISSING, **{"Idempotency-Key": "k"}).status_code == 201
    assert "Idempotent-Replayed" not in other.post(path, MISSING, **{"Idempotency-Key": "k"}).headers


def test_nothing_about_a_person_is_kept_under_a_key(worker: Api, child: Thing) -> None:
    worker.post("/search", {"q": "Rosalind Quarrington"}, **{"Idempotency-Key": "k-4"})
    worker.post(f"/children/{child.uid}/facts", MISSING, **{"Idempotency-Key": "k-5"})

    kept = str(list(IdempotencyKey.objects.values_list("answer", flat=True)))
    assert IdempotencyKey.objects.count() == 1
    assert "Quarrington" not in kept


@pytest.mark.parametrize("header", ["X-On-Behalf-Of", "X-Reason"])
def test_a_header_of_more_than_a_line_is_refused(worker: Api, header: str) -> None:
    assert is_problem(worker.get("/people/me", **{header: "x" * 121}), 400)


def test_whom_a_client_acts_for_is_in_the_audit_and_opens_nothing(
    worker: Api, child: Thing, other_child: Thing
) -> None:
    asserted = {"X-On-Behalf-Of": "sam.okoro"}

    worker.get(f"/children/{child.uid}", **asserted)
    worker.post(f"/children/{child.uid}/facts", MISSING, **asserted)
    refused = worker.get(f"/children/{other_child.uid}", **asserted)

    actions = {
        AuditEntry.objects.get(held_by=body.held_by, seq=body.seq).action
        for body in AuditBody.objects.all()
        if body.body.get("on_behalf_of") == "sam.okoro" and body.body["client"] == worker.client_id
    }
    assert {"API: child", "api: record_fact", "refused: API: child"} <= actions
    assert refused.status_code == 404


def test_nothing_of_a_person_is_in_the_log(
    worker: Api, child: Thing, other_child: Thing, caplog: pytest.LogCaptureFixture
) -> None:
    from kinfold.service.config.logs import JsonFormatter

    caplog.set_level(logging.DEBUG, logger="kinfold")
    worker.get("/search?q=Rosalind%20Quarrington")
    worker.get(f"/children/{child.uid}")
    worker.get(f"/children/{other_child.uid}")
    worker.post("/search", {"q": "Quarrington", "limit": "Rosalind"})
    worker.feed([{"la_child_id": "C1001", "child_details": {"surname": "Quarrington", "sex": "Quarrington"}}])

    lines = "\n".join(JsonFormatter().format(record) for record in caplog.records)
    assert "kinfold.request" in lines
    for word in ("Rosalind", "Quarrington", "C1001", str(child.uid), str(other_child.uid)):
        assert word not in lines


def test_a_fault_of_ours_says_nothing_and_undoes_everything(
    worker: Api, child: Thing, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kinfold.service.records.reads.caller import Caller

    def fail(self: Caller, operation: str) -> None:
        raise RuntimeError("Rosalind Quarrington")

    monkeypatch.setattr(Caller, "called", fail)

    response = worker.post(f"/children/{child.uid}/facts", MISSING, **{"Idempotency-Key": "k-6"})

    assert is_problem(response, 500)
    assert b"Quarrington" not in response.content
    with as_system():
        assert not SpellFact.objects.filter(subject=child, kind="missing").exists()
    assert not IdempotencyKey.objects.exists()


def test_a_program_that_sends_something_to_no_address_is_answered_as_a_program(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post("/api/v1/nowhere", {}, content_type="application/json")

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
