"""Opening a record at once, and reviewing that it was."""

from __future__ import annotations

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render

from kinfold.access.grants import REASONS
from kinfold.access.law import policy_number
from kinfold.access.things import day_of
from kinfold.access.words import Verb
from kinfold.service.records.actions import access
from kinfold.service.records.reads.person import find_person
from kinfold.service.records.reads.reviews import grant_to_review
from kinfold.service.web.forms import Form, LongText, Radios
from kinfold.service.web.page import Asked, page
from kinfold.service.web.why import keep_reason, way_back
from kinfold.terms.errors import InputError

WHY = [(name, label) for name, label in access.WHY.items()]


class BreakGlassForm(Form):
    """Why this record must be opened now."""

    reason = django_forms.ChoiceField(
        label="Why do you need this record now?", choices=list(REASONS.items()), widget=Radios()
    )
    words = django_forms.CharField(
        label="What has happened, in your own words",
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


class WhyForm(Form):
    """Why somebody whose role must say so opens a record."""

    reason = django_forms.ChoiceField(label="Why do you need this record?", choices=WHY, widget=Radios())
    words = django_forms.CharField(
        label="What for, in your own words", help_text="This is kept with every look, for those who check them.",
        widget=LongText(), max_length=500,
    )  # fmt: skip


@page("say_why")
def say_why(request: Asked, uid: str) -> HttpResponseBase:
    """Ask why, once a child; then go on to the page that was wanted."""
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            said = access.say_why(request.reader, find_person(str(uid)), **form.cleaned_data)
        except InputError as error:
            form.add_error("words", str(error))
        else:
            keep_reason(request, str(uid), said, now=request.reader.now)
            return redirect(way_back(request, str(uid)))
    hours = policy_number("reason_lasts", day_of(request.reader.now))
    return render(request, "pages/say_why.html", {"form": form, "hours": hours})


@page("break_glass_review")
def review(request: Asked, number: int) -> HttpResponseBase:
    """Show one break-glass to a reviewer and record what they find."""
    grant = grant_to_review(request.reader, number)
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        access.review_break_glass(grant=grant, by=request.reader.account, outcome=form.cleaned_data["outcome"])
        messages.success(request, "The review is recorded.")
        return redirect("home")
    return render(
        request,
        "pages/break_glass_review.html",
        {"form": form, "grant": grant, "why": REASONS.get(grant.reason, grant.reason)},
    )
