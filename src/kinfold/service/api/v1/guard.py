"""
What every call goes through: who calls, how often, the rule for its operation, and sending it again.

Operations are wrapped when the API's addresses are made, all of them: one without an entry under `api:<its id>` in
access/routes_api.toml answers nobody. A signed-in browser counts for nothing here; only a token does.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja.operation import Operation

from kinfold.access.matrix import RouteRule, may_reach, route_rule
from kinfold.service.api.v1.problems import Problem, answer, problem_of
from kinfold.service.records.actions.api_calls import claim_key, give_key_back, keep_answer, seconds_to_wait
from kinfold.service.records.reads.caller import Caller, caller_of
from kinfold.service.records.scope import set_reader
from kinfold.terms.errors import StructureBroken

log = logging.getLogger("kinfold.api")
Run = Callable[..., HttpResponse]
SAFE = frozenset({"GET"})
# A line of an end user or a reason: what a header may say of them.
ASSERTED = re.compile(r"[^\x00-\x1f\x7f]{1,120}")
KEY = re.compile(r"[\x21-\x7e]{1,100}")
# Calls a minute of one client; a setting may say otherwise.
CALLS_A_MINUTE = 600


def needs(
    scope: str, *, changes: bool = True, media: str = "", headers: tuple[str, ...] = ()
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """
    Say which scope an operation needs, and what it takes.

    `changes` False marks a POST that only reads (a search whose words must not stand in an address): it is not
    kept under an idempotency key. `media` is the content type of a body that the operation reads for itself,
    `headers` are those it cannot do without.
    """

    def mark(view: Callable[..., Any]) -> Callable[..., Any]:
        view.kinfold = {"scope": scope, "changes": changes, "media": media, "headers": headers}  # type: ignore[attr-defined]
        return view

    return mark


def marks_of(operation: Operation) -> dict[str, Any]:
    """Return what `needs` said of an operation."""
    return {"scope": "", "changes": True, "media": "", "headers": (), **getattr(operation.view_func, "kinfold", {})}


def media_of(operation: Operation) -> str:
    """Return the content type that an operation's body must have, or "" when it has none."""
    if said := marks_of(operation)["media"]:
        return str(said)
    sources = {model.__ninja_param_source__ for model in operation.models}
    if "file" in sources:
        return "multipart/form-data"
    if "form" in sources:
        return "application/x-www-form-urlencoded"
    return "application/json" if "body" in sources else ""


def guarded(operation: Operation) -> Run:
    """Return what runs an operation, behind the guard."""
    inner = cast(Run, operation.run)

    def run(request: HttpRequest, **named: Any) -> HttpResponse:
        try:
            rule = _rule(operation)
            caller = None if rule.without_sign_in else _admitted(request, operation, rule)
            _check_media(request, operation)
            changes = request.method not in SAFE and marks_of(operation)["changes"] and caller is not None
            _read_whole_body(request)
            if caller is not None:
                request.auth = caller  # type: ignore[attr-defined]
                set_reader(caller.account)
            if changes:
                return _once(request, operation, cast(Caller, caller), lambda: inner(request, **named))
            return inner(request, **named)
        except Exception as error:
            return answer(request, problem_of(error))

    return run


def _rule(operation: Operation) -> RouteRule:
    """Return the operation's entry in the access matrix. One without an entry does not exist for anybody."""
    try:
        return route_rule(f"api:{operation.operation_id}")
    except StructureBroken:
        log.error("an operation of the API has no entry in the access matrix")
        raise Problem(404, "It does not exist, or you may not see it.") from None


def _admitted(request: HttpRequest, operation: Operation, rule: RouteRule) -> Caller:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    on_behalf_of = _asserted(request, "X-On-Behalf-Of")
    reason = _asserted(request, "X-Reason")
    caller = None
    if scheme.lower() == "bearer" and 0 < len(token) <= 200:
        trace = getattr(request, "trace_id", "")
        caller = caller_of(token.strip(), on_behalf_of=on_behalf_of, reason=reason, trace=trace)
    if caller is None:
        raise Problem(401, "Send a token that is still good: Authorization: Bearer ...",
                      headers={"WWW-Authenticate": 'Bearer realm="kinfold"'})  # fmt: skip
    limit_calls(f"client:{caller.client_id}", most=getattr(settings, "API_CALLS_A_MINUTE", CALLS_A_MINUTE))
    scope = marks_of(operation)["scope"]
    if scope and scope not in caller.scopes:
        challenge = f'Bearer realm="kinfold", error="insufficient_scope", scope="{scope}"'
        raise Problem(403, f"The token has not the scope {scope}.", code="scope",
                      headers={"WWW-Authenticate": challenge})  # fmt: skip
    decision = may_reach(caller.actor, rule)
    if not decision:
        raise Problem(403, decision.because)
    return caller


