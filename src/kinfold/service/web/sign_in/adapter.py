"""How django-allauth behaves here: no sign-up; a council's directory decides roles by group."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an administrator or the directory, never by the person who would sign in."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say no: nobody signs themselves up."""
        return False


class DirectoryAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Sign-in through a council's own directory."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Say no: a person the directory knows still needs an account here."""
        return False
