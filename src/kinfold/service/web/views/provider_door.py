"""A provider's own door: its page, a notice served on it, representations, an improvement plan, its vacancies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from kinfold.market.cases.journal import day_said
from kinfold.service.records.actions import provider_door as actions
from kinfold.service.records.actions.market_notices import NOTICES
from kinfold.service.records.reads import provider_door as reading
from kinfold.service.records.reads.market_workforce import last_said
from kinfold.service.web.market_forms import Ask, CaseForm, form_of
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import provider_door as present
from kinfold.service.web.presenters.services import crumbs, reaches
from kinfold.service.web.table_files import MEDIA, file_answer
from kinfold.service.web.views.home_education import letter_answer
from kinfold.service.web.views.market_steps import FORM
from kinfold.terms.errors import InputError, NotPermitted

HOME = "Your homes and notices"
PLAN = (
    Ask("actions", "Actions", "lines", hint="One on a line: the issue, what is done, by whom, by when."),
    Ask("manager", "Senior manager who answers for it", hint="Name and role."),
)  # fmt: skip


@page("provider")
def home(request: Asked) -> HttpResponse:
    """Show a provider what waits for it, its notices, plans and homes; the homes as CSV or a workbook."""
    found = reading.door(request.reader)
    form = request.GET.get("as", "")
    if form in MEDIA:
        return file_answer(form, name="homes", title="Homes", headings=present.HEADINGS, rows=present.home_rows(found))
    said = last_said(request.reader.account.held_by_id or 0, [one["urn"] for one in found.homes])
    context = present.door_page(found) | {"workforce": present.workforce_words(found, said)}
    return render(request, "pages/provider/home.html", context | reaches(request.reader.actor, "provider_workforce"))


@page("provider_notice")
def notice(request: Asked, case: str, which: str) -> HttpResponse:
    """Show a notice as it was served on the reader's own provider; as PDF where that is asked for."""
    found = reading.one_served(request.reader, str(case))
    lines = [line for line in found.notices if line.said["serves"] == NOTICES.get(which)]
    if not lines:
        raise NotPermitted(reading.NOTHING)
    title = present.title_of(lines[-1])
    context = {
        "title": title, "paragraphs": lines[-1].said["notice"], "sender": found.row.held_by.name,
        "today": day_said(lines[-1], "served_on"), "signed": "", "back": reverse("provider"),
        "crumbs": crumbs((HOME, reverse("provider")), (title, "")),
    }  # fmt: skip
    return letter_answer(request, context, name=f"{which}-{found.row.reference}")


@page("provider_representations")
def representations(request: Asked, case: str) -> HttpResponseBase:
    """Take representations on a notice of intention, up to the end of the last day."""
    found = reading.one_served(request.reader, str(case))
    asks = (
        Ask(
            "representations",
            "Your representations",
            "long",
            hint="They are kept as you write them, and considered before a decision.",
        ),
    )
    return _form(request, asks, "Make representations", f"On the notice in {found.row.reference}.",
                 lambda form: actions.represent(request.reader, str(case), text=form.answers()["representations"]),
                 done="Your representations were received.")  # fmt: skip


@page("provider_plan")
def plan(request: Asked, case: str) -> HttpResponseBase:
    """Take the improvement plan that a notice asked for."""
    found = reading.one_served(request.reader, str(case))
    return _form(request, PLAN, "Send your improvement plan", f"For the notice in {found.row.reference}. It is read before it is approved.",
                 lambda form: actions.send_plan(request.reader, str(case), said=form.answers()), done="Your plan was received.")  # fmt: skip


@page("provider_vacancies")
def vacancies(request: Asked) -> HttpResponseBase:
    """Take how many places of each home are free."""
    found = reading.door(request.reader)

    def act(form: CaseForm) -> Any:
        said = form.answers()
        note = str(said.pop("note", "") or "")
        return actions.keep_vacancies(request.reader, said, note=note)

    return _form(request, present.vacancy_asks(found), "Your free places", "Leave a home empty to leave it as it is.", act,
                 done="Your free places are kept.")  # fmt: skip


def _form(
    request: Asked, asks: tuple[Ask, ...], title: str, words: str, act: Callable[[CaseForm], Any], *, done: str
) -> HttpResponseBase:
    form = form_of(asks)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            act(form)
        except InputError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, done)
            return redirect("provider")
    context = {"form": form, "title": title, "words": words, "button": "Send", "upload": False, "cancel": reverse("provider"),
               "crumbs": crumbs((HOME, reverse("provider")), (title, ""))}  # fmt: skip
    return render(request, FORM, context)
