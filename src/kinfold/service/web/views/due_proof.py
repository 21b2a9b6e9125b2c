"""The proof of one clock, the reason for lateness, and how duties were kept over a period."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from kinfold.service.records.actions import clock_reasons
from kinfold.service.records.reads import clock_proof, person
from kinfold.service.records.reads.clock_leaving import late_to_leave
from kinfold.service.web.forms import Form, LongText
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import child as present_child
from kinfold.service.web.presenters import due_proof as present
from kinfold.service.web.presenters.due import proof_address
from kinfold.service.web.table_files import MEDIA, file_answer
from kinfold.service.web.views.child import asked_day
from kinfold.terms.errors import InputError

PERIOD = timedelta(days=91)


class ReasonForm(Form):
    """Why something was late, or was decided all the same."""

    reason = django_forms.CharField(
        label="Why was it late?",
        help_text="In a sentence or two. It is kept with the record and shown beside the figures.",
        widget=LongText(rows=4),
        max_length=2000,
    )


@page("clock_proof")
def proof(request: Asked, uid: str) -> HttpResponse:
    """Print the facts known at a time, the rule and the arithmetic behind one clock of a child."""
    day = asked_day(request)
    on = day or timezone.localdate()
    document = person.whole(request.reader, str(uid), as_known_on=day, action="clock proof page")
    found = clock_proof.proved(request.reader, str(uid), request.GET.get("clock", ""), on=on, as_known_on=day)
    context = {**present_child.heading(document), **present.proof_page(found), "form": ReasonForm()}
    return render(request, "pages/due/proof.html", context)


@page("clock_reason")
def reason(request: Asked, uid: str) -> HttpResponseBase:
    """Record why a clock was late, and go back to its proof."""
    key = request.POST.get("clock", "") or request.GET.get("clock", "")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        clock_reasons.give_reason(
            request.reader, str(uid), key, reason=form.cleaned_data["reason"], today=timezone.localdate()
        )
        messages.success(request, "The reason is recorded.")
        return redirect(proof_address(str(uid), key))
    document = person.whole(request.reader, str(uid), as_known_on=None, action="clock reason page")
    found = clock_proof.proved(request.reader, str(uid), key, on=timezone.localdate())
    context = {**present_child.heading(document), **present.proof_page(found), "form": form}
    return render(request, "pages/due/proof.html", context)


@page("timeliness")
def timeliness(request: Asked) -> HttpResponse:
    """Show how each duty was kept over a period, for those the reader works with, and what was late; as a file too."""
    today = timezone.localdate()
    first = _day(request.GET.get("from", ""), today - PERIOD)
    last = _day(request.GET.get("to", ""), today - timedelta(days=1))
    form, what = request.GET.get("as", ""), request.GET.get("what", "")
    found = clock_proof.timeliness(
        request.reader, first=first, end=last + timedelta(days=1), which=request.GET.get("wall", "service"),
        duty=request.GET.get("duty", ""), child=request.GET.get("child", ""),
        most=None if form in MEDIA else clock_proof.MOST_LATE,
    )  # fmt: skip
    if form in MEDIA and what == "late":
        rows = present.late_to_keep(late_to_leave(request.reader, found.late))
        return file_answer(form, name="late", title="What was late", headings=present.LATE, rows=rows)
    if form in MEDIA:
        rows = present.figures_to_keep(found)
        return file_answer(
            form, name="how-duties-were-kept", title="How duties were kept", headings=present.FIGURES, rows=rows
        )
    return render(request, "pages/due/timeliness.html", present.timeliness_page(found))


def _day(asked: str, otherwise: date) -> date:
    if not asked.strip():
        return otherwise
    try:
        return date.fromisoformat(asked.strip())
    except ValueError:
        raise InputError(f"“{asked[:20]}” is not a date. Write it as 2027-02-09.") from None
