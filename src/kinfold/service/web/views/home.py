"""Home: what I am allocated; for a manager, the team."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from kinfold.service.records.reads import caseload
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import people as present


@page("home")
def home(request: Asked) -> HttpResponse:
    """Show the reader's own children first, then the team's for those who lead one."""
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
            "alerts": caseload.alerts(request.reader),
        },
    )
