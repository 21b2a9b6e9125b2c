"""
A case about a setting that is not registered, as its journal makes it: intelligence, visits, children there, determination, route.

One officer writes and proposes; what the setting is and what is done about it is decided when a second officer agrees. The
ladder recommends a route and keeps what it was told; departing from it needs reasons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from kinfold.market.cases.journal import MOVE, Line, day_said, needed
from kinfold.market.cases.working import CaseSoFar, Course, beginning
from kinfold.market.policy import Pack, pack_said
from kinfold.market.unregistered import DETERMINATIONS, MOVES, Choice, Stay, choose, nights, recommended
from kinfold.terms.errors import InputError
from kinfold.terms.working_days import add_working_days

SECOND_OFFICER = frozenset({"determined", "outcome"})
SOURCES = ("a council", "a member of the public", "a registered provider", "the police", "a child or family", "an inspection",
           "an advertisement", "another regulator")  # fmt: skip
REASONS_PLACED = ("emergency: nothing else was found", "the council took it to be registered", "chosen by the council",
                  "ordered by a court", "not known")  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Working(CaseSoFar):
    """A case as it stands; the lists hold the lines of each sort, `operator` the last that says which company or person runs it."""

    state: str = "intelligence"
    intelligence: list[Line] = field(default_factory=list)
    visits: list[Line] = field(default_factory=list)
    stays: list[Line] = field(default_factory=list)
    told: dict[str, Line] = field(default_factory=dict)
    answers: dict[str, Line] = field(default_factory=dict)
    ended: dict[str, Line] = field(default_factory=dict)
    operator: Line | None = None
    immediate_risk: Line | None = None
    determination: Line | None = None
    choice: Choice | None = None
    outcome: Line | None = None

    @property
    def determined(self) -> str:
        """Return what the setting was determined to be, empty before that."""
        return str(self.determination.said["determination"]) if self.determination else ""

    def children(self) -> list[Stay]:
        """Return who stayed there, by pseudonym, up to the day each was said to have left."""
        return [
            Stay(one.said["child"], one.said["council"], date.fromisoformat(one.said["begun"]), self._left(one))
            for one in self.stays
        ]

    def _left(self, stay: Line) -> date | None:
        end = self.ended.get(str(stay.number))
        said = end.said["ended"] if end else stay.said.get("ended")
        return date.fromisoformat(said) if said else None

    def nights(self, today: date) -> int:
        """Return the nights that children spent there."""
        return nights(self.children(), today=today)


def worked(journal: Sequence[Line]) -> Working:
    """Return the case that a journal makes. Raises InputError at the first line that may not stand."""
    first = beginning(journal, "name", "source", "hint", begins_with="the intelligence that opened it")
    return _COURSE.worked(Working(opened=first, intelligence=[first]), journal)


def _intelligence(working: Working, line: Line) -> None:
    needed(line, "source", "hint")
    working.intelligence.append(line)


def _triage(working: Working, line: Line) -> None:
    if "immediate_risk" not in line.said or not line.reasons:
        raise InputError("Say whether children are at immediate risk, and why you think so.")
    _to(working, "triaged")
    working.immediate_risk = line if line.said["immediate_risk"] else None


def _operator(working: Working, line: Line) -> None:
    if "entity" not in line.said or not line.reasons:
        raise InputError("Say which company or person runs the setting, or that none of these does, and how you know.")
    working.operator = line


def _visit(working: Working, line: Line) -> None:
    needed(line, "on", "found")
    if day_said(line) > line.day:
        raise InputError("The day of the visit must be today or in the past.")
    if working.state not in ("opened", "enquiry"):
        raise InputError("Open the case before you visit.")
    _to(working, "enquiry")
    working.visits.append(line)


def _stay(working: Working, line: Line) -> None:
    needed(line, "child", "council", "begun")
    begun, ended = date.fromisoformat(line.said["begun"]), line.said.get("ended")
    if begun > line.day or (ended and date.fromisoformat(ended) < begun):
        raise InputError("A stay begins today or in the past, and ends on or after the day it began.")
    working.stays.append(line)


def _stay_ended(working: Working, line: Line) -> None:
    stay = next((one for one in working.stays if one.number == line.said.get("of")), None)
    if stay is None:
        raise InputError("There is no such stay in this case.")
    if not stay.said["begun"] <= line.said["ended"] <= line.day.isoformat():
        raise InputError("The child left on or after the day they came, and not in the future.")
    working.ended[str(stay.number)] = line


def _told(working: Working, line: Line) -> None:
    _of_council(working, line)
    working.told.setdefault(line.said["council"], line)


def _council_answered(working: Working, line: Line) -> None:
    _of_council(working, line)
    if line.said["council"] not in working.told:
        raise InputError("Record first on which day the council was told.")
    needed(line, "answer")
    working.answers.setdefault(line.said["council"], line)


def _of_council(working: Working, line: Line) -> None:
    if line.said.get("council") not in {one.said["council"] for one in working.stays}:
        raise InputError("No child of that council is recorded here. Record the child's stay first.")
    if day_said(line) > line.day:
        raise InputError("The day must be today or in the past.")


def _to(working: Working, to: str) -> None:
    if to not in MOVES[working.state]:
        allowed = ", ".join(MOVES[working.state])
        raise InputError(f"A case in the state {working.state} cannot become {to}. It can become: {allowed}.")
    working.state = to


def _move(working: Working, line: Line) -> None:
    to = line.said["to"]
    if to in SECOND_OFFICER:
        raise InputError(f"A second officer must agree before a case becomes {to}: propose it.")
    if not line.reasons:
        raise InputError("Write why: a case moves by a decision with reasons, also when nothing is done.")
    if to == "warning letter" and working.determined != "registrable":
        raise InputError("A warning letter goes to a setting that was determined to need registration.")
    if to == "closed" and working.state == "determined" and working.determined == "registrable":
        raise InputError("This setting needs registration. Warn it, or determine it again, before you close the case.")
    _to(working, to)


def _propose(working: Working, line: Line) -> None:
    to = line.said["to"]
    if to not in MOVES[working.state]:
        raise InputError(f"A case in the state {working.state} cannot become {to}.")
    (_check_determination if to == "determined" else _choice)(line)


def _check_determination(line: Line) -> None:
    if line.said.get("determination") not in DETERMINATIONS:
        raise InputError(f"The determination is one of: {', '.join(DETERMINATIONS)}.")
    if line.said["determination"] == "registrable":
        needed(line, "category", "evidence")


def recommendation(line: Line) -> str:
    """Return the route that the ladder recommends for what an officer's line says of the setting, by the pack it was written under."""
    said = line.said
    return recommended(
        repeat=said["repeat"], harm=said["harm"], now=said["now"], emergency=said["emergency"],
        evidence_beyond_doubt=said["evidence_beyond_doubt"], public_interest=said["public_interest"],
        policy=pack_said(said, line.day),
    )  # fmt: skip


