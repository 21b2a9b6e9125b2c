"""
What is done once a day: clocks that time has moved, what was kept long enough, then the notices of the day.

There is no scheduler: a worker with nothing else to do looks whether the day's job of each council was made, and makes
it. With several workers it is made once.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from kinfold.service.jobs.queue import Taken, enqueue, progress
from kinfold.service.jobs.tasks import task
from kinfold.service.records.actions.casework_abandoned import forget_abandoned
from kinfold.service.records.actions.clock_keeping import keep_clocks
from kinfold.service.records.actions.clock_notices import holders_here, send_notices
from kinfold.service.records.actions.fetching import empty_what_is_over
from kinfold.service.records.actions.finding_asks import forget_what_is_over
from kinfold.service.records.models import Job

NAME = "day of clocks"
REGISTER = "register round"
FIRST_HOUR = 6  # in England: notices are read at the start of the day
LOOK_EVERY = timedelta(minutes=5)


class DailyRound:
    """Makes each day's job for every council, asked as often as one likes and looking every few minutes."""

    def __init__(self) -> None:
        self._looked: datetime | None = None

    def see_to_it(self) -> None:
        """Make the jobs of today that are not made yet, once the day has begun."""
        now = timezone.localtime()
        if now.hour < FIRST_HOUR or (self._looked is not None and now - self._looked < LOOK_EVERY):
            return
        self._looked = now
        day = now.date().isoformat()
        for held_by in holders_here():
            said = {"holder": held_by, "day": day}
            if not Job.objects.filter(name=NAME, held_by_id=held_by, arguments=said).exists():
                enqueue(NAME, said, held_by=held_by, by="clocks", once_key=f"{NAME} {held_by} {day}")
                enqueue(REGISTER, said, held_by=held_by, by="the register", once_key=f"{REGISTER} {held_by} {day}")


@task(NAME)
def day_of_clocks(job: Taken) -> str:
    """Work out the clocks that today moves, and send the notices of today."""
    held_by, now = job.arguments["holder"], timezone.now()
    today = timezone.localdate(now)
    worked = keep_clocks(held_by, today=today, progress=lambda _, done, out_of: progress(job, done, out_of, "clocks"))
    if job.arguments["day"] != today.isoformat():
        return f"{worked} people; the day is over, so no notices"
    forgotten = forget_abandoned(held_by, today=today)
    emptied = empty_what_is_over(held_by)
    asks = forget_what_is_over(held_by, today=today)
    sent = send_notices(
        held_by, now=now, today=today, progress=lambda done, out_of: progress(job, done, out_of, "notices")
    )
    return (
        f"{worked} people, {sent} letters, {forgotten} abandoned forms forgotten, {emptied} fetched records emptied, "
        f"{asks} old asks forgotten"
    )
