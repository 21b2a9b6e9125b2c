"""Recording what the council itself owes: posts that are filled, reports that are published."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from kinfold.service.records.actions.clock_council import record_for_council
from kinfold.service.web.components import Link
from kinfold.service.web.page import Asked, page
from kinfold.service.web.service_forms import step_form
from kinfold.terms.errors import InputError


def _post() -> Any:
    hints = {"remit": "One on a line: children in need, kinship care."}
    return step_form("post_holder", ["post", "remit"], day="Held since", hints=hints)


def _report() -> Any:
    names = ["report_type", "step", "period", "education_included", "address"]
    return step_form("published_report", names, day="Day it was done", required=["step"])


FORMS = {
    "post": ("A post is filled", "post_holder", _post),
    "report": ("Something was published, reviewed or sent", "published_report", _report),
}


@page("council_record")
def record(request: Asked, what: str) -> HttpResponseBase:
    """Record that a post is filled, or that something was published."""
    if what not in FORMS:
        raise InputError("There is nothing of that sort to record. Go back to the wall and choose.")
    title, kind, form_class = FORMS[what]
    form = form_class()(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            record_for_council(request.reader, kind=kind, day=form.day, said=form.said())
        except InputError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{title}: recorded.")
            return redirect("service_wall")
    crumbs = [Link("Home", reverse("home")), Link("Due", reverse("service_wall")), Link(title)]
    return render(
        request, "pages/services/step.html", {"form": form, "title": title, "button": "Save", "crumbs": crumbs}
    )
