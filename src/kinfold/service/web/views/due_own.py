"""My next dates: a young person's own page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from kinfold.service.records.reads.clock_own import own_page
from kinfold.service.web.page import Asked, page


@page("my_dates")
def my_dates(request: Asked) -> HttpResponse:
    """Show what comes next, the plans that were shared, and the way to who looked and to a copy."""
    today = timezone.localdate()
    found = own_page(request.reader, today=today)
    return render(request, "pages/due/my_dates.html", {"own": found, "today": today})
