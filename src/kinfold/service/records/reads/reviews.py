"""What somebody has to review."""

from __future__ import annotations

from kinfold.service.records.models import Alert, Grant
from kinfold.service.records.reads.reader import Reader
from kinfold.terms.errors import NotPermitted


def grant_to_review(reader: Reader, number: int) -> Grant:
    """Return a break-glass that the reader was asked to review. Raises NotPermitted for any other."""
    asked = Alert.objects.filter(account=reader.account, href=f"/break-glass/{number}/").exists()
    grant = Grant.objects.filter(pk=number, sort="break_glass").select_related("account", "person").first()
    if grant is None or not asked or grant.account_id == reader.account.pk:
        raise NotPermitted("There is nothing here that you can open.")
    return grant
