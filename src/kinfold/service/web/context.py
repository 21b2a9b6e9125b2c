"""What every page knows: whether this is the demonstration, who is signed in, and where they may go."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from kinfold.access.matrix import ROUTES, may_reach
from kinfold.service.records.reads.reader import OF_FAMILY, Reader
from kinfold.service.web.components import Link

# The menu, in order; an entry is shown to those whose role may reach it.
MENU = (
    ("home", "Home"),
    ("search", "Find a child"),
    ("tonight", "Tonight"),
    ("wall", "Due"),
    ("casework_approvals", "Approvals"),
    ("safety_wall", "Safety wall"),
    ("incidents", "Incidents"),
    ("home_education", "Home education"),
    ("parenting", "Corporate parenting"),
    ("panel", "Notified"),
    ("lists", "Lists"),
    ("loads", "Files"),
    ("pairs", "Same child?"),
    ("agreements", "Sharing"),
    ("unusual_looks", "Unusual looks"),
    ("sealed_records", "Adoption"),
    ("people", "People"),
    ("records_to_decide", "Records to decide"),
    ("my_record", "Your record"),
)
# Those who open only their own record have nobody to look for and no work that falls due.
FAMILY_MENU = frozenset({"home", "my_record"})
FOOTER = (
    ("market", "Register of providers"),
    ("not_held", "What Kinfold does not hold"),
    ("documents", "Documents"),
    ("privacy", "Your information"),
)


def every_page(request: HttpRequest) -> dict[str, Any]:
    """Return the values that the base template uses."""
    context: dict[str, Any] = {
        "demo": settings.DEMO,
        "installation": settings.INSTALLATION,
        "csp_nonce": getattr(request, "csp_nonce", ""),
        "footer_links": _links(FOOTER, request),
    }
    reader = getattr(request, "reader", None)
    if reader is not None:
        context |= {
            "signed_in": reader.account.name,
            "role": reader.role_label,
            "holder": reader.account.organisation,
            "navigation": _links(MENU, request, reader),
        }
    return context


def _links(entries: tuple[tuple[str, str], ...], request: HttpRequest, reader: Reader | None = None) -> list[Link]:
    found = []
    for name, text in entries:
        rule = ROUTES.get(f"web:{name}")
        if rule is None or (reader is None and not rule.without_sign_in):
            continue
        if reader is not None and not (may_reach(reader.actor, rule) and _wanted(reader, name)):
            continue
        try:
            href = reverse(name)
        except NoReverseMatch:
            continue
        found.append(Link(text, href, current=request.path == href))
    return found


def _wanted(reader: Reader, name: str) -> bool:
    return name in FAMILY_MENU or not set(reader.role_names) <= OF_FAMILY
