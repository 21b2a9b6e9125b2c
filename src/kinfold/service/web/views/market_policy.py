"""The policy packs: every threshold, period, amount and form of words with its dates, its source and how sure it is."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.gzip import gzip_page

from kinfold.market.policy import pack
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import market_policy as present
from kinfold.service.web.table_files import MEDIA, file_answer
from kinfold.terms.errors import InputError


@gzip_page  # the same for everybody: there is nothing to guess from its length
@page("market_policy")
def rules(request: Asked) -> HttpResponse:
    """Show the packs as they stand on a day; every value as CSV or a workbook."""
    said = request.GET.get("on", "").strip()
    try:
        day = date.fromisoformat(said) if said else timezone.localdate()
    except ValueError:
        raise InputError("The day must be a date such as 2026-04-29.") from None
    packs = [pack(name, day) for name in present.NAMES]
    form = request.GET.get("as", "")
    if form in MEDIA:
        return file_answer(
            form,
            name=f"rules-{day.isoformat()}",
            title="Rules",
            headings=present.HEADINGS,
            rows=present.rows_of(packs, day),
        )
    return render(request, "pages/market/policy.html", present.rules_page(packs, day))
