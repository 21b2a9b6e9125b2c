"""The regulator's three lists: groups to look at first with the cases of oversight, unregistered settings, penalties."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import render

from kinfold.access.things import day_of
from kinfold.service.records.reads.market_cases import OVERSIGHT, PENALTY, UNREGISTERED, CasePage, cases
from kinfold.service.records.reads.market_triage import signals
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import market_files as files
from kinfold.service.web.presenters import market_oversight, market_penalties, market_unregistered
from kinfold.service.web.presenters.services import reaches
from kinfold.service.web.steps_penalty import grid
from kinfold.service.web.table_files import MEDIA, file_answer


def cases_file(form: str, found: Sequence[CasePage]) -> HttpResponse:
    """Return the cases of a list as CSV or a workbook."""
    return file_answer(form, name="cases", title="Cases", headings=files.CASES, rows=files.case_rows(found))


@page("oversight")
def oversight(request: Asked) -> HttpResponse:
    """Show the cases and the groups to look at first; each as CSV or a workbook."""
    found = signals()
    form = request.GET.get("as", "")
    if form in MEDIA and found is not None:
        note = " ".join((found[1].how_well, *found[1].cannot_see))
        return file_answer(form, name="groups", title="Groups", headings=market_oversight.HEADINGS,
                           rows=market_oversight.signal_rows(found[1]), note=note)  # fmt: skip
    every, form = cases(request.reader, OVERSIGHT), request.GET.get("cases", "")
    if form in MEDIA:
        return cases_file(form, every)
    held, listed = found if found is not None else (None, None)
    context = market_oversight.list_page(listed, held.day if held else None, every, day_of(request.reader.now))
    return render(request, "pages/market/oversight.html", context)


@page("unregistered")
def unregistered(request: Asked) -> HttpResponse:
    """Show the settings that are not registered, with figures of those opened and of those determined."""
    found, today = cases(request.reader, UNREGISTERED), day_of(request.reader.now)
    form = request.GET.get("as", "")
    if form in MEDIA:
        return file_answer(form, name="unregistered-settings", title="Unregistered settings",
                           headings=market_unregistered.HEADINGS, rows=market_unregistered.rows_of(found, today))  # fmt: skip
    context = market_unregistered.list_page(found, today) | reaches(request.reader.actor, "unregistered_open")
    return render(request, "pages/market/unregistered.html", context)


@page("penalties")
def penalties(request: Asked) -> HttpResponse:
    """Show the penalties with their figures."""
    found = cases(request.reader, PENALTY)
    form = request.GET.get("as", "")
    if form in MEDIA:
        return file_answer(form, name="penalties", title="Penalties", headings=market_penalties.HEADINGS,
                           rows=market_penalties.rows_of(found))  # fmt: skip
    context = market_penalties.list_page(found, grid()) | reaches(request.reader.actor, "penalty_open")
    return render(request, "pages/market/penalties.html", context)
