"""Files that people take away: always a download, which no browser shows, runs, guesses about or keeps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

PDF, JSON = "application/pdf", "application/json"
NOTHING_RUNS = "default-src 'none'; sandbox"
Answer = TypeVar("Answer", bound=HttpResponseBase)


def download(content: bytes, *, name: str, media_type: str) -> HttpResponse:
    """Return a file as a download. `name` may hold whatever its sender called it."""
    return _kept_apart(HttpResponse(content, content_type=media_type), name)


def handed_over(kept: Any, pieces: Iterable[bytes], name: str = "") -> StreamingHttpResponse:
    """Return a file that is kept sealed as a download, opened piece by piece."""
    response = StreamingHttpResponse(pieces, content_type=kept.media_type)
    response["Content-Length"] = str(kept.size)
    return _kept_apart(response, name or kept.name)


def _kept_apart(response: Answer, name: str) -> Answer:
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = NOTHING_RUNS
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "no-store"
    return response
