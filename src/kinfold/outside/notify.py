"""
GOV.UK Notify as a way to send letters, for councils that use it instead of a mail server of their own.

One template with the personalisation ((subject)) and ((body)) is made in Notify; the key is "name-service-secret" as
Notify gives it. Source: GOV.UK Notify's REST API documentation: POST /v2/notifications/email, signed with a JWT.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass

import jwt

from kinfold.terms.errors import SettingError

ADDRESS = "https://api.notifications.service.gov.uk"
_UUID = 36
_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Notify:
    """A client of GOV.UK Notify: the service's id, its secret, the id of the template, and where the service is."""

    service: str
    secret: str
    template: str
    address: str = ADDRESS

    def send(self, *, to: str, subject: str, body: str, reference: str = "") -> bool:
        """
        Send one letter and return whether Notify took it.

        False for one that Notify refuses. Raises OSError where it cannot be reached or is in trouble: try again later.
        """
        said = {"email_address": to, "template_id": self.template, "reference": reference,
                "personalisation": {"subject": subject, "body": body}}  # fmt: skip
        request = urllib.request.Request(  # noqa: S310 -- the address is a setting, https but for a test's own machine
            f"{self.address}/v2/notifications/email", data=json.dumps(said).encode(), method="POST",
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {self._token()}"},
        )  # fmt: skip
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
                return bool(answer.status == 201)
        except urllib.error.HTTPError as error:
            if error.code == 429 or error.code >= 500:
                raise
            return False

    def _token(self) -> str:
        return jwt.encode({"iss": self.service, "iat": int(time.time())}, self.secret, algorithm="HS256")


def notify_client(key: str, template: str, address: str = ADDRESS) -> Notify:
    """Return the client for a key as Notify gives it. Raises SettingError for one that is cut off."""
    if len(key) < 2 * _UUID + 1 or not template:
        raise SettingError(
            "KINFOLD_NOTIFY_KEY: give the whole key as Notify shows it, and KINFOLD_NOTIFY_TEMPLATE with it"
        )
    return Notify(service=key[-(2 * _UUID + 1) : -(_UUID + 1)], secret=key[-_UUID:], template=template, address=address)
