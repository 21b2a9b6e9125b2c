"""What wraps every request: the reader's scope for the database's second wall, and a log line without people in it."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from kinfold.access.sign_in_rules import session_is_over
from kinfold.service.records.scope import forget_reader, set_reader

log = logging.getLogger("kinfold.request")
Handler = Callable[[HttpRequest], HttpResponse]
# W3C Trace Context: version, trace, span, flags.
TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
# What a caller names a call goes into the log: nothing with room for words about a person is taken over.
TRACE_ID = re.compile(r"[0-9a-fA-F-]{1,64}")
# A session is written at most once in this time, and not at every request.
NOTED_EVERY = timedelta(minutes=1)


def _trace_of(request: HttpRequest) -> str:
    """Return the trace that a request belongs to: as it says itself, by W3C's header or ours, else a new one."""
    if told := TRACEPARENT.fullmatch(request.headers.get("traceparent", "")):
        return told[1]
    ours = request.headers.get("X-Trace-Id", "")
    return ours if TRACE_ID.fullmatch(ours) else uuid.uuid4().hex


def quiet_logging(get_response: Handler) -> Handler:
    """Log each request by its route's name, never by its address: an address can hold an identifier."""

    def handle(request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        request.trace_id = _trace_of(request)  # type: ignore[attr-defined]
        response = get_response(request)
        match = request.resolver_match
        log.info(
            "request",
            extra={
                "route": (match.view_name or match.route) if match else "none",
                "method": request.method,
                "status": response.status_code,
                "milliseconds": round((time.perf_counter() - started) * 1000, 1),
                "trace": request.trace_id,  # type: ignore[attr-defined]
            },
        )
        response.headers["X-Trace-Id"] = request.trace_id  # type: ignore[attr-defined]
        if "Cache-Control" not in response.headers and not request.path.startswith("/static/"):
            response.headers["Cache-Control"] = "no-store"
        return response

    return handle


def session_limits(get_response: Handler) -> Handler:
    """End a session that lasted a working day, or in which nothing was asked for the time of the policy."""

    def handle(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            _note(request, datetime.now(UTC))
        return get_response(request)

    return handle


def _note(request: HttpRequest, now: datetime) -> None:
    """Note in the session when it began and when it was last used, or end it."""
    began, last = (request.session.get(name) for name in ("began", "last_request"))
    if not began or not last:
        request.session.update({"began": now.timestamp(), "last_request": now.timestamp()})
        return
    last_request = datetime.fromtimestamp(last, UTC)
    if session_is_over(began=datetime.fromtimestamp(began, UTC), last_request=last_request, now=now):
        logout(request)
        messages.info(request, "You were signed out because nothing was done for a while. Your drafts are kept.")
    elif now - last_request > NOTED_EVERY:
        request.session["last_request"] = now.timestamp()


def reader_scope(get_response: Handler) -> Handler:
    """Tell the database who is reading, so that row-level security can be the second wall (PostgreSQL)."""

    def handle(request: HttpRequest) -> HttpResponse:
        set_reader(request.user)
        try:
            return get_response(request)
        finally:
            forget_reader()

    return handle
