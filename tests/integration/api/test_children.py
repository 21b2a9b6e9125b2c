"""A child over the API is the child of the page and of the command line, under the same rule of access."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from kinfold.access.words import Label
from kinfold.service.records.actions import people
from kinfold.service.records.actions.access import restrict
from kinfold.service.records.models import Account, AuditEntry, Holder, Thing
from kinfold.service.records.reads import person
from kinfold.service.records.reads.reader import reader_named
from kinfold.service.records.scope import as_system

from .conftest import Api, make_child

pytestmark = pytest.mark.django_db


def without_trace(response: Any) -> tuple[int, dict[str, Any], dict[str, str]]:
    """Return an answer without what differs from call to call."""
    headers = {k: v for k, v in response.headers.items() if k not in ("X-Trace-Id", "Content-Security-Policy")}
    return response.status_code, {**response.json(), "trace": ""}, headers


def test_the_document_is_the_one_the_command_prints(worker: Api, child: Thing) -> None:
    answered = worker.get(f"/children/{child.uid}").json()

    with as_system():
        account = Account.objects.get(email__startswith=worker.client_id)
        read = person.as_json(person.whole(reader_named(account.email), str(child.uid), log=False))
    printed = json.loads(json.dumps(read, default=_moment))
    assert answered == printed
    assert answered["name"] == "Rosalind Quarrington"


def _moment(value: Any) -> str:
    """Return a moment as JSON has it to the millisecond; the command line prints the same one with a space in it."""
    if hasattr(value, "hour"):
        return str(value.isoformat(timespec="milliseconds")).replace("+00:00", "Z")
    return str(value)


def test_what_was_known_on_a_day_can_be_asked(worker: Api, child: Thing) -> None:
    before = worker.get(f"/children/{child.uid}?as_known_on=2020-01-01").json()

    assert before["as_known_on"] == "2020-01-01"
    assert before["facts"] == []


@pytest.mark.parametrize("day", ["0", "20260304", "2026-02-30", "2026-03-04T00:00:00", "9999-12-31", "yesterday"])
def test_what_is_no_day_is_refused(worker: Api, child: Thing, day: str) -> None:
    assert worker.get(f"/children/{child.uid}?as_known_on={day}").status_code == 422


@pytest.mark.parametrize("part", ["", "/looks", "/facts/spell/776f55ac-5b87-4400-8136-6f6b69c75213"])
def test_what_does_not_exist_and_what_may_not_be_seen_are_one_answer(
    worker: Api, other_child: Thing, child: Thing, council: Holder, part: str
) -> None:
    hidden = make_child(council, "C3003", "Hidden", "Person", date(2012, 1, 1))
    with as_system():
        restrict(person=hidden, label=Label.SEALED, named=[], by="test", because="a sealed record")

    answers = [without_trace(worker.get(f"/children/{uid}{part}")) for uid in (uuid4(), other_child.uid, hidden.uid)]

    assert answers[0] == answers[1] == answers[2]
    assert answers[0][0] == 404


def test_a_look_is_in_the_audit_once(worker: Api, child: Thing) -> None:
    worker.get(f"/children/{child.uid}")

    assert AuditEntry.objects.filter(action="API: child", person=str(child.uid)).count() == 1


def test_a_refusal_is_in_the_audit(worker: Api, other_child: Thing) -> None:
    worker.get(f"/children/{other_child.uid}")

    assert AuditEntry.objects.filter(action="refused: API: child", person=str(other_child.uid)).exists()


def test_who_has_looked_is_told_to_those_who_audit(client_for: Callable[..., Api], worker: Api, child: Thing) -> None:
    worker.get(f"/children/{child.uid}")
    governance = client_for("information_governance")

    told = governance.get(f"/children/{child.uid}/looks", **{"X-Reason": "a subject access request"})

    assert told.status_code == 200, told.content
    assert "API: child" in [look["action"] for look in told.json()["looks"]]
    assert worker.get(f"/children/{child.uid}/looks").status_code == 403


def test_a_role_that_must_say_why_is_heard(client_for: Callable[..., Api], child: Thing) -> None:
    governance = client_for("information_governance")

    without = governance.get(f"/children/{child.uid}")
    stated = governance.get(f"/children/{child.uid}", **{"X-Reason": "a subject access request"})

    assert len(stated.json()["facts"]) >= len(without.json().get("facts", []))
    assert stated.json()["name"] == "Rosalind Quarrington"


@pytest.mark.parametrize("words", ["Rosalind Quarrington", "Quarington", "14/06/2014", "C1001"])
def test_people_are_found_by_name_number_and_birthday(worker: Api, child: Thing, words: str) -> None:
    by_post = worker.post("/search", {"q": words}).json()
    by_get = worker.get(f"/search?q={words.replace(' ', '%20')}").json()

    assert [hit["id"] for hit in by_post["found"]] == [str(child.uid)]
    assert by_get == by_post


def test_a_search_finds_nobody_of_another_council_and_counts_nobody(worker: Api, other_child: Thing) -> None:
    found = worker.post("/search", {"q": "Barnaby Thistlewood"}).json()

    assert (found["found"], found["restricted"], found["total"]) == ([], [], 0)


def test_the_client_is_told_who_it_is(worker: Api) -> None:
    me = worker.get("/people/me", **{"X-On-Behalf-Of": "sam.okoro"}).json()

    assert me["roles"] == ["emergency_duty_team"]
    assert me["council"] == "990"
    assert me["on_behalf_of"] == "sam.okoro"


def test_the_children_of_a_worker_are_listed(client_for: Callable[..., Api], child: Thing) -> None:
    system = client_for("social_worker")
    with as_system():
        worker = Account.objects.get(email__startswith=system.client_id).person
        assert worker is not None
        people.allocate(
            children=[child], worker=worker, role="SOCIAL_WORKER", by="test", because="new", today=date(2026, 1, 5)
        )

    mine = system.get("/people/me/children?limit=1").json()

    assert [(one["id"], one["since"]) for one in mine["children"]] == [(str(child.uid), "2026-01-05")]
    assert mine["total"] == 1
    assert "Looked after" in [status["status"] for status in mine["children"][0]["statuses"]]


def test_every_kind_is_listed_with_its_schema(worker: Api) -> None:
    listed = worker.get("/kinds?limit=200").json()
    rest = worker.get("/kinds?limit=200&offset=200").json()
    one = worker.get("/kinds/placement").json()

    assert len(listed["kinds"]) + len(rest["kinds"]) == listed["total"]
    assert one["values"]["additionalProperties"] is False
    assert "placement_type" in one["values"]["properties"]
    assert worker.get("/kinds/nothing_of_the_sort").status_code == 404


def test_health_needs_no_token(db: None) -> None:
    response = Client().get("/api/v1/health")

    assert response.json()["status"] == "ok"


def test_every_child_in_care_tonight_is_listed_and_no_other_councils(
    worker: Api, child: Thing, other_child: Thing
) -> None:
    tonight = worker.get("/tonight").json()
    before = worker.get("/tonight?on=2025-04-30").json()

    assert [(one["id"], one["in_care_since"]) for one in tonight["children"]] == [(str(child.uid), "2025-05-01")]
    assert tonight["total"] == 1
    assert before["children"] == []
    assert AuditEntry.objects.filter(action="tonight", person=str(child.uid)).count() == 1


def test_a_night_that_has_not_begun_is_refused(worker: Api) -> None:
    assert worker.get("/tonight?on=2199-01-01").status_code == 422
