"""The Department's look at the market: signals about groups to read, and figures of settings that are not registered."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from kinfold.market.unregistered_published import published_years
from kinfold.service.records.reads.market_triage import signals
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters.market_oversight import HEADINGS, signal_rows
from kinfold.service.web.presenters.market_signals import signals_page
from kinfold.service.web.table_files import MEDIA, file_answer


@page("market_signals")
def signals_list(request: Asked) -> HttpResponse:
    """Show the groups to look at first and the published figures; the groups as CSV or a workbook."""
    found = signals()
    form = request.GET.get("as", "")
    if form in MEDIA and found is not None:
        note = " ".join((found[1].how_well, *found[1].cannot_see))
        return file_answer(
            form, name="groups", title="Groups", headings=HEADINGS, rows=signal_rows(found[1]), note=note
        )
    held, listed = found if found is not None else (None, None)
    context = signals_page(listed, held.day if held else None, published_years())
    return render(request, "pages/market/signals.html", context)
