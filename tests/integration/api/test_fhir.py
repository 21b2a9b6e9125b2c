"""`$match` and reading a Patient over the API: scopes, grades, what may be seen, and errors that are never "nobody"."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from kinfold.service.records.actions import facts
from kinfold.service.records.loading.indexing import index_persons
from kinfold.service.records.models import AuditEntry, Holder, Thing
from kinfold.service.records.scope import as_system
from tests.integration.api.conftest import Api

pytestmark = pytest.mark.django_db
ROSALIND = {
    "resourceType": "Patient",
    "name": [{"family": "Applecote", "given": ["Rosalind"]}],
    "birthDate": "2012-03-14",
    "gender": "female",
    "address": [{"postalCode": "S102AA"}],
}


def add(holder: Holder, forename: str, surname: str, born: date, *, postcode: str = "", nhs: str = "") -> Thing:
    with as_system():
        child = Thing.objects.create(word="person", sort="child", held_by=holder)
        say: dict[str, Any] = {"subject": child, "by": "test", "because": "a test"}
        facts.record_fact(kind="person_details", values={"birth_date": born, "sex": "F"}, **say)
        facts.record_fact(kind="name", values={"forename": forename, "surname": surname, "name_type": "LEGAL"}, **say)
        if postcode:
            facts.record_fact(
                kind="address", values={"postcode": postcode}, ref=postcode, valid_from=date(2024, 1, 1), **say
            )
        if nhs:
            values = {"identifier_type": "nhs_number", "value": nhs}
            facts.record_fact(kind="identifier", values=values, ref=nhs, **say)
        index_persons(holder.pk, {child.pk})
    return child


def asked(patient: dict[str, Any], **more: Any) -> dict[str, Any]:
    said = [{"name": "resource", "resource": patient}]
    if "certain" in more:
        said.append({"name": "onlyCertainMatches", "valueBoolean": more["certain"]})
    if "count" in more:
        said.append({"name": "count", "valueInteger": more["count"]})
    return {"resourceType": "Parameters", "parameter": said}


def grades(answer: Any) -> list[tuple[str, str]]:
    return [(one["search"]["extension"][0]["valueCode"], one["resource"]["id"]) for one in answer.json()["entry"]]


@pytest.fixture
def child(council: Holder) -> Thing:
    add(council, "Beatrice", "Applecote", date(2012, 3, 14), postcode="S10 2AA")
    return add(council, "Rosalind", "Applecote", date(2012, 3, 14), postcode="S10 2AA", nhs="9990000018")


def test_the_child_is_certain_and_her_twin_certainly_not(worker: Api, child: Thing) -> None:
    answer = worker.post("/fhir/Patient/$match", asked(ROSALIND))

    assert answer.status_code == 200
    (first, *rest) = grades(answer)
    assert first == ("certain", str(child.uid))
    assert {grade for grade, _ in rest} <= {"certainly-not"}
    assert answer.json()["entry"][0]["resource"]["birthDate"] == "2012-03-14"
    assert answer.json()["entry"][0]["search"]["score"] > 0.95
    with as_system():
        assert AuditEntry.objects.filter(action="match: match").exists()


def test_a_former_name_and_home_find_her_too(worker: Api, child: Thing, council: Holder) -> None:
    with as_system():
        facts.record_fact(
            kind="name", subject=child, values={"forename": "Rosalind", "surname": "Marsh", "name_type": "FORMER"},
            valid_from=date(2012, 3, 14), valid_to=date(2020, 1, 1), by="test", because="a test",
        )  # fmt: skip
        index_persons(council.pk, {child.pk})
    former = ROSALIND | {"name": [{"family": "Marsh", "given": ["Rosalind"]}]}

    assert grades(worker.post("/fhir/Patient/$match", asked(former)))[0] == ("certain", str(child.uid))


@pytest.mark.parametrize(("more", "found"), [({"certain": True}, 1), ({"count": 1}, 1)])
def test_only_certain_matches_and_the_count_are_kept_to(
    worker: Api, child: Thing, more: dict[str, Any], found: int
) -> None:
    assert len(grades(worker.post("/fhir/Patient/$match", asked(ROSALIND, **more)))) == found


def test_nobody_like_that_is_an_empty_bundle(worker: Api, child: Thing) -> None:
    answer = worker.post(
        "/fhir/Patient/$match", asked(ROSALIND | {"name": [{"family": "Zzyx", "given": ["Quill"]}], "birthDate": "2001-01-09",
                                                  "address": []})
    )  # fmt: skip

    assert [grade for grade, _ in grades(answer) if grade != "certainly-not"] == []
    assert answer.json()["meta"]["tag"][0]["code"] == "none"


def test_too_little_to_search_by_is_refused_and_is_not_nobody(worker: Api, child: Thing) -> None:
    answer = worker.post("/fhir/Patient/$match", asked({"resourceType": "Patient", "gender": "female"}))

    assert answer.status_code == 422
    assert "too little to search by" in answer.json()["detail"]


def test_a_patient_is_read_with_the_number_and_the_home(worker: Api, child: Thing) -> None:
    said = worker.get(f"/fhir/Patient/{child.uid}").json()

    assert said["id"] == str(child.uid)
    assert said["name"][0] == {"use": "official", "given": ["Rosalind"], "family": "Applecote"}
    assert {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"} in said["identifier"]
    assert said["address"] == [{"use": "home", "postalCode": "S10 2AA"}]


def test_a_joined_record_is_read_under_the_kept_one(worker: Api, child: Thing, council: Holder) -> None:
    other = add(council, "Rosalynd", "Applecote", date(2012, 3, 14))
    with as_system():
        facts.merge(person=other, kept=child, by="test", because="a test")

    said = worker.get(f"/fhir/Patient/{other.uid}").json()
    assert said["id"] == str(child.uid)
    assert said["link"] == [{"other": {"reference": f"Patient/{other.uid}"}, "type": "replaces"}]
    assert [
        uid for grade, uid in grades(worker.post("/fhir/Patient/$match", asked(ROSALIND))) if grade == "certain"
    ] == [str(child.uid)]


def test_another_councils_child_is_not_found_whatever_is_known_of_her(worker: Api, other_council: Holder) -> None:
    hers = add(other_council, "Rosalind", "Applecote", date(2012, 3, 14), postcode="S10 2AA")

    assert grades(worker.post("/fhir/Patient/$match", asked(ROSALIND))) == []
    assert worker.get(f"/fhir/Patient/{hers.uid}").status_code == 404


def test_each_needs_its_own_scope(client_for: Callable[..., Api], child: Thing) -> None:
    reads = client_for("emergency_duty_team", scopes=("identity.read",))
    matches = client_for("emergency_duty_team", scopes=("identity.match",))

    assert reads.post("/fhir/Patient/$match", asked(ROSALIND)).status_code == 403
    assert matches.get(f"/fhir/Patient/{child.uid}").status_code == 403
    assert matches.post("/fhir/Patient/$match", asked(ROSALIND)).status_code == 200


@pytest.mark.parametrize(
    ("body", "where", "words"),
    [
        pytest.param({"resourceType": "Parameters"}, "body.parameter", "It is missing. Give it", id="nothing asked"),
        pytest.param(asked({**ROSALIND, "birthDate": "14/03/2012"}), "body.parameter.0.resource.birthDate",
                     "It is not written as it must be. The API's description has its form", id="day as people write it"),
        pytest.param(asked({**ROSALIND, "gender": "F"}), "body.parameter.0.resource.gender",
                     "Give one of 'male', 'female', 'other' or 'unknown'", id="another code"),
        pytest.param(asked("Rosalind"), "body.parameter.0.resource", "Give an object", id="no object"),  # type: ignore[arg-type]
        pytest.param(asked(ROSALIND, count=500), "body.parameter.1.valueInteger", "Give 20 at most", id="too many"),
    ],
)  # fmt: skip
def test_what_must_be_put_right_is_said_in_words_with_where_it_stands(
    worker: Api, child: Thing, body: dict[str, Any], where: str, words: str
) -> None:
    answer = worker.post("/fhir/Patient/$match", body)

    (mistake,) = answer.json()["errors"]
    assert answer.status_code == 422
    assert mistake["where"] == where
    assert words in f"{mistake['message']}. {mistake['fix']}"
    assert "Rosalind" not in answer.content.decode()


def test_a_home_and_a_name_that_two_doors_tell_of_stand_once(worker: Api, child: Thing) -> None:
    with as_system():
        say: dict[str, Any] = {"subject": child, "by": "test", "because": "a test"}
        facts.record_fact(
            kind="address", values={"postcode": "S10 2AA"}, ref="S10 2AA", valid_from=date(2023, 1, 1), **say
        )
        facts.record_fact(
            kind="name", values={"forename": "Rosalind", "surname": "Applecote", "name_type": "LEGAL"},
            valid_from=date(2020, 1, 1), **say,
        )  # fmt: skip

    read = worker.get(f"/fhir/Patient/{child.uid}").json()

    assert read["address"] == [{"use": "home", "postalCode": "S10 2AA"}]
    assert [name["family"] for name in read["name"]] == ["Applecote"]
