"""Provider oversight: a group's signal and opening a case, the case, its steps, the notice, its evidence."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from kinfold.market.cases.journal import day_said
from kinfold.service.records.actions import market_cases as actions
from kinfold.service.records.actions.market_notices import NOTICES, served_text, text_of
from kinfold.service.records.reads import market_cases as reads
from kinfold.service.records.reads.market import one_group
from kinfold.service.records.reads.market_cases import OVERSIGHT
from kinfold.service.records.reads.market_triage import signal_of
from kinfold.service.web.market_forms import Ask, form_of
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import market_oversight as present
from kinfold.service.web.presenters.market import settings_table
from kinfold.service.web.presenters.market_cases import address, crumbs_of
from kinfold.service.web.presenters.services import crumbs
from kinfold.service.web.steps_oversight import steps
from kinfold.service.web.views.home_education import letter_answer
from kinfold.service.web.views.market_steps import open_form, pages_of_cases, show_case
from kinfold.terms.errors import InputError

START = (
    Ask("reasons", "Why you open a case about this group", "long",
        hint="A rank is a reason to look, never one to act. Kept with the signal as it stands today."),
)  # fmt: skip


@page("oversight_open")
def start(request: Asked, key: str) -> HttpResponseBase:
    """Show a group's signal with what it cannot see, and open a case about it."""
    found = signal_of(key)
    if found is None:
        return render(request, "pages/market/empty.html")
    held, listed, signal = found
    settings = one_group(held, key)
    name = settings["owner"].drop_nulls().sort()[0]
    form = form_of(START)(request.POST or None)
    done = open_form(
        request, form,
        lambda: actions.open_case(request.reader, sort=OVERSIGHT, about=settings["owner_key"][0], name=name, reasons=form.reasons,
                                  said={"group": settings["owner_key"][0], **present.signal_said(signal)}),
        OVERSIGHT,
    )  # fmt: skip
    if done is not None:
        return done
    below = settings.filter(settings["overall"].is_in(["Requires improvement to be good", "Adequate", "Inadequate"]))
    context = present.signal_page(name, listed, signal) | {
        "form": form, "group": settings["owner_key"][0],
        "table": settings_table("Its settings below good", below.to_dicts(), "None of its settings is judged below good."),
        "crumbs": crumbs(("Provider oversight", reverse("oversight")), (name, "")),
    }  # fmt: skip
    return render(request, "pages/market/oversight_open.html", context)


@page("oversight_case")
def case(request: Asked, case: str) -> HttpResponse:
    """Show a case of oversight."""
    return show_case(request, OVERSIGHT, str(case), steps, present.sections)


@page("oversight_notice")
def notice(request: Asked, case: str) -> HttpResponse:
    """Show the improvement plan notice as it was served, or as it would be today; as PDF where that is asked for."""
    found = reads.case(request.reader, OVERSIGHT, str(case))
    which = request.GET.get("which", "improvement-plan")
    to = NOTICES.get(which, "")
    served = served_text(found, to)
    if served is None and to != "notice served":
        raise InputError("There is no such notice in this case. Go back to it and choose one.")
    day = found.working.served_on if to == "notice served" else None
    title = present.TITLES_OF_NOTICES.get(to) or (
        "Improvement plan notice" if served else "Draft of an improvement plan notice"
    )
    context = {
        "title": title, "paragraphs": served or text_of(found, to, found.today), "holder": found.row.held_by.name,
        "today": day or next((day_said(line, "served_on") for line in reversed(found.journal) if line.said.get("serves") == to), found.today),
        "signed": "", "back": address(found.row), "crumbs": crumbs_of(found, "Notice"),
    }  # fmt: skip
    return letter_answer(request, context, name=f"{which}-notice-{found.row.reference}")


step, exhibit, disclosure = pages_of_cases(OVERSIGHT, steps)
