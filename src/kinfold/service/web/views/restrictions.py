"""Restricting a record to a named list: the page of one, putting it on and taking it off, and the list of them all."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from kinfold.access.restrictions import REASONS, latest_review, usual_review
from kinfold.access.things import day_of
from kinfold.access.words import Verb
from kinfold.service.records.actions import restricting
from kinfold.service.records.reads import person
from kinfold.service.records.reads import restrictions as read
from kinfold.service.web.components import Link
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.forms import Checkboxes, DayField, Form, LongText, Radios
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import child as present_child
from kinfold.service.web.presenters import restrictions as present
from kinfold.terms.errors import InputError

LONGEST = 500


class RestrictionForm(Form):
    """Why a record is restricted, who may still open it, and when somebody looks at it again."""

    reason = django_forms.ChoiceField(
        label="Why is the record restricted?",
        choices=list(REASONS.items()),
        widget=Radios(),
        error_messages={"required": "Choose why the record is restricted"},
    )
    because = django_forms.CharField(
        label="What has happened, in your own words",
        help_text="Only those who may restrict this record read it.", max_length=LONGEST,
        widget=LongText(rows=4, longest=LONGEST),
    )  # fmt: skip
    named = django_forms.MultipleChoiceField(label="Who may still open it?", required=False, widget=Checkboxes())
    review_date = DayField(label="Review date")

    def __init__(self, offered: list[tuple[str, str]], latest: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named: Any = self.fields["named"]
        named.choices = offered
        named.required = bool(offered)
        named.error_messages["required"] = restricting.NOBODY_LEFT
        named.help_text = (
            "Those who work with the child now."
            if offered
            else "Nobody who would need to be named works with the child."
        )
        when = f"The day by which somebody looks at it again, on or before {latest}. Until it is taken off, it holds."
        self.fields["review_date"].help_text = when


class EndForm(Form):
    """Why a restriction is taken off."""

    because = django_forms.CharField(
        label="Why is it taken off?", error_messages={"required": "Say why it is taken off"}, max_length=LONGEST,
        help_text="For example: the reason is over, or it was put on by mistake.", widget=LongText(rows=3),
    )  # fmt: skip


class AnswerForm(Form):
    """Agree to a restriction that somebody asked for, or decline."""

    answer = django_forms.ChoiceField(
        label="Do you agree?", choices=[("agree", "Yes, restrict the record now"), ("decline", "No")], widget=Radios()
    )
    because = django_forms.CharField(
        label="Why not", help_text="Only if you do not agree. The one who asked reads that you declined.", required=False,
        max_length=LONGEST, widget=LongText(rows=3),
    )  # fmt: skip


@page("restriction")
def restriction(request: Asked, uid: str) -> HttpResponse:
    """Show whether a record is restricted, why, who may open it, and what it was before."""
    document, row, power = _opened(request, uid)
    held, wanted = read.current(row), read.request_about(request.reader, row)
    return render(request, "pages/restriction.html", {
        **present_child.heading(document), "statuses": present_child.statuses(document),
        "held": present.rows_of(held, today=day_of(request.reader.now)) if held else [],
        "wanted": present.asked_rows(wanted) if wanted else [],
        "answer": reverse("restriction_request", args=[wanted.uid])
        if wanted and power is read.Power.ALONE and not wanted.own else "",
        "history": present.history(read.earlier(row)), "in_any_case": present.in_any_case(),
        "buttons": present.buttons(str(uid), power, held=bool(held), waiting=bool(wanted)),
    })  # fmt: skip


def _opened(request: Asked, uid: str) -> tuple[person.Whole, Any, read.Power]:
    """Return the record and how the reader restricts it. Raises NotPermitted, as for nobody, for whoever may not."""
    row, thing, power = read.insist_on_power(request.reader, str(uid))
    request.reader.insist(Verb.READ, thing, action="restriction")  # who must say why first is asked here
    return person.whole(request.reader, str(uid), action="restriction"), row, power


@page("restriction_put")
def put_on(request: Asked, uid: str) -> HttpResponseBase:
    """Ask what the restriction says, show it to be checked, and put it on or ask for it."""
    document, row, power = _opened(request, uid)
    today = day_of(request.reader.now)
    offered, held = read.can_be_named(request.reader, row), read.current(row)
    first: dict[str, Any] = {"review_date": usual_review(today), "named": read.named_now(row)}
    if held:
        first |= {"reason": held.reason, "because": held.because}
    form = RestrictionForm(offered, day_words(latest_review(today)), request.POST or None, initial=first)
    title = "Ask for this record to be restricted" if power is read.Power.ASKS else "Restrict this record"
    context = {
        **present_child.heading(document), "title": title, "alone": power is read.Power.ALONE,
        "in_any_case": present.in_any_case(),
    }  # fmt: skip
    if request.method == "POST" and form.is_valid() and "change" not in request.POST:
        said = restricting.Asked(**form.cleaned_data)
        try:
            restricting.check(request.reader, str(uid), said)
            if "checked" in request.POST:
                messages.success(request, restricting.put_on(request.reader, str(uid), said))
                return redirect("restrictions" if power is read.Power.ASKS else "restriction", *_where(uid, power))
        except InputError as error:
            form.add_error(_field_of(str(error)), str(error))
        else:
            return _to_check(request, {**context, "rows": present.said_rows(form.cleaned_data, offered)})
    return render(request, "pages/restriction_put.html", {**context, "form": form})


def _where(uid: str, power: read.Power) -> list[str]:
    return [] if power is read.Power.ASKS else [str(uid)]


def _field_of(message: str) -> str | None:
    """Return the field that a message is about, so that the summary of errors leads there."""
    words = {"reason": "why", "because": "happened", "named": "may still", "review_date": "review date"}
    return next((name for name, part in words.items() if part in message), None)


def _to_check(request: Asked, context: dict[str, Any]) -> HttpResponse:
    sent = [
        (name, value) for name, values in request.POST.lists() for value in values
        if name not in ("csrfmiddlewaretoken", "checked", "change")
    ]  # fmt: skip
    return render(request, "pages/restriction_check.html", {**context, "sent": sent})


@page("restriction_end")
def take_off(request: Asked, uid: str) -> HttpResponseBase:
    """Take a restriction off, for a reason."""
    document, row, _ = _opened(request, uid)
    if read.current(row) is None:
        raise InputError("This record is not restricted.")
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            restricting.take_off(request.reader, str(uid), because=form.cleaned_data["because"])
        except InputError as error:
            form.add_error("because", str(error))
        else:
            messages.success(request, "The restriction is taken off. Who works with the child sees the record again.")
            return redirect("restriction", uid=uid)
    words = "Everybody who would reach the child without it finds and opens the record again. That it was restricted stays in its history."
    return render(request, "pages/restriction_answer.html", {
        "form": form, "title": "Take the restriction off", "button": "Take it off", "words": words, "kind": "warning",
        "cancel": reverse("restriction", args=[uid]), "crumbs": present_child.heading(document)["crumbs"],
    })  # fmt: skip


@page("restrictions")
def restrictions(request: Asked) -> HttpResponse:
    """Show the restricted records that the reader may restrict, by when to look at each again, and what waits."""
    today = day_of(request.reader.now)
    return render(request, "pages/restrictions.html", {
        "records": present.list_of(read.restricted_records(request.reader), today=today),
        "waiting": present.requests(read.waiting_requests(request.reader)),
        "crumbs": [Link("Home", reverse("home")), Link("Restricted records")],
    })  # fmt: skip


@page("restriction_request")
def answer(request: Asked, request_uid: str) -> HttpResponseBase:
    """Agree to a restriction that somebody asked for, or decline it with a reason."""
    wanted = read.request_to_answer(request.reader, str(request_uid))
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        agree = form.cleaned_data["answer"] == "agree"
        try:
            said = restricting.answer(
                request.reader, str(request_uid), agree=agree, because=form.cleaned_data["because"]
            )
        except InputError as error:
            form.add_error("because", str(error))
        else:
            messages.success(request, said)
            return redirect("restrictions")
    return render(request, "pages/restriction_answer.html", {
        "form": form, "title": f"Restrict the record of {wanted.name or 'this child'}?", "button": "Answer",
        "rows": present.asked_rows(wanted), "in_any_case": present.in_any_case(), "cancel": reverse("restrictions"),
        "crumbs": [Link("Home", reverse("home")), Link("Restricted records", reverse("restrictions")), Link("One request")],
    })  # fmt: skip
