"""Adoption orders: what is sealed, asking to seal or to open, agreeing, and the adopted child's own record."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from kinfold.access.adoption import BASES
from kinfold.service.records.actions import adopting
from kinfold.service.records.reads import sealed as read
from kinfold.service.web.forms import DayField, Form, LongText, Radios, Text
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import adoption as present
from kinfold.terms.codes import code_set
from kinfold.terms.errors import InputError


class SealForm(Form):
    """The adoption order after which a birth record is sealed."""

    order_date = DayField(label="Day of the adoption order")
    purpose = django_forms.CharField(label="Court and case number, or how you know of the order", max_length=500,
                                     widget=LongText(rows=2))  # fmt: skip


class UnsealForm(Form):
    """On which basis and for what a sealed record is opened."""

    basis = django_forms.ChoiceField(label="Legal basis", choices=list(BASES.items()), widget=Radios())
    purpose = django_forms.CharField(label="What you need, and for whom", max_length=500, widget=LongText(rows=3))


class AnswerForm(Form):
    """A second person's answer."""

    answer = django_forms.ChoiceField(
        label="Do you agree?", choices=[("agree", "Yes, I agree"), ("decline", "No")], widget=Radios()
    )


class AdoptedForm(Form):
    """What the adopted child's record begins with."""

    forename = django_forms.CharField(label="First name", max_length=100, widget=Text())
    middle_names = django_forms.CharField(label="Middle names", max_length=200, required=False, widget=Text())
    surname = django_forms.CharField(label="Last name after the order", max_length=100, widget=Text())
    birth_date = DayField(label="Date of birth")
    sex = django_forms.ChoiceField(
        label="Sex", choices=[(code, code_set("sex").label(code)) for code in code_set("sex").codes()], widget=Radios()
    )


@page("sealed_records")
def sealed_records(request: Asked) -> HttpResponse:
    """Show what waits for a second person, which records are sealed, and which the reader may ask to seal."""
    reader = request.reader
    context = present.page_of(read.waiting_requests(reader), read.sealed_records(reader), read.to_seal(reader))
    return render(request, "pages/sealed_records.html", context)


@page("seal")
def seal(request: Asked, uid: str) -> HttpResponseBase:
    """Ask for a birth record to be sealed."""
    read.insist_may_ask(request.reader, str(uid), "seal")
    words = (
        "Once another person agrees, nobody finds this record but those who keep sealed records, and its allocations "
        "end. The adopted child’s own record is asked for on another page: nothing here may name it."
    )
    return _ask(request, SealForm(request.POST or None), "Seal a record after an adoption order", words,
                lambda said: adopting.ask_to_seal(request.reader, str(uid), **said))  # fmt: skip


@page("unseal")
def unseal(request: Asked, uid: str) -> HttpResponseBase:
    """Ask to open a sealed record."""
    read.insist_may_ask(request.reader, str(uid), "unseal")
    return _ask(request, UnsealForm(request.POST or None), "Ask to open a sealed record",
                "Another person must agree. Every look is recorded.",
                lambda said: adopting.ask_to_unseal(request.reader, str(uid), **said))  # fmt: skip


def _ask(request: Asked, form: Form, title: str, words: str, act: Any) -> HttpResponseBase:
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except InputError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Asked. Another person must agree before anything happens.")
            return redirect("sealed_records")
    return _form(request, form, title=title, button="Ask", words=words)


@page("seal_request")
def seal_request(request: Asked, request_uid: str) -> HttpResponseBase:
    """Agree to or decline what another person asked for."""
    one = read.to_answer(request.reader, str(request_uid))
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        agree = form.cleaned_data["answer"] == "agree"
        messages.success(request, adopting.answer(request.reader, str(request_uid), agree=agree))
        return redirect("sealed_records")
    return _form(request, form, title=one.act, button="Answer", words=present.question(one))


@page("adopted_record")
def adopted_record(request: Asked) -> HttpResponseBase:
    """Ask for an adopted child's record, to be made some time later."""
    form = AdoptedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        name = {part: said[part] for part in ("forename", "middle_names", "surname") if said[part]}
        details = {"birth_date": said["birth_date"], "sex": said["sex"]}
        adopting.ask_for_adopted_record(request.reader, name=name, details=details)
        messages.success(request, "Asked. The record is made at a random time in the next days, and is then found by its new name.")  # fmt: skip
        return redirect("sealed_records")
    words = (
        "Enter only the new identity. The record gets new numbers and holds nothing of the birth record; it is made at "
        "a random later time, so that the two cannot be paired by when they were made."
    )
    return _form(request, form, title="Ask for an adopted child’s record", button="Ask", words=words)


def _form(request: Asked, form: Form, **context: Any) -> HttpResponse:
    said = {"form": form, "cancel": reverse("sealed_records"), **context}
    return render(request, "pages/rights_form.html", said)
