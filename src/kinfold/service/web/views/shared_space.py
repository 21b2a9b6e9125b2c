"""One child's shared space: what each partner added, adding, taking back, following."""

from __future__ import annotations

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from kinfold.service.records.actions import shared_space as actions
from kinfold.service.records.reads import person
from kinfold.service.records.reads.shared_space import shared_space as read
from kinfold.service.web.forms import DayField, Form, LongText, Radios
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import child as present_child
from kinfold.service.web.presenters.sharing import space_page
from kinfold.sharing.agreements import Purpose
from kinfold.terms.errors import InputError

PURPOSES = [
    (Purpose.SAFEGUARDING.value, "To protect the child from harm"), (Purpose.FAMILY_HELP.value, "To help the family early")
]  # fmt: skip


class ContributionForm(Form):
    """What a partner adds."""

    happened = DayField(label="Day it is about", today_latest=timezone.localdate)
    words = django_forms.CharField(
        label="What do you add?", max_length=actions.LONGEST, widget=LongText(rows=4),
        error_messages={"required": "Enter what you add"},
    )  # fmt: skip
    purpose = django_forms.ChoiceField(
        label="What is it shared for?", choices=PURPOSES, widget=Radios(),
        error_messages={"required": "Select what it is shared for"},
    )  # fmt: skip
    concern = django_forms.BooleanField(label="It is a new concern: tell those who follow the child", required=False)


@page("shared_space")
def shared_space(request: Asked, uid: str) -> HttpResponseBase:
    """Show the shared space, and take in what the reader adds."""
    document = person.whole(request.reader, str(uid), log=False)
    found = read(request.reader, str(uid))
    actions.concerns_seen(request.reader, str(uid))
    form = ContributionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.contribute(
                request.reader, str(uid),
                actions.Added(happened=said["happened"], words=said["words"], purpose=Purpose(said["purpose"]),
                              concern=said["concern"]),
            )  # fmt: skip
        except InputError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Added, marked as your organisation’s own.")
            return redirect("shared_space", uid=uid)
    context = {**present_child.heading(document), **space_page(found), "form": form, "uid": uid}
    return render(request, "pages/sharing/shared_space.html", context)


@require_POST
@page("shared_space_take_back")
def shared_space_take_back(request: Asked, uid: str, contribution: str) -> HttpResponseBase:
    """Take back what one's own organisation added."""
    actions.take_back(request.reader, str(uid), str(contribution))
    messages.success(request, "Taken back. What it said is gone.")
    return redirect("shared_space", uid=uid)


@require_POST
@page("shared_space_follow")
def shared_space_follow(request: Asked, uid: str) -> HttpResponseBase:
    """Be told of new concerns, or no longer."""
    wanted = request.POST.get("wanted") == "yes"
    actions.follow(request.reader, str(uid), purpose=Purpose.SAFEGUARDING, wanted=wanted)
    said = "You are told of new concerns." if wanted else "You are told of new concerns no longer."
    messages.success(request, said)
    return redirect("shared_space", uid=uid)
