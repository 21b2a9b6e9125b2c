"""Rights, as staff work with them: retention, holds, looks held back, opening to the family, destroying by two."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from kinfold.service.records.actions import access, destroying, holding_back
from kinfold.service.records.actions import rights as actions
from kinfold.service.records.reads.child_fact import open_person
from kinfold.service.records.reads.fact import fact_with_history
from kinfold.service.records.reads.holds_back import held_back, hold_on
from kinfold.service.records.reads.keeping import due_for_review, proposals
from kinfold.service.records.reads.looks import looks_at
from kinfold.service.records.reads.person import find_person
from kinfold.service.records.reads.rights import for_rights, rights_of
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.forms import DayField, Form, LongText, Radios, Text
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import fact as present_fact
from kinfold.service.web.presenters import rights as present
from kinfold.terms.errors import EditConflict, InputError, NotPermitted


class HoldBackForm(Form):
    """Why a look is held back, and until when."""

    because = django_forms.CharField(
        label="How could showing this look endanger a child?", widget=LongText(rows=3), max_length=1000
    )
    review_date = DayField(label="Review date", help_text="Within 92 days. Until somebody releases it, it stays back.")


class ReviewHoldForm(Form):
    """What a review of a look held back decides."""

    decision = django_forms.ChoiceField(
        label="What do you decide?",
        choices=[("release", "Show it: the family sees it from now on"), ("keep", "Keep it back")], widget=Radios(),
    )  # fmt: skip
    because = django_forms.CharField(label="Why?", widget=LongText(rows=3), max_length=1000)
    review_date = DayField(label="Next review, if you keep it back", required=False, help_text="Within 92 days.")

    def clean(self) -> dict[str, Any]:
        """Insist on another review of what is kept back."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("decision") == "keep" and not said.get("review_date") and "review_date" not in self.errors:
            self.add_error("review_date", "Enter when it is reviewed next")
        return said


class AccessForm(Form):
    """Whose account may open their own page."""

    email = django_forms.EmailField(label="E-mail address of their account", widget=Text())
    because = django_forms.CharField(label="Why", help_text="For example: their own record; holds parental responsibility.",
                                     max_length=200, widget=Text())  # fmt: skip


class HoldForm(Form):
    """A legal hold."""

    reason = django_forms.CharField(
        label="Why: an inquiry, a claim, an investigation", widget=LongText(rows=3), max_length=1000
    )
    asked_by = django_forms.CharField(label="Who asked", required=False, max_length=200, widget=Text())
    review_date = DayField(label="Look at it again on", required=False)


class BecauseForm(Form):
    """A reason."""

    because = django_forms.CharField(label="Why", max_length=200, widget=Text())


class DisposalForm(Form):
    """What a review before disposal decides."""

    decision = django_forms.ChoiceField(
        label="What do you decide?",
        choices=[("keep longer", "Keep it longer"), ("archive", "Give it to the archive"), ("destroy", "Destroy it")],
        widget=Radios(hints={"destroy": "Another person must agree before anything is destroyed."}),
    )
    reason = django_forms.CharField(label="Why", widget=LongText(rows=3), max_length=1000)


class ErasureForm(Form):
    """On which ground something is erased."""

    ground = django_forms.ChoiceField(
        label="On which ground?", choices=[(one, one.capitalize()) for one in destroying.GROUNDS], widget=Radios()
    )


class DecideForm(Form):
    """Agree or decline."""

    answer = django_forms.ChoiceField(
        label="Do you agree?", choices=[("agree", "Yes, destroy it now"), ("decline", "No")],
        widget=Radios(hints={"agree": "What it says is gone for good. It does not come back with a backup."}),
    )  # fmt: skip
    because = django_forms.CharField(label="Why not", required=False, max_length=200, widget=Text(),
                                     help_text="Only if you do not agree.")  # fmt: skip


@page("child_rights")
def child_rights(request: Asked, uid: str) -> HttpResponse:
    """Show what staff do for a person's rights: copies, retention, holds, releases, looks."""
    reader = for_rights(request.reader)
    found = rights_of(reader, str(uid))
    return render(request, "pages/child_rights.html", present.child_page(found, _looks(reader, str(uid))))


def _about(request: Asked, uid: str) -> Any:
    """Return the reader at work on a person's rights. Raises NotPermitted, as for nobody, where they may not open it."""
    reader = for_rights(request.reader)
    open_person(reader, str(uid), action="rights")
    return reader


def _looks(reader: Any, uid: str) -> list[Any]:
    try:
        return looks_at(reader, uid)
    except NotPermitted:
        return []


def _form_page(
    request: Asked, form: Form, *, title: str, button: str, uid: str = "", words: str = "", kind: str = "", **more: Any
) -> HttpResponse:
    context = {"form": form, "title": title, "button": button, "uid": uid, "words": words, "kind": kind, **more}
    return render(request, "pages/rights_form.html", context)


@page("hold_back")
def hold_back(request: Asked, uid: str, seq: int) -> HttpResponseBase:
    """Hold one look back from the family, for a reason, until a review date; review one that is held back."""
    if int(seq) not in {look.seq for look in looks_at(request.reader, str(uid))}:
        raise NotPermitted("There is nothing here that you can open.")
    row = find_person(str(uid))
    if hold := hold_on(row, seq=int(seq)):
        return _review(request, row, hold)
    form = HoldBackForm(request.POST or None, initial={"review_date": timezone.localdate() + timedelta(days=28)})
    if request.method == "POST" and form.is_valid():
        try:
            access.hold_back(request.reader, row, seq=int(seq), **form.cleaned_data)
        except InputError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "The look is held back from the family.")
            return redirect("child_rights", uid=uid)
    words = "The family does not see this look at all, not even that something is held back."
    return _form_page(request, form, title="Hold a look back", button="Hold it back", uid=uid, words=words)


