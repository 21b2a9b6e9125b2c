"""Those who work in homes: the officers' pages, a census file, the published table, and a provider's own answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from kinfold.access.things import day_of
from kinfold.market.policy import JURISDICTION, Pack, pack
from kinfold.market.supply.sheet import Filled, FilledRow, read_filled, template
from kinfold.market.supply.workforce import FIELDS, Home
from kinfold.service.records.actions import market_workforce as actions
from kinfold.service.records.reads import market_workforce as reads
from kinfold.service.records.reads.provider_door import NOTHING, door
from kinfold.service.web.components import Table
from kinfold.service.web.downloads import download
from kinfold.service.web.forms import Form
from kinfold.service.web.market_forms import form_of
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import market_workforce as present
from kinfold.service.web.presenters.filled import refusal_table
from kinfold.service.web.presenters.services import crumbs, reaches
from kinfold.service.web.table_files import MEDIA, file_answer
from kinfold.service.web.views.market_steps import FORM
from kinfold.terms.errors import FileRefused, InputError, NotPermitted

TAKE_IN = "pages/market/take_in.html"


class CensusForm(Form):
    """A census file."""

    file = django_forms.FileField(
        label="The file", help_text="CSV or a workbook (.xlsx), with the headings of the template."
    )


def _policy(request: Asked) -> Pack:
    return pack(JURISDICTION, day_of(request.reader.now))


@page("workforce")
def everybody(request: Asked) -> HttpResponse:
    """Show those who work in homes by region, sector and group; every home as CSV or a workbook."""
    found, policy = reads.workforce(request.reader), _policy(request)
    if (form := request.GET.get("as", "")) in MEDIA:
        return _as_file(form, "workforce-of-homes", found.homes, policy)
    return render(
        request,
        "pages/market/workforce.html",
        present.list_page(found, policy) | reaches(request.reader.actor, "workforce_import"),
    )


def _as_file(form: str, name: str, homes: Sequence[Home], policy: Pack) -> HttpResponse:
    """Return homes with those who work in them as CSV or a workbook."""
    return file_answer(form, name=name, title="Homes", headings=present.HEADINGS, rows=present.rows_of(homes, policy))


@page("workforce_group")
def group(request: Asked, key: str) -> HttpResponse:
    """Show those who work in a group's homes, home by home; as CSV or a workbook where that is asked for."""
    found, policy = reads.workforce(request.reader), _policy(request)
    homes = [one for one in found.homes if one.group == key]
    if not homes:
        raise NotPermitted(NOTHING)
    if (form := request.GET.get("as", "")) in MEDIA:
        return _as_file(form, "workforce-of-a-group", homes, policy)
    return render(request, "pages/market/workforce_group.html", present.group_page(found, homes, policy))


@page("workforce_import")
def take_in(request: Asked) -> HttpResponseBase:
    """Take in a census file: what does not fit is said by row and field, and then nothing is kept."""
    form, refused = CensusForm(request.POST or None, request.FILES or None), list[Table]()
    if request.method == "POST" and form.is_valid():
        kept = _taken(request, form, refused, own=False)
        if kept is not None:
            messages.success(request, f"Something new was kept of {kept} homes.")
            return redirect("workforce")
    context = {
        "form": form, "refused": refused, "title": "Take in a census file", "template": reverse("workforce_template"), "back": reverse("workforce"),
        "words": "One row for each home and census day. Counts of people, and nobody’s name. The same file again changes nothing.",
        "crumbs": crumbs((present.TITLE, reverse("workforce")), ("Take in a file", "")),
    }  # fmt: skip
    return render(request, TAKE_IN, context)


def _taken(request: Asked, form: CensusForm, refused: list[Table], *, own: bool) -> int | None:
    """Take a file in and return of how many homes something new was kept; None where it is refused, with why in the form or the table."""
    given, today = form.cleaned_data["file"], day_of(request.reader.now)
    try:
        file = read_filled(given.read(), name=given.name, fields=FIELDS, today=today)
        whole, kept = (actions.send if own else actions.take_in)(request.reader, file, today=today)
    except (FileRefused, InputError) as error:
        form.add_error("file", str(error))
        return None
    if whole.refusals:
        refused.append(refusal_table(whole.refusals))
        return None
    return kept


