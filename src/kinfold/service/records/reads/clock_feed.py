"""What a worker's calendar shows: the last working days of what they are to do, and nobody's name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from kinfold.duties.arithmetic import show
from kinfold.duties.calendar_feed import Entry, calendar_text
from kinfold.service.records.actions.clock_feed import hash_of
from kinfold.service.records.models import CalendarFeed
from kinfold.service.records.reads.clock_wall import Line, Show, every_line
from kinfold.service.records.reads.reader import Reader
from kinfold.terms.errors import NotPermitted

BACK, AHEAD = timedelta(days=28), timedelta(days=365)


def feed_of(reader: Reader) -> CalendarFeed | None:
    """Return the reader's calendar, if it has an address."""
    return CalendarFeed.objects.filter(account=reader.account, ended_at__isnull=True).first()


def calendar_of(token: str, *, now: datetime, address: Callable[[str], str]) -> str:
    """
    Return the calendar behind a secret address, as text, and record the View.

    `address` gives the page of a child's clocks. Raises NotPermitted for an address that answers nobody.
    """
    feed = CalendarFeed.objects.select_related("account").filter(hash=hash_of(token), ended_at__isnull=True).first()
    if feed is None:
        raise NotPermitted("This calendar's address has ended")
    reader = Reader(feed.account, now)
    if not reader.roles:
        raise NotPermitted("Whose calendar this was holds no role any more")
    CalendarFeed.objects.filter(pk=feed.pk).update(read_at=now)
    today = timezone.localdate(now)
    lines = [
        line
        for part in Show
        for line in every_line(reader, on=today, which="mine", show=part, action="calendar")
        if line.due_day is not None and today - BACK <= line.due_day <= today + AHEAD
    ]
    return calendar_text([_entry(line, address) for line in lines], name="What is due", made_at=now)


def _entry(line: Line, address: Callable[[str], str]) -> Entry:
    day = line.practical_due or line.due_day or timezone.localdate()
    last = f"The last day is {show(line.due)}. " if line.due is not None else ""
    return Entry(
        key=line.key, day=day, summary=f"Due: {line.duty.label}",
        description=f"{last}{line.duty.deadline[:1].upper()}{line.duty.deadline[1:]} ({line.duty.source.title}).",
        url=address(line.uid),
    )  # fmt: skip
