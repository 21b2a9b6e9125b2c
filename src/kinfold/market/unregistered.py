"""
Settings that are not registered: from intelligence to outcome, an evidence log that cannot be changed unseen, the ladder.

The ladder (policy of November 2024, §98): a single offence may be met with a civil penalty, a repeated or very serious one with
prosecution. It recommends; a person chooses, and departing from it needs reasons. Figures are given of those
opened and of those determined, never one for the other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from kinfold.terms.errors import InputError

ROUTES = ("no further action", "warning", "caution", "civil penalty", "prosecution")
DETERMINATIONS = ("registrable", "not registrable", "no longer operating", "duplicate", "unresolved")
MOVES: Mapping[str, tuple[str, ...]] = {
    "intelligence": ("triaged",),
    "triaged": ("opened", "closed"),
    "opened": ("enquiry",),
    "enquiry": ("enquiry", "determined"),
    "determined": ("warning letter", "closed"),
    "warning letter": ("ceased", "applied", "continues"),
    "ceased": ("enforcement", "closed"),
    "applied": ("enforcement", "closed"),
    "continues": ("enforcement",),
    "enforcement": ("outcome",),
    "outcome": ("closed",),
    "closed": ("opened",),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One item of evidence in the log: its number, what it is, and a hash that holds it and all before it together."""

    number: int
    what: str
    obtained_by: str
    obtained_at: datetime
    power: str
    content_sha256: str
    used: bool
    before: str
    seal: str


def appended(
    log: Sequence[Item], *, what: str, by: str, at: datetime, power: str, content: bytes, used: bool = True
) -> tuple[Item, ...]:
    """Return the log with one more item. Raises InputError for an item without a description, person, power or aware time."""
    if not what.strip() or not by.strip() or not power.strip():
        raise InputError("Evidence needs what it is, who obtained it and under which power.")
    if at.tzinfo is None:
        raise InputError("The time at which evidence was obtained needs a time zone.")
    before = log[-1].seal if log else ""
    digest = hashlib.sha256(content).hexdigest()
    item = Item(len(log) + 1, what, by, at, power, digest, used, before, "")
    return (*log, _sealed(item))


def _sealed(item: Item) -> Item:
    told = asdict(item)
    told.pop("seal")
    told["obtained_at"] = item.obtained_at.isoformat()
    seal = hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    return Item(**{**asdict(item), "seal": seal})


def broken_at(log: Sequence[Item]) -> int | None:
    """Return the number of the first item that does not fit the log, None for a whole one. The last seal is kept elsewhere too."""
    before = ""
    for place, item in enumerate(log, start=1):
        if item.number != place or item.before != before or _sealed(item).seal != item.seal:
            return place
        before = item.seal
    return None


def disclosure(log: Iterable[Item]) -> Mapping[str, list[Mapping[str, Any]]]:
    """Return the schedule of used and unused material, by exhibit."""
    rows: dict[str, list[Mapping[str, Any]]] = {"used": [], "unused": []}
    for one in log:
        rows["used" if one.used else "unused"].append(
            {"exhibit": one.number, "what": one.what, "obtained_by": one.obtained_by, "sha256": one.content_sha256}
        )
    return rows


def recommended(
    *, repeat: bool, harm: str, now: str, emergency: bool, evidence_beyond_doubt: bool, public_interest: bool
) -> str:
    """
    Return the route that the ladder recommends.

    `harm` is low, medium or high; `now` applied, ceased or continuing; `emergency` where a council asked for the
    placement in an emergency. Prosecution and penalty pass both stages of the test; without evidence there is a warning at most.
    """
    if harm not in ("low", "medium", "high") or now not in ("applied", "ceased", "continuing"):
        raise InputError("Harm is low, medium or high; the setting has applied, ceased or is continuing.")
    step = {"low": 1, "medium": 2, "high": 3}[harm] + (1 if repeat else 0) + (1 if now == "continuing" else 0)
    step -= 1 if now == "applied" else 0
    step -= 1 if emergency and not repeat and harm != "high" else 0
    step = min(max(step, 0), 4)
    # a first offence may be met with a penalty; prosecution is for repeated or very serious ones
    if step == 4 and not (repeat or harm == "high"):
        step = 3
    if not evidence_beyond_doubt:
        step = min(step, 1)
    elif not public_interest:
        step = min(step, 2)
    return ROUTES[step]


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen, what had been recommended, by whom and why."""

    chosen: str
    recommended: str
    by: str
    reasons: str


def choose(chosen: str, recommendation: str, *, by: str, reasons: str) -> Choice:
    """Return a choice of route. Raises InputError for an unknown route, or a departure from the ladder without reasons."""
    if chosen not in ROUTES:
        raise InputError(f"{chosen} is no route. The routes are: {', '.join(ROUTES)}.")
    if chosen != recommendation and not reasons.strip():
        raise InputError(f"The ladder recommends {recommendation}. Write why you depart from it.")
    return Choice(chosen, recommendation, by, reasons)


@dataclass(frozen=True, slots=True)
class Stay:
    """A child's stay in a setting, known here by a pseudonym: from a day up to, not on, another; None while it lasts."""

    child: str
    council: str
    begun: date
    ended: date | None


def nights(stays: Iterable[Stay], *, today: date) -> int:
    """Return the nights that children spent there up to today; a child who is told of twice over the same nights counts once."""
    slept = {
        (one.child, day) for one in stays for day in range(one.begun.toordinal(), (one.ended or today).toordinal())
    }
    return len(slept)


def figures(cases: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    """
    Return counts of cases with both shares of registrable ones: of those opened and of those determined.

    A duplicate is no case of its own; an unresolved case is opened and not determined.
    """
    listed = [one for one in cases if one.get("determination") != "duplicate"]
    determined = [
        one for one in listed if one.get("determination") in ("registrable", "not registrable", "no longer operating")
    ]
    registrable = sum(one["determination"] == "registrable" for one in determined)
    return {
        "opened": len(listed),
        "determined": len(determined),
        "registrable": registrable,
        "of_opened": registrable / len(listed) if listed else None,
        "of_determined": registrable / len(determined) if determined else None,
    }
