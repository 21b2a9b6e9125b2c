"""What wraps every request: the reader's scope for the database's second wall, and a log line without people in it."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from kinfold.service.records.scope import forget_reader, set_reader

log = logging.getLogger("kinfold.request")
Handler = Callable[[HttpRequest], HttpResponse]


def quiet_logging(get_response: Handler) -> Handler:
    """Log each request by its route's name, never by its address: an address can hold an identifier."""

    def handle(request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        request.trace_id = request.headers.get("X-Trace-Id", "")[:64] or uuid.uuid4().hex  # type: ignore[attr-defined]
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


def reader_scope(get_response: Handler) -> Handler:
    """Tell the database who is reading, so that row-level security can be the second wall (PostgreSQL)."""

    def handle(request: HttpRequest) -> HttpResponse:
        set_reader(request.user)
        try:
            return get_response(request)
        finally:
            forget_reader()

    return handle
