"""What if a duty that waits became law: dates to try, and what would be due."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from kinfold.service.records.reads.clock_what_if import what_if
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters.due_what_if import what_if_page
from kinfold.terms.errors import InputError


@page("what_if")
def try_dates(request: Asked) -> HttpResponse:
    """Show each commencement switch and, for the dates tried, what would be due. Nothing is changed by it."""
    days = {name: _day(request.GET[name]) for name in request.GET if request.GET[name].strip()}
    found = what_if(request.reader, days, on=timezone.localdate())
    return render(request, "pages/due/what_if.html", what_if_page(found))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise InputError(f"“{text[:20]}” is not a date. Write it as 2027-09-01.") from None
