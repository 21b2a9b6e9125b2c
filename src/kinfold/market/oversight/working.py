"""
A case of provider oversight as its journal makes it: the group, the concerns, the statutory test, the plan, its decisions.

One officer writes; a step that binds a provider, and the decision not to act, is proposed by one and agreed by another. A
concern counts when another person than the one who raised it has confirmed it on evidence of this case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from kinfold.market.cases.journal import MOVE, Line, check_cited, day_said, needed
from kinfold.market.cases.working import CaseSoFar, Course, beginning
from kinfold.market.oversight.case import MOVES, PROPOSED, Case, Decision, moved
from kinfold.market.oversight.notice import last_day
from kinfold.market.oversight.trigger import ConfirmedConcern, ProviderGroup, Subsidiary, trigger_23a
from kinfold.market.policy import JURISDICTION, pack
from kinfold.terms.errors import InputError

# What one officer proposes and another agrees to: what binds a provider, ends a case, or leaves it without action.
SECOND_OFFICER = frozenset({
    "no action", "notice served", "withdrawn", "plan approved", "plan rejected", "not complied with", "penalty case",
    "restriction proposed", "growth restricted", "cancellation proposed", "cancellation",
})  # fmt: skip
OPEN, CONFIRMED, REFUSED = "waits for another person", "confirmed", "not confirmed"


@dataclass(slots=True)
class Concern:
    """A concern about one establishment: its line, and whether another person confirmed it."""

    line: Line
    state: str = OPEN
    answer: Line | None = None


@dataclass(slots=True, kw_only=True)
class Working(CaseSoFar):
    """A case of oversight as it stands. `served_on` and `due` are the notice's; `plans`, `progress` their lines."""

    case: Case
    group: ProviderGroup | None = None
    group_line: Line | None = None
    concerns: dict[int, Concern] = field(default_factory=dict)
    served_on: date | None = None
    due: date | None = None
    plans: list[Line] = field(default_factory=list)
    progress: list[Line] = field(default_factory=list)
    representations: list[Line] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """Return the state the case is in."""
        return self.case.state

    def confirmed(self) -> list[ConfirmedConcern]:
        """Return the concerns that count: those that another person has confirmed, on evidence."""
        return [
            ConfirmedConcern(
                one.line.said["establishment"], one.line.said["issue"], bool(one.line.said["grounds_for_cancellation"]),
                one.answer.name, one.answer.day, tuple(str(number) for number in one.line.said["evidence"]),
            )
            for one in self.concerns.values()
            if one.state == CONFIRMED and one.answer is not None
        ]  # fmt: skip

    @property
    def representations_until(self) -> date | None:
        """Return the last day for representations on a notice of proposal, None where none was served."""
        until = self.facts.get("representations_until")
        return date.fromisoformat(until) if until and self.state in PROPOSED else None

    def is_late(self, today: date) -> bool:
        """Return whether the plan has not come by the last day. It raises a task and moves nothing by itself."""
        return self.state == "notice served" and self.due is not None and today > self.due


def worked(journal: Sequence[Line]) -> Working:
    """Return the case that a journal makes. Raises InputError at the first line that may not stand."""
    first = beginning(journal, "group", "name", begins_with="who opened it and why")
    if not first.reasons:
        raise InputError("Write why you open a case about this group.")
    return _COURSE.worked(Working(case=Case(first.said["group"], state="triage"), opened=first), journal)


def _tested(working: Working) -> None:
    """Put the statutory test as it stands after a line, and what is known, into the case."""
    policy = pack(JURISDICTION, working.journal[-1].day)
    trigger = trigger_23a(working.group, working.confirmed(), policy) if working.group is not None else None
    working.case = replace(working.case, trigger=trigger, facts=dict(working.facts))


def _group(working: Working, line: Line) -> None:
    if not line.reasons:
        raise InputError("Say how the group was verified: from which documents.")
    subsidiaries = tuple(Subsidiary(one["name"], frozenset(one["establishments"])) for one in line.said["subsidiaries"])
    if not subsidiaries:
        raise InputError("Name at least one registered provider with its establishments.")
    named = [urn for one in subsidiaries for urn in one.establishments]
    twice = sorted({urn for urn in named if named.count(urn) > 1})
    if twice:
        raise InputError(f"{twice[0]} stands under two providers. A registration belongs to one.")
    parent = line.said.get("parent") or None
    working.group = ProviderGroup(parent, subsidiaries, bool(line.said.get("parent_is_undertaking")))
    working.group_line = line


