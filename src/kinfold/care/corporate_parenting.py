"""
Corporate parenting by public bodies: the parts of the duty, what each body did and offers, and the yearly report.

Source: Children's Wellbeing and Schools Act 2026, s. 23 and following, and Schedule (section numbers to be checked):
enacted, and in force from a day that the commencement switch gives. What bodies do is recorded before and after.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from kinfold.care.case import Fact, of_kind
from kinfold.record.declare import kind

DUTY = "SG10"
ACTION, REPORT = "corporate_parenting_action", "corporate parenting report"


@dataclass(frozen=True, slots=True)
class Year:
    """A year from 1 April, such as 2025-26."""

    first: int

    @property
    def starts(self) -> date:
        """Return its first day."""
        return date(self.first, 4, 1)

    @property
    def ends(self) -> date:
        """Return the first day after it."""
        return date(self.first + 1, 4, 1)

    @property
    def name(self) -> str:
        """Return it as it is written: 2025-26."""
        return f"{self.first}-{(self.first + 1) % 100:02d}"

    def holds(self, day: date | None) -> bool:
        """Return whether a day lies in it."""
        return day is not None and self.starts <= day < self.ends


def year_of(day: date) -> Year:
    """Return the year in which a day lies."""
    return Year(day.year if day >= date(day.year, 4, 1) else day.year - 1)


def parts_of_the_duty() -> tuple[str, ...]:
    """Return the parts of the duty, as the kind declares them."""
    return kind(ACTION).fields["duty"].choices


@dataclass(frozen=True, slots=True)
class BodyYear:
    """What one public body did in a year: actions by part of the duty, offers open in it, and its report."""

    actions: tuple[Fact, ...]
    offers: tuple[Fact, ...]
    report: Fact | None

    @property
    def met(self) -> tuple[str, ...]:
        """Return the parts of the duty that something is recorded for, in their order."""
        done = {one.payload.get("duty") for one in self.actions}
        return tuple(part for part in parts_of_the_duty() if part in done)

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the parts of the duty that nothing is recorded for."""
        return tuple(part for part in parts_of_the_duty() if part not in self.met)

    @property
    def people_reached(self) -> int:
        """Return how many children and young people the actions reached, one counted in each action."""
        return sum(one.payload.get("people_reached") or 0 for one in self.actions)

    @property
    def state(self) -> str:
        """Return the state in words, for a list: what is missing comes first."""
        if not self.actions and self.report is None:
            return "nothing recorded"
        if self.missing:
            return f"{len(self.met)} of {len(parts_of_the_duty())} parts recorded"
        return "reported" if self.report is not None else "report to come"


def body_year(facts: Iterable[Fact], year: Year) -> BodyYear:
    """Return what a body did in `year`, from the facts about it."""
    known = list(facts)
    offers = [
        one
        for one in of_kind(known, "service_offered")
        if (one.valid_from or date.min) < year.ends and (one.valid_to is None or one.valid_to > year.starts)
    ]
    reports = [one for one in of_kind(known, "published_report", report_type=REPORT) if _covers(one, year)]
    actions = [one for one in of_kind(known, ACTION) if year.holds(one.valid_from)]
    return BodyYear(tuple(actions), tuple(offers), reports[-1] if reports else None)


def _covers(report: Fact, year: Year) -> bool:
    """Return whether a report is that of `year`: by the period it names, else by the day it was published."""
    period = report.payload.get("period")
    return period == year.name if period else year.holds(report.valid_from)


@dataclass(frozen=True, slots=True)
class Answers:
    """How care leavers answered one sort of offer in a year."""

    offer: str
    made: int
    accepted: int
    declined: int


def answers_in_year(offers: Sequence[Fact], year: Year) -> list[Answers]:
    """Return the offers of support made to care leavers in `year`, by what was offered, most made first."""
    made = [one for one in offers if year.holds(one.valid_from)]
    counts = Counter(str(one.payload.get("offer")) for one in made)
    said = Counter((str(one.payload.get("offer")), one.payload.get("answer")) for one in made)
    return [Answers(o, n, said[o, "accepted"], said[o, "declined"]) for o, n in counts.most_common()]
