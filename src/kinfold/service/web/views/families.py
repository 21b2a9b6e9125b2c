"""The page of a family: its children, the one plan for all of them, who leads the help, and what to record next."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from kinfold.access.words import Verb
from kinfold.service.records.reads.casework import forms_to_write
from kinfold.service.records.reads.families import one_family as read_family
from kinfold.service.records.reads.person import find_person
from kinfold.service.records.reads.staff import has_power
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import families as present


@page("one_family")
def one_family(request: Asked, uid: str) -> HttpResponse:
    """Show a family with its plan first, and the forms that are recorded once for its children."""
    family = read_family(request.reader, str(uid))
    offered = forms_to_write(request.reader, find_person(family.children[0].uid))
    context = present.page_of(
        family, [form for form in offered if form.together], may_allocate=has_power(request.reader, Verb.ALLOCATE)
    )
    return render(request, "pages/casework/family.html", context)