def _choice(line: Line) -> Choice:
    reasons, policy = line.said.get("departure", ""), pack_said(line.said, line.day)
    return choose(line.said["chosen"], recommendation(line), by=line.name, reasons=reasons, policy=policy)


def _agree(working: Working, proposal: Line, line: Line) -> None:
    _to(working, proposal.said["to"])
    if working.state == "determined":
        working.determination = proposal
    else:
        working.choice, working.outcome = _choice(proposal), proposal


_COURSE = Course(
    "A case about an unregistered setting", "This case is closed. New intelligence can open it again.",
    takes={"intelligence": _intelligence, "triaged": _triage, "operator": _operator, "visit": _visit, "stay": _stay, "stay ended": _stay_ended,
           "council told": _told, "council answered": _council_answered, MOVE: _move},
    propose=_propose, agree=_agree, still_taken=frozenset({MOVE, "intelligence"}),
)  # fmt: skip


def next_states(working: Working) -> tuple[str, ...]:
    """Return the states that an officer may move the case to alone now."""
    by_a_line = {"triaged", "enquiry", *SECOND_OFFICER}
    return tuple(to for to in MOVES[working.state] if to not in by_a_line)


@dataclass(frozen=True, slots=True)
class CouncilClock:
    """
    A council that placed a child there: by when it was to be told, when it was, by when it was to answer, when it did.

    `told_late` and `answer_late` are None while nobody can say yet.
    """

    council: str
    children: int
    known_on: date
    tell_by: date
    told_on: date | None
    answer_by: date | None
    answered_on: date | None
    today: date

    @property
    def told_late(self) -> bool | None:
        """Return whether the council was told late, or is still to be told after the last day."""
        if self.told_on is not None:
            return self.told_on > self.tell_by
        return True if self.today > self.tell_by else None

    @property
    def answer_late(self) -> bool | None:
        """Return whether the council's answer came late, or is missing after the last day."""
        if self.answer_by is None:
            return None
        if self.answered_on is not None:
            return self.answered_on > self.answer_by
        return True if self.today > self.answer_by else None


def council_clocks(working: Working, *, today: date, holidays: frozenset[date], pack: Pack) -> list[CouncilClock]:
    """Return a clock for each council with a child there, from the day on which that was first written down."""
    found = []
    for council in sorted({one.said["council"] for one in working.stays}):
        lines = [one for one in working.stays if one.said["council"] == council]
        known = min(one.day for one in lines)
        told, answer = working.told.get(council), working.answers.get(council)
        told_on = day_said(told) if told else None
        found.append(
            CouncilClock(
                council, len({one.said["child"] for one in lines}), known,
                known + timedelta(days=int(pack["unregistered_council_told"])), told_on,
                add_working_days(told_on, int(pack["unregistered_council_answer"]), holidays) if told_on else None,
                day_said(answer) if answer else None, today,
            )
        )  # fmt: skip
    return found
