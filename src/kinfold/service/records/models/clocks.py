"""
The clocks as a wall needs them: worked out from the facts, kept so that a wall is one query, made again at any time.

Nothing here is truth. A row follows from the facts, the catalogue, the calendar and a day; `kinfold rebuild` makes
every one again. What the clock says of a state that only the passing of a day changes is read from its dates.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from kinfold.service.records.models.accounts import Account
from kinfold.service.records.models.things import Holder, Thing


class KeptClock(models.Model):
    """
    One clock of one person.

    `sort` is open (something is still to be done, in time or late), shut (met, met late, or ended in breach) or
    dormant (its duty is enacted and waits for a day; `state` is then what it would be were it law).
    `due` is the last day; `due_at` the last moment where the duty counts hours. `why` is the part of the sentence
    that no passing of time changes. `recorded` is the day on which what met it was recorded, where that is known.
    """

    class Sort(models.TextChoices):
        OPEN = "open", "To be done"
        SHUT = "shut", "Done or ended"
        DORMANT = "dormant", "Not yet law"

    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by", db_index=False)
    person = models.ForeignKey(Thing, on_delete=models.PROTECT, db_column="person", db_index=False)
    duty = models.CharField(max_length=8)
    part = models.CharField(max_length=60)
    sort = models.CharField(max_length=8, choices=Sort.choices)
    state = models.CharField(max_length=16)
    began = models.DateField()  # when what the duty follows happened: for one that recurs, before it was last started
    started = models.DateField()
    due = models.DateField(null=True)
    due_at = models.DateTimeField(null=True)
    practical_due = models.DateField(null=True)
    amber_on = models.DateField(null=True)
    opens = models.DateField(null=True)
    met_on = models.DateField(null=True)
    recorded = models.DateField(null=True)
    key = models.CharField(max_length=140)
    why = models.TextField(default="", blank=True)

    class Meta:
        db_table = "kept_clock"
        indexes = [
            models.Index(fields=["person", "due"], condition=Q(sort="open"), name="kept_clock_person"),
            # holds all that counting a wall asks, so that the table itself is not read for it
            models.Index(fields=["held_by", "due", "amber_on", "state", "person"], condition=Q(sort="open"),
                         name="kept_clock_open"),
            models.Index(fields=["held_by", "due", "sort", "state", "duty", "recorded", "person"], name="kept_clock_fell_due"),
            models.Index(fields=["held_by", "duty", "began"], condition=Q(sort="dormant"), name="kept_clock_dormant"),
            models.Index(fields=["person"], name="kept_clock_of"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.duty} of {self.person_id}"


class ClockCheck(models.Model):
    """
    When one person's clocks were worked out, and when they must be again.

    `stale` since a fact changed; `look_again` is the next day on which time alone may start, end or re-date one;
    `rules` names the catalogue, calendar and commencement dates they were worked out by.
    """

    person = models.OneToOneField(Thing, on_delete=models.PROTECT, db_column="person", primary_key=True)
    held_by = models.ForeignKey(Holder, on_delete=models.PROTECT, db_column="held_by", db_index=False)
    stale = models.BooleanField(default=True)
    worked_out = models.DateField(null=True)
    look_again = models.DateField(null=True)
    rules = models.CharField(max_length=16, default="", blank=True)

    class Meta:
        db_table = "clock_check"
        indexes = [
            models.Index(fields=["held_by", "person"], condition=Q(stale=True), name="clock_check_stale"),
            models.Index(fields=["held_by", "look_again"], condition=Q(look_again__isnull=False), name="clock_check_next"),
            models.Index(fields=["held_by", "rules"], name="clock_check_rules"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"clocks of {self.person_id}"


class CalendarFeed(models.Model):
    """The secret address of one worker's calendar of what is due, kept as a hash; a new one ends the one before."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "calendar_feed"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account"], condition=Q(ended_at__isnull=True), name="calendar_feed_once")
        ]

    def __str__(self) -> str:
        return f"calendar of {self.account_id}"


class ClockNotice(models.Model):
    """One e-mail about what is due, so that none is sent twice: to whom, of which sort, for which day."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    sort = models.CharField(max_length=12)
    day = models.DateField()
    lines = models.IntegerField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "clock_notice"
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "sort", "day"], name="clock_notice_once")]

    def __str__(self) -> str:
        return f"{self.sort} {self.day}"
