"""Opening a record at once, and reviewing that it was."""

from __future__ import annotations

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render

from kinfold.access.grants import REASONS
from kinfold.access.words import Verb
from kinfold.service.records.actions import access
from kinfold.service.records.reads.person import find_person
from kinfold.service.records.reads.reviews import grant_to_review
from kinfold.service.web.forms import Form, LongText, Radios
from kinfold.service.web.page import Asked, page


class BreakGlassForm(Form):
    """Why this record must be opened now."""

    reason = django_forms.ChoiceField(
        label="Why do you need this record now?", choices=list(REASONS.items()), widget=Radios()
    )
    words = django_forms.CharField(
        label="In your own words",
        help_text="Your manager and information governance are told at once, and somebody reviews this.",
        widget=LongText(),
        max_length=2000,
    )


class ReviewForm(Form):
    """What the review found."""

    outcome = django_forms.CharField(label="What did you find?", widget=LongText(), max_length=4000)


@page("break_glass")
def break_glass(request: Asked, uid: str) -> HttpResponseBase:
    """Ask for the reason and open one record for the hours of the policy."""
    person = find_person(str(uid))
    thing = request.reader.thing(person)
    request.reader.insist(Verb.SEARCH, thing, action="break glass")
    form = BreakGlassForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        access.break_glass(request.reader, person, **form.cleaned_data)
        messages.success(request, "The record is open to you for four hours. Those who must know have been told.")
        return redirect("child", uid=uid)
    return render(request, "pages/break_glass.html", {"form": form})


@page("break_glass_review")
def review(request: Asked, number: int) -> HttpResponseBase:
    """Show one break-glass to a reviewer and record what they find."""
    grant = grant_to_review(request.reader, number)
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        access.review_break_glass(grant=grant, by=request.reader.account, outcome=form.cleaned_data["outcome"])
        messages.success(request, "The review is recorded.")
        return redirect("home")
    return render(request, "pages/break_glass_review.html", {"form": form, "grant": grant, "reasons": REASONS})
