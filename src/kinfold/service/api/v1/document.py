"""The API's own description (OpenAPI 3.1), completed with what is the same for every operation."""

from __future__ import annotations

from functools import cache
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema, get_schema
from ninja.operation import Operation

from kinfold.access.matrix import ROUTES
from kinfold.service.api.v1.guard import marks_of, media_of
from kinfold.service.api.v1.problems import MEDIA_TYPE, TITLES, ProblemDetails
from kinfold.service.records.actions.api_clients import SCOPES

EVERYWHERE = (400, 401, 403, 404, 422, 429)
TRACE = {"X-Trace-Id": {"schema": {"type": "string"}, "description": "Names this call in the service's own log"}}
RETRY = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait"}}
ONE_LINE = {"type": "string", "minLength": 1, "maxLength": 120, "pattern": "^[!-~]([ -~]*[!-~])?$"}
ON_BEHALF_OF = {
    "in": "header", "name": "X-On-Behalf-Of", "required": False, "schema": ONE_LINE,
    "description": "Whom you act for. It opens nothing; it stands in the audit beside your client.",
}  # fmt: skip
REASON = {
    "in": "header", "name": "X-Reason", "required": False, "schema": ONE_LINE,
    "description": "Why you ask, where the role of your client must say so.",
}  # fmt: skip
KEY = {
    "in": "header", "name": "Idempotency-Key", "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!-~]+$"},
    "description": "A new value for each change. Sent again with the same body within a day, the call changes "
                   "nothing and is answered as it was; with another body it is refused (422).",
}  # fmt: skip


@cache
def described(api: NinjaAPI, path_prefix: str) -> OpenAPISchema:
    """Return the whole document: each operation with its security, its shared headers and every problem."""
    document = get_schema(api=api, path_prefix=path_prefix)
    operations = {
        operation.operation_id: operation
        for bound in api._get_bound_routers()
        for view in bound.path_operations.values()
        for operation in view.operations
    }
    for methods in document["paths"].values():
        for method, said in methods.items():
            _complete(said, operations[said["operationId"]], writes=method != "get")
    _add_components(document, path_prefix)
    return document


def _complete(said: dict[str, Any], operation: Operation, *, writes: bool) -> None:
    rule = ROUTES.get(f"api:{operation.operation_id}")
    public = rule is not None and rule.without_sign_in
    marks = marks_of(operation)
    if rule is not None:
        said.setdefault("summary", rule.label)
    said["security"] = [] if public else [{"client_credentials": [marks["scope"]] if marks["scope"] else []}]
    for one in said["parameters"]:
        one["required"] = one["required"] or one["name"] in marks["headers"]
    if not public:
        said["parameters"] += [ON_BEHALF_OF, REASON, *([KEY] if writes and marks["changes"] else [])]
    statuses = {*EVERYWHERE, *((413, 415) if media_of(operation) else ())}
    for status in sorted(statuses - set(said["responses"])):
        said["responses"][status] = _problem(status)
    for status, response in said["responses"].items():
        if status >= 400 and "application/json" in response.get("content", {}):
            response["content"] = {MEDIA_TYPE: response["content"]["application/json"]}
    said["responses"]["default"] = _problem(None)
    for status, response in said["responses"].items():
        response["headers"] = {**TRACE, **(RETRY if status == 429 else {}), **response.get("headers", {})}


def _problem(status: int | None) -> dict[str, Any]:
    words = TITLES[status][1] if status else "Any other problem"
    return {
        "description": words,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
    }


def _add_components(document: OpenAPISchema, path_prefix: str) -> None:
    schema = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
    parts = document["components"]
    parts["schemas"].update(schema.pop("$defs", {}))
    parts["schemas"]["ProblemDetails"] = schema
    parts["securitySchemes"] = {
        "client_credentials": {
            "type": "oauth2",
            "description": "A token for a client of an organisation. Signing in to the pages does not open the API.",
            "flows": {"clientCredentials": {"tokenUrl": f"{path_prefix}oauth/token", "scopes": SCOPES}},
        }
    }
