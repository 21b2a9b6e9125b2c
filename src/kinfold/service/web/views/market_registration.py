"""Applications to register: the queue, recording one, its case, its steps, its evidence."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from kinfold.access.things import day_of
from kinfold.market.cases.registration import provisions
from kinfold.market.owners import owner_key
from kinfold.market.policy import JURISDICTION, Pack, pack
from kinfold.service.records.actions import market_cases as actions
from kinfold.service.records.reads import market_cases as reads
from kinfold.service.records.reads.market import area_figures, first_judgements
from kinfold.service.records.reads.market_cases import REGISTRATION
from kinfold.service.web.market_forms import Ask, form_of
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import market_queue_forecast as forecast
from kinfold.service.web.presenters import market_registration as present
from kinfold.service.web.presenters.services import crumbs, reaches
from kinfold.service.web.steps_registration import fact_asks, steps, without_empty
from kinfold.service.web.steps_unregistered import councils
from kinfold.service.web.table_files import MEDIA, file_answer
from kinfold.service.web.views.market_steps import FORM, open_form, pages_of_cases, show_case


def _policy(request: Asked) -> Pack:
    return pack(JURISDICTION, day_of(request.reader.now))


def _new(policy: Pack) -> tuple[Ask, ...]:
    return (
        Ask("name", "Home"), Ask("provider", "Who applies"), Ask("provision", "Provision", "one", list(provisions(policy).items())),
        Ask("council", "In which council’s area", "one", councils()), Ask("places", "Places", "number"), Ask("received_on", "Day it was received", "day"),
        *fact_asks({}),
    )  # fmt: skip


@page("registrations")
def queue(request: Asked) -> HttpResponse:
    """Show the queue, where applications stand as a picture first, and how long it may take; both as CSV or a workbook."""
    found, today = reads.cases(request.reader, REGISTRATION), day_of(request.reader.now)
    form = request.GET.get("as", "")
    if form in MEDIA:
        return file_answer(form, name="applications-to-register", title="Applications", headings=present.HEADINGS,
                           rows=present.rows_of(found, _policy(request), today))  # fmt: skip
    form = request.GET.get("forecast", "")
    ordered = present.in_order(found, _policy(request), today)
    asked = (ordered, _policy(request), today, present.holidays_of(today), request.GET)
    if form in MEDIA:
        return file_answer(
            form,
            name="queue-forecast",
            title="Forecast",
            headings=forecast.HEADINGS,
            rows=forecast.forecast_rows(*asked),
        )
    judged = first_judgements([one.working.urn for one in found if one.working.urn])
    context = (
        present.list_page(found, _policy(request), today, judged)
        | forecast.forecast_part(*asked)
        | reaches(request.reader.actor, "registration_open")
        | {"query": request.GET.urlencode()}
    )
    return render(request, "pages/market/registrations.html", context)


@page("registration_open")
def start(request: Asked) -> HttpResponseBase:
    """Record an application, and open its case."""
    form = form_of(_new(_policy(request)))(request.POST or None)

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


step, exhibit, disclosure = pages_of_cases(REGISTRATION, steps)
