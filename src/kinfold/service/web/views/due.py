"""What is due: my wall, my team's, one child's clocks, and the catalogue of duties they come from."""

from __future__ import annotations

import json

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.gzip import gzip_page

from kinfold.service.records.reads import clock_council, clock_wall, clock_wall_then, clocks, person
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import child as present_child
from kinfold.service.web.presenters import due as present
from kinfold.service.web.presenters import duties as of_duties
from kinfold.service.web.presenters.services import reaches
from kinfold.service.web.table_files import CSV, file_answer
from kinfold.service.web.views.child import asked_day


@page("wall")
def wall(request: Asked, which: str = "mine") -> HttpResponse:
    """Show what waits for the reader, for the team they lead or for all they answer for, a part and a page at a time."""
    show, number, today = _part(request.GET.get("show", "")), _number(request.GET.get("page", "")), timezone.localdate()
    day = asked_day(request) or today
    read = clock_wall_then.wall_then if day < today else clock_wall.wall
    found = read(request.reader, on=min(day, today), which=which, show=show, page=number)
    context = present.wall_page(found, which=which, actor=request.reader.actor, passed=day < today)
    if which == "service":
        own = clock_council.council_clocks(request.reader, on=timezone.localdate())
        context |= present.council_part(own, may_record=_records_for_council(request))
    return render(request, "pages/due/wall.html", context)


def _records_for_council(request: Asked) -> bool:
    route = reaches(request.reader.actor, "council_record")["may_council_record"]
    return route and clock_council.may_record(request.reader)


def _part(asked: str) -> clock_wall.Show:
    return clock_wall.Show(asked) if asked in set(clock_wall.Show) else clock_wall.Show.NOW


def _number(asked: str) -> int:
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 6 else 1


@page("child_clocks")
def child_clocks(request: Asked, uid: str) -> HttpResponse:
    """Show what is due, met and late for one child, as known now or at the end of a day."""
    day = asked_day(request)
    on = day or request.reader.now.date()
    document = person.whole(request.reader, str(uid), as_known_on=day, action="clocks page")
    found = clocks.child_clocks(request.reader, str(uid), on=on, as_known_on=day)
    return render(
        request,
        "pages/child_clocks.html",
        {
            **present_child.heading(document),
            **present.child_page(
                found,
                uid=str(uid),
                on=on,
                page=_number(request.GET.get("page", "")),
                query=request.GET,
                actor=request.reader.actor,
            ),
        },
    )


@gzip_page  # all of the catalogue on one page, the same for everybody: a seventh of the bytes
@page("duties")
def duties(request: Asked) -> HttpResponse:
    """Show the catalogue of statutory duties with its filters; as CSV or JSON for whoever wants to use it."""
    rows = of_duties.chosen(clocks.catalogue(), request.GET)
    if request.GET.get("as") == "csv":
        return _csv(rows)
    if request.GET.get("as") == "json":
        return HttpResponse(
            json.dumps(rows, ensure_ascii=False, indent=1, default=str), content_type="application/json"
        )
    context = of_duties.catalogue_page(clocks.catalogue(), rows, request.GET, _running(request))
    return render(request, "pages/duties.html", context)


def _running(request: Asked) -> dict[str, int]:
    return clock_wall.running_by_duty(request.reader) if request.user.is_authenticated else {}


@page("duty")
def duty(request: Asked, duty_id: str) -> HttpResponse:
    """Show one duty: what the law asks, by when, of whom, and how sure we are."""
    return render(request, "pages/duty.html", present.duty_page(clocks.catalogue(), duty_id))


def _csv(rows: list[dict[str, object]]) -> HttpResponse:
    headings = list(rows[0]) if rows else []
    return file_answer(
        CSV, name=f"duties-{timezone.localdate():%Y-%m-%d}", title="Duties", headings=headings,
        rows=([row[name] for name in headings] for row in rows),
    )  # fmt: skip
