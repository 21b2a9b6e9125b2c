"""Recording, correcting and withdrawing one fact over the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from kinfold.service.records.models import AuditEntry, Holder, SpellFact, Thing
from kinfold.service.records.scope import as_system

from .conftest import Api, make_child

pytestmark = pytest.mark.django_db
MISSING: dict[str, Any] = {
    "kind": "missing", "values": {"missing_type": "M"}, "valid_from": "2026-01-02", "because": "told by the carer",
}  # fmt: skip


@pytest.fixture
def written(worker: Api, child: Thing) -> dict[str, Any]:
    answer: dict[str, Any] = worker.post(f"/children/{child.uid}/facts", MISSING).json()
    return answer


def path_of(child: Thing, written: dict[str, Any]) -> str:
    return f"/children/{child.uid}/facts/{written['word']}/{written['id']}"


def test_a_fact_is_recorded_and_stands_in_the_childs_record(worker: Api, child: Thing) -> None:
    response = worker.post(f"/children/{child.uid}/facts", MISSING)

    assert response.status_code == 201
    fact = response.json()["id"]
    assert response.headers["Location"].endswith(f"/facts/spell/{fact}")
    shown = [one for one in worker.get(f"/children/{child.uid}").json()["facts"] if one["id"] == fact]
    assert shown[0]["values"] == {"missing_type": "M"}
    assert shown[0]["from"] == "2026-01-02"
    entry = AuditEntry.objects.get(action="recorded missing")
    assert entry.person == str(child.uid)
    assert entry.reason == "told by the carer"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param({"kind": "no_such_kind"}, "no kind of fact", id="no such kind"),
        pytest.param({"kind": "company_details"}, "no kind of fact", id="a kind about bodies"),
        pytest.param({"values": {"missing_type": "Z"}}, "code of its list", id="a code of no list"),
        pytest.param({"values": {"colour": "red"}}, "no field called", id="a field it has not"),
        pytest.param({"values": {"missing_type": 5}}, "must be text", id="another type"),
        pytest.param({"values": {"missing_type": "M\x00"}}, "control character", id="a control character"),
        pytest.param({"valid_from": None}, "say the day", id="no day"),
        pytest.param({"valid_to": "2025-12-31"}, "end before it starts", id="ends before it starts"),
        pytest.param({"party": str(uuid4())}, "names nobody else", id="a party the kind has not"),
    ],
)
def test_what_will_not_do_is_refused_in_words(worker: Api, child: Thing, change: dict[str, Any], says: str) -> None:
    response = worker.post(f"/children/{child.uid}/facts", {**MISSING, **change})

    assert response.status_code == 422
    assert says in response.json()["detail"]
    with as_system():
        assert not SpellFact.objects.filter(subject=child, kind="missing").exists()


@pytest.mark.parametrize("body", ['{"kind":"missing","because":"why so","valid_from":0}', '{"kind":"missing"}'])
def test_what_is_not_of_the_shape_is_refused_with_where(worker: Api, child: Thing, body: str) -> None:
    response = worker.post(f"/children/{child.uid}/facts", body)

    assert response.status_code == 422
    assert response.json()["errors"][0]["where"].startswith("body.")


def test_a_number_without_end_is_refused(worker: Api, child: Thing) -> None:
    body = '{"kind":"placement","valid_from":"2026-01-02","because":"a form","values":{"distance_miles":1e400}}'

    assert worker.post(f"/children/{child.uid}/facts", body).status_code == 422


def test_a_tie_to_somebody_of_another_council_is_as_one_to_nobody(
    worker: Api, child: Thing, other_child: Thing
) -> None:
    tie = {"kind": "sibling", "because": "told by the mother"}

    answers = [
        worker.post(f"/children/{child.uid}/facts", {**tie, "party": str(uid)}).json()
        for uid in (uuid4(), other_child.uid)
    ]

    assert {**answers[0], "trace": ""} == {**answers[1], "trace": ""}
    assert answers[0]["status"] == 422


def test_a_tie_within_the_council_is_told_from_both_ends(worker: Api, council: Holder, child: Thing) -> None:
    brother = make_child(council, "C1002", "Felix", "Quarrington", date(2016, 1, 1))

    made = worker.post(
        f"/children/{child.uid}/facts", {"kind": "sibling", "because": "told so", "party": str(brother.uid)}
    )

    assert made.status_code == 201, made.content
    assert worker.get(f"/children/{brother.uid}/facts/tie/{made.json()['id']}").status_code == 200


def test_a_fact_tells_its_versions_newest_first(worker: Api, child: Thing, written: dict[str, Any]) -> None:
    changed = worker.call(
        "PATCH", f"/api/v1{path_of(child, written)}",
        {"made_from": written["version"], "valid_to": "2026-01-04", "because": "came back"},
    )  # fmt: skip

    assert changed.status_code == 200, changed.content
    told = worker.get(path_of(child, written)).json()
    assert [version["valid_to"] for version in told["versions"]] == ["2026-01-04", None]
    assert told["versions"][0]["version"] == changed.json()["version"]
    assert told["versions"][0]["fields"][-1]["value"] == "M"


def test_a_correction_made_from_an_old_version_shows_both(worker: Api, child: Thing, written: dict[str, Any]) -> None:
    path = f"/api/v1{path_of(child, written)}"
    worker.call("PATCH", path, {"made_from": written["version"], "valid_to": "2026-01-04", "because": "came back"})

    late = worker.call(
        "PATCH", path, {"made_from": written["version"], "valid_to": "2026-01-05", "because": "came back"}
    )

    assert late.status_code == 409
    assert late.json()["yours"]["valid_to"] == "2026-01-05"
    assert late.json()["theirs"]["valid_to"] == "2026-01-04"
    assert worker.get(path_of(child, written)).json()["versions"][0]["valid_to"] == "2026-01-04"


def test_a_field_is_taken_out_with_null(worker: Api, child: Thing, written: dict[str, Any]) -> None:
    worker.call(
        "PATCH", f"/api/v1{path_of(child, written)}",
        {"made_from": written["version"], "values": {"missing_type": None}, "because": "not known"},
    )  # fmt: skip

    with as_system():
        assert SpellFact.objects.get(fact=written["id"], known_to__isnull=True).payload == {}


def test_a_withdrawn_fact_is_kept_and_cannot_be_changed(worker: Api, child: Thing, written: dict[str, Any]) -> None:
    path = path_of(child, written)
    gone = worker.post(
        f"{path}/void", {"made_from": written["version"], "reason": "mistake", "because": "another child's"}
    )

    assert gone.status_code == 200, gone.content
    told = worker.get(path).json()
    assert (told["versions"][0]["status"], len(told["versions"])) == ("void", 2)
    again = worker.post(
        f"{path}/void", {"made_from": gone.json()["version"], "reason": "mistake", "because": "once more"}
    )
    assert again.status_code == 422
    assert written["id"] not in [fact["id"] for fact in worker.get(f"/children/{child.uid}").json()["facts"]]


def test_what_was_about_somebody_else_is_hidden_once_withdrawn(
    worker: Api, child: Thing, written: dict[str, Any]
) -> None:
    path = path_of(child, written)
    body = {"made_from": written["version"], "reason": "wrong_person", "because": "it is about her cousin"}

    assert worker.post(f"{path}/void", body).status_code == 200
    assert worker.get(path).status_code == 404


def test_a_fact_under_another_childs_address_is_not_there(
    worker: Api, council: Holder, child: Thing, written: dict[str, Any]
) -> None:
    brother = make_child(council, "C1002", "Felix", "Quarrington", date(2016, 1, 1))
    path = path_of(brother, written)
    change = {"made_from": written["version"], "because": "came back"}

    assert worker.get(path).status_code == 404
    assert worker.call("PATCH", f"/api/v1{path}", change).status_code == 404
    assert worker.get(path.replace("spell", "event")).status_code == 404


def test_who_opens_a_record_and_does_not_write_there_is_told_so(
    client_for: Callable[..., Api], child: Thing, written: dict[str, Any]
) -> None:
    director = client_for("director_of_childrens_services")
    change = {"made_from": written["version"], "because": "came back"}

    recorded = director.post(f"/children/{child.uid}/facts", MISSING)
    corrected = director.call("PATCH", f"/api/v1{path_of(child, written)}", change)

    assert director.get(f"/children/{child.uid}").status_code == 200
    assert (recorded.status_code, corrected.status_code) == (403, 403)


def test_nobody_writes_to_a_record_they_may_not_open(worker: Api, other_child: Thing) -> None:
    hidden = worker.post(f"/children/{other_child.uid}/facts", MISSING).json()
    nothing = worker.post(f"/children/{uuid4()}/facts", MISSING).json()

    assert {**hidden, "trace": ""} == {**nothing, "trace": ""}
    assert hidden["status"] == 404
