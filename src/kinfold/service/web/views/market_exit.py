"""What would become of the children if a group closed: counts for everybody who may see them, a council's own children in its own installation."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from kinfold.access.things import day_of
from kinfold.access.words import Installation
from kinfold.market.exits.cost import Costs
from kinfold.market.groups import settings_of
from kinfold.market.policy import JURISDICTION, pack
from kinfold.service.records.reads import market_exits as reads
from kinfold.service.records.reads.market import shelf
from kinfold.service.web.numbers_asked import asked, values
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import market_exit as present
from kinfold.service.web.table_files import MEDIA, file_answer


@page("market_exit")
def exit_of(request: Asked, key: str) -> HttpResponse:
    """Show a group's exit with its uncertainty; as CSV or a workbook where that is asked for."""
    held = shelf(None)
    if held is None:
        return render(request, "pages/market/empty.html")
    today = day_of(request.reader.now)
    costs, policy = Costs.of(pack(JURISDICTION, today)), pack(JURISDICTION, held.day)
    numbers = asked(present.numbers(policy["occupancy"]), request.GET)
    said = values(numbers)
    found = reads.exit_of(held, key, reads.ExitAsked(said["occupancy"] / 100, said["furthest"] or None))
    form = request.GET.get("as", "")
    group = settings_of(held.settings, key)["owner_key"][0]
    if form in MEDIA:
        return file_answer(form, name="exit", title="Exit", headings=present.headings(found), rows=present.curve_rows(found, costs),
                           note=" ".join(found["cannot_see"]))  # fmt: skip
    homes = [{**one, "key": group} for one in reads.homes_of(group)]
    own = (
        reads.own_children(request.reader, homes)
        if Installation(settings.INSTALLATION) is Installation.COUNCIL
        else None
    )
    context = present.exit_page(found, numbers, costs, homes=homes, own=own, today=today) | {
        "query": request.GET.urlencode()
    }
    return render(request, "pages/market/exit.html", context)
