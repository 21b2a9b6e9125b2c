"""
Settings that are not registered: the states from intelligence to outcome, the ladder, nights and figures. The case itself, with
its log of evidence, is `market/cases/unregistered.py`.

The ladder (policy of November 2024, §98): a single offence may be met with a civil penalty, a repeated or very serious one with
prosecution. It recommends; a person chooses, and departing from it needs reasons. Figures are given of those
opened and of those determined, never one for the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kinfold.market.policy import Pack
from kinfold.terms.errors import InputError

PROSECUTION = "prosecution"  # the one measure that nobody may meet for whose act a penalty stands
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


def recommended(
    *,
    repeat: bool,
    harm: str,
    now: str,
    emergency: bool,
    evidence_beyond_doubt: bool,
    public_interest: bool,
    policy: Pack,
) -> str:
    """
    Return the route that the ladder of a policy pack recommends.

    `harm` is low, medium or high; `now` applied, ceased or continuing; `emergency` where a council asked for the
    placement in an emergency. Prosecution and penalty pass both stages of the test; without evidence there is a warning at most.
    """
    if harm not in ("low", "medium", "high") or now not in ("applied", "ceased", "continuing"):
        raise InputError("Harm is low, medium or high; the setting has applied, ceased or is continuing.")
    routes = policy["ladder_routes"]
    step = policy[f"ladder_{harm}"] + (policy["ladder_repeated"] if repeat else 0)
    step += policy["ladder_continuing"] if now == "continuing" else policy["ladder_applied"] if now == "applied" else 0
    step += policy["ladder_emergency"] if emergency and not repeat and harm != "high" else 0
    most = [len(routes) - 1]
    if not (
        repeat or harm == "high"
    ):  # a first offence may be met with a penalty; prosecution is for repeated or very serious ones
        most.append(routes.index(policy["ladder_first_offence"]))
    if not evidence_beyond_doubt:
        most.append(routes.index(policy["ladder_without_evidence"]))
    elif not public_interest:
        most.append(routes.index(policy["ladder_not_in_public_interest"]))
    return str(routes[min(max(step, 0), *most)])


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen, what had been recommended, by whom and why."""

    chosen: str
    recommended: str
    by: str
    reasons: str


def choose(chosen: str, recommendation: str, *, by: str, reasons: str, policy: Pack) -> Choice:
    """Return a choice of route. Raises InputError for an unknown route, or a departure from the ladder without reasons."""
    if chosen not in policy["ladder_routes"]:
        raise InputError(f"{chosen} is no route. The routes are: {', '.join(policy['ladder_routes'])}.")
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
