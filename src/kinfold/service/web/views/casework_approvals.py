"""Approving what somebody else has written, or returning it with reasons."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from kinfold.service.records.actions import casework_approvals as actions
from kinfold.service.records.reads import casework_approvals as reads
from kinfold.service.records.reads.casework_together import parts_of
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import casework as present
from kinfold.service.web.presenters.child import heading
from kinfold.terms.errors import EditConflict, InputError


@page("casework_approvals")
def approvals(request: Asked) -> HttpResponse:
    """List what waits for the reader's approval."""
    table = present.queue_table(reads.queue(request.reader))
    return render(request, "pages/casework/approvals.html", {"table": table})


@page("casework_approval")
def approval(request: Asked, number: str) -> HttpResponseBase:
    """Show one form that waits; approve it, return it with reasons, or take it back."""
    found, filled = reads.one_waiting(request.reader, str(number))
    if not found.written.waits:
        return redirect("casework_form", uid=found.uid, name=found.form.name)
    wrong = ""
    if request.method == "POST":
        try:
            return _answered(request, str(number), found)
        except EditConflict:
            raise
        except InputError as error:
            wrong = str(error)
    choices = present.choices_of(filled.form, filled.open_facts, filled.people)
    parts = parts_of(request.reader, filled, found.written.raw, writes=False)
    context = {
        **heading(filled.document), "asked": filled.form, "waiting": found, "wrong": wrong,
        "rows": present.answer_rows(filled.form, filled.answers(found.written.raw), choices, filled.today),
        "parts": [(part.name, present.part_rows(part, choices)) for part in parts],
        "reasons": request.POST.get("reasons", ""),
    }  # fmt: skip
    return render(request, "pages/casework/approval.html", context, status=400 if wrong else 200)


def _answered(request: Asked, number: str, found: reads.Waiting) -> HttpResponseBase:
    text = request.POST.get("version", "")
    version = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    reasons, title = request.POST.get("reasons", ""), found.form.title
    if "take_back" in request.POST:
        actions.take_back(request.reader, number, version=version)
        return redirect("casework_form", uid=found.uid, name=found.form.name)
    if "return" in request.POST:
        actions.send_back(request.reader, number, version=version, reasons=reasons)
        messages.success(request, f"“{title}” is returned to {found.written.asked_by}.")
    else:
        actions.approve(request.reader, number, version=version, reasons=reasons.strip())
        messages.success(request, f"“{title}” is approved and recorded.")
    return redirect("casework_approvals")
