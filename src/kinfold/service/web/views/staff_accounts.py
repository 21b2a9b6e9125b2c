"""Accounts and roles, for the application administrator: no case content."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render

from kinfold.access.roles import ROLES
from kinfold.access.things import day_of
from kinfold.service.records.actions import staff as act
from kinfold.service.records.reads import office as read
from kinfold.service.records.reads.staff import workers_to_choose
from kinfold.service.web.forms import DayField, Form, Select, Text
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import staff as present
from kinfold.service.web.sign_in.first_link import send_first_link
from kinfold.terms.errors import InputError


def _role_choices(installation: str) -> list[tuple[str, str]]:
    found = [
        (name, role.label) for name, role in ROLES.items() if installation in role.installations and name != "public"
    ]
    return sorted(found, key=lambda one: one[1].casefold())


class AccountForm(Form):
    """Somebody new."""

    name = django_forms.CharField(label="Name", max_length=120, widget=Text())
    email = django_forms.EmailField(label="E-mail address", max_length=254, widget=Text(attrs={"type": "email"}))
    organisation = django_forms.CharField(
        label="Organisation", required=False, max_length=120, widget=Text(), help_text="Leave empty for the council"
    )
    worker = django_forms.ChoiceField(
        label="Who they are in the record", required=False, widget=Select(),
        help_text="A worker whom a file has named, so that their children open to them",
    )  # fmt: skip

    def __init__(self, *args: Any, workers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["worker"].choices = [("", "Somebody new"), *workers]  # type: ignore[attr-defined]


class RoleForm(Form):
    """A role for somebody."""

    role = django_forms.ChoiceField(label="Role", widget=Select())
    team = django_forms.ChoiceField(label="Team", required=False, widget=Select())
    until = DayField(label="Ends on", required=False)
    because = django_forms.CharField(label="Why?", max_length=200, widget=Text())

    def __init__(self, *args: Any, teams: list[tuple[str, str]], installation: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", "Choose a role"), *_role_choices(installation)]  # type: ignore[attr-defined]
        self.fields["team"].choices = [("", "No one team"), *teams]  # type: ignore[attr-defined]


@page("accounts")
def accounts(request: Asked) -> HttpResponseBase:
    """Show the accounts, and add one."""
    reader = request.reader
    words = request.GET.get("q", "").strip()[:80]
    workers = workers_to_choose(reader, read.council_of(reader))
    form = AccountForm(request.POST or None, workers=workers)
    if request.method == "POST" and form.is_valid():
        try:
            made = act.make_account(reader, **form.cleaned_data)
        except InputError as error:
            form.add_error(None, str(error))
        else:
            said = "Give it a role: until then it opens nothing. Then send them the link to choose a password."
            messages.success(request, f"{made.name} has an account. {said}")
            return redirect("account", uid=made.uid)
    shown = present.accounts_page(read.accounts(reader, words=words), words=words)
    return render(request, "pages/accounts.html", {**shown, "form": form})


@page("account")
def account(request: Asked, uid: str) -> HttpResponseBase:
    """Show one account; give it a role, end one, or let them set up their sign-in."""
    if request.method == "POST" and "link" in request.POST:
        return _send_link(request, str(uid))
    reader = request.reader
    installation = reader.actor.installation
    giving = request.method == "POST" and "end" not in request.POST
    form = RoleForm(
        request.POST if giving else None, teams=read.teams_to_choose(reader), installation=installation
    )  # fmt: skip
    if request.method == "POST" and not giving:
        act.end_role(reader, account=str(uid), held=_number(request.POST.get("end", "")))
        messages.success(request, "The role is ended. What it opened is closed.")
        return redirect("account", uid=uid)
    if giving and form.is_valid():
        try:
            act.grant_role(reader, account=str(uid), **form.cleaned_data)
        except InputError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "The role is given from today.")
            return redirect("account", uid=uid)
    one, held = read.account(reader, str(uid))
    shown = present.account_page(one, held, today=day_of(reader.now))
    return render(request, "pages/account.html", {**shown, "form": form})


def _send_link(request: Asked, uid: str) -> HttpResponseBase:
    """Send the link that begins a sign-in anew to the account's own address."""
    found = act.start_again(request.reader, account=uid)
    send_first_link(found, site=request.build_absolute_uri("/"))
    messages.success(request, f"A link was sent to {found.email}. It works once.")
    return redirect("account", uid=uid)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 15):
        raise InputError("Choose the role that ends.")
    return int(text)
