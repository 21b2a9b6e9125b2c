"""What is recorded about me: a young person's or a parent's own page."""

from __future__ import annotations

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from kinfold.service.records.actions import rights as actions
from kinfold.service.records.reads import own_record as reads
from kinfold.service.records.reads.papers import contents
from kinfold.service.web.downloads import handed_over
from kinfold.service.web.forms import Form, LongText
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import rights as present
from kinfold.terms.errors import InputError


class AskForm(Form):
    """What somebody asks for."""

    scope = django_forms.CharField(
        label="What would you like a copy of?",
        help_text="You can ask for everything, or for a time or a thing you want to know about.",
        widget=LongText(rows=4),
        max_length=2000,
        initial="Everything",
    )


@page("my_record")
def my_record(request: Asked) -> HttpResponse:
    """Show what was released, who looked, and what was asked for."""
    return render(request, "pages/my_record.html", present.own_page(reads.own_records(request.reader)))


@page("my_record_ask")
def ask(request: Asked, uid: str) -> HttpResponseBase:
    """Ask for a copy."""
    own = reads.own_record(request.reader, str(uid))
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_for_record(request.reader, own, scope=form.cleaned_data["scope"])
        except InputError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "We have your request. We answer within one month.")
            return redirect("my_record")
    return render(request, "pages/my_record_ask.html", {"form": form, "own": own})


@page("my_record_file")
def file(request: Asked, uid: str, fact: str, sort: str) -> HttpResponseBase:
    """Hand over the copy that was released."""
    kept = reads.own_pack(request.reader, str(uid), str(fact), sort if sort in present.SORTS else "")
    return handed_over(kept, contents(kept), name=f"my-record.{sort}")
