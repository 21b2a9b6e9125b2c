"""What every page knows: whether this is the demonstration, who is signed in, and where they may go."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from kinfold.service.web.menu import footer, links, menu_of


def every_page(request: HttpRequest) -> dict[str, Any]:
    """Return the values that the base template uses."""
    context: dict[str, Any] = {
        "demo": settings.DEMO,
        "installation": settings.INSTALLATION,
        "csp_nonce": getattr(request, "csp_nonce", ""),
        "footer_links": links(footer(), request),
    }
    reader = getattr(request, "reader", None)
    if reader is not None:
        context |= {
            "signed_in": reader.account.name,
            "role": reader.role_label,
            "holder": reader.account.organisation,
            "navigation": links(menu_of(reader), request),
        }
    return context
