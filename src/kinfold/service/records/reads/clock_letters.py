"""What a same-day notice and a weekly digest say to one person: what is due, and nobody's name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from kinfold.duties import State, posts_of
from kinfold.service.records.models import Account, KeptClock
from kinfold.service.records.reads.clock_wall import Line, Show, every_line, people_of
from kinfold.service.records.reads.reader import Reader

MOST = 60
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter: whose, its subject, and its lines under heads."""

    account: Account
    subject: str
    parts: tuple[tuple[str, tuple[Line, ...]], ...]

    @property
    def lines(self) -> int:
        """Return how many lines it has."""
        return sum(len(lines) for _, lines in self.parts)


def same_day(reader: Reader, *, today: date, since: date) -> Letter | None:
    """
    Return the notice of a day: what is due today, what grew late since `since`, what was escalated to this person.

    None where there is nothing to say.
    """
    now = every_line(reader, on=today, which="mine", show=Show.NOW, action="notice", most=MOST)
    late = every_line(reader, on=today, which="mine", show=Show.OVERDUE, action="notice", most=MOST)
    due = tuple(line for line in now if line.state is State.DUE)
    fresh = tuple(line for line in late if line.due_day is not None and since <= line.due_day < today)
    mine = {line.key for line in (*due, *fresh)}
    escalated = tuple(line for line in _escalated(reader, today=today, since=since) if line.key not in mine)
    parts = _filled(("Due today", due), ("Grown late, and still to be done", fresh), ("Passed on to you", escalated))
    if not parts:
        return None
    return Letter(reader.account, _subject(due=len(due), late=len(fresh) + len(escalated)), parts)


def _filled(*parts: tuple[str, tuple[Line, ...]]) -> tuple[tuple[str, tuple[Line, ...]], ...]:
    return tuple((head, lines) for head, lines in parts if lines)


def _subject(*, due: int, late: int) -> str:
    said = [f"{due} due today"] if due else []
    said += [f"{late} overdue"] if late else []
    return "Kinfold: " + ", ".join(said)


def _escalated(reader: Reader, *, today: date, since: date) -> list[Line]:
    """Return what grew late since `since` and is now answered for in a post that the reader holds."""
    posts = posts_of(reader.role_names)
    if not posts:
        return []
    which = "team" if people_of(reader, "team").whose(_late_since(reader, since, today)).exists() else "service"
    lines = every_line(reader, on=today, which=which, show=Show.OVERDUE, action="notice", most=500)
    return [line for line in lines
            if line.due_day is not None and since <= line.due_day < today and line.accountable in posts][:MOST]  # fmt: skip


def _late_since(reader: Reader, since: date, today: date) -> QuerySet[KeptClock]:
    return KeptClock.objects.filter(
        Q(sort=KeptClock.Sort.OPEN), held_by__in=reader.holders, due__gte=since, due__lt=today
    )


def weekly(reader: Reader, *, today: date) -> Letter | None:
    """Return the digest of a week: what is overdue, due in the seven days from today, and coming up in four weeks."""
    late = every_line(reader, on=today, which="mine", show=Show.OVERDUE, action="digest", most=MOST)
    ahead = [
        line
        for show in (Show.NOW, Show.COMING)
        for line in every_line(reader, on=today, which="mine", show=show, action="digest", most=MOST)
        if line.due_day is not None
    ]
    week = tuple(line for line in ahead if line.due_day is not None and line.due_day < today + WEEK)
    month = tuple(
        line for line in ahead if line.due_day is not None and today + WEEK <= line.due_day < today + 4 * WEEK
    )
    parts = _filled(("Overdue", tuple(late)), ("Due this week", week), ("Coming up in four weeks", month))
    if not parts:
        return None
    return Letter(reader.account, f"Kinfold: your week from {today.day} {today:%B}", parts)
