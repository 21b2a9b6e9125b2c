"""Requests for a copy of a record: recording one, marking what is about others, making the pack, releasing it."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from kinfold.service.records.actions import rights as actions
from kinfold.service.records.reads.papers import contents
from kinfold.service.records.reads.rights import (
    AccessRequest,
    for_rights,
    marks_of,
    names_to_release_to,
    pack_of,
    request_of,
    rights_of,
)
from kinfold.service.web.downloads import handed_over
from kinfold.service.web.forms import DayField, Form, LongText, Radios, Select, Text
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import rights as present
from kinfold.terms.errors import InputError, NotPermitted


class RequestForm(Form):
    """A request that came by letter, telephone or in person."""

    asker = django_forms.ChoiceField(label="Who asks", widget=Radios())
    received = DayField(label="When it came", today_latest=timezone.localdate)
    confirmed = DayField(label="When it was certain who asks", required=False, today_latest=timezone.localdate)
    scope = django_forms.CharField(label="What they ask for", widget=LongText(rows=3), max_length=2000)


class MarkForm(Form):
    """Words to leave out of the pack."""

    item = django_forms.ChoiceField(label="Where", required=False, widget=Select(attrs={"class": "govuk-!-width-full"}))
    words = django_forms.CharField(label="Words to leave out, as they stand", max_length=2000, widget=LongText(rows=2))
    instead = django_forms.CharField(
        label="What stands in their place", max_length=80, initial="about somebody else", widget=Text()
    )


class ReleasePackForm(Form):
    """What was answered, and which exemptions were relied on."""

    prefix = "release"
    outcome = django_forms.ChoiceField(
        label="What was answered",
        choices=[("given", "Given in full"), ("given in part", "Given in part"), ("refused", "Refused")], widget=Radios(),
    )  # fmt: skip
    exemptions = django_forms.CharField(
        label="Exemptions relied on",
        help_text="One on each line.",
        required=False,
        widget=LongText(rows=2),
        max_length=1000,
    )


@page("subject_access")
def requests(request: Asked, uid: str) -> HttpResponseBase:
    """List the requests about one person, and record one that came in another way."""
    reader = for_rights(request.reader)
    found = rights_of(reader, str(uid))
    if not found.makes_packs:
        raise NotPermitted("There is nothing here that you can open.")
    form = RequestForm(request.POST or None, initial={"received": timezone.localdate()})
    people = dict([(str(uid), f"{found.name or 'The person'} themselves"), *names_to_release_to(str(uid))])
    form.fields["asker"].choices = list(people.items())  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            fact = actions.record_request(reader, str(uid), **form.cleaned_data)
        except InputError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "The request is recorded. It is due within one month.")
            return redirect("subject_access_request", uid=uid, fact=fact)
    return render(request, "pages/subject_access.html", {**present.child_page(found, []), "form": form})


@page("subject_access_request")
def request_page(request: Asked, uid: str, fact: str) -> HttpResponseBase:
    """Show what the pack would say, take marks, have it made, and release it."""
    reader = for_rights(request.reader)
    _, one = request_of(reader, str(uid), str(fact))
    pack = pack_of(reader, str(uid), one)
    form = MarkForm(request.POST if "words" in request.POST else None, initial={"instead": "about somebody else"})
    form.fields["item"].choices = present.item_choices(pack["items"])  # type: ignore[attr-defined]
    release = ReleasePackForm(request.POST if "release" in request.POST else None)
    if request.method == "POST":
        try:
            said = _do(request, reader, str(uid), one, form, release)
        except InputError as error:
            (release if "release" in request.POST else form).add_error(None, str(error))
        else:
            if said:
                messages.success(request, said)
                return redirect("subject_access_request", uid=uid, fact=fact)
    context = present.request_page(str(uid), pack["name"] or "The child", one, pack["items"], marks_of(one))
    return render(
        request, "pages/subject_access_request.html", {**context, "form": form, "release": release, "pack": pack}
    )


def _do(request: Asked, reader: Any, uid: str, one: AccessRequest, form: MarkForm, release: ReleasePackForm) -> str:
    """Do what the pressed button says and return what to tell; nothing where a form is not right."""
    if "make" in request.POST:
        actions.start_pack(reader, uid, one.fact)
        return "The pack is being made in the background."
    if "unmark" in request.POST:
        place = request.POST["unmark"]
        actions.unmark(reader, uid, one.fact, place=int(place) if place.isdigit() else -1)
        return "The mark is taken away. Make the pack again."
    if "release" in request.POST and release.is_valid():
        exemptions = [line.strip() for line in release.cleaned_data["exemptions"].splitlines() if line.strip()]
        actions.release_pack(reader, uid, one.fact, outcome=release.cleaned_data["outcome"], exemptions=exemptions)
        return "The request is answered."
    if "words" in request.POST and form.is_valid():
        actions.mark_words(reader, uid, one.fact, **form.cleaned_data)
        return "The words are left out from now on. Make the pack again."
    return ""


@page("subject_access_file")
def file(request: Asked, uid: str, fact: str, sort: str) -> HttpResponseBase:
    """Hand over one of a pack's files to who checks it. The export is a View."""
    reader = for_rights(request.reader)
    row, one = request_of(reader, str(uid), str(fact))
    if sort not in present.SORTS or sort not in one.files:
        raise NotPermitted("There is nothing here that you can open.")
    reader.looked(row.held_by_id, "export: subject_access_pack", [str(uid)], because=reader.reason)
    return handed_over(one.files[sort], contents(one.files[sort]), name=f"record.{sort}")
