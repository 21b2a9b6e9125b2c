"""One fact: what it says, where it came from, and every version it ever had."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from kinfold.service.records.reads.fact import fact_with_history
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import fact as present


@page("fact")
def fact(request: Asked, word: str, uid: str) -> HttpResponse:
    """Show a fact with its history and provenance, field by field."""
    return render(request, "pages/fact.html", present.page_of(fact_with_history(request.reader, word, str(uid))))
