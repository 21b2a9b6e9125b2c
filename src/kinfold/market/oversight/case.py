"""
A case of provider oversight: its states, what moves it on, and what must stand before it may move.

A state moves only by a decision that a person made, with reasons, by a policy pack and on evidence; not acting is a
decision too. Being late moves nothing by itself: it raises a task.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from kinfold.market.oversight.trigger import Trigger
from kinfold.terms.errors import InputError

# each state with those it may move to
MOVES: Mapping[str, tuple[str, ...]] = {
    "monitoring": ("triage",),
    "triage": ("evidence review", "monitoring"),
    "evidence review": ("no action", "setting route", "notice drafted"),
    "notice drafted": ("notice served", "no action"),
    "notice served": ("appealed", "plan submitted", "plan overdue", "withdrawn"),
    "appealed": ("notice served", "plan submitted", "quashed"),
    "plan overdue": ("plan submitted", "not complied with"),
    "plan submitted": ("plan approved", "plan rejected"),
    "plan rejected": ("plan submitted", "appealed", "not complied with"),
    "plan approved": ("implementing",),
    "implementing": ("senior manager replaced", "review"),
    "senior manager replaced": ("implementing", "review"),
    "review": ("completed", "implementing", "not complied with"),
    "not complied with": ("penalty case", "restriction proposed", "cancellation proposed", "implementing"),
    "restriction proposed": ("growth restricted", "implementing"),
    "cancellation proposed": ("cancellation", "implementing"),
    "penalty case": ("closed", "implementing"),
    "growth restricted": ("closed", "implementing"),
    "cancellation": ("closed",),
    "completed": ("closed",),
    "no action": ("closed", "monitoring"),
    "setting route": ("closed", "monitoring"),
    "withdrawn": ("closed",),
    "quashed": ("closed",),
    "closed": ("triage",),
}


# What is proposed in a notice on which representations may be made, and the decision that it leads to.
PROPOSED: Mapping[str, str] = {"restriction proposed": "growth restricted", "cancellation proposed": "cancellation"}


@dataclass(frozen=True, slots=True)
class Decision:
    """One move: to what, by whom, when, why, on what evidence and by which policy pack."""

    to: str
    by: str
    on: date
    reasons: str
    evidence: tuple[str, ...]
    pack: str


@dataclass(frozen=True, slots=True)
class Case:
    """A case about one group, in one state, with every decision that brought it there."""

    group: str
    state: str = "monitoring"
    decisions: tuple[Decision, ...] = ()
    trigger: Trigger | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def moved(case: Case, decision: Decision) -> Case:
    """Return the case after a decision. Raises InputError, saying what is missing, where it may not be made."""
    if decision.to not in MOVES[case.state]:
        allowed = ", ".join(MOVES[case.state])
        raise InputError(f"A case in the state {case.state} cannot move to {decision.to}. It can move to: {allowed}.")
    if not decision.by.strip() or not decision.reasons.strip():
        raise InputError("A decision needs who made it and why: write the reasons, also for not acting.")
    if case.decisions and decision.on < case.decisions[-1].on:
        raise InputError(f"A decision cannot be dated before the last one ({case.decisions[-1].on:%d %B %Y}).")
    _check(case, decision)
    return replace(case, state=decision.to, decisions=(*case.decisions, decision))


def _check(case: Case, decision: Decision) -> None:
    if decision.to == "notice drafted":
        if case.trigger is None or not case.trigger.met:
            why = case.trigger.reason if case.trigger else "it has not been tested"
            raise InputError(f"A notice cannot be drafted: the statutory test is not met ({why})")
        if not case.facts.get("setting_action_insufficient"):
            raise InputError("Record why action on the settings alone is not enough before a notice is drafted.")
    if decision.to in ("plan approved", "implementing") and not case.facts.get("senior_manager"):
        raise InputError(
            "An improvement plan names a senior manager (Care Standards Act 2000, s.23B). Record who it is."
        )
    if decision.to in PROPOSED.values():
        _heard(case, decision)
    if decision.to in ("restriction proposed", "growth restricted") and not case.facts.get("legal_basis"):
        raise InputError(
            "Say on what legal basis growth is restricted: a condition or refusal of registration, or policy intent."
        )
    if decision.to in ("not complied with", "cancellation proposed", "penalty case") and not decision.evidence:
        raise InputError(f"The move to {decision.to} rests on evidence. Name it.")


def _heard(case: Case, decision: Decision) -> None:
    """Raise InputError where the days for representations run, and none have been made."""
    until = case.facts.get("representations_until")
    if until is None:
        raise InputError("Serve the notice of proposal first: representations may be made on it.")
    if decision.on <= date.fromisoformat(until) and not case.facts.get("representations_received"):
        raise InputError(
            f"Representations may be made until the end of {date.fromisoformat(until):%d %B %Y}. Wait, or record them."
        )
