"""Advance warnings as their recipients read them: each organisation its own part, and a receipt for the Department."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from kinfold.service.records.actions.market_warnings import received
from kinfold.service.records.reads import market_warnings as reads
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import market_warnings as present


@page("market_warnings")
def warnings(request: Asked) -> HttpResponse:
    """Show the warnings that went to the reader's organisation."""
    return render(request, "pages/market/warnings.html", present.list_page(reads.warnings(request.reader)))


@page("market_warning")
def warning(request: Asked, case: str, number: int) -> HttpResponse:
    """Show one warning. Opening it is the receipt."""
    found = reads.warning(request.reader, str(case), number)
    received(request.reader, found)
    return render(request, "pages/market/warning.html", present.warning_page(found))
