"""Who works with a child now, and ending one of them."""

from __future__ import annotations

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from kinfold.service.records.actions.allocation_end import end_allocation
from kinfold.service.records.reads.allocations import Allocated, AllocationsOf, allocations_of
from kinfold.service.web.components import Cell, Column, Link, SummaryRow, Table
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.forms import DayField, Form, LongText
from kinfold.service.web.page import Asked, page
from kinfold.terms.errors import InputError


class EndForm(Form):
    """On which day an allocation ended, and why."""

    day = DayField(
        label="Day it ended", today_latest=timezone.localdate,
        help_text="The first day on which they no longer work with the child. What the allocation opens is closed at once; a "
        "social worker of the council can still read their own closed case for six months.",
    )  # fmt: skip
    because = django_forms.CharField(
        label="Why?", max_length=200, widget=LongText(rows=2), error_messages={"required": "Say why it ends"}
    )


@page("child_allocations")
def child_allocations(request: Asked, uid: str) -> HttpResponse:
    """Show who a child is allocated to, each with the way to end it."""
    found = allocations_of(request.reader, str(uid))
    return render(request, "pages/child_allocations.html", {
        "found": found, "table": _table(found), "crumbs": _crumbs(found, "Who works with them"),
    })  # fmt: skip


def _table(found: AllocationsOf) -> Table:
    columns = [Column("Who"), Column("Of"), Column("Role"), Column("Since"), Column("You can", quiet=True)]
    rows = [
        [Cell(one.worker), Cell(one.organisation or "Not recorded"), Cell(one.role), Cell(_since(one)),
         Cell("End", reverse("allocation_end", args=[found.uid, one.fact]), about=f"the allocation to {one.worker}")]
        for one in found.open_now
    ]  # fmt: skip
    return Table("Who works with this child now", columns, rows, empty="The child is allocated to nobody.")


def _since(one: Allocated) -> str:
    return day_words(one.since) if one.since else "Not recorded"


def _crumbs(found: AllocationsOf, here: str) -> list[Link]:
    return [
        Link("Home", reverse("home")),
        Link(found.name or "The child", reverse("child", args=[found.uid])),
        Link(here),
    ]


@page("allocation_end")
def allocation_end(request: Asked, uid: str, fact: str) -> HttpResponseBase:
    """Ask when and why one allocation ended, and end it."""
    found = allocations_of(request.reader, str(uid))
    one = found.one(str(fact))
    form = EndForm(request.POST or None, initial={"day": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            end_allocation(request.reader, str(uid), str(fact), **form.cleaned_data)
        except InputError as error:
            form.add_error("day" if "day it ended" in str(error) else "because", str(error))
        else:
            messages.success(request, f"{one.worker} no longer works with {found.name or 'the child'}.")
            return redirect("child_allocations", uid=uid)
    last = one.answers and sum(other.answers for other in found.open_now) == 1
    rows = [SummaryRow("Who", one.worker), SummaryRow("Of", one.organisation or "Not recorded"),
            SummaryRow("Role", one.role), SummaryRow("Since", _since(one))]  # fmt: skip
    return render(request, "pages/allocation_end.html", {
        "form": form, "found": found, "rows": rows, "last": last, "crumbs": _crumbs(found, "End an allocation"),
    })  # fmt: skip