def limit_calls(who: str, *, most: int) -> None:
    """Count a call and raise Problem 429, with how long to wait, when it is one too many."""
    wait = seconds_to_wait(who, most=most)
    if wait:
        raise Problem(429, f"At most {most} calls a minute.", headers={"Retry-After": str(wait)})


def _asserted(request: HttpRequest, header: str) -> str:
    text = " ".join(request.headers.get(header, "").split())
    if text and not ASSERTED.fullmatch(text):
        raise Problem(400, f"{header} must be one line of at most 120 characters.")
    return text


def _check_media(request: HttpRequest, operation: Operation) -> None:
    wanted, sent = media_of(operation), (request.content_type or "").lower()
    if sent == "application/fhir+json":
        sent = "application/json"  # the name that FHIR has for it
    if wanted and sent != wanted:
        raise Problem(415, f"Send it as {wanted}.", headers={"Accept": wanted})


def _read_whole_body(request: HttpRequest) -> None:
    """Read the body before any lock is taken: a slow sender must not hold up those who write."""
    if request.method in SAFE:
        return
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdigit() and int(length) > settings.MAX_UPLOAD_BYTES:
        raise Problem(413, "Send less in one call.")
    if request.content_type == "multipart/form-data":
        len(request.FILES)  # parses the whole body, large files onto disk
    else:
        len(request.body)


def _once(request: HttpRequest, operation: Operation, caller: Caller, run: Callable[[], HttpResponse]) -> HttpResponse:
    """Run a call that writes, in one transaction with its audit and, under a key, with what it was answered."""
    key = request.headers.get("Idempotency-Key", "")
    if key and not KEY.fullmatch(key):
        raise Problem(400, "Idempotency-Key must be at most 100 characters without spaces.")
    with transaction.atomic():
        if key and (kept := _answered_before(request, caller, key)) is not None:
            return kept
        response = run()
        good = response.status_code < 400
        if good:
            caller.called(str(operation.operation_id))
        if key and good:
            keep_answer(client=caller.client_id, key=key, status=response.status_code, answer=_kept(response))
        elif key:
            # what was refused changed nothing: put right, it may come again under the same key
            give_key_back(client=caller.client_id, key=key)
        if response.status_code >= 500:
            transaction.set_rollback(True)
    return response


def _kept(response: HttpResponse) -> dict[str, Any]:
    headers = {name: response.headers[name] for name in ("Content-Type", "Location") if name in response.headers}
    return {"body": response.content.decode(), "headers": headers}


def _answered_before(request: HttpRequest, caller: Caller, key: str) -> HttpResponse | None:
    before = claim_key(client=caller.client_id, key=key, request_hash=_hash_of(request))
    if not before.made:
        return None
    if not before.same:
        raise Problem(422, "This Idempotency-Key was used for another request. Use a new one.", code="key-reused")
    response = HttpResponse(before.answer.get("body", ""), status=before.status)
    for name, value in before.answer.get("headers", {}).items():
        response.headers[name] = value
    response.headers["Idempotent-Replayed"] = "true"
    return response


def _hash_of(request: HttpRequest) -> str:
    """Return a digest of what is asked. Of an upload its fields and files: boundaries differ from call to call."""
    said = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type != "multipart/form-data":
        said.update(request.body)
        return said.hexdigest()
    for name in sorted(request.POST):
        said.update(repr((name, request.POST.getlist(name))).encode())
    for name in sorted(request.FILES):
        for file in cast("list[UploadedFile[bytes]]", request.FILES.getlist(name)):
            said.update(repr((name, file.name, file.size)).encode())
            for chunk in file.chunks():
                said.update(chunk)
            file.seek(0)
    return said.hexdigest()
