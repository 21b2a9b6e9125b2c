"""The council as a corporate parent: what it did and offers, and its own report, written, approved and published."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from kinfold.care.corporate_parenting import ACTION, PARTS_OF_REPORT, WAITING, Year, councils_principles, year_of
from kinfold.service.printing import can_print, pdf_of
from kinfold.service.records.actions import parenting_council as actions
from kinfold.service.records.reads import parenting
from kinfold.service.records.reads import parenting_council as reads
from kinfold.service.records.reads.services import today_of
from kinfold.service.web.downloads import PDF, download
from kinfold.service.web.forms import Form, LongText, Radios
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import parenting_council as present
from kinfold.service.web.presenters.services import crumbs
from kinfold.service.web.service_forms import step_form
from kinfold.service.web.views.incidents_wall import year_asked, years_to_choose
from kinfold.terms.errors import InputError

HINTS = {
    "what_was_done": "What changed for children in care and care leavers. Name nobody.",
    "what_they_said": "What they said, in their words where you can, and what was done about it. Name nobody.",
    "what_comes_next": "What will be done next year, and by whom.",
}


class ReportForm(Form):
    """The words of the council's report; a part may wait until it goes to the director."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        for name in PARTS_OF_REPORT:
            self.fields[name] = django_forms.CharField(
                label=present.ASKS[name],
                help_text=HINTS[name],
                required=False,
                max_length=20_000,
                widget=LongText(rows=8),
            )


class AnswerForm(Form):
    """The director's answer."""

    answer = django_forms.ChoiceField(
        label="What do you decide?",
        widget=Radios(),
        choices=[("approve", "Approve the report"), ("return", "Return it")],
    )
    reasons = django_forms.CharField(
        label="Why is it returned?", help_text="Only where you return it.", required=False, max_length=4000,
        widget=LongText(rows=4),
    )  # fmt: skip


def _years(request: Asked, year: Year) -> Any:
    return years_to_choose(year, year_of(today_of(request.reader)))


@page("parenting_council")
def council(request: Asked) -> HttpResponse:
    """Show the council's year by the principles, its offers, and how far its report has come."""
    year = year_asked(request)
    context = present.page(reads.our_year(request.reader, year), year, _years(request, year))
    return render(request, "pages/services/parenting_council.html", context)


def _forms(what: str) -> tuple[str, Any]:
    if what == "action":
        fields = ["duty", "what_was_done", "people_reached", "evidence"]
        return "Record what the council did", step_form(ACTION, fields, choices={"duty": councils_principles()},
                                                        labels={"duty": "By which principle?"})  # fmt: skip
    if what == "offer":
        names = ["service", "for_whom", "how_to_reach", "places"]
        return "Record an offer", step_form("service_offered", names, day="Offered since")
    if what == "publish":
        return "Record that the report is published", step_form(
            "published_report", ["address"], day="Day of publication"
        )
    raise InputError("There is nothing of that sort to record. Go back to the page of the council and choose.")


@page("parenting_council_record")
def record(request: Asked, what: str) -> HttpResponseBase:
    """Record what the council did by a principle, an offer, or that its approved report is published."""
    year, (title, form_class) = year_asked(request), _forms(what)
    number, parts = request.GET.get("duty", ""), councils_principles()
    start = {"duty": parts[int(number)]} if number.isascii() and number.isdigit() and int(number) < len(parts) else {}
    form = form_class(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            actions.record(request.reader, what, year=year, day=form.day, said=form.said())
        except InputError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Saved.")
            return redirect(f"{reverse('parenting_council')}?year={year.name}")
    return _form(request, form, title=title, year=year)


@page("parenting_council_report")
def report(request: Asked) -> HttpResponseBase:
    """Show the council's report with the figures of the record; once it is approved, as PDF as well."""
    year = year_asked(request)
    ours = reads.our_year(request.reader, year)
    context = present.report_page(ours, parenting.offers(request.reader, year), year, _years(request, year))
    if request.GET.get("as") == "pdf":
        if not context["pdf_href"]:
            raise InputError("The director approves the report before it is kept as PDF.")
        return _pdf(context, year)
    context["pdf_href"] = context["pdf_href"] if can_print() else ""
    return render(request, "pages/services/parenting_council_report.html", context)


def _pdf(context: dict[str, Any], year: Year) -> HttpResponse:
    content = pdf_of("documents/parenting_report.html", context)
    return download(content, name=f"corporate-parenting-report-{year.name}.pdf", media_type=PDF)


@page("parenting_council_write")
def write(request: Asked) -> HttpResponseBase:
    """Write the report: keep it for later, or send it to the director."""
    year = year_asked(request)
    ours = reads.our_year(request.reader, year)
    said = {name: ours.report.payload.get(name, "") for name in PARTS_OF_REPORT} if ours.report is not None else {}
    form = ReportForm(request.POST or None, initial=said)
    if request.method == "POST" and form.is_valid():
        send = "send" in request.POST
        try:
            actions.write_report(request.reader, year=year, said=form.cleaned_data, send=send)
        except InputError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "The report is with the director." if send else "The report is kept.")
            return redirect(f"{reverse('parenting_council_report')}?year={year.name}")
    return _form(request, form, title=f"Write the report of {year.name}", year=year, sends=True,
                 words=str(ours.report.payload.get("reasons") or "") if ours.report is not None else "")  # fmt: skip


@page("parenting_council_decide")
def decide(request: Asked) -> HttpResponseBase:
    """Approve the report, or return it with reasons."""
    year = year_asked(request)
    ours = reads.our_year(request.reader, year)
    if ours.step != WAITING:
        raise InputError("The report is not with the director now. Look at it again.")
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        approve = form.cleaned_data["answer"] == "approve"
        try:
            actions.answer(request.reader, year=year, approve=approve, reasons=form.cleaned_data["reasons"])
        except InputError as error:
            form.add_error("reasons", str(error))
        else:
            messages.success(request, "The report is approved." if approve else "The report is returned.")
            return redirect(f"{reverse('parenting_council_report')}?year={year.name}")
    said = present.report_page(ours, [], year, [])
    return _form(request, form, title=f"The report of {year.name}", year=year, parts=said["parts"], who=said["who"])


def _form(request: Asked, form: Form, *, title: str, year: Year, **more: Any) -> HttpResponse:
    crumb = (present.TITLE, f"{reverse('parenting_council')}?year={year.name}")
    context = {"form": form, "title": title, "button": "Save", "caption": present.TITLE,
               "crumbs": crumbs(("Corporate parenting", reverse("parenting")), crumb, (title, "")), **more}  # fmt: skip
    return render(request, "pages/services/parenting_council_form.html", context)
