"""The Panel's door, in the Department's installation: what councils notified, replies, national review."""

from __future__ import annotations

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from kinfold.service.records.actions import incidents_messages as exchange
from kinfold.service.records.actions import incidents_panel as actions
from kinfold.service.records.reads import incidents as reads
from kinfold.service.records.reads import incidents_panel
from kinfold.service.web.downloads import JSON, download
from kinfold.service.web.forms import Form, LongText, Radios
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import incidents as present
from kinfold.service.web.presenters.services import crumbs
from kinfold.service.web.views.incidents import MessageForm
from kinfold.terms.errors import InputError

NATIONAL = [
    ("", "No decision now"), ("under consideration", "Under consideration"),
    ("commissioned", "Commission a national review"), ("not commissioned", "Do not commission one"),
]  # fmt: skip


class ReplyForm(Form):
    """What the Panel answers."""

    words = django_forms.CharField(label="The Panel's reply", max_length=20_000, widget=LongText(rows=6))
    national = django_forms.ChoiceField(label="National review", choices=NATIONAL, required=False, widget=Radios())
    reasons = django_forms.CharField(
        label="Reasons for the decision on a national review",
        required=False,
        max_length=20_000,
        widget=LongText(rows=4),
    )


@page("panel")
def panel(request: Asked) -> HttpResponseBase:
    """List what was notified, and read in a council's file."""
    form = MessageForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            _, new = actions.receive(request.reader, form.cleaned_data["file"].read(),
                                     checked=form.cleaned_data["checked"])  # fmt: skip
        except InputError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, f"Received: {new} new." if new else "Everything in this file was received before."
            )
            return redirect("panel")
    holder = request.reader.account.held_by_id
    context = {**present.panel_list(incidents_panel.received(request.reader)), "form": form,
               "fingerprint": exchange.fingerprint_of(holder) if holder else ""}  # fmt: skip
    return render(request, "pages/services/panel.html", context)


def _page(request: Asked, uid: str, fact: str) -> tuple[reads.IncidentPage, str]:
    found = reads.incident_page(request.reader, str(uid), str(fact))
    return found, incidents_panel.councils([found.opened.who.person]).get(found.opened.who.person, "a council")


@page("panel_case")
def case(request: Asked, uid: str, fact: str) -> HttpResponse:
    """Show one case as it was submitted."""
    found, council = _page(request, uid, fact)
    return render(request, "pages/services/panel_case.html", present.panel_case(found, council))


@page("panel_reply")
def reply(request: Asked, uid: str, fact: str) -> HttpResponseBase:
    """Write the Panel's reply, with its decision on a national review."""
    found, council = _page(request, uid, fact)
    form = ReplyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.reply(request.reader, found, **form.cleaned_data)
        except InputError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "The reply is saved. Send the council its file.")
            return redirect("panel_case", uid=uid, fact=fact)
    context = {"form": form, "title": "Reply to the council", "button": "Save the reply", "caption": council,
               "crumbs": crumbs(("What was notified", "/panel/"), ("Reply", ""))}  # fmt: skip
    return render(request, "pages/services/step.html", context)


@page("panel_message")
def message(request: Asked, uid: str, fact: str) -> HttpResponse:
    """Hand over the Panel's reply as a signed file for the council."""
    found, _ = _page(request, uid, fact)
    return download(actions.reply_file(request.reader, found), name=f"reply-{found.fact[:8]}.json", media_type=JSON)
