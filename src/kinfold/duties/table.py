"""
The generated page of worked cases: at least ten for each duty, in Markdown, for the documentation.

The same cases are the table of a test, so the page cannot say what the code does not do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from kinfold.duties.arithmetic import LONDON, When, day_of, show
from kinfold.duties.calendars import Calendars
from kinfold.duties.case_words import happened, then
from kinfold.duties.catalogue import Catalogue
from kinfold.duties.due import due
from kinfold.duties.duty import Duty
from kinfold.duties.rule import Part, Unit

# Days that have caught other systems: Christmas, Easter, a leap day, month ends, the change of the clocks, weekends.
DAYS = (
    (date(2026, 12, 18), "before Christmas"),
    (date(2026, 12, 31), "the last day of a year"),
    (date(2027, 1, 31), "the 31st of a month"),
    (date(2027, 2, 6), "a Saturday"),
    (date(2027, 3, 17), "before Easter"),
    (date(2027, 3, 27), "the weekend of Easter, when the clocks go forward"),
    (date(2027, 4, 26), "before two bank holidays in May"),
    (date(2027, 8, 29), "a Sunday before a bank holiday"),
    (date(2027, 10, 29), "before the clocks go back"),
    (date(2028, 2, 29), "a leap day"),
)
_HOUR = 22


@dataclass(frozen=True, slots=True)
class Case:
    """One worked case of one part of one duty."""

    duty: str
    part: str
    trigger: When
    why: str
    due: When | None
    practical_due: date | None
    arithmetic: str
    happened: str
    then: str


def cases(duty: Duty, calendars: Calendars, catalogue: Catalogue) -> Iterator[Case]:
    """Return at least ten worked cases of a duty: each of its parts from each of the ten days."""
    counted = _counted(duty)
    if not counted:
        for day, why in DAYS:
            name, said = duty.rule.parts[0].name, _without_number(duty)
            yield Case(duty.id, name, day, why, None, None, said, happened(duty, None, day), then(duty, None, None))
        return
    for part in counted:
        for day, why in DAYS:
            yield _worked(duty, part, day, why, calendars, catalogue)


def _worked(duty: Duty, part: Part, day: date, why: str, calendars: Calendars, catalogue: Catalogue) -> Case:
    trigger = _trigger(part, day)
    answer = due(duty.id, trigger=trigger, part=part.label, calendars=calendars, catalogue_of=catalogue)
    return Case(
        duty.id, part.label, trigger, why, answer.due, answer.practical_due, answer.arithmetic,
        happened(duty, part, trigger), then(duty, part, answer.due, answer.opens),
    )  # fmt: skip


def case_count(duty: Duty) -> int:
    """Return how many worked cases a duty has, without working them."""
    return len(DAYS) * max(1, len(_counted(duty)))


def _counted(duty: Duty) -> list[Part]:
    return [part for part in duty.rule.parts if part.amount is not None]


def _trigger(part: Part, day: date) -> When:
    if part.amount is not None and part.amount.unit is Unit.HOURS:
        return datetime(day.year, day.month, day.day, _HOUR, 10, tzinfo=LONDON)
    return day


def _without_number(duty: Duty) -> str:
    if duty.is_gate:
        return f"No date: what it gates cannot be decided before it is met ({duty.deadline})."
    return f"No date: {duty.deadline}."


def practically(case: Case) -> str:
    """Return the last working day by which it can be done, where the due day is none: "; in practice by Friday …"."""
    if case.practical_due is None or case.due is None or day_of(case.due) == case.practical_due:
        return ""
    return f"; in practice by {show(case.practical_due)}"


def markdown(catalogue: Catalogue, calendars: Calendars) -> str:
    """Return the page: one section a duty, one row a case."""
    lines = [
        "# Worked cases of every duty",
        "",
        "Made by `python tools/write_reference.py`. The same cases are run by the tests.",
    ]
    for duty in catalogue:
        lines += [
            "",
            f"## {duty.id} {duty.label}",
            "",
            f"Rule: `{duty.rule.text}`. {duty.deadline[:1].upper()}{duty.deadline[1:]}.",
        ]
        source = f"[{duty.source.title}]({duty.source.href})" if duty.source.href else duty.source.title
        lines += [f"Source: {source}. How sure: {duty.sureness.value}.", ""]
        lines += ["| what happened | what is then due | how it is counted |", "|---|---|---|"]
        for case in cases(duty, calendars, catalogue):
            lines.append(f"| {case.happened} ({case.why}) | {case.then}{practically(case)} | {case.arithmetic} |")
    return "\n".join(lines) + "\n"
