"""Hundreds of generated calls to every operation: nothing fails, and every answer is as the description says."""

from __future__ import annotations

from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from kinfold.service.config.wsgi import application
from kinfold.service.records.models import Load, Thing

from .conftest import Api

pytestmark = pytest.mark.django_db
MISSING = {
    "kind": "missing",
    "values": {"missing_type": "M"},
    "valid_from": "2026-01-02",
    "because": "told by the carer",
}
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


def operation_ids() -> list[str]:
    from kinfold.service.api.v1 import api

    paths = api.get_openapi_schema(path_prefix="/api/v1/")["paths"]
    return sorted(said["operationId"] for methods in paths.values() for said in methods.values())


@pytest.mark.parametrize("operation_id", operation_ids())
def test_generated_calls_are_answered_as_described(
    schema: Any, worker: Api, loader: Api, child: Thing, operation_id: str
) -> None:
    operation = schema.find_operation_by_id(operation_id)
    loads = operation_id in ("send_files", "loads", "load", "quarantine", "receive_children")
    api = loader if loads else worker
    headers = {"Authorization": f"Bearer {api.token}"}
    if operation_id == "receive_children":
        headers["SupplierKey"] = api.supplier_key

    fact = worker.post(f"/children/{child.uid}/facts", MISSING).json()
    loader.feed(
        [{"la_child_id": "F1", "social_care_episodes": [{"social_care_episode_id": "E", "referral_source": "Z"}]}]
    )
    known = {"uid": str(child.uid), "la_code": 990, "name": "placement", "number": Load.objects.get().pk}
    if "fact" in operation_id:
        known |= {"fact": fact["id"], "word": fact["word"]}

    def steer(case: Any) -> None:
        """Lead most calls to something that is there: chance alone never finds an id."""
        for name in set(case.path_parameters) & set(known):
            if len(repr(case.body)) % 4:
                case.path_parameters[name] = known[name]
        if isinstance(case.body, dict) and len(repr(case.body)) % 3:
            case.body |= {name: MISSING[name] for name in ("kind", "because", "valid_from") if name in case.body}
            if "made_from" in case.body:
                told = worker.get(f"/children/{child.uid}/facts/spell/{fact['id']}").json()
                # withdrawn as somebody else's, its versions are shown no more
                case.body["made_from"] = told["versions"][0]["version"] if "versions" in told else "0" * 32

    @hypothesis.settings(
        max_examples=20, suppress_health_check=list(HealthCheck), database=None,
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
    )  # fmt: skip
    @hypothesis.given(
        case=operation.as_strategy() | operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)
    )
    def call(case: Any) -> None:
        steer(case)
        # Django's own test client, which steers, connects these again; they would close the test's connection
        request_started.disconnect(close_old_connections)
        request_finished.disconnect(close_old_connections)
        case.call_and_validate(headers=headers, checks=CHECKS)

    call()
