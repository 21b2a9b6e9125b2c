"""A chronology and bundle: choosing days and parts, reading it on the page, and taking it away as PDF."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render

from kinfold.service.printing import MISSING, can_print, pdf_of
from kinfold.service.records.reads.bundle import PARTS, Bundle, bundle_of, may_bundle
from kinfold.service.records.reads.person import whole
from kinfold.service.web.downloads import PDF, download
from kinfold.service.web.forms import Checkboxes, DayField, Form
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import bundle as present
from kinfold.service.web.presenters.child import heading
from kinfold.terms.errors import InputError


class BundleForm(Form):
    """Which days and which parts."""

    since = DayField(label="From", required=False, help_text="Leave this empty to begin with the first day known.")
    until = DayField(label="To", required=False, help_text="This day is included.")
    parts = django_forms.MultipleChoiceField(
        label="What to put in", choices=[(key, label) for key, label, _, _ in PARTS], widget=Checkboxes()
    )

    def clean(self) -> dict[str, Any]:
        """Return the values. The days must be in order."""
        said = super().clean() or {}
        if said.get("since") and said.get("until") and said["until"] < said["since"]:
            self.add_error("until", ValidationError("To must be on or after From"))
        return said


@page("bundle")
def bundle(request: Asked, uid: str) -> HttpResponse:
    """Ask what to put in; show the bundle once that is said."""
    may_bundle(request.reader, str(uid))
    form = BundleForm(request.GET if "make" in request.GET else None, initial={"parts": [part[0] for part in PARTS]})
    if form.is_bound and form.is_valid():
        made = _made(request, str(uid), form)
        asked = {name: request.GET.getlist(name) for name in request.GET}
        return render(request, "pages/bundle.html", present.page_of(made, asked, prints=can_print()))
    document = whole(request.reader, str(uid), action="bundle")
    context = {**heading(document), "form": form, "missing": "" if can_print() else MISSING}
    return render(request, "pages/bundle.html", context)


def _made(request: Asked, uid: str, form: BundleForm) -> Bundle:
    said = form.cleaned_data
    return bundle_of(request.reader, uid, since=said["since"], until=said["until"], parts=said["parts"])


@page("bundle_pdf")
def bundle_pdf(request: Asked, uid: str) -> HttpResponse:
    """Hand over the bundle as tagged PDF. The export is a View."""
    form = BundleForm(request.GET)
    if not form.is_valid():
        raise InputError("Choose the days and the parts of the bundle again.")
    made = _made(request, str(uid), form)
    content = pdf_of(present.TEMPLATE, present.document_of(made), watermark=made.watermark)
    name = f"bundle-{made.document.la_child_id or 'child'}-{made.made_at:%Y-%m-%d}.pdf"
    return download(content, name=name, media_type=PDF)
