"""How django-allauth behaves here: no sign-up; a council's directory decides roles by group."""

from __future__ import annotations

import logging
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from kinfold.access.law import sign_in_number
from kinfold.access.sign_in_rules import account_sleeps
from kinfold.access.things import day_of
from kinfold.service.records.actions import directory
from kinfold.service.web.sign_in.second_factor import BY_DIRECTORY
from kinfold.terms.errors import InputError

log = logging.getLogger("kinfold.sign_in")


def _locked() -> str:
    minutes = sign_in_number("attempts_window", day_of(timezone.now()))
    return (
        "Too many wrong passwords or codes were tried with this account or from this connection. Wait up to "
        f"{minutes} minutes, then try again. If it was not you who tried, tell whoever gives out access in your "
        "organisation."
    )


def _no_local_sign_in(user: Any) -> str:
    """
    Return why somebody may not sign in with a password or passkey of Kinfold's own; empty when they may.

    Whoever left the directory must find no other door open.
    """
    if SocialAccount.objects.filter(user=user).exists():
        return "directory"
    return "sleeps" if user.last_login and account_sleeps(last_sign_in=user.last_login, now=timezone.now()) else ""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an administrator or the directory, never by the person who would sign in."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The e-mail address or the password is not right. Check both and try again.",
    }

    def validation_error(self, code: str, *arguments: Any) -> Any:
        """Return the error of `code`; that of a locked account says for how long."""
        if code in ("too_many_login_attempts", "rate_limited"):
            self.error_messages = {**self.error_messages, code: _locked()}
        return super().validation_error(code, *arguments)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say no: nobody signs themselves up."""
        return False

    def pre_login(self, request: HttpRequest, user: Any, **rest: Any) -> HttpResponse | None:
        """Stop a local sign-in of somebody whom the directory answers for, or to an account that sleeps."""
        if "sociallogin" not in (rest.get("signal_kwargs") or {}):
            why = _no_local_sign_in(user)
            if why:
                return render(request, "account/account_inactive.html", {"why": why}, status=403)
        response: HttpResponse | None = super().pre_login(request, user, **rest)
        return response

    def is_reauthentication_required(self, *, app: str, **rest: Any) -> bool:
        """
        Return whether somebody must prove once more who they are before they change how they sign in.

        Whoever has just signed in has proved it: the second factor of a first sign-in is set up without asking twice.
        """
        proofs = get_authentication_records(self.request, self.request.user)
        return not any(time.time() - proof["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT for proof in proofs)

    def post_login(self, request: HttpRequest, user: Any, **rest: Any) -> HttpResponse:
        """Remember that the directory said who this is: it asked for a second factor itself."""
        request.session[BY_DIRECTORY] = "sociallogin" in (rest.get("signal_kwargs") or {})
        response: HttpResponse = super().post_login(request, user, **rest)
        return response


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """What is said of a wrong code."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "The code is not right, or it was used already. Wait for the next one and enter it at once.",
    }


class DirectoryAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Sign-in through a council's own directory: what it says has been checked, its groups give the roles."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Say no: a starter gets an account in `pre_social_login`, or none."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Join what the directory says to an account with the roles of its groups, or say why it is refused."""
        known = sociallogin.user if sociallogin.is_existing else None
        rules = settings.DIRECTORY.groups if settings.DIRECTORY else ()
        try:
            account = directory.signed_in(sociallogin.said, known=known, rules=rules, today=day_of(timezone.now()))
        except InputError as error:
            log.warning("sign-in through the directory refused")
            answer = render(request, "socialaccount/refused.html", {"because": str(error)}, status=403)
            raise ImmediateHttpResponse(answer) from error
        if known is None:
            sociallogin.user = sociallogin.account.user = account
            sociallogin.account.save()
        else:
            sociallogin.user = account
