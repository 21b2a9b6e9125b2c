"""
The shapes of a rule: amounts, conditions and parts.

`grammar.py` reads them from the catalogue's short notation; `arithmetic.py` counts with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Unit(StrEnum):
    """What an amount is counted in."""

    WORKING_DAYS = "WD"
    SCHOOL_DAYS = "SD"
    DAYS = "D"
    WEEKS = "W"
    MONTHS = "M"
    YEARS = "Y"
    HOURS = "H"
    TERM = "TERM"


_WORDS = {
    Unit.WORKING_DAYS: ("working day", "working days"),
    Unit.SCHOOL_DAYS: ("school day", "school days"),
    Unit.DAYS: ("day", "days"),
    Unit.WEEKS: ("week", "weeks"),
    Unit.MONTHS: ("month", "months"),
    Unit.YEARS: ("year", "years"),
    Unit.HOURS: ("hour", "hours"),
    Unit.TERM: ("school term", "school terms"),
}


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of units, such as 45 working days. `number` is negative only inside a window."""

    number: int
    unit: Unit

    def __str__(self) -> str:
        """Return the amount in plain English: "1 working day", "6 weeks"."""
        one, many = _WORDS[self.unit]
        size = abs(self.number)
        return f"{size} {one if size == 1 else many}"

    @property
    def code(self) -> str:
        """Return the amount as the catalogue writes it: "45WD"."""
        return self.unit.value if self.unit is Unit.TERM else f"{self.number}{self.unit.value}"


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a bracketed condition: a name, perhaps negated, perhaps compared with a value."""

    name: str
    negated: bool = False
    operator: str = ""  # one of < <= > >= = or empty
    value: Amount | int | None = None

    def __str__(self) -> str:
        shown = self.value.code if isinstance(self.value, Amount) else "" if self.value is None else str(self.value)
        return f"{'!' if self.negated else ''}{self.name}{self.operator}{shown}"


_CONDITIONS = {
    "before_first_review": "the first review has not been held",
    "after_first_review": "the first review has been held",
    "to18": "it is intended to last to 18",
    "placed": "the child is placed for adoption",
    "child_agrees": "the child agrees",
    "ltf": "it is a long-term foster placement",
}
_COMPARED = {"<": "less than", "<=": "up to", ">": "more than", ">=": "at least", "=": ""}


def in_words(term: Term) -> str:
    """Return a condition in plain English: "the placement has lasted less than 1 year"."""
    said = _CONDITIONS.get(term.name, term.name.replace("_", " "))
    if not term.operator:
        return said.replace(" is ", " is not ", 1) if term.negated else said
    value, how = str(term.value), _COMPARED[term.operator]
    if term.name == "age":
        return f"the child is under {value}" if term.operator == "<" else f"the child is {value} or over"
    if term.name == "year":
        return "it is the first year" if term.operator == "=" else "the first year has passed"
    lasted = f"has lasted {how} {value}"
    return f"{said} and {lasted}" if term.name in _CONDITIONS else f"the {said} {lasted}"


@dataclass(frozen=True)
class Part:
    """
    One part of a rule.

    `name` is within, first, second, every, max, ext, default, window, at_age, gate, before, asap or standing.
    `beginning_with` means that the trigger day is day 1. `per` is the rolling window of a limit such as
    "75 days in any 12 months". `to` is the far end of a window. `event` names what a gate or a before waits for.
    """

    name: str
    amount: Amount | None = None
    beginning_with: bool = False
    conditions: tuple[Term, ...] = ()
    per: Amount | None = None
    to: Amount | None = None
    event: str = ""

    @cached_property
    def label(self) -> str:
        """Return the part's name with its conditions, which is unique in its rule: "every[placement<1Y]"."""
        inside = "&".join(str(term) for term in self.conditions)
        return f"{self.name}[{inside}]" if inside else self.name

    def __str__(self) -> str:
        """Return the part as the catalogue writes it."""
        if self.name in ("asap", "standing"):
            return self.name
        if self.amount is None:
            return f"{self.name}={self.event}"
        text = f"{self.name}={self.amount.code}{'!' if self.beginning_with else ''}"
        if self.per is not None:
            text += f"/{self.per.code}"
        if self.to is not None:
            text = f"{self.name}={self.amount.code}..{'+' if self.to.number > 0 else ''}{self.to.code}"
        inside = "&".join(str(term) for term in self.conditions)
        return f"{text}[{inside}]" if inside else text


@dataclass(frozen=True)
class Rule:
    """A whole rule: its text as written and its parts in order."""

    text: str
    parts: tuple[Part, ...]

    @cached_property
    def _by_name(self) -> dict[str, tuple[Part, ...]]:
        names = {part.name for part in self.parts}
        return {name: tuple(part for part in self.parts if part.name == name) for name in names}

    def named(self, name: str) -> tuple[Part, ...]:
        """Return the parts called `name`, in order; a rule may have several `every`."""
        return self._by_name.get(name, ())

    def one(self, name: str) -> Part | None:
        """Return the first part called `name`, or None."""
        found = self._by_name.get(name)
        return found[0] if found else None

    @cached_property
    def intervals(self) -> tuple[Part, ...]:
        """Return the `every` parts, the one with the most conditions, the most particular, first."""
        return tuple(sorted(self.named("every"), key=lambda part: -len(part.conditions)))

    def __str__(self) -> str:
        return ";".join(str(part) for part in self.parts)
