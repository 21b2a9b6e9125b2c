"""Where each kind of fact is kept: here or in another system, by dated switches."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from kinfold.record.declare import KINDS
from kinfold.service.records.actions import switching as act
from kinfold.service.records.reads import switching as read
from kinfold.service.web.components import Cell, Column, Link, Table, Tag
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.forms import DayField, Form, Select, Text
from kinfold.service.web.page import Asked, page
from kinfold.terms.errors import InputError


class SwitchForm(Form):
    """One switch of one kind."""

    kind = django_forms.ChoiceField(label="What is kept", widget=Select())
    where = django_forms.CharField(
        label="In which system", required=False, max_length=120, widget=Text(),
        help_text="Leave empty when it is kept here. While it is kept elsewhere nobody types it in here: files bring it.",
    )  # fmt: skip
    since = DayField(label="From which day")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = sorted(((kind.name, kind.label) for kind in KINDS.values()), key=lambda one: one[1].casefold())
        self.fields["kind"].choices = [("", "Choose a kind of fact"), *kinds]  # type: ignore[attr-defined]


@page("kept_where")
def kept_where(request: Asked) -> HttpResponseBase:
    """Show the switches and make one."""
    form = SwitchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = act.switch_as(request.reader, **form.cleaned_data)
        except InputError as error:
            form.add_error(None, str(error))
        else:
            where = made.where or "Kinfold"
            messages.success(request, f"{KINDS[made.kind].label} is kept in {where} from {day_words(made.from_date)}.")
            return redirect("kept_where")
    crumbs = [Link("People", reverse("people")), Link("Where each kind is kept")]
    shown = {"form": form, "table": _table(read.switches(request.reader)), "crumbs": crumbs}
    return render(request, "pages/kept_where.html", shown)


def _table(found: list[read.Switch]) -> Table:
    rows = [
        [
            Cell(one.label, tag=Tag("Now", "green") if one.holds else None), Cell(one.where or "Here"),
            Cell(day_words(one.since), order=one.since.isoformat()),
        ]
        for one in found
    ]  # fmt: skip
    columns = [Column("What is kept", sort="none"), Column("Where"), Column("From", sort="none")]
    return Table("Switches", columns, rows, empty="Every kind is kept here: none has been switched.")
