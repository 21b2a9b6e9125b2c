"""The link by which somebody chooses a password: it works once, for hours, and goes to their own address alone."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse


def first_link(account: Any, *, site: str) -> str:
    """Return the address of the page that sets a password; `site` is where Kinfold answers, such as https://host."""
    key = default_token_generator.make_token(account)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(account), "key": key})
    return f"{site.rstrip('/')}{path}"


def send_first_link(account: Any, *, site: str) -> None:
    """Send the link to the account's own address: whoever made the account does not see it."""
    words = {
        "account": account,
        "link": first_link(account, site=site),
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
    }
    send_mail(
        "Choose your password for Kinfold", render_to_string("account/email/first_link.txt", words), None,
        [account.email],
    )  # fmt: skip
