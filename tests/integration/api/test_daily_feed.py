"""The Department's daily feed, at the address of its contract and through the same door as a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as fuzzing
from hypothesis import strategies as st

from kinfold.files.daily_feed.layout import PARTS, Check
from kinfold.service.records.models import Load, PersonFact, PersonIndex, QuarantinedRow, SpellFact
from kinfold.service.records.scope import as_system

from .conftest import Api

pytestmark = pytest.mark.django_db


def child(number: str = "F100", **rest: Any) -> dict[str, Any]:
    details = {"first_name": "Ottoline", "surname": "Marchbanks", "date_of_birth": "2015-01-31", "sex": "F"}
    return {"la_child_id": number, "child_details": details, **rest}


def plan(**rest: Any) -> dict[str, Any]:
    episode = {"social_care_episode_id": "E1", "referral_date": "2026-01-05"}
    inside = {"child_protection_plan_id": "P1", "start_date": "2026-01-20", **rest}
    return {"social_care_episodes": [{**episode, "child_protection_plans": [inside]}]}


@pytest.mark.parametrize("at", ["", "/api/v1"])
def test_children_are_taken_in_at_both_addresses(loader: Api, at: str) -> None:
    response = loader.feed([child()], at=at)

    assert response.status_code == 200, response.content
    assert UUID(response.json())
    with as_system():
        assert PersonIndex.objects.get(la_child_id="F100").name == "Ottoline Marchbanks"


def test_the_receipt_is_that_of_the_load(loader: Api) -> None:
    receipt = loader.feed([child()]).json()

    listed = loader.get("/loads").json()["loads"]

    assert [load["receipt"] for load in listed] == [receipt]
    assert listed[0]["rows"] == listed[0]["facts"] + listed[0]["unchanged"] + listed[0]["quarantined"]


def test_no_children_is_no_content(loader: Api) -> None:
    response = loader.feed([])

    assert (response.status_code, response.content) == (204, b"")


def test_more_than_a_hundred_is_too_many(loader: Api) -> None:
    assert loader.feed([child(f"F{n}") for n in range(101)]).status_code == 413
    assert loader.feed([child(f"F{n}") for n in range(100)]).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(" ", id="nothing"),
        pytest.param("{}", id="not an array"),
        pytest.param("[", id="cut off"),
        pytest.param("[NaN]", id="not a number"),
        pytest.param(b'["\xff"]', id="not UTF-8"),
        pytest.param([{}], id="no number"),
        pytest.param([child(colour="red")], id="a field it has not"),
        pytest.param([child(number="has space")], id="a number with a space"),
        pytest.param(
            [{"la_child_id": "F1", "child_details": {"date_of_birth": "31/01/2015"}}], id="a day of another form"
        ),
    ],
)
def test_a_payload_that_breaks_the_contract_is_400_and_nothing_is_loaded(loader: Api, body: Any) -> None:
    response = loader.feed(body)

    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert not Load.objects.exists()


def test_the_faults_say_where_and_do_not_repeat_the_child(loader: Api) -> None:
    response = loader.feed([child(), {"la_child_id": "F2", "child_details": {"sex": "Marchbanks"}}])

    assert response.json()["errors"][0]["where"] == "[1].child_details.sex"
    assert b"Marchbanks" not in response.content


def test_what_the_contract_allows_and_no_list_knows_goes_to_quarantine(loader: Api) -> None:
    bad = child("F101")
    bad["social_care_episodes"] = [
        {"social_care_episode_id": "E9", "referral_date": "2026-01-05", "referral_source": "ZZ"}
    ]

    response = loader.feed([child(), bad])

    assert response.status_code == 200
    load = loader.get("/loads").json()["loads"][0]
    assert load["quarantined"] == 1
    row = loader.get(f"/loads/{load['id']}/quarantine").json()["rows"][0]
    assert (row["field"], row["code"]) == ("referral_source", "unknown_code")
    with as_system():
        assert PersonIndex.objects.filter(la_child_id="F100").exists()
        assert QuarantinedRow.objects.count() == 1


def test_a_part_withdraws_nothing_it_does_not_speak_of(loader: Api) -> None:
    loader.feed([child(**plan()), child("F200")])
    loader.feed([child("F200")])

    with as_system():
        assert SpellFact.objects.filter(kind="child_protection_plan", known_to__isnull=True, status="final").exists()


def test_a_purge_withdraws_what_it_names(loader: Api) -> None:
    loader.feed([child(**plan())])
    loader.feed([child(**plan(purge=True))])

    with as_system():
        held = SpellFact.objects.filter(known_to__isnull=True, status="final")
        assert not held.filter(kind="child_protection_plan").exists()
        assert held.filter(kind="referral_episode").exists()


def test_a_child_purged_is_withdrawn_whole(loader: Api) -> None:
    loader.feed([child(**plan())])
    loader.feed([{"la_child_id": "F100", "purge": True}])

    with as_system():
        assert not SpellFact.objects.filter(known_to__isnull=True, status="final").exists()
        assert not PersonFact.objects.filter(known_to__isnull=True, status="final", kind="name").exists()


def test_what_was_said_before_and_is_said_again_stands(loader: Api) -> None:
    for surname in ("Marchbanks", "Penhaligon", "Marchbanks"):
        said = child()
        said["child_details"]["surname"] = surname
        loader.feed([said])

    with as_system():
        assert PersonIndex.objects.get(la_child_id="F100").name == "Ottoline Marchbanks"


def test_the_same_call_under_its_key_is_one_load(loader: Api) -> None:
    receipts = {loader.feed([child()], **{"Idempotency-Key": "day-1"}).content for _ in range(2)}

    assert len(receipts) == 1
    assert Load.objects.count() == 1


@pytest.mark.parametrize("la_code", ["991", "0", "999"])
def test_another_councils_code_is_403(loader: Api, other_council: Any, la_code: str) -> None:
    response = loader.feed([child()], la_code=la_code)

    assert response.status_code == 403
    assert not Load.objects.exists()


@pytest.mark.parametrize("key", ["", "wrong", "\xe9"])
def test_without_its_supplier_key_a_client_is_401(loader: Api, key: str) -> None:
    assert loader.feed([child()], SupplierKey=key).status_code == 401


def test_anothers_supplier_key_does_not_fit(loader: Api, client_for: Callable[..., Api]) -> None:
    other = client_for("data_analyst")

    assert loader.feed([child()], SupplierKey=other.supplier_key).status_code == 401


def test_without_a_token_or_its_scope_nothing_is_taken(loader: Api, client_for: Callable[..., Api]) -> None:
    body = json.dumps([child()])
    bare = loader.web.generic("POST", "/children_social_care_data/990/children", body, content_type="application/json")
    narrow = client_for("data_analyst", scopes=("files.load",))

    assert bare.status_code == 401
    assert narrow.feed([child()]).status_code == 403


def test_the_contracts_own_example_is_taken(loader: Api, shared: Path) -> None:
    contract = json.loads((shared / "samples/csc_api/openapi.json").read_text())
    example = contract["components"]["schemas"]["CSC"]["items"]["example"]

    assert loader.feed([example]).status_code == 200


def test_the_answers_are_those_of_the_contract(shared: Path) -> None:
    from kinfold.service.api.v1 import api

    contract = json.loads((shared / "samples/csc_api/openapi.json").read_text())
    theirs = set(contract["paths"]["/children_social_care_data/{la_code}/children"]["post"]["responses"])
    ours = api.get_openapi_schema(path_prefix="/api/v1/")["paths"]
    mine = ours["/api/v1/children_social_care_data/{la_code}/children"]["post"]["responses"]

    assert theirs <= {str(status) for status in mine}


def test_the_described_body_is_the_contracts(shared: Path) -> None:
    from kinfold.service.api.v1.daily_feed import BODY

    contract = json.loads((shared / "samples/csc_api/openapi.json").read_text())["components"]["schemas"]["CSC"]
    ours = BODY["requestBody"]["content"]["application/json"]["schema"]  # type: ignore[index]

    def compare(mine: dict[str, Any], theirs: dict[str, Any]) -> None:
        assert mine["type"] == theirs["type"], (mine, theirs)
        assert mine.get("format") == theirs.get("format")
        assert set(mine.get("required", [])) == set(theirs.get("required", []))
        assert set(mine.get("properties", {})) == set(theirs.get("properties", {}))
        for name, inner in mine.get("properties", {}).items():
            compare(inner, theirs["properties"][name])
        if "items" in mine:
            compare(mine["items"], theirs["items"])

    compare(ours, contract)
    assert ours["maxItems"] == contract["maxItems"]


_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 99),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        ["", "F", "2025-02-28", "2025-02-30", "0001-01-01", "9999-12-31", "has space", "x" * 21, "A1_-", "\u0000"]
    ),
    st.text(max_size=6),
    st.lists(st.sampled_from(["HAND", "VIS", 5, "TOO LONG"]), max_size=4),
    st.just({}),
)
# What the contract takes, so that a good share of the calls is loaded and not only refused.
_DAYS = st.dates().map(lambda day: day.isoformat())
_GOOD = st.one_of(
    _DAYS, st.sampled_from(["F", "M", "1A", "N1", "K1", "U1", "S", "A1"]), st.booleans(), st.integers(0, 40)
)


def _fits(check: Check, value: Any) -> bool:
    return check(value) is None


def _part(name: str) -> st.SearchStrategy[Any]:
    part = PARTS[name]
    fields: dict[str, st.SearchStrategy[Any]] = {}
    for field, check in part.checks.items():
        fields[field] = st.one_of(_GOOD.filter(partial(_fits, check)), _GOOD, _VALUES) \
            if any(check(v) is None for v in ("F", "2025-01-01", True, 5)) else _VALUES  # fmt: skip
    fields |= {field: _part(inner) for field, inner in part.objects.items()}
    fields |= {field: st.lists(_part(inner), max_size=2) for field, inner in part.lists.items()}
    required = {part.required: st.sampled_from(["A1", "B2", "C3"])} if part.required else {}
    return st.fixed_dictionaries(required, optional={k: v for k, v in fields.items() if k not in required})


@fuzzing(max_examples=150, suppress_health_check=list(HealthCheck))
@given(body=st.one_of(st.lists(_part("child"), max_size=4), st.lists(_VALUES, max_size=3), _VALUES))
def test_whatever_a_supplier_sends_is_answered_by_the_contract(loader: Api, body: Any) -> None:
    response = loader.feed(json.dumps(body))

    assert response.status_code in (200, 204, 400), response.content
    if response.status_code == 200:
        load = loader.get("/loads?limit=1").json()["loads"][0]
        assert load["state"] == "done"
        assert load["rows"] == load["facts"] + load["unchanged"] + load["quarantined"]


@fuzzing(max_examples=60, suppress_health_check=list(HealthCheck))
@given(body=st.binary(min_size=1, max_size=200))
def test_whatever_bytes_are_sent_are_answered(loader: Api, body: bytes) -> None:
    assert loader.feed(body).status_code in (204, 400)


_DAY_FIELDS = {"date_of_birth", "expected_date_of_birth", "uasc_end_date", "start_date", "end_date", "referral_date"}


@fuzzing(max_examples=25, suppress_health_check=list(HealthCheck))  # each is a whole load
@given(
    start=_DAYS, end=_DAYS, born=_DAYS,
    source=st.text(alphabet="0123456789ABCZ", max_size=2), name=st.text(max_size=12),
)  # fmt: skip
def test_what_keeps_the_contract_is_loaded_or_quarantined(
    loader: Api, start: str, end: str, born: str, source: str, name: str
) -> None:
    episode = {
        "social_care_episode_id": "E1", "referral_date": start, "closure_date": end, "referral_source": source,
        "child_in_need_plans": [{"child_in_need_plan_id": "P1", "start_date": start, "end_date": end}],
    }  # fmt: skip
    body = [
        {
            "la_child_id": "Z1",
            "child_details": {"surname": name, "date_of_birth": born},
            "social_care_episodes": [episode],
        }
    ]

    response = loader.feed(json.dumps(body))

    assert response.status_code == 200 or "control character" in response.json()["errors"][0]["message"]
