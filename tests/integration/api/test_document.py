"""The API's description says what every operation does, and no operation is left out of the access matrix."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from pydantic import BaseModel

from kinfold.access.matrix import ROUTES
from kinfold.service.api import v1
from kinfold.service.api.v1 import api
from kinfold.service.api.v1.document import EVERYWHERE

from .conftest import ALL_SCOPES, Api

METHODS = ("get", "post", "put", "patch", "delete")


def document() -> dict[str, Any]:
    return api.get_openapi_schema(path_prefix="/api/v1/")


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document()["paths"].items():
        for method, said in methods.items():
            if method in METHODS:
                yield method, path, said


def test_every_operation_has_an_entry_in_the_access_matrix_and_every_entry_an_operation() -> None:
    ours = {f"api:{said['operationId']}" for _, _, said in operations()}

    assert ours == {name for name in ROUTES if name.startswith("api:")}


def test_every_operation_is_behind_the_guard() -> None:
    for bound in api._get_bound_routers():
        for view in bound.path_operations.values():
            for operation in view.operations:
                assert operation.run.__module__ == "kinfold.service.api.v1.guard", operation.operation_id
                assert operation.operation_id


def test_every_operation_documents_every_problem() -> None:
    for _, path, said in operations():
        for status in EVERYWHERE:
            content = said["responses"][status]["content"]
            assert "application/problem+json" in content, (path, status)
        assert "X-Trace-Id" in said["responses"]["default"]["headers"]
        assert "Retry-After" in said["responses"][429]["headers"]


def test_every_change_takes_an_idempotency_key_and_says_its_scope() -> None:
    for method, path, said in operations():
        if method == "get" or said["operationId"] in ("get_token", "search_by_post", "patient_match"):
            continue
        assert "Idempotency-Key" in [one["name"] for one in said["parameters"]], path
        assert said["security"][0]["client_credentials"], path


@pytest.mark.django_db
def test_no_operation_answers_a_token_without_its_scope(client_for: Callable[..., Api]) -> None:
    """Each is called with a token that has every other scope, of a client that has a role."""
    for method, path, said in operations():
        (wanted,) = next(iter(said["security"]), {"client_credentials": []})["client_credentials"] or [""]
        if not wanted:
            continue
        others = tuple(scope for scope in ALL_SCOPES if scope != wanted)
        api = client_for("emergency_duty_team", scopes=others)
        response = api.call(method.upper(), _somewhere(path, said), {}, SupplierKey=api.supplier_key)
        assert response.status_code == 403, (path, response.content)
        assert f'scope="{wanted}"' in response.headers["WWW-Authenticate"], path


def _somewhere(path: str, said: dict[str, Any]) -> str:
    """Return an address of an operation at which there need be nothing."""
    for one in said.get("parameters", []):
        shape = one["schema"]
        text = str(UUID(int=0)) if shape.get("format") == "uuid" else "1" if shape.get("type") == "integer" else "x"
        path = path.replace(f"{{{one['name']}}}", text)
    return path


def test_every_answer_is_typed() -> None:
    for _, path, said in operations():
        good = [response for status, response in said["responses"].items() if str(status).startswith("2")]
        assert good, path
        for status, response in said["responses"].items():
            if status in (200, 201, 202):
                assert response["content"]["application/json"]["schema"], (path, status)


def test_no_two_shapes_have_one_name() -> None:
    """Of two with one name the description would keep the last, and describe the answers of both by it."""
    seen: dict[str, str] = {}
    for module in (getattr(v1, name) for name in dir(v1)):
        for shape in vars(module).values() if isinstance(module, ModuleType) else ():
            if isinstance(shape, type) and issubclass(shape, BaseModel) and shape.__module__.startswith(v1.__name__):
                assert seen.setdefault(shape.__name__, shape.__module__) == shape.__module__


def test_it_is_openapi_3_1() -> None:
    assert document()["openapi"] == "3.1.0"


@pytest.mark.django_db
def test_the_description_and_its_page_need_no_token_and_name_no_other_host() -> None:
    described, shown = Client().get("/api/v1/openapi.json"), Client().get("/api/v1/docs")

    assert described.status_code == shown.status_code == 200
    assert b"cdn" not in shown.content
