"""Homes and other settings."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from kinfold.access.things import day_of
from kinfold.service.records.reads import settings as read
from kinfold.service.records.reads.market import known_setting
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import staff as present
from kinfold.service.web.presenters.market import in_the_register


@page("organisations")
def organisations(request: Asked) -> HttpResponse:
    """Show the homes and other settings, those with most of our children first."""
    words = request.GET.get("q", "").strip()[:80]
    return render(
        request,
        "pages/organisations.html",
        present.settings_page(read.settings(request.reader, words=words), words=words),
    )


@page("organisation")
def organisation(request: Asked, uid: str) -> HttpResponse:
    """Show one home: who of our children lives there now, and who has."""
    found = read.setting(request.reader, str(uid))
    context = present.setting_page(found, today=day_of(request.reader.now))
    context["rows"] += in_the_register(known_setting(found.setting.urn))
    return render(request, "pages/organisation.html", context)
