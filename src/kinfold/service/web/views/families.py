"""The page of a family: its children, the one plan for all of them, who leads the help, and what to record next."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from kinfold.access.words import Verb
from kinfold.casework import read_answers
from kinfold.service.records.actions.family_plan import correct_plan
from kinfold.service.records.reads.casework import forms_to_write
from kinfold.service.records.reads.families import one_family as read_family
from kinfold.service.records.reads.family_plan import plan_to_correct, why_not
from kinfold.service.records.reads.person import find_person
from kinfold.service.records.reads.staff import has_power
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import families as present
from kinfold.service.web.presenters.casework_form import CaseworkForm, raw_of
from kinfold.terms.errors import EditConflict, InputError


@page("one_family")
def one_family(request: Asked, uid: str) -> HttpResponse:
    """Show a family with its plan first, and the forms that are recorded once for its children."""
    family = read_family(request.reader, str(uid))
    offered = forms_to_write(request.reader, find_person(family.children[0].uid))
    context = present.page_of(
        family, [form for form in offered if form.together], may_allocate=has_power(request.reader, Verb.ALLOCATE),
        corrects=bool(family.plans) and not why_not(request.reader, family),
    )  # fmt: skip
    return render(request, "pages/casework/family.html", context)


@page("family_plan_correct")
def plan_correct(request: Asked, uid: str, fact: str) -> HttpResponseBase:
    """Let the author put the family's newest plan right until it is reviewed; each version stays on record."""
    found = plan_to_correct(request.reader, str(uid), str(fact))
    version, today = found.mark, timezone.localdate()
    if request.method != "POST":
        return _plan_page(request, uid, CaseworkForm(found.form, choices={}, today=today, raw=found.start), version)
    raw = raw_of(found.form, request.POST)
    form = CaseworkForm(found.form, choices={}, today=today, raw=raw)
    answers = read_answers(found.form, raw, today=today)
    form.tell(answers)
    if not answers.complete:
        return _plan_page(request, uid, form, request.POST.get("made_from", ""))
    values = {
        name: answers.values[q.name] for q in found.form.questions if q.name in answers.values for _, name in q.targets
    }
    try:
        correct_plan(request.reader, found, values=values, day=date.fromisoformat(answers.values["day"]),
                     made_from=request.POST.get("made_from", ""))  # fmt: skip
    except (EditConflict, InputError) as error:
        form.add_error(None, str(error))
        return _plan_page(request, uid, form, version)
    messages.success(request, "The plan is put right. What it said before is kept.")
    return redirect("one_family", uid=uid)


def _plan_page(request: Asked, uid: str, form: CaseworkForm, mark: str) -> HttpResponse:
    return render(request, "pages/casework/family_plan.html", {"form": form, "mark": mark, "family": uid})
