"""
What every case is made of: the facts it is read from, its steps, and the state of each step.

A case opens with one fact (a request, an incident). Another fact belongs to it when it names that fact in
`concerns`, or, naming none, when it lies between the opening of this case and of the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from kinfold.record.in_time import Dated

LONDON = ZoneInfo("Europe/London")
When = date | datetime
# The last day (or moment) of a duty, from its identifier and the day that starts it; None where it has none.
Due = Callable[[str, When], When | None]


class Fact(Dated, Protocol):
    """A version of a fact, as far as a case looks at it."""

    @property
    def fact(self) -> Any:
        """Return the public identifier of the fact."""


class StepState(StrEnum):
    """The state of one step of a case."""

    DONE = "done"
    DONE_LATE = "done late"
    TO_DO = "to do"
    OVERDUE = "overdue"
    NOT_YET = "cannot start yet"
    NOT_NEEDED = "not needed"


FINISHED = frozenset({StepState.DONE, StepState.DONE_LATE, StepState.NOT_NEEDED})


@dataclass(frozen=True, slots=True)
class Step:
    """
    One step of a case: its state, the duty and the day it follows, when it was done and by which fact.

    `also_due` is the same limit counted from another event, where the sources differ.
    """

    name: str
    label: str
    state: StepState
    because: str = ""
    duty: str = ""
    due: When | None = None
    also_due: When | None = None
    done_on: date | None = None
    fact: str = ""

    @property
    def is_finished(self) -> bool:
        """Return whether nothing is left to do in it."""
        return self.state in FINISHED

    @property
    def is_overdue(self) -> bool:
        """Return whether its day has passed and it is not done."""
        return self.state is StepState.OVERDUE

    @property
    def earliest_due(self) -> date | None:
        """Return the earlier of the two days by which it is to be done."""
        days = [day_of(one) for one in (self.due, self.also_due) if one is not None]
        return min(days) if days else None


def day_of(when: When) -> date:
    """Return the day in England on which `when` falls."""
    return when.astimezone(LONDON).date() if isinstance(when, datetime) else when


def day_in(payload: Mapping[str, Any], name: str) -> date | None:
    """Return a day of a stored payload."""
    text = payload.get(name)
    return date.fromisoformat(text) if text else None


def moment_in(payload: Mapping[str, Any], name: str) -> datetime | None:
    """Return a moment of a stored payload."""
    text = payload.get(name)
    return datetime.fromisoformat(text) if text else None


def openings(facts: Iterable[Fact], kind: str) -> list[Fact]:
    """Return the facts of one kind that open cases, earliest first."""
    return sorted((one for one in facts if one.kind == kind), key=_order)


def _order(fact: Fact) -> tuple[date, str]:
    return fact.valid_from or date.min, str(fact.fact)


def facts_of_case(facts: Iterable[Fact], opened: Fact, others: Sequence[Fact]) -> list[Fact]:
    """
    Return what belongs to the case that `opened` opens, earliest first; `others` are the openings of every case.

    A fact of a day before the case was opened belongs to it only when it names it.
    """
    later = [one.valid_from for one in others if one.valid_from and _order(one) > _order(opened)]
    until = min(later, default=date.max)
    found = []
    for one in facts:
        named = one.payload.get("concerns")
        started = one.valid_from or date.min
        here = named == str(opened.fact) if named else (opened.valid_from or date.min) <= started < until
        if here and one.fact != opened.fact:
            found.append(one)
    return sorted(found, key=_order)


def of_kind(facts: Iterable[Fact], kind: str, **said: Any) -> list[Fact]:
    """Return the facts of a kind whose payload says all of `said`, in their order."""
    return [one for one in facts if one.kind == kind and all(one.payload.get(k) == v for k, v in said.items())]


def finished(name: str, label: str, fact: Fact, *, on: date | None = None, because: str = "", duty: str = "",
             due: When | None = None, also_due: When | None = None) -> Step:  # fmt: skip
    """Return a step that `fact` met, in time or late by the later of its two limits."""
    day = on or fact.valid_from
    limits = [day_of(one) for one in (due, also_due) if one is not None]
    late = day is not None and bool(limits) and day > max(limits)
    state = StepState.DONE_LATE if late else StepState.DONE
    return Step(name, label, state, because, duty, due, also_due, day, str(fact.fact))


def waiting(name: str, label: str, *, today: date, because: str = "", duty: str = "", due: When | None = None,
            also_due: When | None = None) -> Step:  # fmt: skip
    """Return a step that is to be done: overdue once the later of its two limits has passed."""
    limits = [day_of(one) for one in (due, also_due) if one is not None]
    state = StepState.OVERDUE if limits and today > max(limits) else StepState.TO_DO
    return Step(name, label, state, because, duty, due, also_due)


def not_yet(name: str, label: str, because: str) -> Step:
    """Return a step that another must come before."""
    return Step(name, label, StepState.NOT_YET, because)


def not_needed(name: str, label: str, because: str) -> Step:
    """Return a step that this case does not take."""
    return Step(name, label, StepState.NOT_NEEDED, because)
