"""One fact: what it says, where it came from, and every version it ever had."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from kinfold.service.records.reads.fact import fact_with_history
from kinfold.service.records.reads.market import known_setting
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import fact as present
from kinfold.service.web.presenters.market import in_the_register


@page("fact")
def fact(request: Asked, word: str, uid: str) -> HttpResponse:
    """Show a fact with its history and provenance, field by field."""
    history = fact_with_history(request.reader, word, str(uid))
    context = present.page_of(history)
    if history.kind.name == "placement":
        context["setting"] = in_the_register(
            known_setting(present.shown_urn(history)), since=history.versions[0].version.valid_from
        )
    return render(request, "pages/fact.html", context)
