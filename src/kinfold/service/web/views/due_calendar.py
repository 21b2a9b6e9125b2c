"""A worker's calendar of what is due: its secret address, and the calendar itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from kinfold.service.records.actions import clock_feed as actions
from kinfold.service.records.reads import clock_feed as reads
from kinfold.service.web.page import Asked, page


@page("due_calendar")
def settings(request: Asked) -> HttpResponse:
    """Show whether the reader has a calendar address; make one, shown this once, or end it."""
    address = ""
    if request.method == "POST" and request.POST.get("end"):
        actions.end_feed(request.reader)
    elif request.method == "POST":
        token = actions.make_feed(request.reader)
        address = request.build_absolute_uri(reverse("calendar_feed", args=[token]))
    return render(request, "pages/due/calendar.html", {"address": address, "feed": reads.feed_of(request.reader)})


@page("calendar_feed")
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Hand the calendar over to whoever has its secret address: a calendar program that cannot sign in."""
    text = reads.calendar_of(
        token, now=timezone.now(), address=lambda uid: request.build_absolute_uri(reverse("child_clocks", args=[uid]))
    )
    headers = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers=headers)
