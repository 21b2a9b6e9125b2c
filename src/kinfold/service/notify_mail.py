"""Django's e-mail by way of GOV.UK Notify: set KINFOLD_NOTIFY_KEY and KINFOLD_NOTIFY_TEMPLATE."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from kinfold.outside.notify import notify_client


class EmailBackend(BaseEmailBackend):
    """Hands each message to Notify, one for each person it is for."""

    def __init__(self, fail_silently: bool = False, **rest: Any) -> None:
        super().__init__(fail_silently=fail_silently)
        self.client = notify_client(settings.NOTIFY_KEY, settings.NOTIFY_TEMPLATE, settings.NOTIFY_ADDRESS)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Send messages and return how many Notify took for everybody they are for."""
        taken = 0
        for message in email_messages:
            people = [parseaddr(one)[1] for one in message.recipients()]
            answers = [
                self.client.send(to=person, subject=str(message.subject), body=str(message.body)) for person in people
            ]
            taken += bool(answers) and all(answers)
        return taken