def _workbook(rows: list[dict[str, str]]) -> HttpResponse:
    return download(template("Homes", FIELDS, rows), name="workforce-of-homes.xlsx", media_type=MEDIA["xlsx"])


@page("workforce_template")
def workbook(request: Asked) -> HttpResponse:
    """Send the census to fill in."""
    return _workbook([])


@page("market_workforce")
def published(request: Asked) -> HttpResponse:
    """Show the published table, small numbers hidden; as CSV or a workbook where that is asked for."""
    today = timezone.localdate()
    found, policy = reads.published(today), pack(JURISDICTION, today)
    form = request.GET.get("as", "")
    if form in MEDIA:
        note = f"c: hidden, because it is or would tell a count of 1 to {int(policy['suppression']) - 1}."
        return file_answer(
            form,
            name="workforce-published",
            title="Workforce",
            headings=present.PUBLISHED,
            rows=present.published_rows(found, policy),
            note=note,
        )
    return render(request, "pages/market/workforce_published.html", present.published_page(found, policy))


@page("provider_workforce")
def send(request: Asked) -> HttpResponseBase:
    """Take what a provider says of those who work in its own homes."""
    form, refused = CensusForm(request.POST or None, request.FILES or None), list[Table]()
    homes, held_by = _own(request), request.reader.account.held_by_id or 0
    if request.method == "POST" and form.is_valid():
        kept = _taken(request, form, refused, own=True)
        if kept is not None:
            messages.success(request, f"Received: something new of {kept} of your homes.")
            return redirect("provider")
    context = {
        "form": form, "refused": refused, "homes": present.own_homes(homes, reads.last_said(held_by, [one["urn"] for one in homes])),
        "title": "Those who work in your homes", "template": reverse("provider_workforce_template"), "back": reverse("provider"),
        "words": f"One row for each of your {len(homes)} homes. Counts of people, and nobody’s name. You may send a home again: the last word counts.",
        "crumbs": crumbs(("Your homes and notices", reverse("provider")), ("Those who work there", "")),
    }  # fmt: skip
    return render(request, TAKE_IN, context)


def _own(request: Asked) -> list[dict[str, Any]]:
    """Return the reader's own settings that have places; a provider's other registrations have no home to answer for."""
    return [one for one in door(request.reader).homes if one["places"] is not None]


@page("provider_workforce_home")
def answer(request: Asked, urn: str) -> HttpResponseBase:
    """Take what a provider says of those who work in one of its own homes."""
    if urn not in {one["urn"] for one in _own(request)}:
        raise NotPermitted(NOTHING)
    last = reads.last_said(request.reader.account.held_by_id or 0, [urn]).get(urn)
    today = day_of(request.reader.now)
    form = form_of(present.answer_asks(last.said if last else {}, today))(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = {"urn": urn} | {name: value for name, value in form.answers().items() if value not in (None, "")}
        whole, kept = actions.send(request.reader, Filled("your answer", [FilledRow(1, said)]), today=today)
        for one in whole.refusals:
            form.add_error(next((field.name for field in FIELDS[1:] if field.heading == one.field), None), one.message)
        if not whole.refusals:
            messages.success(request, f"{urn}: {'received' if kept else 'nothing new'}.")
            return redirect("provider_workforce")
    context = {
        "form": form, "title": f"Those who work in {urn}", "button": "Send", "cancel": reverse("provider_workforce"),
        "words": "Counts of people, and nobody’s name. The last word for a census day counts.",
        "crumbs": crumbs(("Your homes and notices", reverse("provider")), ("Those who work there", reverse("provider_workforce")), (urn, "")),
    }  # fmt: skip
    return render(request, FORM, context)


@page("provider_workforce_template")
def own_workbook(request: Asked) -> HttpResponse:
    """Send the census to fill in, with the numbers of the provider's own homes in it."""
    today = day_of(request.reader.now).isoformat()
    return _workbook([{"urn": one["urn"], "day": today} for one in _own(request)])
