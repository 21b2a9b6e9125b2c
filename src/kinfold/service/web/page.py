"""
What every page goes through: sign-in, the rule for its route, a reader, and what happens when the answer is no.

A view is a plain function `(request, ...)`; `request.reader` is who reads. It returns a response, raises
InputError with a message for the person, or NotPermitted, which looks the same as "not found".
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from kinfold.access.matrix import may_reach, route_rule
from kinfold.access.words import Installation
from kinfold.service.records.reads.reader import Reader
from kinfold.service.web.sign_in.second_factor import needs_second_factor
from kinfold.service.web.why import asks_why, reason_for
from kinfold.terms.errors import EditConflict, InputError, NotPermitted

View = Callable[..., HttpResponseBase]


class Asked(HttpRequest):
    """A request whose reader is known: what views take."""

    reader: Reader


def page(route: str) -> Callable[[View], View]:
    """
    Return the decorator that guards a view under the name of its route.

    `route` is the name in the URL table; its entry in access/routes.toml says who may reach it.
    """
    rule_name = f"web:{route}"

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, *arguments: Any, **named: Any) -> HttpResponseBase:
            rule = route_rule(rule_name)
            if Installation(settings.INSTALLATION) not in rule.installations:
                return render(request, "404.html", status=404)  # a page of another sort of installation is not here
            if not request.user.is_authenticated and not rule.without_sign_in:
                return redirect_to_login(
                    request.get_full_path(), "/demonstration/" if settings.DEMO else settings.LOGIN_URL
                )
            if request.user.is_authenticated:
                request.reader = Reader(request.user)
                request.reader.reason = reason_for(request, named.get("uid"), now=request.reader.now)
                if (way := needs_second_factor(request)) is not None:
                    return way
            if not rule.without_sign_in:
                decision = may_reach(request.reader.actor, rule)
                if not decision:
                    return _refused(request, decision.because)
            if rule_name == "web:child" and (way := asks_why(request, named)) is not None:
                return way
            try:
                return view(request, *arguments, **named)
            except NotPermitted:
                way = asks_why(request, named) if request.user.is_authenticated else None
                return way or render(request, "404.html", status=404)
            except EditConflict as error:
                return _cannot(request, str(error), status=409)
            except InputError as error:
                return _cannot(request, str(error), status=400)

        guarded.route = rule_name  # type: ignore[attr-defined]
        return guarded

    return guard


def _refused(request: HttpRequest, because: str) -> HttpResponse:
    return render(request, "403.html", {"because": because}, status=403)


def _cannot(request: HttpRequest, message: str, *, status: int) -> HttpResponse:
    return render(request, "pages/cannot.html", {"message": message}, status=status)
