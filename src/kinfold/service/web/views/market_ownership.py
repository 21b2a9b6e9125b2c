"""Ownership: looking for a company or person, one of them with three answers, and which of them a registered owner is."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from kinfold.service.records.actions.market_ownership import decide_match
from kinfold.service.records.reads import market_ownership as reading
from kinfold.service.records.reads.market import one_owner, shelf
from kinfold.service.web.market_forms import Ask, form_of
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import market_ownership as present
from kinfold.service.web.presenters.market_accounts import accounts_table
from kinfold.terms.errors import InputError


@page("market_ownership")
def ownership(request: Asked) -> HttpResponse:
    """Show who controls an entity, who has what interest in it and who is registered; without one, look for it."""
    uid = request.GET.get("of", "")
    if not uid:
        words = request.GET.get("q", "")
        context = present.search_page(reading.named(words), words, held=reading.held() is not None)
        return render(request, "pages/market/ownership_search.html", context)
    try:
        day = date.fromisoformat(request.GET.get("on", "").strip() or timezone.localdate().isoformat())
    except ValueError:
        raise InputError("The day must be a date such as 2023-03-31.") from None
    context = present.entity_page(reading.owners(uid, day), day) | {
        "accounts": accounts_table(reading.accounts_of(uid))
    }
    return render(request, "pages/market/ownership.html", context)


@page("market_owner_match")
def owner_match(request: Asked, key: str) -> HttpResponseBase:
    """Show the candidates for an owner with their scores, and take an officer's decision about one of them."""
    held = shelf(None)
    if held is None:
        return render(request, "pages/market/empty.html")
    owner = one_owner(held, key)["owner"].drop_nulls().sort()[0]
    found = reading.matches([owner], refused=True)
    choices = [(one.candidate.entity.uid, one.candidate.entity.name or one.candidate.entity.uid) for one in found]
    asks = (Ask("entity", "Candidate", "one", choices), Ask("same", "Is it the registered owner?", "yes_no"),
            Ask("reasons", "On which documents this rests", "long"))  # fmt: skip
    form = form_of(asks)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.answers()
        try:
            decide_match(request.reader, owner, entity=said["entity"], accepted=said["same"], because=form.reasons)
        except InputError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Your decision is recorded.")
            return redirect("market_owner_match", key)
    context = {
        "form": form if choices else None, "title": f"Which company is {owner}?", "table": present.matches_table(found),
        "cancel": reverse("market_group", args=[key]),
        "words": "A number decides by itself; a name never does. Your decision is added to those before it, and the last one holds.",
    }  # fmt: skip
    return render(request, "pages/market/owner_match.html", context)
