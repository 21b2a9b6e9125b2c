"""
Same-day notices and the weekly digest, by e-mail.

Each is sent once: its row is written before it is sent, in a transaction of its own, and a worker that dies between
the two leaves a row without a time of sending, which is sent again the same day. No letter names a child.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import Exists, OuterRef, Q
from django.template.loader import render_to_string

from kinfold.duties import calendars_known_on, posts
from kinfold.service.records.models import Account, ClockNotice, Holder, Reach
from kinfold.service.records.reads.clock_letters import Letter, same_day, weekly
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system

MONDAY = 0
Progress = Callable[[int, int | None], None]


def send_notices(held_by: int, *, now: datetime, today: date, progress: Progress | None = None) -> int:
    """
    Send what is to be said today to everybody of a holder who has work: on a working day; the digest on Mondays.

    Returns how many letters were sent. One that cannot be sent stops none of the others, and is tried again later.
    """
    working = calendars_known_on(today).working("england_and_wales")
    if not working.is_working_day(today) or not mail_goes_out():
        return 0
    since = working.before(today, 1)  # what grew late over a weekend is told on Monday
    sent = 0
    for number, account in enumerate(_with_work(held_by)):
        reader = Reader(account, now)
        for sort, letter in _letters(reader, today=today, since=since):
            sent += _send_once(letter, sort=sort, today=today, now=now)
        if progress is not None:
            progress(number + 1, None)
    return sent


def _letters(reader: Reader, *, today: date, since: date) -> Iterator[tuple[str, Letter]]:
    notice = same_day(reader, today=today, since=since)
    if notice is not None:
        yield "same day", notice
    if today.weekday() == MONDAY or since < today - timedelta(days=today.weekday()):
        digest = weekly(reader, today=today)
        if digest is not None:
            yield "week", digest


def _with_work(held_by: int) -> list[Account]:
    """Return the accounts to which children are allocated, or who hold a post that answers for what is late."""
    answering = {role for post in posts().values() for role in post.roles}
    near = Reach.objects.filter(actor=OuterRef("person"), held_by_id=held_by, person__isnull=False)
    posted = Q(roles_held__held_by_id=held_by, roles_held__role__in=answering)
    with as_system():
        found = Account.objects.filter(is_active=True, held_by_id=held_by, left__isnull=True)
        return list(found.filter(Q(Exists(near)) | posted).distinct())


def _send_once(letter: Letter, *, sort: str, today: date, now: datetime) -> int:
    notice, _ = ClockNotice.objects.get_or_create(
        account=letter.account, sort=sort, day=today, defaults={"lines": letter.lines}
    )
    if notice.sent_at is not None:
        return 0
    if not _mail(letter):
        return 0
    return ClockNotice.objects.filter(pk=notice.pk, sent_at__isnull=True).update(sent_at=now)


def public_address() -> str:
    """Return the address by which people reach the pages: the first of KINFOLD_ORIGINS, or of KINFOLD_HOSTS."""
    if settings.CSRF_TRUSTED_ORIGINS:
        return str(settings.CSRF_TRUSTED_ORIGINS[0])
    host = next(iter(settings.ALLOWED_HOSTS), "localhost")
    return f"{'https' if settings.SESSION_COOKIE_SECURE else 'http'}://{host}"


def mail_goes_out() -> bool:
    """Return whether a mail server or GOV.UK Notify is set: without one, letters would pile up in a folder."""
    return "filebased" not in settings.EMAIL_BACKEND


def _mail(letter: Letter) -> bool:
    context = {"letter": letter, "base": public_address()}
    message = EmailMessage(
        subject=letter.subject, body=render_to_string("pages/due/letter.txt", context),
        to=[formataddr((letter.account.name, letter.account.email))], connection=get_connection(fail_silently=False),
    )  # fmt: skip
    try:
        return bool(message.send())
    except OSError:  # the mail server is away: the row stays unsent
        return False


def holders_here() -> list[int]:
    """Return the holders whose clocks are kept here."""
    with as_system():
        return list(Holder.objects.filter(sort="council").order_by("pk").values_list("pk", flat=True))
