"""
Every answer that is not what was asked for: a problem document (RFC 9457), the same shape everywhere.

None says anything about a person. "It does not exist" and "you may not see it" are one answer, byte for byte but
for the trace; what was asked for stands in no problem and in no log.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import (
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja import Field, NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from ninja.responses import Response

from kinfold.terms.errors import FileRefused, InputError, NoRuleInForce, NotPermitted

log = logging.getLogger("kinfold.api")
MEDIA_TYPE = "application/problem+json"
# status: (code, title). The code is for machines and never changes; the title is for people.
TITLES: Mapping[int, tuple[str, str]] = {
    400: ("malformed", "The request could not be understood"),
    401: ("unauthorized", "Say who you are: get a token first"),
    403: ("forbidden", "You may not do this"),
    404: ("not-found", "There is nothing here that you can open"),
    405: ("method-not-allowed", "This address does not take that method"),
    409: ("conflict", "Somebody else changed this first"),
    410: ("ended", "This is over"),
    413: ("too-large", "That is more than can be taken in one call"),
    415: ("media-type", "That kind of content is not taken here"),
    422: ("refused", "Something in the request must be put right"),
    429: ("too-many-requests", "Too many requests: wait a little"),
    500: ("fault", "A fault of ours"),
    503: ("unavailable", "Not ready"),
}


class Mistake(Schema):
    """One thing to put right: where it stands in the request, a stable code, what is wrong."""

    where: str
    code: str
    message: str
    fix: str = ""


class ProblemDetails(Schema):
    """A problem document. `trace` names the call in the service's own log; quote it when you ask for help."""

    type: str = Field(description="A name for this sort of problem")
    title: str
    status: int
    code: str = Field(description="A stable word for machines")
    detail: str
    trace: str
    errors: list[Mistake] = Field(default_factory=list)


class Problem(Exception):
    """Raised by an operation that must answer with a problem. `more` is laid into the document as it stands."""

    def __init__(
        self, status: int, detail: str, *, code: str = "", errors: list[dict[str, str]] | None = None,
        headers: Mapping[str, str] | None = None, more: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(code or TITLES[status][0])
        self.status, self.detail, self.code = status, detail, code or TITLES[status][0]
        self.errors, self.headers, self.more = errors or [], dict(headers or {}), dict(more or {})


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """Return the response for a problem."""
    document = {
        "type": f"urn:kinfold:problem:{problem.code}",
        "title": TITLES[problem.status][1],
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail,
        "trace": getattr(request, "trace_id", ""),
        "errors": problem.errors,
        **problem.more,
    }
    response = Response(document, status=problem.status, content_type=MEDIA_TYPE)
    for name, value in problem.headers.items():
        response.headers[name] = value
    return response


def nothing_here() -> Problem:
    """Return the one answer for what is not there and for what may not be seen."""
    return Problem(404, "It does not exist, or you may not see it.")


def problem_of(error: Exception) -> Problem:
    """Return the problem that an exception is to the caller. Of what is our fault it says nothing but so."""
    match error:
        case Problem():
            return error
        case ValidationError():
            return Problem(422, "Put right what is listed under errors.", errors=[_mistake(e) for e in error.errors])
        case HttpError():
            status = error.status_code if error.status_code in TITLES else 400
            return Problem(status, "The body is not sound JSON." if status == 400 else TITLES[status][1])
        case NotPermitted():
            return nothing_here()
        case FileRefused():
            mistake = {"where": error.file, "code": error.code, "message": str(error), "fix": error.fix}
            return Problem(422, str(error), errors=[mistake])
        case InputError() | NoRuleInForce():
            return Problem(422, str(error))
        case RequestDataTooBig() | TooManyFilesSent() | TooManyFieldsSent():
            return Problem(413, "Send less in one call.")
        case SuspiciousOperation() | UnreadablePostError() | MultiPartParserError():
            return Problem(400, "The body could not be read.")
    # only the sort of error and where: its text could hold personal data
    log.error("API call failed", exc_info=(type(error), error, error.__traceback__))
    return Problem(500, "Nothing was half done. Try again later, and quote the trace if it goes on.")


# What is wrong, by the sort of fault of validation, and how to put it right; {…} are the limits that were passed.
_WORDS: Mapping[str, tuple[str, str]] = {
    "missing": ("It is missing", "Give it"),
    "uuid_parsing": ("It is not an identifier", "Give an identifier that Kinfold gave you, with its hyphens"),
    "uuid_type": ("It is not an identifier", "Give an identifier that Kinfold gave you, with its hyphens"),
    "enum": ("It is none of the words that may stand here", "Give one of {expected}"),
    "literal_error": ("It is none of the words that may stand here", "Give one of {expected}"),
    "string_too_short": ("It is too short", "Give {min_length} characters or more"),
    "string_too_long": ("It is too long", "Give {max_length} characters at most"),
    "string_pattern_mismatch": ("It is not written as it must be", "The API's description has its form: {pattern}"),
    "string_type": ("It is not text", "Give text, in quotation marks"),
    "int_type": ("It is not a whole number", "Give a whole number"),
    "int_parsing": ("It is not a whole number", "Give a whole number"),
    "bool_type": ("It is neither true nor false", "Give true or false"),
    "bool_parsing": ("It is neither true nor false", "Give true or false"),
    "greater_than_equal": ("It is too small", "Give {ge} or more"),
    "less_than_equal": ("It is too large", "Give {le} at most"),
    "too_short": ("There are too few", "Give {min_length} or more"),
    "too_long": ("There are too many", "Give {max_length} at most"),
    "list_type": ("It is not a list", "Give a list: [ … ]"),
    "dict_type": ("It is not an object", "Give an object: { … }"),
    "model_type": ("It is not an object", "Give an object: { … }"),
    "model_attributes_type": ("It is not an object", "Give an object: { … }"),
    "extra_forbidden": ("Nothing of that name is taken here", "Leave it out"),
    "date_from_datetime_parsing": ("It is not a day", "Write a day as 2015-03-09"),
    "date_parsing": ("It is not a day", "Write a day as 2015-03-09"),
    "date_type": ("It is not a day", "Write a day as 2015-03-09"),
}


def _mistake(error: dict[str, Any]) -> dict[str, str]:
    """Return one fault of validation in our words, and how to put it right, without the value that was sent."""
    kind, steps = str(error["type"]), list(error["loc"])
    if len(steps) > 1 and steps[0] in ("body", "form"):
        del steps[1]  # the name that our own function has for the body says nothing to the caller
    message, fix = _WORDS.get(kind, (str(error["msg"])[:300], ""))
    for name, limit in (error.get("ctx") or {}).items():
        fix = fix.replace(f"{{{name}}}", str(limit)[:300])
    return {"where": ".".join(str(step)[:60] for step in steps), "code": kind, "message": message, "fix": fix}


def install(api: NinjaAPI) -> None:
    """Make every exception of an operation a problem document."""

    def handle(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
        return answer(request, problem_of(error if isinstance(error, Exception) else error()))

    for sort in (Exception, HttpError, ValidationError):
        api.add_exception_handler(sort, handle)
