"""The child's page: the story, who is who, plans, papers, numbers, who has looked."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render

from kinfold.service.records.reads import person
from kinfold.service.records.reads.looks import looks_at
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import child as present
from kinfold.service.web.presenters import people
from kinfold.terms.errors import InputError


def asked_day(request: Asked) -> date | None:
    """Return the day asked about ("as known on"), or None for now. Raises InputError for what is not a day."""
    text = (request.GET.get("as_known_on") or "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError("“As known on” must be a day such as 2026-03-04.") from None


@page("child")
def child(request: Asked, uid: str) -> HttpResponse:
    """Show one child's story."""
    day = asked_day(request)
    document = person.whole(request.reader, str(uid), as_known_on=day)
    today = day or request.reader.now.date()
    number = _page_asked(request)
    if "table" in request.GET:
        return render(request, "pages/child_table.html", present.table_page_of(document, today=today, number=number))
    return render(request, "pages/child.html", present.page_of(document, today=today, number=number))


def _page_asked(request: Asked) -> int:
    """Return which page of a long story is asked for: the first for anything that is no number."""
    text = request.GET.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1


@page("child_looks")
def looks(request: Asked, uid: str) -> HttpResponse:
    """Show who has looked at the child's record, for those who may see it."""
    document = person.whole(request.reader, str(uid), action="who has looked")
    return render(
        request,
        "pages/looks.html",
        {**present.heading(document), "table": people.looks(looks_at(request.reader, str(uid)))},
    )
