"""Rounds of the register with the national service: what they came to, and one begun by hand."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from kinfold.service.records.actions.register_rounds import begin_round
from kinfold.service.records.reads import register_rounds as read
from kinfold.service.records.reads.identity import for_comparing
from kinfold.service.web.components import Cell, Column, Link, Table, Tag
from kinfold.service.web.page import Asked, page
from kinfold.service.web.templatetags.kinfold import moment

_STATES = {"ready": Tag("Waiting", "grey"), "running": Tag("Running", "blue"), "failed": Tag("Failed", "red")}
_STANDINGS = {
    "unverified": "It could be one of several people, or nobody surely",
    "different": "It has the number, with other particulars",
}


@page("register_rounds")
def rounds(request: Asked) -> HttpResponseBase:
    """Show the latest rounds and whom they left to a person; begin a round when asked to."""
    reader = for_comparing(request.reader)
    if request.method == "POST":
        begun = begin_round(reader)
        messages.success(request, "A round has begun. Look again in a moment." if begun else "A round is under way.")
        return redirect("register_rounds")
    return render(request, "pages/identity/rounds.html", {
        "rounds": _rounds(read.rounds(reader)), "unsure": _unsure(read.unsure(reader)),
        "crumbs": [Link("Home", reverse("home")), Link("Same child?", reverse("pairs")), Link("Rounds of the register")],
    })  # fmt: skip


def _rounds(done: list[read.RoundDone]) -> Table:
    columns = [Column("When"), Column("How it ended"), Column("What it came to")]
    rows = [[Cell(moment(one.at)), Cell("", tag=_tag(one)), Cell(one.said)] for one in done]
    return Table("The latest rounds", columns, rows, empty="No round has been done yet. One is done each day.")


def _tag(one: read.RoundDone) -> Tag:
    if one.no_answer:
        return Tag("Error: no answer", "red")
    return _STATES.get(one.state, Tag("Done", "green"))


def _unsure(left: list[read.Unsure]) -> Table:
    columns = [Column("Child"), Column("What the service said"), Column("Asked")]
    rows = [
        [Cell(one.name or "Name not known", href=reverse("register", args=[one.uid])),
         Cell(_STANDINGS[one.standing]), Cell(moment(one.asked_at))]
        for one in left
    ]  # fmt: skip
    return Table(
        "Left to a person", columns, rows, empty="The national service was sure of everybody it was asked about."
    )
