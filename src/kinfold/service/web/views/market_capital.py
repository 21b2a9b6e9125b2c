"""The capital programme: where places stand, projects, a file of them, and what stands in their way."""

from __future__ import annotations

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from kinfold.access.things import day_of
from kinfold.market.policy import JURISDICTION, Pack, pack
from kinfold.market.supply.programme_file import FIELDS
from kinfold.market.supply.sheet import read_filled, template
from kinfold.service.records.actions import capital as actions
from kinfold.service.records.reads import market_cases as reads
from kinfold.service.records.reads.market_cases import PROJECT
from kinfold.service.web.downloads import download
from kinfold.service.web.forms import Form
from kinfold.service.web.market_forms import form_of
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import market_barriers
from kinfold.service.web.presenters import market_capital as present
from kinfold.service.web.presenters.filled import refusal_table
from kinfold.service.web.presenters.services import crumbs, reaches
from kinfold.service.web.steps_capital import NEW, gathered, steps
from kinfold.service.web.table_files import MEDIA, file_answer
from kinfold.service.web.views.market_steps import FORM, open_form, pages_of_cases, show_case
from kinfold.terms.errors import FileRefused


def _policy(request: Asked) -> Pack:
    return pack(JURISDICTION, day_of(request.reader.now))


@page("capital")
def programme(request: Asked) -> HttpResponse:
    """Show the programme, its places as a picture first; every project as CSV or a workbook."""
    today, policy = day_of(request.reader.now), _policy(request)
    projects = present.seen(reads.cases(request.reader, PROJECT), policy, today)
    form = request.GET.get("as", "")
    if form in MEDIA:
        return file_answer(
            form, name="capital-programme", title="Projects", headings=present.HEADINGS, rows=present.rows_of(projects)
        )
    may = reaches(request.reader.actor, "capital_open", "capital_import")
    return render(request, "pages/market/capital.html", present.list_page(projects, policy, today) | may)


@page("capital_barriers")
def barriers(request: Asked) -> HttpResponse:
    """Show where projects fail and why; every area and stage as CSV or a workbook."""
    projects = [one.working for one in reads.cases(request.reader, PROJECT)]
    form = request.GET.get("as", "")
    if form in MEDIA:
        return file_answer(form, name="what-stands-in-the-way", title="Barriers", headings=market_barriers.HEADINGS,
                           rows=market_barriers.rows_of(projects))  # fmt: skip
    return render(request, "pages/market/capital_barriers.html", market_barriers.barriers_page(projects))


@page("capital_open")
def start(request: Asked) -> HttpResponseBase:
    """Record a project to which a grant was given."""
    form = form_of(NEW)(request.POST or None)

    def act() -> object:
        said = gathered(form.answers())
        reference, name = said.pop("project"), said.pop("name")
        return actions.open_project(request.reader, reference=reference, name=name, facts=said, reasons=form.reasons)

    done = open_form(request, form, act, PROJECT)
    if done is not None:
        return done
    context = {
        "form": form, "title": "Record a project", "button": "Record", "cancel": reverse("capital"),
        "words": "Days that are planned now are what slippage is counted from.",
        "crumbs": crumbs((present.TITLE, reverse("capital")), ("Record a project", "")),
    }  # fmt: skip
    return render(request, FORM, context)


class FileForm(Form):
    """A file of projects."""

    file = django_forms.FileField(
        label="The file", help_text="CSV or a workbook (.xlsx), with the headings of the template."
    )


@page("capital_import")
def take_in(request: Asked) -> HttpResponseBase:
    """Take in a file of projects: what does not fit is said by row and field, and then nothing is written."""
    form, refused = FileForm(request.POST or None, request.FILES or None), []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        try:
            file = read_filled(given.read(), name=given.name, fields=FIELDS, today=day_of(request.reader.now))
        except FileRefused as error:
            form.add_error("file", str(error))
        else:
            taken = actions.take_in(request.reader, file)
            if not taken.refusals:
                unread = f" Columns not read: {', '.join(file.unread)}." if file.unread else ""
                messages.success(
                    request,
                    f"{taken.opened} projects were added, {taken.added_to} changed, {taken.unchanged} were known already.{unread}",
                )
                return redirect("capital")
            refused = [refusal_table(taken.refusals)]
    context = {
        "form": form, "refused": refused, "title": "Take in a file of projects", "template": reverse("capital_template"), "back": reverse("capital"),
        "words": "A project is known by its reference: what is new of it is added, what was recorded stays. The same file again changes nothing.",
        "crumbs": crumbs((present.TITLE, reverse("capital")), ("Take in a file", "")),
    }  # fmt: skip
    return render(request, "pages/market/take_in.html", context)


@page("capital_template")
def workbook(request: Asked) -> HttpResponse:
    """Send the workbook to fill in."""
    return download(template("Projects", FIELDS), name="capital-programme.xlsx", media_type=MEDIA["xlsx"])


@page("capital_case")
def case(request: Asked, case: str) -> HttpResponse:
    """Show a project."""
    return show_case(request, PROJECT, str(case), steps, lambda found: present.sections(found, _policy(request)))


step, exhibit, disclosure = pages_of_cases(PROJECT, steps)
