"""Applications to register: the queue, recording one, its case, its steps, its evidence."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from kinfold.access.things import day_of
from kinfold.market.cases.registration import PROVISIONS
from kinfold.market.owners import owner_key
from kinfold.market.policy import Pack, pack
from kinfold.service.records.actions import market_cases as actions
from kinfold.service.records.reads import market_cases as reads
from kinfold.service.records.reads.market import area_figures, first_judgements
from kinfold.service.records.reads.market_cases import JURISDICTION, REGISTRATION
from kinfold.service.web.market_forms import Ask, form_of
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import market_registration as present
from kinfold.service.web.presenters.services import crumbs, reaches
from kinfold.service.web.steps_registration import fact_asks, steps, without_empty
from kinfold.service.web.steps_unregistered import councils
from kinfold.service.web.table_files import MEDIA, file_answer
from kinfold.service.web.views.market_steps import FORM, open_form, show_case, show_disclosure, show_exhibit, show_step

NEW = (
    Ask("name", "Home"), Ask("provider", "Who applies"), Ask("provision", "Provision", "one", list(PROVISIONS.items())),
    Ask("council", "In which council’s area", "one", councils()), Ask("places", "Places", "number"), Ask("received_on", "Day it was received", "day"),
)  # fmt: skip


def _policy(request: Asked) -> Pack:
    return pack(JURISDICTION, day_of(request.reader.now))


@page("registrations")
def queue(request: Asked) -> HttpResponse:
    """Show the queue, where applications stand as a picture first; every application as CSV or a workbook."""
    found, today = reads.cases(request.reader, REGISTRATION), day_of(request.reader.now)
    form = request.GET.get("as", "")
    if form in MEDIA:
        return file_answer(form, name="applications-to-register", title="Applications", headings=present.HEADINGS,
                           rows=present.rows_of(found, _policy(request), today))  # fmt: skip
    judged = first_judgements([one.working.urn for one in found if one.working.urn])
    context = present.list_page(found, _policy(request), today, judged) | reaches(
        request.reader.actor, "registration_open"
    )
    return render(request, "pages/market/registrations.html", context)


@page("registration_open")
def start(request: Asked) -> HttpResponseBase:
    """Record an application, and open its case."""
    form = form_of((*NEW, *fact_asks({})))(request.POST or None)

    def act() -> object:
        said: dict[str, Any] = without_empty(form.answers())
        return actions.open_case(request.reader, sort=REGISTRATION, about=owner_key(str(said["provider"])), name=said["name"], said=said,
                                 reasons="application received")  # fmt: skip

    done = open_form(request, form, act, REGISTRATION)
    if done is not None:
        return done
    context = {
        "form": form, "title": "Record an application", "button": "Record", "cancel": reverse("registrations"),
        "words": "What the application does not say is left open, and asked for before it is complete.",
        "crumbs": crumbs((present.TITLE, reverse("registrations")), ("Record an application", "")),
    }  # fmt: skip
    return render(request, FORM, context)


@page("registration_case")
def case(request: Asked, case: str) -> HttpResponse:
    """Show an application with every rule of the fast track, its clocks and its checks."""
    return show_case(
        request, REGISTRATION, str(case), steps,
        lambda found: present.sections(found, _policy(request), area_figures(str(found.working.opened.said["council"]))),
    )  # fmt: skip


@page("registration_step")
def step(request: Asked, case: str, step: str) -> HttpResponseBase:
    """Do a step of an application."""
    return show_step(request, REGISTRATION, str(case), step, steps)


@page("registration_exhibit")
def exhibit(request: Asked, case: str, number: int) -> HttpResponse:
    """Send the file of an item of evidence."""
    return show_exhibit(request, REGISTRATION, str(case), number)


@page("registration_disclosure")
def disclosure(request: Asked, case: str) -> HttpResponse:
    """Send the list of what was kept as evidence of an application."""
    return show_disclosure(request, REGISTRATION, str(case))
