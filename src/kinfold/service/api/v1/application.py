"""The API's application object: its resources, its guard, its description, and a problem for every other address."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, re_path
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.router import BoundRouter

from kinfold import __version__
from kinfold.service.api.v1 import (
    asks,
    children,
    custodians,
    daily_feed,
    document,
    facts,
    fhir,
    health,
    kinds,
    loads,
    people,
    problems,
    search,
    tokens,
    tonight,
)
from kinfold.service.api.v1.guard import guarded
from kinfold.service.api.v1.problems import Problem, answer, nothing_here, problem_of

DESCRIPTION = """\
The record of children's social care, for other systems: the same things as the pages show, under the same rule of
access. A client sees what the roles of its own account open, and every look and change is in the audit.

Get a token at `oauth/token`, send it as `Authorization: Bearer`. Every answer that is not what you asked for is a
problem document (RFC 9457). What does not exist and what you may not see are one answer.
"""


class SoundJson(Parser):
    """Reads a body as JSON proper: no NaN, no Infinity."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Return the body's value. Raises ValueError where it is not sound JSON in UTF-8."""
        found: dict[str, Any] = json.loads(request.body.decode("utf-8-sig"), parse_constant=_no_constant)
        return found


def _no_constant(name: str) -> Any:
    raise ValueError("JSON has no such number")


class Api(NinjaAPI):
    """Ninja's application, with every operation behind the guard and nothing answered in another shape."""

    def _get_bound_routers(self) -> list[BoundRouter]:
        fresh = self._bound_routers_cache is None
        bound = super()._get_bound_routers()
        if fresh:
            for router in bound:
                for view in router.path_operations.values():
                    for operation in view.operations:
                        operation.run = guarded(operation)  # type: ignore[method-assign]
        return bound

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        patterns = [pattern for pattern in super()._get_urls() if isinstance(pattern, URLPattern)]
        for pattern in patterns:
            pattern.callback = _in_one_shape(pattern.callback)
        return [*patterns, re_path(r"^.*$", _nothing, name="nothing")]

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """Return the description, completed with what every operation shares."""
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        return document.described(self, prefix)


def _in_one_shape(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Return a view whose wrong method, missing page or fault is a problem document too."""

    @wraps(view)
    def answered(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        try:
            response = view(request, *arguments, **named)
        except Exception as error:
            known = nothing_here() if type(error).__name__ == "Http404" else problem_of(error)
            return answer(request, known)
        if response.status_code == 405:
            allowed = {"Allow": response.headers.get("Allow", "")}
            return answer(request, Problem(405, f"Use {allowed['Allow']}.", headers=allowed))
        return response

    return answered


def _nothing(request: HttpRequest) -> HttpResponse:
    return answer(request, nothing_here())


_nothing.csrf_exempt = True  # type: ignore[attr-defined]

api = Api(
    title="Kinfold",
    version=__version__,
    description=DESCRIPTION,
    urls_namespace="api",
    docs_url="/docs",
    parser=SoundJson(),
)
problems.install(api)
for part in (
    tokens,
    health,
    search,
    children,
    facts,
    people,
    tonight,
    kinds,
    loads,
    daily_feed,
    asks,
    custodians,
    fhir,
):
    api.add_router("", part.router)
