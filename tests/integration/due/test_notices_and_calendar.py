"""Letters and calendars: each once, to whom it concerns, and never with a child's name."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import jwt
import pytest
from django.core import mail
from django.test import Client

from kinfold.outside.notify import Notify, notify_client
from kinfold.service.jobs import daily
from kinfold.service.jobs.queue import take
from kinfold.service.jobs.tasks import run_task
from kinfold.service.records.actions import clock_notices
from kinfold.service.records.models import CalendarFeed, ClockNotice, Job
from kinfold.terms.errors import SettingError

from .conftest import Council

pytestmark = pytest.mark.django_db
THURSDAY = date(2026, 11, 19)  # the first visit and the placement plan are due
NOON = datetime(2026, 11, 19, 12, tzinfo=UTC)


def send(council: Council, today: date = THURSDAY) -> int:
    council.keep(today)
    return clock_notices.send_notices(council.holder.pk, now=NOON, today=today)


def letters_to(council: Council, role: str) -> list[Any]:
    return [one for one in mail.outbox if council.accounts[role].email in one.to[0]]


def test_what_is_due_today_is_told_that_day_once_and_names_nobody(council: Council) -> None:
    send(council)
    send(council)

    (letter,) = letters_to(council, "social_worker")
    assert re.match(r"Kinfold: \d+ due today", letter.subject)
    assert "Visit" in letter.body or "visit" in letter.body
    assert "Robin" not in letter.body + letter.subject
    assert "Quill" not in letter.body + letter.subject
    assert f"/children/{council.uid('Robin')}/due/" in letter.body


def test_what_grew_late_is_passed_on_to_whoever_answers_for_it_next(council: Council) -> None:
    send(council, date(2026, 11, 20))

    told = [
        letter for role in ("head_of_service", "director_of_childrens_services") for letter in letters_to(council, role)
    ]
    assert any("Passed on to you" in one.body for one in told)


def test_a_week_has_its_digest_on_its_first_working_day(council: Council) -> None:
    send(council, date(2026, 11, 16))
    digests = [one for one in letters_to(council, "social_worker") if "your week" in one.subject]

    assert len(digests) == 1
    assert "Due this week" in digests[0].body
    assert "Coming up in four weeks" in digests[0].body


def test_nothing_is_sent_at_a_weekend_or_where_no_mail_server_is_set(council: Council, settings: Any) -> None:
    assert send(council, date(2026, 11, 21)) == 0

    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    assert send(council) == 0
    assert mail.outbox == []


def test_a_letter_that_could_not_be_sent_is_sent_later_the_same_day(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(letter: Any) -> bool:
        return False

    with monkeypatch.context() as patched:
        patched.setattr(clock_notices, "_mail", away)
        assert send(council) == 0
    assert ClockNotice.objects.filter(sent_at__isnull=True).exists()

    assert send(council) > 0
    assert letters_to(council, "social_worker")


def test_the_day_has_one_job_for_a_council_however_many_workers_look(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daily, "FIRST_HOUR", 0)
    for _ in range(3):
        daily.DailyRound().see_to_it()

    Job.objects.exclude(name=daily.NAME).delete()
    job = take("test")
    assert job is not None
    assert re.match(r"\d+ people, \d+ letters, \d+ abandoned forms", run_task(job))
    assert Job.objects.filter(name=daily.NAME, held_by=council.holder).count() == 1


def test_before_the_day_has_begun_nobody_is_written_to(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daily, "FIRST_HOUR", 25)

    daily.DailyRound().see_to_it()

    assert not Job.objects.filter(name=daily.NAME).exists()


@pytest.fixture
def token(council: Council, signed_in: Callable[[str], Client]) -> str:
    """Return the token of a calendar made on its page."""
    council.keep(date.today())  # noqa: DTZ011
    said = signed_in("social_worker").post("/due/calendar/", {"make": "1"}).content.decode()
    found = re.search(r"/calendar/([\w-]+)\.ics", said)
    assert found is not None
    return found.group(1)


def test_a_calendar_program_reads_what_is_due_without_signing_in_and_without_a_name(token: str) -> None:
    answer = Client().get(f"/calendar/{token}.ics")

    text = answer.content.decode()
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert "SUMMARY:Due: " in text
    assert "Robin" not in text
    assert "Quill" not in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_an_address_ends_when_another_is_made_or_it_is_ended(
    council: Council, signed_in: Callable[[str], Client], token: str
) -> None:
    browser = signed_in("social_worker")
    browser.post("/due/calendar/", {"make": "1"})
    assert Client().get(f"/calendar/{token}.ics").status_code == 404
    assert CalendarFeed.objects.filter(ended_at__isnull=True).count() == 1

    browser.post("/due/calendar/", {"end": "1"})
    assert not CalendarFeed.objects.filter(ended_at__isnull=True).exists()


def test_an_address_nobody_was_given_answers_nobody(council: Council) -> None:
    assert Client().get("/calendar/made-up.ics").status_code == 404


class _Notify(BaseHTTPRequestHandler):
    """The part of GOV.UK Notify that takes an e-mail, as its documentation describes it."""

    taken: list[dict[str, Any]] = []
    answer = 201

    def do_POST(self) -> None:
        """Take an e-mail whose token is signed with the secret."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        claims = jwt.decode(self.headers["Authorization"].split()[1], SECRET, algorithms=["HS256"])
        self.taken.append({"path": self.path, "claims": claims, **body})
        self.send_response(self.answer)
        self.end_headers()

    def log_message(self, *said: Any) -> None:
        """Say nothing."""


SERVICE, SECRET = "11111111-2222-4333-8444-555555555555", "66666666-7777-4888-8999-aaaaaaaaaaaa"


@pytest.fixture
def notify() -> Iterator[Notify]:
    """Return a client of an emulator on this machine."""
    server = HTTPServer(("127.0.0.1", 0), _Notify)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    _Notify.taken.clear()
    yield notify_client(f"council-{SERVICE}-{SECRET}", "template", f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    server.server_close()


def test_notify_takes_a_letter_signed_with_the_councils_key(notify: Notify, monkeypatch: pytest.MonkeyPatch) -> None:
    assert notify.send(to="asha@elmshire.example", subject="Kinfold: 2 due today", body="text")

    (taken,) = _Notify.taken
    assert taken["path"] == "/v2/notifications/email"
    assert taken["claims"]["iss"] == SERVICE
    assert taken["personalisation"] == {"subject": "Kinfold: 2 due today", "body": "text"}

    monkeypatch.setattr(_Notify, "answer", 400)
    assert not notify.send(to="asha@elmshire.example", subject="s", body="b")
    monkeypatch.setattr(_Notify, "answer", 503)
    with pytest.raises(OSError, match="503"):
        notify.send(to="asha@elmshire.example", subject="s", body="b")


def test_a_key_that_was_cut_off_is_refused() -> None:
    with pytest.raises(SettingError, match="whole key"):
        notify_client("council-1111", "template")
