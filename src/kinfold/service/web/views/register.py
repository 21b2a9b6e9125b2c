"""A child's entry in the register of identity, and what can be done to it: joined, kept apart, parted, renewed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render

from kinfold.service.records.actions import register as act
from kinfold.service.records.reads import register as read
from kinfold.service.records.reads.identity import for_comparing
from kinfold.service.records.reads.person import find_child
from kinfold.service.records.reads.reader import Reader
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import register as present
from kinfold.service.web.register_forms import ChangeForm
from kinfold.terms.errors import EditConflict, InputError, NotPermitted


@page("register")
def register(request: Asked, uid: str) -> HttpResponseBase:
    """Show the entry; do what was chosen and show it again."""
    reader = for_comparing(request.reader)
    found = read.entry(reader, str(uid))
    form = ChangeForm(present.choices(found), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _done(reader, found.uid, **form.cleaned_data))
        except (InputError, EditConflict) as wrong:
            form.add_error(None, str(wrong))
        except NotPermitted:
            form.add_error("other", "There is no such record that you can open")
        else:
            return redirect("register", uid=found.uid)
    return render(request, "pages/identity/register.html", present.entry_page(found) | {"form": form})


def _done(reader: Reader, uid: str, *, change: str, other: str, because: str) -> str:
    """Do what was chosen and return what to say about it."""
    what, _, about = change.partition(":")
    match what:
        case "part":
            act.part(reader, about, because=because)
        case "renew":
            return (
                f"The identifier is now {act.reissue(reader, about, because=because)}. The one before it is out of use."
            )
        case "wrong":
            act.invalidate(reader, about, because=because)
        case _:
            act.mark(reader, uid, find_child(reader, other.strip()), what)
    return present.DONE[what]
