"""
Why somebody opens a record, for the roles that must say it first (information governance).

The reason is asked for once a child, kept in the session for the time of the policy, and recorded as a look. A
page that would be refused for want of a reason leads to the question instead of to a bare refusal.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from kinfold.access.law import policy_number
from kinfold.access.things import day_of
from kinfold.access.words import Verb
from kinfold.service.records.reads.person import find_person
from kinfold.service.records.reads.reader import Reader
from kinfold.terms.errors import NotPermitted

KEPT = "reasons"


def reason_for(request: Any, uid: object, *, now: datetime) -> str:
    """Return the reason given in this session for opening a person's record; empty when none holds any more."""
    said, at = request.session.get(KEPT, {}).get(str(uid), ("", 0.0))
    hours = policy_number("reason_lasts", day_of(now))
    return str(said) if now.timestamp() - at < hours * 3600 else ""


def keep_reason(request: Any, uid: str, reason: str, *, now: datetime) -> None:
    """Keep the reason for a person's record in the session."""
    request.session[KEPT] = {**request.session.get(KEPT, {}), uid: (reason, now.timestamp())}


def asks_why(request: Any, named: Mapping[str, Any]) -> HttpResponseBase | None:
    """Return the way to the question why, when a reason is all that stands between the reader and the record."""
    uid, reader = named.get("uid"), request.reader
    if not uid or reader.reason:
        return None
    try:
        row = find_person(str(uid))
        thing = reader.thing(row)
    except NotPermitted:
        return None
    with_reason = Reader(reader.account, reader.now, reason="as the question why would have it")
    if reader.decide(Verb.READ, thing) or not with_reason.decide(Verb.READ, thing):
        return None
    back = request.get_full_path() if request.method == "GET" else reverse("child", args=[uid])
    return redirect(f"{reverse('say_why', args=[uid])}?{urlencode({'next': back})}")


def way_back(request: Any, uid: str) -> str:
    """Return where somebody wanted to go before they were asked, if that is a page of ours."""
    wanted = request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else reverse("child", args=[uid])
