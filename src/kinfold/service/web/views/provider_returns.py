"""A provider's own door in the Department's installation: its returns, the workbook, receipts, and its plans."""

from __future__ import annotations

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from kinfold.market.cases.journal import day_said
from kinfold.market.financial.template import template
from kinfold.market.financial.workbook import Return
from kinfold.service.records.actions import provider_returns as actions
from kinfold.service.records.reads import provider_returns as reading
from kinfold.service.records.reads.provider_door import NOTHING
from kinfold.service.web.downloads import download
from kinfold.service.web.forms import Form
from kinfold.service.web.market_forms import form_of
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import provider_returns as present
from kinfold.service.web.presenters.market_finance import refusals
from kinfold.service.web.presenters.services import crumbs
from kinfold.service.web.table_files import MEDIA
from kinfold.service.web.views.home_education import letter_answer
from kinfold.service.web.views.market_steps import FORM
from kinfold.terms.errors import InputError, NotPermitted


class WorkbookForm(Form):
    """A workbook that was filled in."""

    file = django_forms.FileField(
        label="Your return",
        help_text="The workbook, filled in and saved as .xlsx.",
        error_messages={"required": "Choose the workbook that you filled in"},
    )


@page("provider_returns")
def home(request: Asked) -> HttpResponse:
    """Show a provider what is waited for, and what it sent."""
    found = reading.scheme(request.reader)
    return render(
        request, "pages/provider/returns.html", present.scheme_page(found, request.reader.account.organisation)
    )


@page("provider_returns_template")
def workbook(request: Asked) -> HttpResponse:
    """Send the workbook to fill in; `?from=` the number of a return that was sent has it filled in, to be corrected."""
    found = reading.in_scheme(request.reader)
    asked = request.GET.get("from", "")
    told = Return.of(found.one(int(asked)).said) if asked.isdecimal() and len(asked) < 9 else None
    return download(template(found.row.name, told), name="financial-return.xlsx", media_type=MEDIA["xlsx"])


@page("provider_returns_new")
def send(request: Asked) -> HttpResponseBase:
    """Take in a return: what does not fit is said by sheet and cell, and then nothing is kept."""
    found = reading.in_scheme(request.reader)
    form = WorkbookForm(request.POST or None, request.FILES or None)
    refused = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        try:
            taken = actions.send_return(request.reader, name=given.name, content=given.read())
        except InputError as error:
            form.add_error(None, str(error))
        else:
            if taken.line is not None:
                messages.success(request, "Your return was received. Keep the receipt.")
                return redirect("provider_returns_receipt", taken.line.number)
            refused.append(refusals(taken.told, "Put these right, and send it again"))
    context = {"form": form, "refused": refused, "name": found.row.name, "last": found.sent[0].number if found.sent else None,
               "crumbs": _crumbs("Send a return")}  # fmt: skip
    return render(request, "pages/provider/returns_new.html", context)


def _crumbs(title: str) -> list[object]:
    return list(crumbs((present.HOME, reverse("provider_returns")), (title, "")))


@page("provider_returns_receipt")
def receipt(request: Asked, number: int) -> HttpResponse:
    """Show the receipt for a return; as PDF where that is asked for."""
    found = reading.in_scheme(request.reader)
    line = found.one(number)
    context = {
        "title": "Receipt for a financial return", "paragraphs": present.receipt(found, line), "sender": found.row.held_by.name, "holder": request.reader.account.organisation,
        "today": day_said(line, "received_on"), "signed": "", "back": reverse("provider_returns"), "back_words": "Back to your returns", "crumbs": _crumbs("Receipt"),
    }  # fmt: skip
    return letter_answer(request, context, name=f"receipt-{found.row.reference}-{number}")


@page("provider_returns_file")
def file(request: Asked, number: int) -> HttpResponse:
    """Send the workbook of a return as its provider sent it."""
    kept = reading.own_file(request.reader, number)
    return download(kept.content, name=f"return-{number}-{kept.name}", media_type=kept.media_type)


@page("provider_returns_plan")
def plan(request: Asked, which: str) -> HttpResponseBase:
    """Take a contingency or a recovery plan."""
    if which not in actions.PLANS:
        raise NotPermitted(NOTHING)
    found = reading.in_scheme(request.reader)
    title = f"Send your {actions.PLANS[which]}"
    form = form_of(present.asks_of_plan(actions.PLANS[which], found.today))(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.send_plan(request.reader, which, said=form.answers(), file=form.file())
        except InputError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Your {actions.PLANS[which]} was received.")
            return redirect("provider_returns")
    context = {"form": form, "title": title, "words": "Each version is kept. The last one counts.", "button": "Send", "upload": True,
               "cancel": reverse("provider_returns"), "crumbs": _crumbs(title)}  # fmt: skip
    return render(request, FORM, context)
