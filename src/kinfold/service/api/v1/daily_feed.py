"""
The Department's daily feed, at its own address and by its own contract.

Source: Department for Education, Children's Social Care API, OpenAPI document 1.0.1. Where the contract differs from
the rest of this API it wins: a payload that breaks it is 400, not 422, and the receipt is a bare string.
"""

from __future__ import annotations

import json
from typing import Annotated, Any
from uuid import UUID

from django.utils import timezone
from ninja import Header, Path, Router
from ninja.responses import Status
from pydantic import WithJsonSchema

from kinfold.files.daily_feed.layout import MOST_CHILDREN_IN_A_CALL, PARTS, Check, Fault, Part
from kinfold.files.daily_feed.reader import check_payload
from kinfold.service.api.v1.guard import needs
from kinfold.service.api.v1.problems import Problem
from kinfold.service.api.v1.shapes import Asked
from kinfold.service.records.actions.api_clients import supplier_key_fits
from kinfold.service.records.actions.sent_files import receive_feed
from kinfold.terms.errors import FileRefused, NotPermitted

router = Router(tags=["Daily feed"])
MOST_TOLD = 100  # faults that one answer lists
# Described as the contract has it; whatever else stands there is no council of the client's (403).
CODE = WithJsonSchema({"type": "integer", "minimum": 0, "maximum": 999})


def _shape(check: Check) -> dict[str, Any]:
    """Return the JSON type of a field, found by asking its check what it takes."""
    for value, shape in (
        (True, {"type": "boolean"}),
        (5, {"type": "integer"}),
        ([], {"type": "array", "items": {"type": "string"}}),
        ("2026-03-31", {"type": "string", "format": "date"}),
    ):
        if check(value) is None and (not isinstance(value, str) or check("2026-02-31") is not None):
            return dict(shape)
    return {"type": "string"}


def _schema(part: Part) -> dict[str, Any]:
    """Return the JSON Schema of a sort of object of the contract, nested parts included."""
    properties = {name: _shape(check) for name, check in part.checks.items()}
    properties |= {name: _schema(PARTS[inner]) for name, inner in part.objects.items()}
    properties |= {name: {"type": "array", "items": _schema(PARTS[inner])} for name, inner in part.lists.items()}
    required = {"required": [part.required]} if part.required else {}
    return {"title": part.label, "type": "object", "properties": properties, "additionalProperties": False, **required}


BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"type": "array", "maxItems": MOST_CHILDREN_IN_A_CALL, "items": _schema(PARTS["child"])}
            }
        },
    }
}


@router.post(
    "/children_social_care_data/{la_code}/children", operation_id="receive_children", response={200: UUID, 204: None},
    openapi_extra=BODY, summary="The Department's daily feed",
)  # fmt: skip
@needs("department.feed", media="application/json", headers=("SupplierKey",))
def receive_children(
    request: Asked,
    la_code: Annotated[str, Path(description="The council's three-digit code"), CODE],
    supplier_key: Annotated[str, Header(alias="SupplierKey", description="The key given with the client")] = "",
) -> Status[UUID | None]:
    """
    Take in at most a hundred children and answer with a receipt; 204 when there are none.

    Objects that break the contract are refused as a whole (400). Codes and dates that will not do are put in
    quarantine by themselves and the rest is loaded; what a purge flag names is withdrawn.
    """
    caller = request.auth
    if not supplier_key.isascii() or not supplier_key_fits(caller.client_id, supplier_key):
        raise Problem(401, "Send the SupplierKey that was given with the client.", code="supplier-key")
    if la_code.zfill(3) != caller.own_code:
        raise Problem(403, "This client does not send data for that council.")
    children = _children(request.body)
    if not children:
        return Status(204, None)
    now = timezone.now()
    try:
        receipt = receive_feed(caller, request.body, now=now, today=timezone.localdate(now))
    except NotPermitted as error:
        raise Problem(403, str(error)) from None
    except FileRefused as error:
        raise Problem(400, str(error)) from None
    return Status(200, receipt)


def _children(body: bytes) -> list[Any]:
    """Return the children of a call. Raises Problem 400 when the contract is broken, 413 when there are too many."""
    try:
        children = json.loads(body.decode("utf-8-sig"), parse_constant=_not_json)
    except (ValueError, RecursionError):
        raise Problem(400, "The body is not sound JSON in UTF-8.") from None
    if not isinstance(children, list):
        raise Problem(400, "The body must be an array of children.")
    if len(children) > MOST_CHILDREN_IN_A_CALL:
        raise Problem(413, f"Send at most {MOST_CHILDREN_IN_A_CALL} children in one call.")
    faults = check_payload(children)
    if faults:
        raise Problem(400, "The payload breaks the contract. Nothing of it was loaded.", errors=_listed(faults))
    return children


def _not_json(name: str) -> Any:
    raise ValueError(name)


def _listed(faults: list[Fault]) -> list[dict[str, str]]:
    return [
        {"where": fault.field[:200], "code": fault.code, "message": fault.message, "fix": fault.fix}
        for fault in faults[:MOST_TOLD]
    ]
