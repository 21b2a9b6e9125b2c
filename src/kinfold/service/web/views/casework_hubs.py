"""Family hubs: which there are and what each offers; adding to both."""

from __future__ import annotations

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from kinfold.service.records.actions import casework_hubs as actions
from kinfold.service.records.reads import casework_hubs as reads
from kinfold.service.web.forms import DayField, Form, Text
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import casework_hubs as present
from kinfold.terms.errors import InputError, NotPermitted


class HubForm(Form):
    """A new hub."""

    name = django_forms.CharField(label="Name of the hub", max_length=120, widget=Text())


class ServiceForm(Form):
    """A service that a hub offers."""

    service = django_forms.CharField(label="What is offered?", max_length=120, widget=Text())
    for_whom = django_forms.CharField(label="For whom?", max_length=120, required=False, widget=Text())
    how_to_reach = django_forms.CharField(label="How is it reached?", max_length=200, required=False, widget=Text())
    practice_guide = django_forms.CharField(
        label="Which practice guide does it follow?", max_length=120, required=False, widget=Text()
    )
    places = django_forms.IntegerField(
        label="How many places?", min_value=1, max_value=10_000, required=False, widget=Text(width=5, numeric=True)
    )
    since = DayField(label="From which day?", initial=timezone.localdate)


@page("casework_hubs")
def hubs(request: Asked) -> HttpResponseBase:
    """Show every hub with what it offers; add a hub."""
    may_change = reads.may_change(request.reader)
    form = HubForm(request.POST or None) if may_change else None
    if request.method == "POST":
        if form is None:
            raise NotPermitted("There is nothing here that you can open.")
        if form.is_valid():
            try:
                uid = actions.add_hub(request.reader, name=form.cleaned_data["name"])
            except InputError as error:
                form.add_error("name", str(error))
            else:
                messages.success(request, "The hub is added. Say what it offers.")
                return redirect("casework_hub", uid=uid)
    found = [
        {"hub": one, "offers": present.hub_table(one), "answers": present.answer_rows(one),
         "programmes": present.programme_table(one)}
        for one in reads.hubs(request.reader)
    ]  # fmt: skip
    return render(request, "pages/casework/hubs.html", {"hubs": found, "form": form, "may_change": may_change})


@page("casework_hub")
def hub(request: Asked, uid: str) -> HttpResponseBase:
    """Add a service to a hub."""
    reads.hub_of(request.reader, str(uid))
    found = next(one for one in reads.hubs(request.reader) if one.uid == str(uid))
    form = ServiceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = {**form.cleaned_data}
        since = said.pop("since")
        actions.add_service(request.reader, str(uid), values=said, since=since)
        messages.success(request, "The service is added.")
        return redirect("casework_hubs")
    return _hub_page(request, found, form)


def _hub_page(request: Asked, found: reads.Hub, form: ServiceForm) -> HttpResponse:
    return render(request, "pages/casework/hub.html", {"hub": found, "table": present.hub_table(found), "form": form})
