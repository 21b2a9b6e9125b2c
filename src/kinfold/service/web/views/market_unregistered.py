"""Unregistered settings: recording intelligence, the case, its steps, its evidence."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from kinfold.market.owners import owner_key
from kinfold.service.records.actions import market_cases as actions
from kinfold.service.records.reads.market_cases import UNREGISTERED
from kinfold.service.records.reads.market_operators import connected
from kinfold.service.web.market_forms import Ask, form_of
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import market_unregistered as present
from kinfold.service.web.presenters.services import crumbs
from kinfold.service.web.steps_unregistered import INTELLIGENCE, councils, steps
from kinfold.service.web.views.market_steps import FORM, open_form, pages_of_cases, show_case


@page("unregistered_open")
def start(request: Asked) -> HttpResponseBase:
    """Record intelligence, and open a case with it."""
    asks = (
        Ask("name", "What to call the setting", hint="Such as a street or a name it uses. Never a child’s name."),
        *INTELLIGENCE, Ask("operator", "Who is said to run it", required=False),
        Ask("area", "In which council’s area", "one", councils(), required=False),
    )  # fmt: skip
    form = form_of(asks)(request.POST or None)

    def act() -> object:
        said = form.answers()
        operator = str(said.get("operator") or "").strip()
        return actions.open_case(request.reader, sort=UNREGISTERED, about=owner_key(operator) if operator else "",
                                 name=said["name"], said=said, reasons="intelligence received")  # fmt: skip

    done = open_form(request, form, act, UNREGISTERED)
    if done is not None:
        return done
    context = {
        "form": form, "title": "Record intelligence about an unregistered setting", "button": "Open a case",
        "cancel": reverse("unregistered"), "crumbs": crumbs(("Unregistered settings", reverse("unregistered")), ("Record intelligence", "")),
    }  # fmt: skip
    return render(request, FORM, context)


@page("unregistered_case")
def case(request: Asked, case: str) -> HttpResponse:
    """Show a case about an unregistered setting."""
    return show_case(request, UNREGISTERED, str(case), steps, lambda found: present.sections(found, connected(found)))


step, exhibit, disclosure = pages_of_cases(UNREGISTERED, steps)
