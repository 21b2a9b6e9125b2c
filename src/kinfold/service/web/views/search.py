"""Search: people by name however it is spelled, by number, date of birth or postcode."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from kinfold.access.matrix import ROUTES, may_reach
from kinfold.service.records.reads.search import search as find
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import people as present


@page("search")
def search(request: Asked) -> HttpResponse:
    """Show the search box and, when something was asked, what was found."""
    # asked by POST as well, so that a name need not stand in an address
    text = (request.POST.get("q") or request.GET.get("q") or "").strip()
    adults = bool(request.POST.get("adults") or request.GET.get("adults"))
    may = may_reach(request.reader.actor, ROUTES["web:first_contact"])
    found = find(request.reader, text, adults=adults) if text else None
    return render(
        request,
        "pages/search.html",
        {"found": found, "text": text, "table": present.found(found), "first_contact": may,
         "asked_nothing": request.method == "POST" and not text},
    )  # fmt: skip
