"""What every page knows: whether this is the demonstration, and who is signed in."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def every_page(request: HttpRequest) -> dict[str, Any]:
    """Return the values that the base template uses."""
    return {
        "demo": settings.DEMO,
        "installation": settings.INSTALLATION,
        "csp_nonce": getattr(request, "csp_nonce", ""),
    }
