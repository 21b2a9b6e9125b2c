"""The project's own documents: the list of them, each one, and the two that every page leads to."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from kinfold.service.web.components import Link
from kinfold.service.web.page import page
from kinfold.service.web.presenters import documents as present
from kinfold.terms.errors import NotPermitted

NOT_HELD = "explanation/what-kinfold-does-not-hold"
PRIVACY = "explanation/your-information"
TEMPLATE = "pages/document.html"


@page("documents")
def documents(request: HttpRequest) -> HttpResponse:
    """List the documents by what they are for."""
    groups = [
        (label, [Link(entry.title, _address(entry.name)) for entry in entries])
        for label, entries in present.documents()
    ]
    return render(request, TEMPLATE, {"title": "Documents", "groups": groups, "absent": not groups})


@page("document")
def document(request: HttpRequest, name: str) -> HttpResponse:
    """Show one document. One that there is not looks like any page that is not there."""
    return _shown(request, name)


@page("not_held")
def not_held(request: HttpRequest) -> HttpResponse:
    """Show what Kinfold does not hold."""
    return _shown(request, NOT_HELD, "What Kinfold does not hold")


@page("privacy")
def privacy(request: HttpRequest) -> HttpResponse:
    """Show what is kept about you, who looks, and what you can ask for."""
    return _shown(request, PRIVACY, "Your information")


def _shown(request: HttpRequest, name: str, title: str = "") -> HttpResponse:
    found = present.document(name)
    if found is None:
        if not title:
            raise NotPermitted("no such document")
        return render(request, TEMPLATE, {"title": title, "absent": True})
    entry, parts = found
    number = _part_asked(request, len(parts))
    known = {one.name for _, entries in present.documents() for one in entries}
    html = present.as_html(
        parts[number - 1], name=name, parts=parts, address_of=lambda other: _address(other) if other in known else ""
    )
    sections = [
        Link(part.title, f"?part={place}", current=place == number) for place, part in enumerate(parts, 1)
    ] if len(parts) > 1 else []  # fmt: skip
    crumbs = [Link("Documents", reverse("documents")), Link(entry.title)]
    return render(request, TEMPLATE, {"title": entry.title, "html": html, "sections": sections, "crumbs": crumbs})


def _part_asked(request: HttpRequest, most: int) -> int:
    """Return which part the address asks for; the first for one that there is not."""
    asked = request.GET.get("part", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 1
    return number if 1 <= number <= most else 1


def _address(name: str) -> str:
    return reverse("document", args=[name])
