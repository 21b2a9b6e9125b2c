"""
Corporate parenting by public bodies: the parts of the duty, what each body did and offers, and the yearly report.

Source: Children's Wellbeing and Schools Act 2026, s. 23 and following, and Schedule (section numbers to be checked):
enacted, and in force from a day that the commencement switch gives. What bodies do is recorded before and after.
A council is a corporate parent already, by seven principles (Children and Social Work Act 2017, s. 1(1)). Its own report is
written by those who do the work and approved by its director, who in the table of roles decides and does not write.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from kinfold.care.case import Fact, of_kind
from kinfold.record.kinds.bodies import COUNCILS_PRINCIPLES, PUBLIC_BODIES_DUTY
from kinfold.terms.errors import InputError

DUTY = "SG10"
ACTION, REPORT = "corporate_parenting_action", "corporate parenting report"
COUNCILS_REPORT, DECISION = "corporate_parenting_report", "corporate_parenting_report"
WRITING, WAITING, RETURNED, APPROVED = "being written", "with the director", "returned", "approved"
PARTS_OF_REPORT = ("what_was_done", "what_they_said", "what_comes_next")


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
    """Return the parts of the duty of public bodies."""
    return PUBLIC_BODIES_DUTY


def councils_principles() -> tuple[str, ...]:
    """Return the principles by which a council is a corporate parent, in the order of the Act of 2017."""
    return COUNCILS_PRINCIPLES


@dataclass(frozen=True, slots=True)
class BodyYear:
    """What one public body did in a year: actions by part of the duty, offers open in it, and its report."""

    actions: tuple[Fact, ...]
    offers: tuple[Fact, ...]
    report: Fact | None
    parts: tuple[str, ...] = PUBLIC_BODIES_DUTY

    @property
    def met(self) -> tuple[str, ...]:
        """Return the parts of the duty that something is recorded for, in their order."""
        done = {one.payload.get("duty") for one in self.actions}
        return tuple(part for part in self.parts if part in done)

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the parts of the duty that nothing is recorded for."""
        return tuple(part for part in self.parts if part not in self.met)

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
            return f"{len(self.met)} of {len(self.parts)} parts recorded"
        return "reported" if self.report is not None else "report to come"


def body_year(facts: Iterable[Fact], year: Year, parts: tuple[str, ...] = PUBLIC_BODIES_DUTY) -> BodyYear:
    """Return what a body did in `year`, from the facts about it; `parts` are those of the duty it has."""
    known = list(facts)
    offers = [
        one
        for one in of_kind(known, "service_offered")
        if (one.valid_from or date.min) < year.ends and (one.valid_to is None or one.valid_to > year.starts)
    ]
    reports = [one for one in of_kind(known, "published_report", report_type=REPORT) if _covers(one, year)]
    actions = [one for one in of_kind(known, ACTION) if year.holds(one.valid_from)]
    return BodyYear(tuple(actions), tuple(offers), reports[-1] if reports else None, parts)


def _covers(report: Fact, year: Year) -> bool:
    """Return whether a report is that of `year`: by the period it names, else by the day it was published."""
    period = report.payload.get("period")
    return period == year.name if period else year.holds(report.valid_from)


def councils_report(facts: Iterable[Fact], year: Year) -> Fact | None:
    """Return the council's own report of `year`, however far it has come."""
    found = of_kind(facts, COUNCILS_REPORT, period=year.name)
    return found[-1] if found else None


def step_of(report: Fact | None) -> str:
    """Return how far a report has come: being written, with the director, returned or approved; empty before it is begun."""
    return str(report.payload.get("step")) if report is not None else ""


def insist_on_step(report: Fact | None, action: str) -> None:
    """
    Raise InputError, saying what to do, where a report has not come to the step that `action` needs.

    Actions: write, send, decide, publish. What the director has is not changed under them, and what was approved stands.
    """
    now = step_of(report)
    said = {
        ("write", WAITING): "The report is with the director. Wait for the answer, or ask for it to be returned.",
        ("write", APPROVED): "The report was approved. Say what is new in the report of the next year.",
    }
    if (action, now) in said:
        raise InputError(said[action, now])
    if action == "send" and (report is None or not all(report.payload.get(name) for name in PARTS_OF_REPORT)):
        raise InputError("Write every part of the report before it goes to the director.")
    if action == "decide" and now != WAITING:
        raise InputError("The report is not with the director now. Look at it again.")
    if action == "publish" and now != APPROVED:
        raise InputError("The director approves the report before it is published.")


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
