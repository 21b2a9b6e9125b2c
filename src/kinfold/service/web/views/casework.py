"""Recording what happened: choosing a form, filling it, checking the answers, recording it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from kinfold.casework import Answers, How, Raw, ToWrite, form_named
from kinfold.service.records.actions import casework as actions
from kinfold.service.records.actions.casework_approvals import seen_again
from kinfold.service.records.reads import casework as reads
from kinfold.service.records.reads.casework_filling import Filling, filling
from kinfold.service.records.reads.casework_gates import Decided, authorised, decided, gates_of, place_of
from kinfold.service.records.reads.person import find_person, whole
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import casework as present
from kinfold.service.web.presenters.casework_form import CaseworkForm, raw_of
from kinfold.service.web.presenters.child import heading
from kinfold.terms.errors import EditConflict, InputError


def choices(one: Filling) -> dict[str, list[tuple[str, str]]]:
    """Return what may be chosen where the record itself gives the choices."""
    return present.choices_of(one.form, one.open_facts, one.people)


def drawn(one: Filling, raw: Raw) -> CaseworkForm:
    """Return the form as it is shown."""
    return CaseworkForm(one.form, choices=choices(one), today=one.today, raw=raw)


@page("record_something")
def record_something(request: Asked, uid: str) -> HttpResponse:
    """List the forms that the reader may fill about this person, those that are due now first."""
    document = whole(request.reader, str(uid), action="record something")
    row = find_person(str(uid))
    offered = reads.forms_to_write(request.reader, row)
    due = reads.pressing(request.reader, str(uid), offered) if offered else {}
    begun = reads.unfinished(request.reader, row, offered)
    return render(request, "pages/casework/list.html", present.list_page(document, offered, due, begun))


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
    raw = written.raw if written else one.start
    seen_again(request.reader, request.path)
    shown = drawn(one, raw)
    if "check" in request.GET:
        shown.tell(one.answers(raw))
    return _form_page(request, one, shown, written)


def _form_page(request: Asked, one: Filling, shown: CaseworkForm, written: Any, version: int = -1) -> HttpResponse:
    version = version if version >= 0 else written.version if written else 0
    context = present.form_page(one.document, one.form, written=written, web_form=shown, version=version)
    return render(request, "pages/casework/form.html", {**context, "meets": reads.duties_met_by(one.form)[:4]})


def _version(request: Asked) -> int:
    text = request.POST.get("version", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _sent(request: Asked, one: Filling) -> HttpResponseBase:
    """Keep what was sent, then do what the button says. Where somebody else saved first, show both side by side."""
    raw, version, uid = raw_of(one.form, request.POST), _version(request), one.document.uid
    try:
        if "discard" in request.POST:
            actions.discard(one.row, one.form, version=version)
            messages.success(request, f"What was typed in “{one.form.title}” is discarded.")
            return redirect("record_something", uid=uid)
        version = actions.keep(request.reader, one.row, one.form, raw, version=version)
    except EditConflict as conflict:
        return _beside(request, one, raw, str(conflict))
    if "later" in request.POST:
        messages.success(request, f"“{one.form.title}” is kept. Come back to it here whenever you like.")
        return redirect("record_something", uid=uid)
    answers = one.answers(raw)
    if answers.complete:
        return redirect("casework_check", uid=uid, name=one.form.name)
    shown = drawn(one, raw)
    shown.tell(answers)
    return _form_page(request, one, shown, reads.written_of(one.row, one.form), version)


def _beside(request: Asked, one: Filling, raw: Raw, why: str) -> HttpResponse:
    """Show what the reader typed and what somebody else saved; the form below stands on the newest version."""
    theirs = reads.written_of(one.row, one.form)
    context = present.form_page(
        one.document, one.form, written=theirs, web_form=drawn(one, raw), version=theirs.version if theirs else 0
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
        version = actions.keep(request.reader, row, form, raw_of(form, request.POST), version=_version(request))
    except EditConflict as error:
        why = f"{error} Press “Save and come back later” to see both."
        return JsonResponse({"saved": False, "why": why}, status=409)
    except InputError as error:
        return JsonResponse({"saved": False, "why": str(error)}, status=400)
    return JsonResponse({"saved": True, "version": version, "at": timezone.localtime().strftime("%H:%M")})


@page("casework_check")
def casework_check(request: Asked, uid: str, name: str) -> HttpResponseBase:
    """Show the answers to check, with what must come first; then record, or ask for approval."""
    one = filling(request.reader, str(uid), name)
    written = reads.written_of(one.row, one.form)
    if written is None or written.waits:
        return redirect("record_something", uid=uid)
    answers = one.answers(written.raw)
    if not answers.complete:
        return _form_again(one)
    told = one.told(answers)
    gates = gates_of(request.reader, one.row, one.form, told)
    wrong = ""
    if request.method == "POST":
        if _version(request) != written.version:
            return _beside(request, one, written.raw, actions.FIRST)
        wrong = _stopped(request, one, gates)
        if not wrong:
            try:
                return _recorded(request, one, told, written.version, _decided(request, gates))
            except EditConflict:
                raise
            except InputError as error:
                wrong = str(error)
    return _check_page(request, one, answers, gates, written.version, wrong)


def _form_again(one: Filling) -> HttpResponseBase:
    answer = redirect("casework_form", uid=one.document.uid, name=one.form.name)
    answer["Location"] += "?check=1"
    return answer


def _check_page(
    request: Asked, one: Filling, answers: Answers, gates: list[Any], version: int, wrong: str
) -> HttpResponse:
    form_href = reverse("casework_form", args=[one.document.uid, one.form.name])
    blocking = [gate for gate in gates if gate.blocks]
    context = {
        **heading(one.document), "asked": one.form, "version": version, "wrong": wrong,
        "rows": present.answer_rows(one.form, answers, choices(one), one.today, href=form_href),
        "place": present.place_rows(place_of(one.document, one.row, one.told(answers))),
        "gates": present.gate_rows(gates), "blocked": bool(blocking), "form_href": form_href,
        "may_override": bool(blocking) and all(authorised(request.reader, gate) for gate in blocking),
        "because": request.POST.get("because", ""), "how": request.POST.get("how", ""),
    }  # fmt: skip
    return render(request, "pages/casework/check.html", context, status=400 if wrong else 200)


def _stopped(request: Asked, one: Filling, gates: list[Any]) -> str:
    """
    Return why the form cannot be recorded yet, or nothing.

    A gate stops a decision. It never stops what has happened from being recorded: whoever says that it has, records it
    and the duty is in breach at once. Somebody with the authority decides all the same and says why.
    """
    blocking = [gate for gate in gates if gate.blocks]
    if not blocking or not one.form.decides or request.POST.get("how") == "happened":
        return ""
    if request.POST.get("how") != "decide":
        return "Say whether this has happened already, or who decides that it may"
    reason = request.POST.get("because", "").strip()
    for gate in blocking:
        post = authorised(request.reader, gate)
        if not post:
            return f"This can be decided only by: {', '.join(gate.authority)}. Ask them to record it"
    return "" if reason else "Give the reason for deciding although a duty is not met"


def _decided(request: Asked, gates: list[Any]) -> list[Decided]:
    if request.POST.get("how") != "decide":
        return []
    return decided(request.reader, gates, request.POST.get("because", ""))


def _recorded(
    request: Asked, one: Filling, told: list[ToWrite], version: int, all_the_same: list[Decided]
) -> HttpResponseBase:
    uid = one.document.uid
    if one.form.approval is not None:
        actions.ask_approval(request.reader, one.row, one.form, told, version=version, decided=all_the_same)
        messages.success(request, f"“{one.form.title}” is sent for approval. You are told if it is returned.")
        return redirect("record_something", uid=uid)
    happened = " (it had happened already)" if request.POST.get("how") == "happened" else ""
    actions.record_form(
        request.reader, one.row, one.form, told, version=version, because=f"form: {one.form.title}{happened}",
        decided=all_the_same,
    )  # fmt: skip
    following = " ".join(f"Next you may want to record: {form_named(each).title}." for each in one.form.next[:1])
    messages.success(request, f"“{one.form.title}” is recorded. {following}".strip())
    return redirect("child", uid=uid)
