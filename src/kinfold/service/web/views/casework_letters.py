"""Letters, agendas, minutes and packs made from the record: on the page, as PDF, and kept as a paper."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from kinfold.casework.letter import SORTS, Template, template_named
from kinfold.service.printing import MISSING, can_print, pdf_of
from kinfold.service.records.actions.casework_letters import keep_document
from kinfold.service.records.reads import casework_letters as reads
from kinfold.service.records.reads.person import whole
from kinfold.service.web.downloads import PDF, download
from kinfold.service.web.forms import Checkboxes, Form, LongText, Radios
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters.child import heading
from kinfold.terms.errors import InputError

TEMPLATE = "documents/casework.html"


class LetterForm(Form):
    """For whom a document is, and what its author adds."""

    to = django_forms.MultipleChoiceField(label="Who is it for?", widget=Checkboxes(), required=False)
    words = django_forms.CharField(
        label="What do you want to add?", widget=LongText(rows=8), max_length=20_000, required=False
    )

    def __init__(self, *args: Any, template: Template, people: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        if template.sort == "letter":
            self.fields["to"] = django_forms.ChoiceField(
                label="Who is it for?", widget=Radios(), error_messages={"required": "Choose who it is for"}
            )
        else:
            self.fields["to"].help_text = (
                "Choose everybody who will have it: an address that is kept from any of them is left out. "
                "Choose nobody to leave out every address that is kept from anybody."
            )
        self.fields["to"].choices = people  # type: ignore[attr-defined]
        self.fields["words"].label = template.asks or "What do you want to add?"

    def chosen(self) -> list[str]:
        """Return whom it is for, by public id."""
        said = self.cleaned_data["to"]
        return [said] if isinstance(said, str) else list(said)


@page("casework_letters")
def letters(request: Asked, uid: str) -> HttpResponse:
    """List what the reader may make of this record."""
    document = whole(request.reader, str(uid), action="letters")
    found = reads.templates_to_write(request.reader, str(uid))
    sorts = [(label, [one for one in found if one.sort == sort]) for sort, label in SORTS.items()]
    context = {**heading(document), "sorts": [(label, those) for label, those in sorts if those]}
    return render(request, "pages/casework/letters.html", context)


@page("casework_letter")
def letter(request: Asked, uid: str, name: str) -> HttpResponseBase:
    """Ask for whom it is, show it as it will be, hand it over as PDF or keep it as a paper."""
    template = template_named(name)
    reads.insist_on_template(request.reader, str(uid), template)
    document = whole(request.reader, str(uid), action=f"document {name}"[:40])
    people = reads.recipients_of(document)
    form = LetterForm(request.POST or None, template=template, people=people)
    made = None
    if request.method == "POST" and form.is_valid():
        try:
            made = reads.made_for(
                request.reader, str(uid), template, to=form.chosen(), words=form.cleaned_data["words"]
            )
            if "pdf" in request.POST:
                return _pdf(made)
            if "keep" in request.POST:
                fact = keep_document(request.reader, str(uid), made)
                messages.success(request, f"“{template.title}” is kept with the papers.")
                return redirect("paper", uid=uid, fact=fact)
        except InputError as error:
            form.add_error("to", str(error))
            made = None
    context = {**heading(document), "template": template, "form": form, "made": made,
               "prints": can_print(), "missing": MISSING}  # fmt: skip
    return render(request, "pages/casework/letter.html", context)


def _pdf(made: reads.Made) -> HttpResponse:
    """Return the same document as tagged PDF: what stands in it has been through the guard already."""
    content = pdf_of(TEMPLATE, {"made": made, "document": made.document})
    return download(content, name=f"{made.template.name}.pdf", media_type=PDF)
