"""Home: what I am allocated; for a manager, the team; for everybody else, what their role is there to do."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from kinfold.service.records.reads import caseload
from kinfold.service.records.reads.clock_sight import duties_seen
from kinfold.service.records.reads.clock_wall import how_many
from kinfold.service.web.components import FigureItem
from kinfold.service.web.menu import links, menu_of, only_family
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import people as present
from kinfold.service.web.presenters.due import figures_at_home

EVERYBODYS = ("home", "search")


def _figures(request: Asked, which: str) -> list[FigureItem]:
    if not which or duties_seen(request.reader) == frozenset():
        return []
    counts, due_today = how_many(request.reader, on=timezone.localdate(), which=which)
    return figures_at_home(counts, due_today, which=which)


@page("home")
def home(request: Asked) -> HttpResponseBase:
    """
    Show the reader's own children first, then the team's for those who lead one.

    Somebody with neither finds what their role does; a young person or a parent is taken to their own page.
    """
    menu = menu_of(request.reader)
    if only_family(request.reader) and menu:
        return redirect(menu[0].route)
    mine = caseload.mine(request.reader)
    team = caseload.team(request.reader)
    return render(
        request,
        "pages/home.html",
        {
            "mine": mine,
            "team": team,
            "mine_table": present.cases("My children", mine),
            "team_table": present.cases("My team’s children", team),
            "waiting": present.waiting(caseload.alerts(request.reader)),
            "figures": _figures(request, "mine" if mine else "team" if team else ""),
            "work": links([entry for entry in menu if entry.route not in EVERYBODYS], request),
            "searches": any(entry.route == "search" for entry in menu),
        },
    )
