"""The family page, and adding, correcting and ending a tie."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from kinfold.record.declare import KINDS, Kind
from kinfold.service.records.actions import family as actions
from kinfold.service.records.actions.facts import VOID_REASONS
from kinfold.service.records.reads.family import family_of, tie_of
from kinfold.service.records.reads.person import find_person
from kinfold.service.records.reads.search import search
from kinfold.service.web.forms import DayField, Form, LongText, Radios, Select, Text
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import family as present
from kinfold.service.web.presenters.child import heading
from kinfold.terms.errors import EditConflict, InputError, NotPermitted

YES_NO = [("", "Not known"), ("yes", "Yes"), ("no", "No")]
CONTACT = [("", "Not known"), *((word, word.capitalize()) for word in ("allowed", "supervised", "indirect", "none"))]


class TieForm(Form):
    """What a tie says. Fields that a kind of tie does not have are taken away."""

    since = DayField(label="From which day", required=False, help_text="Leave this empty for a tie from birth.")
    parental_responsibility = django_forms.ChoiceField(
        label="Parental responsibility for the child", choices=YES_NO, required=False, widget=Select()
    )
    main_carer = django_forms.ChoiceField(label="Main carer", choices=YES_NO, required=False, widget=Select())
    contact = django_forms.ChoiceField(
        label="Contact between the two", choices=CONTACT, required=False, widget=Select()
    )
    conceal_address = django_forms.ChoiceField(
        label="Keep the child’s address from this person", choices=YES_NO, required=False, widget=Select()
    )
    notes = django_forms.CharField(label="What else matters", required=False, widget=LongText(rows=3), max_length=4000)

    def only(self, kind: Kind) -> None:
        """Leave only the fields that a kind of tie has."""
        for name in [n for n in self.fields if n in SAID and not present.has_field(kind, n)]:
            del self.fields[name]

    def said(self, kind: Kind) -> dict[str, Any]:
        """Return the values for a kind of tie."""
        given = {name: self.cleaned_data.get(name) for name in SAID if present.has_field(kind, name)}
        return {name: {"yes": True, "no": False, "": None}.get(str(value), value) for name, value in given.items()}


SAID = ("parental_responsibility", "main_carer", "contact", "conceal_address", "notes")


class NewTieForm(TieForm):
    """Who it is, what they are to the child, and since when."""

    field_order = ["who", "forename", "surname", "born", "tie"]
    who = django_forms.ChoiceField(label="Who", widget=Radios())
    forename = django_forms.CharField(label="Forename", required=False, max_length=100, widget=Text(width=20))
    surname = django_forms.CharField(label="Surname", required=False, max_length=100, widget=Text(width=20))
    born = DayField(label="Date of birth", required=False, today_latest=timezone.localdate)
    tie = django_forms.ChoiceField(label="What they are to the child", choices=present.tie_choices, widget=Select())

    def clean(self) -> dict[str, Any]:
        """Return the values. A person not on record yet needs a name."""
        said = super().clean() or {}
        if said.get("who") == "new" and not (said.get("forename") or said.get("surname")):
            self.add_error("forename", ValidationError("Enter a forename or a surname"))
        return said


class ChangeTieForm(TieForm):
    """A correction, or the day a tie ended."""

    until = DayField(
        label="Day it ended",
        required=False,
        help_text="The first day on which it no longer held. Leave empty if it goes on.",
    )
    because = django_forms.CharField(label="Why you are changing it", max_length=200, widget=Text())
    made_from = django_forms.CharField(widget=django_forms.HiddenInput())


class WithdrawTieForm(Form):
    """Why a tie is withdrawn."""

    prefix = "withdraw"
    reason = django_forms.ChoiceField(label="Why it is withdrawn", choices=list(VOID_REASONS.items()), widget=Radios())
    because = django_forms.CharField(label="What happened", max_length=200, widget=Text())
    made_from = django_forms.CharField(widget=django_forms.HiddenInput())


@page("family")
def family(request: Asked, uid: str) -> HttpResponse:
    """Show the drawn family and its table."""
    return render(request, "pages/family.html", present.page_of(family_of(request.reader, str(uid))))


@page("family_tie_new")
def tie_new(request: Asked, uid: str) -> HttpResponseBase:
    """Find somebody, or name somebody new, and say what they are to the child."""
    found = family_of(request.reader, str(uid))
    if not found.may_change:
        raise NotPermitted("There is nothing here that you can open.")
    text = (request.GET.get("q") or "").strip()
    hits = search(request.reader, text, adults=True) if text else None
    form = NewTieForm(request.POST or None)
    form.fields["who"].choices = present.who_choices(found, hits)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            _add(request, str(uid), form)
        except InputError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "The tie is recorded.")
            return redirect("family", uid=uid)
    context = {**heading(found.document), "form": form, "text": text, "hits": hits}
    return render(request, "pages/family_tie_new.html", context)


def _add(request: Asked, uid: str, form: NewTieForm) -> None:
    said = form.cleaned_data
    row = find_person(uid)
    kind, _, side = said["tie"].partition(":")
    other = (
        actions.add_person(request.reader, row, forename=said["forename"], surname=said["surname"], born=said["born"])
        if said["who"] == "new"
        else actions.person_to_tie(request.reader, said["who"])
    )
    values = {name: value for name, value in form.said(KINDS[kind]).items() if value not in (None, "")}
    actions.add_tie(
        request.reader, row, kind=kind, other=other, other_is_subject=side == "subject", values=values,
        since=said["since"],
    )  # fmt: skip


@page("family_tie")
def tie(request: Asked, uid: str, fact: str) -> HttpResponseBase:
    """Correct a tie, end it, or withdraw one that never held."""
    found, held = tie_of(request.reader, str(uid), str(fact))
    if not found.may_change:
        raise NotPermitted("There is nothing here that you can open.")
    withdrawing = "withdraw" in request.POST
    start = {"since": held.since, "until": held.until, "made_from": held.mark,
             **{n: {True: "yes", False: "no"}.get(v, v) for n, v in held.values.items()}}  # fmt: skip
    form = ChangeTieForm(request.POST if request.POST and not withdrawing else None, initial=start)
    form.only(held.kind)
    gone = WithdrawTieForm(request.POST if withdrawing else None, initial={"made_from": held.mark})
    status = 200
    if request.method == "POST" and (gone if withdrawing else form).is_valid():
        try:
            if withdrawing:
                actions.withdraw_tie(request.reader, str(uid), fact=str(fact), **gone.cleaned_data)
            else:
                _correct(request, str(uid), str(fact), form, held.kind)
        except EditConflict as error:
            status = 409
            (gone if withdrawing else form).add_error(None, str(error))
        except InputError as error:
            (gone if withdrawing else form).add_error(None, str(error))
        else:
            messages.success(request, "The tie is withdrawn." if withdrawing else "The tie is changed.")
            return redirect("family", uid=uid)
    context = {
        **heading(found.document), "form": form, "gone": gone, "tie": held, "title": present.tie_title(found, held),
        "back": reverse("family", args=[uid]), "conflict": status == 409, "now": present.table_of(found, [held], "As it stands now"),
    }  # fmt: skip
    return render(request, "pages/family_tie.html", context, status=status)


def _correct(request: Asked, uid: str, fact: str, form: ChangeTieForm, kind: Kind) -> None:
    said = form.cleaned_data
    actions.correct_tie(
        request.reader, uid, fact=fact, made_from=said["made_from"], values=form.said(kind), since=said["since"],
        until=said["until"], because=said["because"],
    )  # fmt: skip
