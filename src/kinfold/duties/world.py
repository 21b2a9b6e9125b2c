"""
What the clocks of one evening, or of one page, are worked out against.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from kinfold.duties.arithmetic import When, count, day_of
from kinfold.duties.calendars import Calendars, WorkingDays
from kinfold.duties.catalogue import Catalogue
from kinfold.duties.duty import Duty
from kinfold.duties.rule import Amount
from kinfold.duties.story import is_before


@dataclass(slots=True)
class World:
    """What every clock is worked out against: the catalogue, the calendars, now, and what has been commenced."""

    catalogue: Catalogue
    calendars: Calendars
    now: When
    switches: Mapping[str, date]
    kept: frozenset[str] | None = None
    today: date = field(init=False)
    _working: dict[str, WorkingDays] = field(init=False, default_factory=dict, repr=False, compare=False)
    _started: dict[frozenset[str], tuple[Duty, ...]] = field(
        init=False, default_factory=dict, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        self.today = day_of(self.now)

    def duties_started_by(self, kinds: Iterable[str]) -> tuple[Duty, ...]:
        """Return the duties that facts of these kinds may start, in order: children have few different sets of kinds."""
        key = frozenset(kinds)
        found = self._started.get(key)
        if found is None:
            several = {duty.id: duty for kind in key for duty in self.catalogue.by_trigger.get(kind, ())}
            found = self._started[key] = tuple(several[name] for name in sorted(several))
        return found

    def is_to_come(self, when: When) -> bool:
        """Return whether a day or moment is after now."""
        return is_before(self.now, when) if isinstance(when, datetime) else when > self.today

    def count(self, amount: Amount, *, start: When, calendar: str, beginning_with: bool = False) -> When:
        """Return the last day or moment of `amount` from `start`; see `arithmetic.count`."""
        return count(amount, start=start, calendars=self.calendars, calendar=calendar, beginning_with=beginning_with)

    def working(self, duty: Duty) -> WorkingDays:
        """Return the working days of the duty's calendar."""
        found = self._working.get(duty.calendar)
        if found is None:
            found = self._working[duty.calendar] = self.calendars.working(duty.calendar)
        return found

    def commenced(self, duty: Duty) -> date | None:
        """Return the day a duty that waits for commencement came into force, or would; None when it has not."""
        return self.switches.get(duty.id)

    def can_be_shown(self, duty: Duty) -> bool:
        """Return whether any kind that meets the duty is among those that this council keeps."""
        return self.kept is None or not duty.kinds_that_meet.isdisjoint(self.kept)
