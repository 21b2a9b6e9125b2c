"""
Gates: what must be met before a decision is made, asked at the moment of deciding.

A gate blocks a decision. It never blocks recording what has already happened: the fact is saved, and the clock of
the duty is in breach at once, with the person who answers for it (`gate_clock.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from kinfold.duties.arithmetic import day_of
from kinfold.duties.catalogue import Catalogue, duty_catalogue
from kinfold.duties.clock import kind_label
from kinfold.duties.commencement import days_in_force
from kinfold.duties.duty import Duty
from kinfold.duties.pattern import Pattern
from kinfold.duties.predicates import is_at_a_distance, is_out_of_area, placement_council
from kinfold.duties.story import TYPED_IN, Council, Fact, Occurrence, Story, matches, one_story, order_of
from kinfold.terms.errors import InputError

PROPOSED = "proposed"  # stands for the fact that a decision would record


class GateState(StrEnum):
    """Whether a decision may be made."""

    BLOCKED = "blocked"
    MET = "met"
    OVERRIDDEN = "overridden"


@dataclass(frozen=True, slots=True)
class Override:
    """An authorised person's reason for deciding although a gate is not met."""

    duty: str
    by: str
    role: str
    reason: str


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate of one decision: its state, why in a sentence, and who may decide all the same."""

    duty: Duty
    state: GateState
    because: str
    authority: tuple[str, ...]
    trigger: Occurrence
    met_by: Occurrence | None = None
    override: Override | None = None

    @property
    def blocks(self) -> bool:
        """Return whether the decision cannot be made."""
        return self.state is GateState.BLOCKED


@dataclass(frozen=True, slots=True)
class Proposal:
    """A decision about to be made, as a fact that is not yet one."""

    kind: str
    valid_from: date | None
    payload: Mapping[str, Any]
    subject: Any = None
    valid_to: date | None = None
    party: Any = None
    ref: str | None = None
    fact: Any = PROPOSED
    status: str = "final"
    known_from: int = 0
    known_to: int | None = None
    source: str = TYPED_IN


def gates_for(
    proposal: Proposal,
    facts: Iterable[Fact],
    catalogue: Catalogue,
    *,
    today: date,
    council: Council | None = None,
    switches: Mapping[str, date] | None = None,
    overrides: Iterable[Override] = (),
) -> list[Gate]:
    """
    Return every gate of the decision `proposal` for the person whose `facts` these are, met ones too.

    A duty that is enacted and not in force gates nothing until `switches` gives its day. An override counts only
    when it has a reason and is by somebody in a role that may give it. Raises InputError for one that is neither.
    """
    known = list(facts)
    story = one_story([*known, proposal], subject=proposal.subject, commit_number=None, council=council)
    given = {one.duty: one for one in overrides}
    found = []
    for duty in catalogue:
        if not duty.is_gate or not _is_in_force(duty, today, switches or {}):
            continue
        if not any(_is_gated(proposal, pattern, story) for pattern in duty.gates):
            continue
        gate = _gate(duty, proposal, story, given.get(duty.id), today)
        if gate is not None:
            found.append(gate)
    return found


def asked(
    decision: Proposal,
    facts: Iterable[Fact],
    today: date,
    *,
    council: Council | None = None,
    overrides: Iterable[Override] = (),
    what_if: Mapping[str, date | None] | None = None,
) -> list[Gate]:
    """
    Return the gates of `decision` by the catalogue and the commencement dates that ship with Kinfold.

    `facts` are the facts of the person it is about, held now. `what_if` tries other commencement dates, by the name
    of a switch. Raises InputError as `gates_for` does.
    """
    return gates_for(
        decision, facts, duty_catalogue(), today=today, council=council, switches=days_in_force(what_if),
        overrides=overrides,
    )  # fmt: skip


def _is_in_force(duty: Duty, today: date, switches: Mapping[str, date]) -> bool:
    if duty.is_reform:
        return duty.id in switches and switches[duty.id] <= today
    return (duty.since is None or duty.since <= today) and (duty.until is None or today < duty.until)


def _is_gated(proposal: Proposal, pattern: Pattern, story: Story) -> bool:
    if proposal.kind != pattern.kind or not matches(proposal, pattern):
        return False
    return any(one.fact is proposal for one in story.occurrences(pattern))


def _gate(duty: Duty, proposal: Proposal, story: Story, override: Override | None, today: date) -> Gate | None:
    """Return the gate, or None when the duty does not apply to this decision."""
    from kinfold.duties.clocks import failed_requirement

    triggers = [
        one for one in story.all_occurrences(duty.trigger) if day_of(one.when) <= max(today, _day(proposal, today))
    ]
    own = [one for one in triggers if one.fact is proposal]
    if not triggers and duty.gate_stands_alone:
        own = [Occurrence(order_of(_day(proposal, today)), _day(proposal, today), proposal)]
    applying = [one for one in (own or triggers[-1:]) if failed_requirement(duty, one, story) is None]
    if not applying:
        return None
    trigger = applying[-1]
    met = _met(duty, trigger, proposal, story, today)
    authority = duty.approved_by or duty.escalation
    if met is not None:
        because = (
            f"{duty.label}: met by the {kind_label(met.fact.kind)} of {day_of(met.when).day} {day_of(met.when):%B %Y}"
        )
        return Gate(duty, GateState.MET, f"{because} ({duty.source.title}).", authority, trigger, met_by=met)
    if override is not None:
        checked = check_override(duty, override)
        because = f"{duty.label}: not met; {checked.role} {checked.by} decided all the same, because {checked.reason}"
        return Gate(duty, GateState.OVERRIDDEN, because, authority, trigger, override=checked)
    because = f"{duty.label}: {duty.deadline}. Nothing on record meets it ({duty.source.title})."
    return Gate(duty, GateState.BLOCKED, because, authority, trigger)


def _day(proposal: Proposal, today: date) -> date:
    return proposal.valid_from or today


def _met(duty: Duty, trigger: Occurrence, proposal: Proposal, story: Story, today: date) -> Occurrence | None:
    """Return what meets the gate for this decision: since the last such decision, and not the decision itself."""
    from kinfold.duties.deadline import belongs

    before = [
        one.when
        for pattern in duty.gates
        for one in story.occurrences(pattern)
        if one.fact is not proposal and day_of(one.when) < _day(proposal, today)
    ]
    floor = max((day_of(when) for when in before), default=date.min)
    floor = max(
        floor, _day(proposal, today) - timedelta(days=200) if trigger.fact is proposal else day_of(trigger.when)
    )
    best: Occurrence | None = None
    for pattern in duty.completions("gate"):
        for one in story.occurrences(pattern):
            in_time = floor <= day_of(one.when) <= max(today, _day(proposal, today))
            if in_time and belongs(one, pattern, trigger) and (best is None or one.order < best.order):
                best = one
    return best


def check_override(duty: Duty, override: Override) -> Override:
    """Return the override if it counts. Raises InputError saying what is missing, or who may give it."""
    if not override.reason.strip():
        raise InputError(f"Give a reason for deciding although “{duty.label}” is not met")
    allowed = duty.approved_by or duty.escalation
    if override.role not in allowed:
        raise InputError(f"“{duty.label}” can be overridden by: {', '.join(allowed)}. You gave {override.role}")
    return override


@dataclass(frozen=True, slots=True)
class PlaceOfPlacement:
    """
    Where a placement lies, by the legal test and by the published measure, side by side and never mixed.

    `legal` is in the area, in an adjoining area, at a distance, or not known. `miles` and `over_20_miles` are the
    measure of the published statistics and have no effect in law.
    """

    legal: str
    out_of_area: bool | None
    at_a_distance: bool | None
    placement_council: str | None
    miles: float | None
    over_20_miles: bool | None
    because: str


def where_it_lies(placement: Fact, *, council: Council, miles: float | None) -> PlaceOfPlacement:
    """
    Return the legal test and the 20-mile measure of one placement.

    `miles` is the distance from home by the SSDA903 rule, or None when it is not known.
    Source: Care Planning, Placement and Case Review (England) Regulations 2010, reg. 11(5); SSDA903 guide.
    """
    story = Story(placement.subject, {placement.kind: [placement]}, council)
    code = placement_council(story, placement)
    over = miles > 20 if miles is not None else None
    if code is None or not council.la_code:
        return PlaceOfPlacement(
            "not known", None, None, code, miles, over, "The council where the home lies is not recorded."
        )
    out, far = is_out_of_area(story, placement), is_at_a_distance(story, placement)
    legal = "at a distance" if far else "in an adjoining area" if out else "in the area"
    because = {
        "in the area": "The home is in the council's own area: regulation 11 asks for nothing.",
        "in an adjoining area": "The home is outside the area and in an adjoining one: the nominated officer approves.",
        "at a distance": "The home is outside the area and not in an adjoining one: the director approves.",
    }[legal]
    return PlaceOfPlacement(legal, out, far, code, miles, over, because)
