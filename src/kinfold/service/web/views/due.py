"""What is due: my wall, my team's, one child's clocks, and the catalogue of duties they come from."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render

from kinfold.service.records.reads import clocks, person
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import child as present_child
from kinfold.service.web.presenters import due as present
from kinfold.service.web.views.child import asked_day

WALLS = {"mine": ("open_allocation", "appointment"), "team": ("team",)}


@page("wall")
def wall(request: Asked, which: str = "mine") -> HttpResponse:
    """Show what waits for the reader, or for the team they lead, the most pressing first."""
    today = request.reader.now.date()
    found = clocks.wall(request.reader, on=today, sorts=WALLS[which])
    return render(request, "pages/wall.html", present.wall_page(found, today=today, which=which))


@page("child_clocks")
def child_clocks(request: Asked, uid: str) -> HttpResponse:
    """Show what is due, met and late for one child, as known now or at the end of a day."""
    day = asked_day(request)
    on = day or request.reader.now.date()
    document = person.whole(request.reader, str(uid), as_known_on=day, action="clocks page")
    found = clocks.child_clocks(request.reader, str(uid), on=on, as_known_on=day)
    return render(
        request, "pages/child_clocks.html", {**present_child.heading(document), **present.child_page(found, on=on)}
    )


@page("duties")
def duties(request: Asked) -> HttpResponse:
    """Show the catalogue of statutory duties with its filters; as CSV or JSON for whoever wants to use it."""
    rows = present.chosen(clocks.catalogue(), request.GET)
    if request.GET.get("as") == "csv":
        return _csv(rows)
    if request.GET.get("as") == "json":
        return HttpResponse(
            json.dumps(rows, ensure_ascii=False, indent=1, default=str), content_type="application/json"
        )
    return render(request, "pages/duties.html", present.catalogue_page(clocks.catalogue(), rows, request.GET))


@page("duty")
def duty(request: Asked, duty_id: str) -> HttpResponse:
    """Show one duty: what the law asks, by when, of whom, and how sure we are."""
    return render(request, "pages/duty.html", present.duty_page(clocks.catalogue(), duty_id))


def _csv(rows: list[dict[str, object]]) -> HttpResponse:
    out = io.StringIO()
    if rows:
        writer = csv.DictWriter(out, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="duties-{date.today().isoformat()}.csv"'  # noqa: DTZ011
    return response
