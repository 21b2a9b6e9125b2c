"""Somebody got in touch about a child: who it is, whether we know them, and what it was about."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from kinfold.service.records.actions.first_contact import contact_about_known, contact_about_new
from kinfold.service.records.reads.search import Hit, search
from kinfold.service.web.components import Link
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.forms import DayField, Form, LongText, Radios, Select, Text
from kinfold.service.web.page import Asked, page
from kinfold.terms.codes import code_set
from kinfold.terms.errors import InputError

NEW, MOST = "new", 6


def _sources() -> list[tuple[str, str]]:
    codes = code_set("contact_source")
    return [("", "Choose one"), *((code, codes.label(code)) for code in codes.codes(timezone.localdate()))]


class FirstContactForm(Form):
    """Who the child is and what the contact was. `known` is asked once somebody on record looks like them."""

    mark_optional = False

    forename = django_forms.CharField(
        label="Child’s forename", required=False, max_length=100, widget=Text(width=20),
        help_text="One of the two names is enough. Where neither is known, write “Unknown”.",
    )  # fmt: skip
    surname = django_forms.CharField(label="Child’s surname", required=False, max_length=100, widget=Text(width=20))
    born = DayField(label="Date of birth (optional)", required=False, today_latest=timezone.localdate)
    known = django_forms.ChoiceField(label="Is it one of these children?", widget=Radios(), required=False)
    day = DayField(label="When did they get in touch?", today_latest=timezone.localdate)
    contact_source = django_forms.ChoiceField(label="Who got in touch?", choices=_sources, widget=Select())
    source_description = django_forms.CharField(
        label="Their name and role (optional)", required=False, max_length=200, widget=Text()
    )
    reason = django_forms.CharField(label="What was it about?", max_length=20_000, widget=LongText(rows=5))

    def clean(self) -> dict[str, Any]:
        """Return the values. Without any part of a name nobody could find the child again."""
        said = super().clean() or {}
        if not (said.get("forename") or said.get("surname")):
            self.add_error("forename", "Enter a forename or a surname. Where neither is known, write “Unknown”")
        return said

    def offer(self, hits: list[Hit]) -> None:
        """Ask whether the child is one of those found, or take the question away."""
        if not hits:
            del self.fields["known"]
            return
        options = [(hit.uid, _who(hit)) for hit in hits]
        self.fields["known"].choices = [*options, (NEW, "None of these: a child who is new to us")]  # type: ignore[attr-defined]

    def contact(self) -> dict[str, Any]:
        """Return what the contact says."""
        names = ("contact_source", "source_description", "reason")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}


def _who(hit: Hit) -> str:
    born = f", born {day_words(hit.born)}" if hit.born else ""
    return f"{hit.name}{born}"


@page("first_contact")
def first_contact(request: Asked) -> HttpResponseBase:
    """Record a contact about a child whom the reader does not work with: found on record first, or new."""
    initial = {"day": timezone.localdate()}
    form = FirstContactForm(request.POST if request.method == "POST" else None, initial=initial)
    hits = _alike(request) if request.method == "POST" else []
    form.offer(hits)
    if request.method == "POST" and form.is_valid():
        known = str(form.cleaned_data.get("known") or ("" if hits else NEW))
        if not known:
            form.add_error("known", "Say whether it is one of these children")
        else:
            try:
                return _recorded(request, form, known)
            except InputError as error:
                form.add_error(None, str(error))
    return _page(request, form)


def _alike(request: Asked) -> list[Hit]:
    """Return the children on record that the reader may know of and that could be the one asked about."""
    typed = [request.POST.get(name, "").strip() for name in ("forename", "surname")]
    born = "/".join(request.POST.get(f"born_{part}", "").strip() for part in ("day", "month", "year"))
    text = " ".join([*typed, born if born != "//" else ""]).strip()
    return [hit for hit in search(request.reader, text).hits if hit.sort == "child"][:MOST] if text else []


def _recorded(request: Asked, form: FirstContactForm, known: str) -> HttpResponse:
    said = form.cleaned_data
    day: date = said["day"]
    if known != NEW:
        contact_about_known(request.reader, known, day=day, said=form.contact())
        messages.success(request, "The contact is recorded, and those who work with the child are told.")
        return redirect("home")
    uid = contact_about_new(request.reader, forename=said["forename"], surname=said["surname"], born=said["born"], day=day,
                            said=form.contact())  # fmt: skip
    messages.success(request, "The child is on record with this contact. Next you may want to record: Referral.")
    return redirect("record_something", uid=uid)


def _page(request: Asked, form: FirstContactForm) -> HttpResponse:
    title = "Somebody got in touch about a child"
    words = (
        "For a child whom you do not work with, or whom nobody here knows. We look first whether the child is on record. "
        "For a child you work with, record it on their page."
    )
    crumbs = [Link("Home", reverse("home")), Link("Find a child", reverse("search")), Link("First contact")]
    context = {"form": form, "title": title, "words": words, "button": "Go on", "crumbs": crumbs}
    return render(request, "pages/services/step.html", context)
