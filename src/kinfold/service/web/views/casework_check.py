"""Checking a form's answers, for each child it is about; what must come first; then recording it or asking for approval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from kinfold.casework import ToWrite, form_named
from kinfold.casework.together import kept_as
from kinfold.duties import Gate
from kinfold.service.records.actions import casework as actions
from kinfold.service.records.reads import casework as reads
from kinfold.service.records.reads.casework_filling import Filling, filling
from kinfold.service.records.reads.casework_gates import (
    authorised,
    decided,
    gates_of,
    may_close_all_the_same,
    place_of,
    still_open,
)
from kinfold.service.records.reads.casework_together import Part, parts_of
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import casework as present
from kinfold.service.web.presenters.casework_form import CaseworkForm, raw_of
from kinfold.service.web.presenters.child import heading
from kinfold.service.web.views.casework import beside, choices, version_sent
from kinfold.terms.errors import EditConflict, InputError, NotPermitted


@dataclass(frozen=True, slots=True)
class OfOne:
    """What a form would tell of one child, and the gates that stand before it."""

    of: Filling
    told: list[ToWrite]
    gates: list[Gate]


def _of(request: Asked, one: Filling, told: list[ToWrite]) -> OfOne:
    return OfOne(one, told, gates_of(request.reader, one.row, one.form, told))


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
    parts = parts_of(request.reader, one, written.raw)
    for part in parts:
        if not part.done:
            return redirect("casework_each", uid=uid, name=name, other=part.uid)
    about = [_of(request, one, one.told(answers)), *(_of(request, part.filling, part.told()) for part in parts)]
    wrong = ""
    if request.method == "POST":
        if version_sent(request) != written.version:
            return beside(request, one, written.raw, actions.FIRST)
        wrong = _stopped(request, about)
        if not wrong:
            try:
                return _recorded(request, about, written.version)
            except EditConflict:
                raise
            except InputError as error:
                wrong = str(error)
    return _check_page(request, about, parts, written, wrong)


def _form_again(one: Filling) -> HttpResponseBase:
    answer = redirect("casework_form", uid=one.document.uid, name=one.form.name)
    answer["Location"] += "?check=1"
    return answer


def _check_page(
    request: Asked, about: Sequence[OfOne], parts: Sequence[Part], written: reads.Written, wrong: str
) -> HttpResponse:
    one = about[0].of
    form_href = reverse("casework_form", args=[one.document.uid, one.form.name])
    blocking = [gate for each in about for gate in each.gates if gate.blocks]
    opened = [(each.of, row) for each in about for row in still_open(each.of)]
    context = {
        **heading(one.document), "asked": one.form, "version": written.version, "wrong": wrong,
        "rows": present.answer_rows(one.form, one.answers(written.raw), choices(one), one.today, href=form_href),
        "parts": [(part.name, present.part_rows(part, choices(part.filling), href=_part_href(one, part)))
                  for part in parts],
        "place": present.place_rows(place_of(one.document, one.row, about[0].told)),
        "gates": [row for each in about
                  for row in present.gate_rows(each.gates, of=each.of.document.name if parts else "")],
        "blocked": bool(blocking or opened), "form_href": form_href, "opened": present.open_rows(opened),
        "may_override": _may_override(request, one, blocking, bool(opened)),
        "because": request.POST.get("because", ""), "how": request.POST.get("how", ""),
    }  # fmt: skip
    return render(request, "pages/casework/check.html", context, status=400 if wrong else 200)


def _part_href(one: Filling, part: Part) -> str:
    return reverse("casework_each", args=[one.document.uid, one.form.name, part.uid])


def _may_override(request: Asked, one: Filling, blocking: Sequence[Gate], opened: bool) -> bool:
    """Return whether the reader may decide although duties are not met, or something is open that should have ended."""
    if not (blocking or opened):
        return False
    return all(authorised(request.reader, gate) for gate in blocking) and (
        not opened or may_close_all_the_same(request.reader, one)
    )


def _stopped(request: Asked, about: Sequence[OfOne]) -> str:
    """
    Return why the form cannot be recorded yet, or nothing.

    A gate stops a decision. It never stops what has happened from being recorded: whoever says that it has, records it
    and the duty is in breach at once. Somebody with the authority decides all the same and says why.
    """
    one = about[0].of
    blocking = [gate for each in about for gate in each.gates if gate.blocks]
    opened = [row.label.lower() for each in about for row in still_open(each.of)]
    if not (blocking or opened) or not one.form.decides or request.POST.get("how") == "happened":
        return ""
    if request.POST.get("how") != "decide":
        return "Say whether this has happened already, or who decides that it may"
    for gate in blocking:
        if not authorised(request.reader, gate):
            return f"This can be decided only by: {', '.join(gate.authority)}. Ask them to record it"
    if opened and not may_close_all_the_same(request.reader, one):
        return f"End the {' and the '.join(dict.fromkeys(opened))} first, or ask a manager to decide all the same"
    return "" if request.POST.get("because", "").strip() else "Give the reason for deciding although a duty is not met"


def _recorded(request: Asked, about: Sequence[OfOne], version: int) -> HttpResponseBase:
    one, how, reader = about[0].of, request.POST.get("how"), request.reader
    because = request.POST.get("because", "")
    those = [
        actions.ForOne(each.of.row, each.told, decided(reader, each.gates, because) if how == "decide" else [])
        for each in about
    ]
    uid, title = one.document.uid, one.form.title
    if one.form.approval is not None:
        actions.ask_approval(reader, one.form, those, version=version)
        messages.success(request, f"“{title}” is sent for approval. You are told if it is returned.")
        return redirect("record_something", uid=uid)
    happened = " (it had happened already)" if how == "happened" else ""
    actions.record_form(reader, one.form, those, version=version, because=f"form: {title}{happened}")
    of_all = f" for {len(those)} children" if len(those) > 1 else ""
    following = "; ".join(form_named(each).title for each in one.form.next)
    then = f" Next you may want to record: {following}." if following else ""
    messages.success(request, f"“{title}” is recorded{of_all}.{then}")
    return redirect("child", uid=uid)


@page("casework_each")
def casework_each(request: Asked, uid: str, name: str, other: str) -> HttpResponseBase:
    """Ask one of the further children's own part of a form, then the next one's, then check the answers."""
    one = filling(request.reader, str(uid), name)
    written = reads.written_of(one.row, one.form)
    if written is None or written.waits:
        return redirect("record_something", uid=uid)
    parts = parts_of(request.reader, one, written.raw)
    part = next((each for each in parts if each.uid == str(other)), None)
    if part is None:
        raise NotPermitted("There is nothing here that you can open.")
    if request.method != "POST":
        return _part_page(request, one, part, written.version)
    try:
        own = raw_of(part.asked, request.POST)
        blank = {question.name: [""] for question in part.questions}
        raw = {**written.raw, **kept_as({**blank, **own}, part.uid)}
        version = actions.keep(request.reader, one.row, one.form, raw, version=version_sent(request))
    except EditConflict as conflict:
        return beside(request, one, written.raw, str(conflict))
    if "later" in request.POST:
        messages.success(request, f"“{one.form.title}” is kept. Come back to it here whenever you like.")
        return redirect("record_something", uid=uid)
    part = Part(part.filling, raw)
    if not part.answers.complete:
        return _part_page(request, one, part, version, told=True)
    return redirect("casework_check", uid=uid, name=name)


def _part_page(request: Asked, one: Filling, part: Part, version: int, *, told: bool = False) -> HttpResponse:
    shown = CaseworkForm(part.asked, choices=choices(part.filling), today=one.today, raw=part.own, of=part.name)
    answers = part.answers
    if told:
        shown.tell(answers)
    asked = {question.name for question in part.questions}
    context = {
        **heading(one.document), "asked": one.form, "part": part, "form": shown, "version": version,
        "others": [words for question, words in answers.errors.items() if question not in asked],
        "form_href": reverse("casework_form", args=[one.document.uid, one.form.name]),
    }  # fmt: skip
    return render(request, "pages/casework/each.html", context, status=200)
