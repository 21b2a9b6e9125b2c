"""Corporate parenting by public bodies: duties, offers and the yearly report."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from kinfold.care.corporate_parenting import ACTION, Year, parts_of_the_duty, year_of
from kinfold.service.records.actions import parenting as actions
from kinfold.service.records.reads import parenting as reads
from kinfold.service.records.reads.services import today_of
from kinfold.service.web.components import Link
from kinfold.service.web.forms import Form
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import parenting as present
from kinfold.service.web.presenters.services import crumbs, reaches
from kinfold.service.web.service_forms import step_form
from kinfold.service.web.table_files import MEDIA, file_answer
from kinfold.service.web.views.incidents_wall import year_asked, years_to_choose
from kinfold.terms.errors import InputError


def _years(request: Asked, year: Year) -> list[Link]:
    return years_to_choose(year, year_of(today_of(request.reader)))


def _law(request: Asked) -> dict[str, Any]:
    return {"law": reads.in_force(), "today": today_of(request.reader)}


@page("parenting")
def bodies(request: Asked) -> HttpResponseBase:
    """List the public bodies with their year; as CSV or a workbook."""
    year = year_asked(request)
    found = reads.bodies(request.reader, year)
    if request.GET.get("as") in MEDIA:
        return file_answer(request.GET["as"], name=f"corporate-parenting-{year.name}", title="Corporate parenting",
                           headings=present.HEADINGS, rows=present.rows_of(found))  # fmt: skip
    may = reads.may_write(request.reader)
    context = present.list_page(found, year, _years(request, year), may_write=may, **_law(request))
    context |= reaches(request.reader.actor, "parenting_council")
    return render(request, "pages/services/parenting.html", context)


@page("parenting_body_new")
def body_new(request: Asked) -> HttpResponseBase:
    """Add a public body."""
    form_class = step_form("partner_details", ["name", "partner_type", "contact_email"], with_day=False,
                           required=["name", "partner_type"],
                           choices={"partner_type": sorted(reads.PUBLIC_BODIES)})  # fmt: skip
    form = form_class(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            uid = actions.add_body(request.reader, said=form.said())
        except InputError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "The body is added.")
            return redirect("parenting_body", uid=uid)
    return _form(request, form, title="Add a public body", caption="")


@page("parenting_body")
def body(request: Asked, uid: str) -> HttpResponse:
    """Show one body: each part of the duty, what it offers, its report."""
    year = year_asked(request)
    _, found = reads.body(request.reader, str(uid), year)
    may = reads.may_write(request.reader)
    context = present.body_page(found, year, _years(request, year), may_write=may, **_law(request))
    return render(request, "pages/services/parenting_body.html", context)


def _action_form() -> Any:
    choices = {"duty": parts_of_the_duty()}
    return step_form(ACTION, ["duty", "what_was_done", "people_reached", "evidence"], choices=choices)


def _offer_form() -> Any:
    return step_form("service_offered", ["service", "for_whom", "how_to_reach", "places"], day="Offered since")


def _report_form() -> Any:
    return step_form("published_report", ["address"], day="Day of publication")


FORMS = {
    "action": ("Record what it did", _action_form),
    "offer": ("Record an offer", _offer_form),
    "report": ("Record the yearly report", _report_form),
}


@page("parenting_record")
def record(request: Asked, uid: str, what: str) -> HttpResponseBase:
    """Record what a body did, an offer, or its yearly report."""
    year = year_asked(request)
    row, found = reads.body(request.reader, str(uid), year)
    if what not in FORMS:
        raise InputError("There is nothing of that sort to record. Go back to the body and choose.")
    title, form_class = FORMS[what]
    form = form_class()(request.POST if request.method == "POST" else None, initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        try:
            _do(request, row, what, year, form)
        except InputError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Saved.")
            return redirect(f"{reverse('parenting_body', args=[uid])}?year={year.name}")
    return _form(request, form, title=title, caption=found.name)


def _initial(request: Asked) -> dict[str, Any]:
    number, parts = request.GET.get("duty", ""), parts_of_the_duty()
    return {"duty": parts[int(number)]} if number.isascii() and number.isdigit() and int(number) < len(parts) else {}


def _do(request: Asked, row: Any, what: str, year: Year, form: Any) -> None:
    if what == "action":
        actions.record_action(request.reader, row, day=form.day, said=form.said())
    elif what == "offer":
        actions.record_offer(request.reader, row, day=form.day, said=form.said())
    else:
        actions.record_report(request.reader, row, year=year, day=form.day, address=form.said().get("address", ""))


def _form(request: Asked, form: Form, *, title: str, caption: str) -> HttpResponse:
    context = {"form": form, "title": title, "button": "Save", "caption": caption,
               "crumbs": crumbs(("Corporate parenting", reverse("parenting")), (title, ""))}  # fmt: skip
    return render(request, "pages/services/step.html", context)


@page("parenting_report")
def report(request: Asked) -> HttpResponseBase:
    """Show the yearly report on corporate parenting, built from the record; as CSV."""
    year = year_asked(request)
    found = reads.bodies(request.reader, year)
    if request.GET.get("as") in MEDIA:
        return file_answer(request.GET["as"], name=f"corporate-parenting-report-{year.name}", title="Yearly report",
                           headings=present.HEADINGS, rows=present.rows_of(found))  # fmt: skip
    context = present.report_page(
        found, reads.offers(request.reader, year), year, _years(request, year), **_law(request)
    )
    return render(request, "pages/services/parenting_report.html", context)