def _concern(working: Working, line: Line) -> None:
    needed(line, "establishment", "issue", "evidence")
    check_cited(working.journal, line.said["evidence"])
    working.concerns[line.number] = Concern(line)


def _concern_answer(working: Working, line: Line) -> None:
    concern = working.concerns.get(line.said.get("of", 0))
    if concern is None or concern.state != OPEN:
        raise InputError("There is no concern here that waits to be confirmed.")
    if line.by == concern.line.by:
        raise InputError("Another person than the one who raised a concern must confirm it.")
    if not line.reasons:
        raise InputError("Write what you looked at before you confirmed or refused this.")
    concern.state, concern.answer = (CONFIRMED if line.sort == "concern confirmed" else REFUSED), line


def _setting_action(working: Working, line: Line) -> None:
    if not line.reasons:
        raise InputError("Write why action on the settings alone is not enough.")
    working.facts["setting_action_insufficient"] = line.reasons


def _senior_manager(working: Working, line: Line) -> None:
    needed(line, "manager")
    working.facts["senior_manager"] = line.said["manager"]
    if working.state == "implementing":
        _decide(working, line, "senior manager replaced", because=f"the senior manager is now {line.said['manager']}")


def _plan(working: Working, line: Line) -> None:
    needed(line, "actions", "manager")
    working.facts["senior_manager"] = line.said["manager"]
    _decide(working, line, "plan submitted", because=f"a plan of {len(line.said['actions'])} actions was received")
    working.plans.append(line)


def _progress(working: Working, line: Line) -> None:
    if working.state not in ("implementing", "senior manager replaced", "review"):
        raise InputError("Progress is recorded while a plan is carried out.")
    needed(line, "action", "found")
    working.progress.append(line)


def _representations(working: Working, line: Line) -> None:
    if working.state not in PROPOSED:
        raise InputError("Representations are made on a notice of proposal.")
    needed(line, "representations")
    working.representations.append(line)
    working.facts["representations_received"] = True


def _move(working: Working, line: Line) -> None:
    if line.said["to"] in SECOND_OFFICER:
        raise InputError(f"A second officer must agree before a case becomes {line.said['to']}: propose it.")
    _decide(working, line, line.said["to"])


def _propose(working: Working, line: Line) -> None:
    to = line.said["to"]
    if to not in SECOND_OFFICER:
        raise InputError(f"One officer may decide this alone: {to}.")
    # what could not be decided is not proposed either
    _moved(working, line, to)


def _agree(working: Working, proposal: Line, line: Line) -> None:
    _decide(working, proposal, proposal.said["to"], agreed=line)
    if working.state == "notice served" and working.served_on is None:
        working.served_on = day_said(line, "served_on")
        working.due = last_day(working.served_on, int(proposal.said["plan_days"]))
    if working.state in PROPOSED:
        until = last_day(day_said(line, "served_on"), int(proposal.said["representation_days"]))
        working.facts |= {"representations_until": until.isoformat(), "representations_received": False}


def _moved(working: Working, line: Line, to: str, *, agreed: Line | None = None, because: str = "") -> Case:
    """Return the case moved on by a line; `agreed` is the second officer's, whose day is the decision's."""
    facts = {**working.facts, **line.said.get("facts", {})}
    decision = Decision(
        to, f"{line.name} and {agreed.name}" if agreed else line.name, (agreed or line).day,
        because or line.reasons, tuple(str(number) for number in line.said.get("evidence", [])), line.said.get("pack", ""),
    )  # fmt: skip
    return moved(replace(working.case, facts=facts), decision)


def _decide(working: Working, line: Line, to: str, *, agreed: Line | None = None, because: str = "") -> None:
    working.case = _moved(working, line, to, agreed=agreed, because=because)
    working.facts |= line.said.get("facts", {})


_COURSE = Course(
    "A case of oversight", "This case is closed. Open it again first, with the reasons.",
    takes={"group": _group, "concern": _concern, "concern confirmed": _concern_answer, "concern not confirmed": _concern_answer,
           "setting action": _setting_action, "senior manager": _senior_manager, "plan": _plan, "progress": _progress, "representations": _representations,
           MOVE: _move},
    propose=_propose, agree=_agree, still_taken=frozenset({MOVE}), after=_tested,
)  # fmt: skip


def next_states(working: Working) -> tuple[str, ...]:
    """Return the states that a person may move or propose to move the case to now."""
    by_a_line = {"plan submitted", "senior manager replaced"}
    return tuple(to for to in MOVES[working.state] if to not in by_a_line)
