"""
A project of the capital programme as its journal makes it: places by kind, money, milestones planned and reached, what stood in its way.

Slippage is always counted from what was planned when the grant was given: a plan that is changed later is kept beside it and
moves nothing. A home opens when it is registered (Care Standards Act 2000, s.11), so that is asked before its opening.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from kinfold.market.cases.journal import Line, day_said, needed
from kinfold.market.cases.working import CaseSoFar, Course, beginning
from kinfold.terms.errors import InputError

KINDS: dict[str, str] = {
    "open": "Open homes", "deprivation_of_liberty": "Deprivation of liberty", "secure_welfare": "Secure: welfare",
    "secure_transition": "Secure: transition",
}  # fmt: skip
MILESTONES: dict[str, str] = {
    "planning": "Planning permission", "exchange": "Exchange of contracts", "build": "Building works done",
    "registration": "Registered", "opening": "Opened",
}  # fmt: skip
BARRIERS: Mapping[str, str] = {
    "planning": "Planning permission or use class", "location assessment": "Location assessment", "neighbours": "Objections of neighbours",
    "property": "No suitable property", "building": "Building works: price or contractor", "start-up money": "Money to start up",
    "match funding": "Match funding", "social finance": "Social finance refused or too dear", "commissioning": "No council commits to buy places",
    "staff": "No manager or no staff", "registration": "Registration",
}  # fmt: skip
MONEY: Mapping[str, str] = {
    "start-up grant": "Grant to start up", "council": "Council’s own money", "social investment": "Social investment: loan or share",
    "outcomes contract": "Social outcomes contract", "charity": "Charitable grant", "bank": "Bank loan", "provider": "Provider’s own money",
}  # fmt: skip
MONEY_STATES: Mapping[str, str] = {"sought": "Sought", "offered": "Offered", "drawn": "Drawn", "refused": "Refused"}
SECTORS: Mapping[str, str] = {
    "local authority": "Local authority", "voluntary": "Voluntary", "private": "Private", "health": "Health",
}  # fmt: skip
AGREED_AT_GRANT = ("places", "grant", "match", "cost", "planned")
FACTS = (*AGREED_AT_GRANT, "home", "council", "provider", "sector", "round", "urn")
ENDED, OPEN, GRANTED = "ended", "open", "grant agreed"


@dataclass(slots=True, kw_only=True)
class Working(CaseSoFar):
    """A project as it stands. `said` is what holds now of its facts; `done` and `expected` have milestones by their days."""

    said: dict[str, Any] = field(default_factory=dict)
    done: dict[str, date] = field(default_factory=dict)
    expected: dict[str, date] = field(default_factory=dict)
    opened_places: dict[str, int] = field(default_factory=dict)
    barriers: list[Line] = field(default_factory=list)
    overcome: dict[int, Line] = field(default_factory=dict)
    money: list[Line] = field(default_factory=list)
    changes: list[Line] = field(default_factory=list)
    end: Line | None = None

    @property
    def state(self) -> str:
        """Return the last milestone reached, in words; whether it has ended, or its home is open."""
        if self.end is not None:
            return ENDED
        if "opening" in self.done:
            return OPEN
        reached = self.reached
        return MILESTONES[reached].casefold() if reached else GRANTED

    @property
    def reached(self) -> str:
        """Return the last milestone that was reached, empty before the first."""
        return next((one for one in reversed(MILESTONES) if one in self.done), "")

    @property
    def planned(self) -> dict[str, date]:
        """Return the days planned when the grant was given, by milestone."""
        return {name: date.fromisoformat(text) for name, text in self.opened.said.get("planned", {}).items() if text}

    @property
    def places(self) -> dict[str, int]:
        """Return the places agreed now, by kind."""
        return {name: int(count) for name, count in self.said["places"].items() if count}

    def open_barriers(self) -> list[Line]:
        """Return what stands in its way now."""
        return [one for one in self.barriers if one.number not in self.overcome]


def _still(working: Working) -> None:
    if working.end is not None:
        raise InputError("This project has ended. Open a new one where it is begun again.")


def _progress(working: Working, line: Line) -> None:
    _still(working)
    needed(line, "milestone")
    name = line.said["milestone"]
    if name not in MILESTONES:
        raise InputError(f"A milestone is one of: {', '.join(MILESTONES)}.")
    if line.said.get("done_on"):
        _reached(working, line, name)
    elif line.said.get("expected_on"):
        if name in working.done:
            raise InputError(f"{MILESTONES[name]}: reached already. Correct the day on which it was, with the reason.")
        working.expected[name] = day_said(line, "expected_on")
    else:
        raise InputError("Say on which day it was reached, or on which it is expected now.")


def _reached(working: Working, line: Line, name: str) -> None:
    on, label = day_said(line, "done_on"), MILESTONES[name]
    if on > line.day:
        raise InputError(f"{label}: {on:%-d %B %Y} is still to come. Give it as the day on which it is expected.")
    if name in working.done and working.done[name] != on and not line.reasons:
        raise InputError(f"{label} was recorded for {working.done[name]:%-d %B %Y} already. Write why that was wrong.")
    if name == "opening":
        if "registration" not in working.done:
            raise InputError("A home opens when it is registered. Record the day of its registration first.")
        if on < working.done["registration"]:
            raise InputError(
                f"It cannot have opened before it was registered, on {working.done['registration']:%-d %B %Y}."
            )
        opened = line.said.get("places") or working.places
        working.opened_places = {kind: int(count) for kind, count in opened.items() if count}
    working.done[name] = on


def _change(working: Working, line: Line) -> None:
    _still(working)
    if not line.reasons:
        raise InputError("Write why what was agreed is changed.")
    changed = {name: line.said[name] for name in FACTS if line.said.get(name) is not None}
    if not changed:
        raise InputError("Nothing is changed by this.")
    working.said = checked({**working.said, **changed})
    working.changes.append(line)


def _barrier(working: Working, line: Line) -> None:
    _still(working)
    needed(line, "barrier", "what", "on")
    if line.said["barrier"] not in BARRIERS:
        raise InputError(f"What stands in the way is one of: {', '.join(BARRIERS)}.")
    working.barriers.append(line)


def _overcome(working: Working, line: Line) -> None:
    needed(line, "of", "on", "how")
    met = next((one for one in working.open_barriers() if one.number == line.said["of"]), None)
    if met is None:
        raise InputError("Nothing of that number stands in the way of this project now.")
    if day_said(line) < day_said(met):
        raise InputError(f"It stands in the way since {day_said(met):%-d %B %Y} only. Correct the day.")
    working.overcome[met.number] = line


def _money(working: Working, line: Line) -> None:
    _still(working)
    needed(line, "source", "amount", "status", "on")
    if line.said["source"] not in MONEY or line.said["status"] not in MONEY_STATES:
        raise InputError("Say where the money is to come from, and whether it was sought, offered, drawn or refused.")
    working.money.append(line)


def _ended(working: Working, line: Line) -> None:
    _still(working)
    needed(line, "because", "on")
    if "opening" in working.done:
        raise InputError(
            "This home has opened: its places are delivered. A closure stands in the register of providers."
        )
    if not line.reasons:
        raise InputError("Write how it came to that: the programme learns from it.")
    working.end = line


def _nothing_to_agree(working: Working, line: Line, *_: Line) -> None:
    raise InputError("A project has nothing that a second officer agrees to: grants are decided elsewhere.")


COURSE: Course[Working] = Course(
    name="A project of the capital programme", closed="This project is closed.",
    takes={"progress": _progress, "change": _change, "barrier": _barrier, "overcome": _overcome, "money": _money, "ended": _ended},
    propose=_nothing_to_agree, agree=_nothing_to_agree,
)  # fmt: skip


def worked(journal: Sequence[Line]) -> Working:
    """Return the project that a journal makes. Raises InputError at the first line that may not stand."""
    first = beginning(
        journal, "name", "project", "council", "places", begins_with="the project, its council and its places"
    )
    return COURSE.worked(Working(opened=first, said=checked({name: first.said.get(name) for name in FACTS})), journal)


def checked(said: dict[str, Any]) -> dict[str, Any]:
    """Return a project's facts. Raises InputError for places of no known kind or none at all, or days out of order."""
    places = {kind: count for kind, count in (said.get("places") or {}).items() if count}
    if set(places) - set(KINDS):
        raise InputError(f"A place is of one of these kinds: {', '.join(KINDS)}.")
    if not places:
        raise InputError("A project makes at least one place. Say how many of which kind.")
    planned = said.get("planned") or {}
    days = [(name, planned[name]) for name in MILESTONES if planned.get(name)]
    for (name, day), (later, its_day) in pairwise(days):
        if its_day < day:
            raise InputError(
                f"{MILESTONES[later]} is planned before {MILESTONES[name].casefold()}. Correct one of the days."
            )
    return {**said, "places": places, "planned": planned}
