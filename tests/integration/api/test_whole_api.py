"""
Hundreds of generated calls to every operation: nothing fails, and every answer is as the description says.

Chance alone finds no id and no lease. So half of the calls go to what is there, and the last of each operation is right
altogether: none passes that did not also do its work.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core import NOT_SET
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from kinfold.service.config.wsgi import application
from kinfold.service.records.loading.indexing import index_persons
from kinfold.service.records.models import Holder, Load, Thing

from .asked_around import HELD, LESSONS, QUESTION, AskedAround, asked_around
from .conftest import Api

pytestmark = pytest.mark.django_db
MISSING = {
    "kind": "missing",
    "values": {"missing_type": "M"},
    "valid_from": "2026-01-02",
    "because": "told by the carer",
}
FED = {"la_child_id": "F1", "social_care_episodes": [{"social_care_episode_id": "E", "referral_source": "Z"}]}
LOOKED_FOR = {
    "resourceType": "Patient",
    "name": [{"family": "Quarrington", "given": ["Rosalind"]}],
    "birthDate": "2014-06-14",
}
LOADING = ("send_files", "loads", "load", "quarantine", "receive_children")
PULLING = ("custodian_work", "custodian_claim", "custodian_renew", "custodian_answer", "custodian_answers",
           "custodian_record")  # fmt: skip
ASKING = ("ask_make", "ask_read", "ask_end", "ask_record", "record_read")
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
    ignored_auth,
]


@pytest.fixture
def schema(db: None) -> Any:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.fixture
def around(council: Holder, child: Thing, client_for: Callable[..., Api], settings: Any, tmp_path: Any) -> AskedAround:
    """Return a question that the council's own system asked of other organisations."""
    settings.DATA = tmp_path
    index_persons(council.pk, {child.pk})
    return asked_around(council, child, client_for("emergency_duty_team", organisation=council.name))


def operation_ids() -> list[str]:
    from kinfold.service.api.v1 import api

    paths = api.get_openapi_schema(path_prefix="/api/v1/")["paths"]
    return sorted(said["operationId"] for methods in paths.values() for said in methods.values())


def there(operation_id: str, around: AskedAround, child: Thing, fact: dict[str, Any]) -> dict[str, Any]:
    """Return the names in addresses of what is there."""
    known = {"uid": str(child.uid), "la_code": 990, "name": "placement", "number": Load.objects.order_by("pk").values_list("pk", flat=True)[0],
             "ask": around.ask, "record": around.record, "link": around.link, "record_type": "education",
             "work": around.give if operation_id == "custodian_record" else around.find}  # fmt: skip
    return known | ({"fact": fact["id"], "word": fact["word"]} if "fact" in operation_id else {})


def right(around: AskedAround, worker: Api, child: Thing, fact: dict[str, Any]) -> dict[str, Any]:
    """Return, for each operation that takes something, what it takes."""
    held = {"lease": around.lease, "outcome": "records", "records": [HELD]}
    told = worker.get(f"/children/{child.uid}/facts/spell/{fact['id']}").json()
    # withdrawn as somebody else's, its versions are shown no more
    changed = {"made_from": told["versions"][0]["version"] if "versions" in told else "0" * 32,
               "because": "told by the carer"}  # fmt: skip
    return {
        "get_token": {"grant_type": "client_credentials", "client_id": worker.client_id, "client_secret": worker.secret},
        "record_fact": MISSING | {"valid_from": "2026-02-03"}, "correct_fact": changed | {"values": {"missing_type": "A"}}, "void_fact": changed | {"reason": "mistake"},
        "search_by_post": {"q": "Rosalind"}, "receive_children": [FED], "send_files": {"files": [json.dumps([FED]).encode()]},
        "patient_match": {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": LOOKED_FOR}]},
        "ask_make": {"person": str(child.uid), **QUESTION},
        "custodian_claim": {"most": 1}, "custodian_renew": {"lease": around.lease}, "custodian_answer": held,
        "custodian_answers": {"answers": [held | {"work": around.find}]},
        "custodian_record": {"lease": around.lease, "payload": LESSONS},
    }  # fmt: skip


@pytest.fixture
def clients(worker: Api, loader: Api, around: AskedAround, client_for: Callable[..., Api]) -> dict[str, Api]:
    """Return for each operation a client whose roles open it."""
    named = dict.fromkeys(LOADING, loader) | dict.fromkeys(PULLING, around.school) | dict.fromkeys(ASKING, around.asker)
    named |= {"child_looks": client_for("information_governance")}
    return {name: named.get(name, worker) for name in operation_ids()}


def sent_with(operation_id: str, api: Api) -> dict[str, str]:
    """Return the headers of a call. Whoever asks for a token shows in the form who they are."""
    if operation_id == "get_token":
        return {}
    headers = {"Authorization": f"Bearer {api.token}", "X-Reason": "a subject access request"}
    return headers | ({"SupplierKey": api.supplier_key} if operation_id == "receive_children" else {})


@pytest.mark.parametrize("operation_id", operation_ids())
def test_generated_calls_are_answered_as_described(
    schema: Any, clients: dict[str, Api], worker: Api, loader: Api, child: Thing, around: AskedAround, operation_id: str
) -> None:
    operation = schema.find_operation_by_id(operation_id)
    headers = sent_with(operation_id, clients[operation_id])
    fact = worker.post(f"/children/{child.uid}/facts", MISSING).json()
    loader.feed([FED])
    known = there(operation_id, around, child, fact)

    def reopen() -> None:
        around.reopen(leased=operation_id not in ("custodian_claim", "custodian_work"))
        # Django's own test client, which reopens, connects these again; they would close the test's connection
        request_started.disconnect(close_old_connections)
        request_finished.disconnect(close_old_connections)

    @hypothesis.settings(
        max_examples=20, suppress_health_check=list(HealthCheck), database=None,
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
    )  # fmt: skip
    @hypothesis.given(
        case=operation.as_strategy() | operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE),
        found=st.booleans(),
    )
    def call(case: Any, found: bool) -> None:
        if found:
            case.path_parameters |= {name: known[name] for name in set(case.path_parameters) & set(known)}
        reopen()
        case.call_and_validate(headers=headers, checks=CHECKS)

    call()
    at = {name: known[name] for name in re.findall(r"{(\w+)}", operation.path)}
    body = right(around, worker, child, fact).get(operation_id, NOT_SET)
    case = operation.Case(path_parameters=at, query={"q": "Rosalind"} if operation_id == "search" else {}, body=body)
    reopen()
    assert case.call_and_validate(headers=headers, checks=CHECKS).status_code in range(200, 300)
