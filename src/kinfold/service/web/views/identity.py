"""Records that may be the same child: the list, two of them side by side, the decision and its undoing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from kinfold.service.records.actions import identity as act
from kinfold.service.records.reads import identity as read
from kinfold.service.records.reads.reader import Reader
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import identity as present
from kinfold.terms.errors import EditConflict


def _reader(request: Asked) -> Reader:
    return read.for_comparing(request.reader)


@page("pairs")
def pairs(request: Asked) -> HttpResponse:
    """Show which pairs wait, the likeliest first, and what was decided lately."""
    undo, keys = request.GET.get("after", ""), request.GET.get("keys") == "1"
    found = read.queue(_reader(request))
    return render(request, "pages/identity/pairs.html", present.queue_page(found, undo=undo, keys=keys))


@page("pair")
def pair(request: Asked, uid: str) -> HttpResponseBase:
    """Show two records side by side; take the decision and go on to the next pair."""
    if request.method == "POST":
        return _decided(request, str(uid))
    found = read.side_by_side(_reader(request), str(uid))
    undo, keys = request.GET.get("after", ""), request.GET.get("keys") == "1"
    return render(request, "pages/identity/pair.html", present.pair_page(found, undo=undo, keys=keys))


def _decided(request: Asked, uid: str) -> HttpResponseBase:
    decision, keys = request.POST.get("decision", ""), request.POST.get("keys") == "1"
    decided = uid
    try:
        act.decide(_reader(request), uid, decision)
        messages.success(request, present.DECIDED[decision])
    except EditConflict:
        messages.error(request, "Somebody else decided about those two meanwhile. Their decision stands.")
        decided = ""
    following = read.next_waiting(_reader(request))
    if following:
        return redirect(present.after(following, decided, keys=keys))
    return redirect(present.list_address(decided, keys=keys))


@require_POST
@page("pair_undo")
def pair_undo(request: Asked, uid: str) -> HttpResponseBase:
    """Undo a decision and show the pair again."""
    act.undo(_reader(request), str(uid))
    messages.success(request, "Undone. The two records are as they were, and the pair waits again.")
    return redirect(present.address(uid, keys=request.POST.get("keys") == "1"))


@require_POST
@page("pairs_find")
def pairs_find(request: Asked) -> HttpResponseBase:
    """Ask for all records to be compared again, in the background."""
    act.ask_to_find(_reader(request))
    messages.success(request, "All records are being compared. The list fills as soon as that is done.")
    return redirect("pairs")