def _review(request: Asked, person: Any, hold: Any) -> HttpResponseBase:
    """Decide about a look that is held back: it is shown, or stays back until another review."""
    form = ReviewHoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            if said["decision"] == "release":
                holding_back.release(request.reader, person, hold=hold, because=said["because"])
                messages.success(request, "Shown. The family sees this look from now on.")
            else:
                holding_back.keep_back(
                    request.reader, person, hold=hold, because=said["because"], review_date=said["review_date"]
                )
                messages.success(request, f"Kept back until the review on {day_words(said['review_date'])}.")
        except (InputError, EditConflict) as error:
            form.add_error(None, str(error))
        else:
            return redirect("child_rights", uid=person.uid)
    words = f"Held back since {day_words(hold.made_at.date())}, review on {day_words(hold.review_date)}: {hold.because}"
    return _form_page(request, form, title="Review a look held back", button="Decide", uid=str(person.uid), words=words)


@page("family_access")
def family_access(request: Asked, uid: str) -> HttpResponseBase:
    """Let a young person or a parent open their own page."""
    reader = _about(request, uid)
    form = AccessForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.open_to_family(reader, str(uid), **form.cleaned_data)
        except InputError as error:
            form.add_error("email", str(error))
        else:
            messages.success(request, "They can open their own page now. They see what is released to them.")
            return redirect("child_rights", uid=uid)
    words = "They see nothing until somebody releases it to them, item by item."
    return _form_page(request, form, title="Open the record to the family", button="Open it", uid=uid, words=words)


@page("legal_hold")
def legal_hold(request: Asked, uid: str) -> HttpResponseBase:
    """Place a legal hold."""
    _about(request, uid)
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = {
            name: value.isoformat() if hasattr(value, "isoformat") else value
            for name, value in form.cleaned_data.items()
        }
        actions.place_hold(request.reader, str(uid), values=said)
        messages.success(request, "The legal hold is placed. Nothing of this record can be destroyed.")
        return redirect("child_rights", uid=uid)
    words = "While it is in force nothing of the record is destroyed, whatever the retention rule says."
    return _form_page(request, form, title="Place a legal hold", button="Place the hold", uid=uid, words=words)


@page("legal_hold_end")
def legal_hold_end(request: Asked, uid: str, fact: str) -> HttpResponseBase:
    """End a legal hold."""
    reader = _about(request, uid)
    form = BecauseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.end_hold(reader, str(uid), fact=str(fact), because=form.cleaned_data["because"])
        messages.success(request, "The legal hold is ended.")
        return redirect("child_rights", uid=uid)
    return _form_page(request, form, title="End a legal hold", button="End the hold", uid=uid)


@page("disposal")
def disposal(request: Asked, uid: str) -> HttpResponseBase:
    """Review a record whose retention time is over, and decide."""
    reader = for_rights(request.reader)
    found = rights_of(reader, str(uid))
    form = DisposalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            destroying.decide_review(reader, str(uid), **form.cleaned_data)
        except InputError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "The review is recorded.")
            return redirect("records_to_decide")
    kept = present.child_page(found, [])["kept"]
    return _form_page(request, form, title="Review before disposal", button="Record the review", uid=uid, table=kept)


@page("erase_fact")
def erase_fact(request: Asked, uid: str, word: str, fact: str) -> HttpResponseBase:
    """Propose that what one fact says is erased by law."""
    reader = for_rights(request.reader)
    history = fact_with_history(reader, word, str(fact))
    form = ErasureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            destroying.propose_erasure(reader, str(uid), word=word, fact=str(fact), **form.cleaned_data)
        except InputError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "The erasure is proposed. Another person must agree.")
            return redirect("records_to_decide")
    table = present_fact.page_of(history)["fields"]
    words = "Every version of this fact is emptied, and its file. That it was there, and that it was erased, stays."
    return _form_page(request, form, title="Propose an erasure", button="Propose it", uid=uid, words=words, table=table)


@page("records_to_decide")
def records_to_decide(request: Asked) -> HttpResponse:
    """Show what waits for a second person, and records whose retention time is over."""
    reader = for_rights(request.reader)
    me = str(request.reader.account.uid)
    return render(
        request,
        "pages/records_to_decide.html",
        present.proposals_page(proposals(reader), due_for_review(reader), held_back(reader), me),
    )


@page("record_to_decide")
def record_to_decide(request: Asked, fact: str) -> HttpResponseBase:
    """Agree to a proposal, which destroys, or decline it."""
    reader = for_rights(request.reader)
    one = next((p for p in proposals(reader) if p.fact == str(fact)), None)
    if one is None:
        raise NotPermitted("There is nothing here that you can open.")
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            said = _decide(reader, str(fact), form.cleaned_data)
        except InputError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, said)
            return redirect("records_to_decide")
    of = one.name or "somebody whose name is not known"
    words = f"{present.destroyed_words(one)}, of {of}. {one.proposer} proposed it: {one.why}"
    return _form_page(request, form, title="Agree to destroy", button="Go on", words=words, kind="warning")


def _decide(reader: Any, fact: str, said: dict[str, Any]) -> str:
    if said["answer"] == "agree":
        return f"{destroying.agree(reader, fact):,} things were emptied. The audit chain is whole."
    destroying.decline(reader, fact, because=said["because"])
    return "The proposal is declined. Nothing was destroyed."
