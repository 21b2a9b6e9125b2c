"""Letters arrive: a real mail server with TLS and a password receives what is due and the week's digest."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from kinfold.service.records.actions import clock_notices
from kinfold.service.records.models import ClockNotice

from .conftest import Council

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)
NAME, PASSWORD = b"kinfold", b"an invented password"


@dataclass
class PostOffice:
    """What a mail server keeps of the letters that came."""

    letters: list[tuple[list[str], EmailMessage]] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Keep a letter, and for whom it came."""
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append((list(envelope.rcpt_tos), letter))
        return "250 kept"


def _known(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
    return AuthResult(
        success=isinstance(given, LoginPassword) and (given.login, given.password) == (NAME, PASSWORD), handled=False
    )


def _free_port() -> int:
    with socket.socket() as trying:
        trying.bind(("localhost", 0))
        return int(trying.getsockname()[1])


@pytest.fixture
def post_office(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    """Return a mail server that letters go out to, which takes nothing without TLS and a password."""
    authority = trustme.CA()
    trusted = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(trusted)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    office = PostOffice()
    server = Controller(
        office, hostname="localhost", port=_free_port(), tls_context=context, require_starttls=True, authenticator=_known,
        auth_required=True,
    )  # fmt: skip
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", server.port
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = NAME.decode(), PASSWORD.decode()
    settings.EMAIL_USE_TLS = True
    yield office
    server.stop()


def _send(council: Council) -> int:
    council.keep(MONDAY)
    now = datetime(2026, 11, 16, 12, tzinfo=UTC)
    return clock_notices.send_notices(council.holder.pk, now=now, today=MONDAY)


def test_the_digest_of_the_week_is_received_once_and_names_nobody(council: Council, post_office: PostOffice) -> None:
    sent = _send(council)
    _send(council)

    assert sent == len(post_office.letters) > 0
    address = council.accounts["social_worker"].email
    (digest,) = [one for to, one in post_office.letters if to == [address] and "your week" in one["subject"]]
    words = digest.get_content()
    assert "Due this week" in words
    assert not any(name in words + digest["subject"] for name in ("Robin", "Quill"))
    assert digest["from"] == "kinfold@localhost"


def test_a_password_that_is_refused_leaves_the_letters_to_be_sent(
    council: Council, post_office: PostOffice, settings: Any
) -> None:
    settings.EMAIL_HOST_PASSWORD = "another"

    assert _send(council) == 0
    assert post_office.letters == []

    settings.EMAIL_HOST_PASSWORD = PASSWORD.decode()
    assert _send(council) == len(post_office.letters) > 0
    assert not ClockNotice.objects.filter(sent_at__isnull=True).exists()
