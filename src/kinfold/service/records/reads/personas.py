"""The invented people of the demonstration whom one can be. Nothing here answers outside it."""

from __future__ import annotations

from django.conf import settings

from kinfold.service.records.models import Account
from kinfold.terms.errors import NotPermitted


def _insist_on_demonstration() -> None:
    if not settings.DEMO:
        raise NotPermitted("There is nothing here.")


def personas_shown() -> list[tuple[str, list[Account]]]:
    """Return the personas by organisation, in the order they were made."""
    _insist_on_demonstration()
    groups: dict[str, list[Account]] = {}
    for account in Account.objects.exclude(persona="").filter(is_active=True).order_by("pk"):
        groups.setdefault(account.organisation, []).append(account)
    return list(groups.items())


def persona(uid: str) -> Account:
    """Return one persona. Raises NotPermitted for anybody else."""
    _insist_on_demonstration()
    found = Account.objects.exclude(persona="").filter(uid=uid, is_active=True).first() if len(uid) == 36 else None
    if found is None:
        raise NotPermitted("There is nobody here by that name.")
    return found
