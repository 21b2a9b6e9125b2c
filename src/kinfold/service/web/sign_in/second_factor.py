"""Who must have a passkey or a one-time code before anything opens."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpResponseBase
from django.shortcuts import redirect

from kinfold.access.sign_in_rules import second_factor_needed

# Recovery codes alone are no second factor: they are for the day the real one is lost.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


# Set by the adapter when a sign-in through the council's own directory is whole; gone with the session.
BY_DIRECTORY = "signed_in_by_directory"


def needs_second_factor(request: Any) -> HttpResponseBase | None:
    """
    Return where to send somebody who must first set up a second factor; None when nothing stands in the way.

    Whoever signed in through the council's own directory was asked for one there. In the demonstration nobody is.
    """
    if settings.DEMO or request.session.get(BY_DIRECTORY):
        return None
    if not second_factor_needed(request.reader.role_names):
        return None
    if is_mfa_enabled(request.user, FACTORS):
        return None
    return redirect("mfa_index")
