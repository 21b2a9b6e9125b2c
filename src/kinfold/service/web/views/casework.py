"""Recording what happened: choosing a form and filling it; what is typed is kept as it is typed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from kinfold.casework import How, Raw, form_named
from kinfold.casework.together import ALSO
from kinfold.service.records.actions import casework as actions
from kinfold.service.records.actions.casework_approvals import seen_again
from kinfold.service.records.reads import casework as reads
from kinfold.service.records.reads.casework_filling import Filling, filling
from kinfold.service.records.reads.casework_together import may_be_about
from kinfold.service.records.reads.person import find_person, whole
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import casework as present
from kinfold.service.web.presenters.casework_form import CaseworkForm, Choices, raw_of
from kinfold.service.web.presenters.child import heading
from kinfold.service.web.presenters.services import reaches
from kinfold.terms.errors import EditConflict, InputError


def choices(one: Filling) -> dict[str, list[tuple[str, str]]]:
    """Return what may be chosen where the record itself gives the choices."""
    return present.choices_of(one.form, one.open_facts, one.people)


def drawn(one: Filling, raw: Raw, also: Choices = ()) -> CaseworkForm:
    """Return the form as it is shown; `also` are the other children it may be about."""
    return CaseworkForm(one.form, choices=choices(one), today=one.today, raw=raw, also=also)


@page("record_something")
def record_something(request: Asked, uid: str) -> HttpResponse:
    """List the forms that the reader may fill about this person, those that are due now first."""
    document = whole(request.reader, str(uid), action="record something")
    row = find_person(str(uid))
    offered = reads.forms_to_write(request.reader, row)
    due = reads.pressing(request.reader, str(uid), offered) if offered else {}
    begun = reads.unfinished(request.reader, row, offered)
    links = reaches(request.reader.actor, "protection_teams")
    return render(request, "pages/casework/list.html", {**present.list_page(document, offered, due, begun), **links})


@page("casework_form")
def casework_form(request: Asked, uid: str, name: str) -> HttpResponseBase:
    """Show one form, pre-filled; keep what is typed; go on to checking when nothing is missing."""
    one = filling(request.reader, str(uid), name)
    written = reads.written_of(one.row, one.form)
    if written and written.waits:
        return redirect("casework_approval", number=written.uid)
    if request.method == "POST":
        return _sent(request, one)
    if one.form.main().how is not How.NEW and not one.open_facts:
        return render(request, "pages/casework/nothing.html", {**heading(one.document), "asked": one.form})
    also = may_be_about(request.reader, one)
    raw = written.raw if written else _start(request, one, also)
    seen_again(request.reader, request.path)
    shown = drawn(one, raw, also)
    if "check" in request.GET:
        shown.tell(one.answers(raw))
    return _form_page(request, one, shown, written)


def _start(request: Asked, one: Filling, also: Choices) -> Raw:
    """Return what stands in a form that nobody has begun: all the children, where the page of the family asks for it."""
    everyone = [uid for uid, _ in also] if also and (one.form.family or request.GET.get(ALSO) == "all") else []
    return {**one.start, **({ALSO: everyone} if everyone else {})}


def _form_page(request: Asked, one: Filling, shown: CaseworkForm, written: Any, version: int = -1) -> HttpResponse:
    version = version if version >= 0 else written.version if written else 0
    context = present.form_page(one.document, one.form, written=written, web_form=shown, version=version)
    return render(request, "pages/casework/form.html", {**context, "meets": reads.duties_met_by(one.form)[:4]})


def version_sent(request: Asked) -> int:
    """Return the version that a page was made from, as its form says."""
    text = request.POST.get("version", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _sent(request: Asked, one: Filling) -> HttpResponseBase:
    """Keep what was sent, then do what the button says. Where somebody else saved first, show both side by side."""
    raw, version, uid = raw_of(one.form, request.POST), version_sent(request), one.document.uid
    try:
        if "discard" in request.POST:
            actions.discard(one.row, one.form, version=version)
            messages.success(request, f"What was typed in “{one.form.title}” is discarded.")
            return redirect("record_something", uid=uid)
        version = actions.keep(request.reader, one.row, one.form, raw, version=version)
    except EditConflict as conflict:
        return beside(request, one, raw, str(conflict))
    if "later" in request.POST:
        messages.success(request, f"“{one.form.title}” is kept. Come back to it here whenever you like.")
        return redirect("record_something", uid=uid)
    answers = one.answers(raw)
    if answers.complete:
        return redirect("casework_check", uid=uid, name=one.form.name)
    shown = drawn(one, raw, may_be_about(request.reader, one))
    shown.tell(answers)
    return _form_page(request, one, shown, reads.written_of(one.row, one.form), version)


def beside(request: Asked, one: Filling, raw: Raw, why: str) -> HttpResponse:
    """Show what the reader typed and what somebody else saved; the form below stands on the newest version."""
    theirs = reads.written_of(one.row, one.form)
    context = present.form_page(
        one.document,
        one.form,
        written=theirs,
        web_form=drawn(one, raw, may_be_about(request.reader, one)),
        version=theirs.version if theirs else 0,
    )
    context |= {
        "why": why,
        "theirs": present.raw_rows(one.form, theirs.raw, choices(one), one.today) if theirs else [],
        "mine": present.raw_rows(one.form, raw, choices(one), one.today),
    }
    return render(request, "pages/casework/conflict.html", context, status=409)


@page("casework_draft")
def casework_draft(request: Asked, uid: str, name: str) -> HttpResponse:
    """Keep what is being typed, asked by the page every few seconds. Answers which version it is now, and when."""
    form = form_named(name)
    row = reads.insist_on_form(request.reader, str(uid), form)
    if request.method != "POST":
        return JsonResponse({"saved": False, "why": "Send the form."}, status=400)
    try:
        version = actions.keep(request.reader, row, form, raw_of(form, request.POST), version=version_sent(request))
    except EditConflict as error:
        why = f"{error} Press “Save and come back later” to see both."
        return JsonResponse({"saved": False, "why": why}, status=409)
    except InputError as error:
        return JsonResponse({"saved": False, "why": str(error)}, status=400)
    return JsonResponse({"saved": True, "version": version, "at": timezone.localtime().strftime("%H:%M")})
