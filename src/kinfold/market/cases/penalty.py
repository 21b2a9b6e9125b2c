"""
A case about a monetary penalty as its journal makes it: the act, the guards, the amount line by line, each notice and answer.

One engine for every power (`market/penalties.py`). What is served on a person, and the end without a penalty, is proposed by
one officer and agreed by another; the second officer also signs that the evidence is sufficient, to the standard of the ground.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from kinfold.market import penalties
from kinfold.market.cases.journal import MOVE, Line, check_cited, day_said, needed
from kinfold.market.cases.working import CaseSoFar, Course, beginning
from kinfold.market.penalties import MOVES, Act, Ground, PenaltyCase, Proposal, grounds, obstacles
from kinfold.market.policy import Pack
from kinfold.terms.errors import InputError

SECOND_OFFICER = frozenset({"intention served", "dropped", "final notice", "published"})
ELSEWHERE = ("convicted", "proceedings_pending", "acquitted")


@dataclass(slots=True, kw_only=True)
class Working(CaseSoFar):
    """A penalty as it stands. `amount` are the lines of the last working-out, in pence; `varied` a tribunal's amount."""

    case: PenaltyCase
    packs: Callable[[date], Pack]
    ground: Ground
    act_line: Line | None = None
    signed: Line | None = None
    amount_line: Line | None = None
    representations: list[Line] = field(default_factory=list)
    paid: list[Line] = field(default_factory=list)
    varied: int | None = None
    days: dict[str, date] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """Return the state the case is in."""
        return self.case.state

    @property
    def amount(self) -> list[Mapping[str, Any]]:
        """Return the lines of the amount, none before it was worked out."""
        return list(self.amount_line.said["lines"]) if self.amount_line else []

    @property
    def pence(self) -> int | None:
        """Return the amount in pence: the tribunal's where it varied it, else the sum of the lines; None before."""
        if self.varied is not None:
            return self.varied
        return sum(one["pence"] for one in self.amount) if self.amount_line else None

    def obstacles(self) -> list[str]:
        """Return everything that stands against proposing a penalty now, by the grounds of the day on which the case was opened."""
        return obstacles(self.case.proposal, self.packs(self.opened.day))


def worked(journal: Sequence[Line], *, packs: Callable[[date], Pack], other_penalties: Sequence[str] = ()) -> Working:
    """
    Return the case that a journal makes.

    `packs` gives the policy in force on a day; `other_penalties` are penalties for the same act that stand. Raises
    InputError at the first line that may not be there.
    """
    first = beginning(journal, "name", "act", "ground", begins_with="the act and the ground")
    ground = grounds(packs(first.day)).get(first.said["ground"])
    if ground is None:
        raise InputError(f"{first.said['ground']} is no ground for a penalty.")
    act = Act(first.said["act"], penalties=tuple(other_penalties))
    proposal = Proposal(
        act, first.said["ground"], first.said.get("authority") or ground.authority, "", first.by, "", False
    )
    return _COURSE.worked(Working(opened=first, case=PenaltyCase(proposal), packs=packs, ground=ground), journal)


def _proposal(working: Working, **changed: Any) -> None:
    working.case = replace(working.case, proposal=replace(working.case.proposal, **changed))


def _act(working: Working, line: Line) -> None:
    if not line.reasons:
        raise InputError("Say how you know: which register, court or record you asked, and when.")
    convicted, pending, acquitted = (bool(line.said.get(name)) for name in ELSEWHERE)
    act = working.case.proposal.act
    _proposal(working, act=replace(act, convicted=convicted, proceedings_pending=pending, acquitted=acquitted))
    working.act_line = line


def _signed(working: Working, line: Line) -> None:
    if line.by == working.opened.by:
        raise InputError("A second officer signs that the evidence is sufficient: not the one who opened the case.")
    if not line.reasons:
        raise InputError("Write why the evidence is sufficient, or is not.")
    if line.said.get("sufficient"):
        needed(line, "evidence", "standard")
        check_cited(working.journal, line.said["evidence"])
    _proposal(working, second_officer=line.by, evidence_sufficient=bool(line.said.get("sufficient")),
              standard=line.said.get("standard", ""))  # fmt: skip
    working.signed = line


def _amount(working: Working, line: Line) -> None:
    if working.state not in ("open", "guards checked", "representations considered"):
        raise InputError("An amount is worked out before a notice, or after representations were considered.")
    needed(line, "lines", "source")
    working.amount_line = line


def _representations(working: Working, line: Line) -> None:
    if working.state != "intention served":
        raise InputError("Representations are made on a notice of intention.")
    needed(line, "representations")
    working.representations.append(line)
    working.case = replace(working.case, representations_received=True)


def _told(working: Working, line: Line) -> None:
    if working.state != "dropped":
        raise InputError("The person is told so when a penalty was dropped.")
    working.case = replace(working.case, told_it_was_dropped=True)


def _payment(working: Working, line: Line) -> None:
    if line.said.get("pence", 0) <= 0:
        raise InputError("Enter what was paid, in pounds.")
    _next(working, "paid", day_said(line))
    working.paid.append(line)


def _appeal(working: Working, line: Line) -> None:
    to = line.said.get("outcome")
    if to not in ("upheld", "varied", "cancelled"):
        raise InputError("The tribunal upholds, varies or cancels a penalty.")
    if to == "varied":
        if line.said.get("pence") is None:
            raise InputError("Enter the amount that the tribunal set.")
        working.varied = int(line.said["pence"])
    _next(working, to, day_said(line))


def _move(working: Working, line: Line) -> None:
    to = line.said["to"]
    if to in SECOND_OFFICER:
        raise InputError(f"A second officer must agree before a penalty is {to}: propose it.")
    if not line.reasons:
        raise InputError("Write the reasons.")
    if to == "overdue" and working.case.appeal_until is not None and line.day <= working.case.appeal_until:
        raise InputError(f"An appeal may be made until the end of {working.case.appeal_until:%d %B %Y}. Wait.")
    _next(working, to, day_said(line))


def _next(working: Working, to: str, on: date) -> None:
    working.case = penalties.next_state(working.case, to, today=on, pack=working.packs(on))
    working.days[to] = on


def _propose(working: Working, line: Line) -> None:
    to = line.said["to"]
    if to in ("intention served", "final notice") and working.amount_line is None:
        raise InputError("Work out the amount first: a notice says it, line by line.")
    penalties.next_state(working.case, to, today=line.day, pack=working.packs(line.day))


def _agree(working: Working, proposal: Line, line: Line) -> None:
    _next(working, proposal.said["to"], day_said(line, "served_on"))


_COURSE = Course(
    "A case about a penalty", "This case is closed.",
    takes={"act": _act, "signed": _signed, "amount": _amount, "representations": _representations, "told": _told,
           "payment": _payment, "appeal decided": _appeal, MOVE: _move},
    propose=_propose, agree=_agree,
)  # fmt: skip


def next_states(working: Working) -> tuple[str, ...]:
    """Return the states that an officer may move, or propose to move, the penalty to now."""
    by_a_line = {"paid", "upheld", "varied", "cancelled"}
    return tuple(to for to in MOVES[working.state] if to not in by_a_line)
