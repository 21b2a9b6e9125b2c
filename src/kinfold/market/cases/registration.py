"""
An application to register as its journal makes it: complete or sent back, its route, visits, checks of fitness, decision, appeal.

Registering, proposing to refuse or to set conditions, and refusing are statutory acts: one officer proposes, another agrees
(Care Standards Act 2000, ss.13 and 17 to 21). The route changes the order and the days alone: each check of fitness must be met
on both. Who departs from the rules of the fast track says why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kinfold.market.cases.journal import MOVE, Line, day_said, needed
from kinfold.market.cases.working import CaseSoFar, Course, beginning
from kinfold.market.oversight.notice import last_day
from kinfold.market.policy import JURISDICTION, Pack, pack
from kinfold.market.supply.fast_track import FACTS, FAST_TRACK, FITNESS, STANDARD, eligibility, in_force
from kinfold.terms.errors import InputError
from kinfold.terms.identifiers import is_urn
from kinfold.terms.working_days import add_working_days

SUBMITTED, RETURNED, COMPLETE, VISITS = "submitted", "sent back", "complete", "visits"
PROPOSED, REGISTERED, REFUSED, APPEALED, WITHDRAWN = (
    "notice of proposal",
    "registered",
    "refused",
    "appealed",
    "withdrawn",
)
MOVES: Mapping[str, tuple[str, ...]] = {
    SUBMITTED: (COMPLETE, RETURNED, WITHDRAWN), RETURNED: (SUBMITTED, WITHDRAWN), COMPLETE: (WITHDRAWN,),
    FAST_TRACK: (VISITS, WITHDRAWN), STANDARD: (VISITS, WITHDRAWN), VISITS: (REGISTERED, PROPOSED, WITHDRAWN),
    PROPOSED: (REGISTERED, REFUSED, WITHDRAWN), REFUSED: (APPEALED,), APPEALED: (), REGISTERED: (), WITHDRAWN: (),
}  # fmt: skip
SECOND_OFFICER = frozenset({REGISTERED, PROPOSED, REFUSED})
DECIDED = frozenset({REGISTERED, REFUSED, WITHDRAWN})


def provisions(policy: Pack) -> dict[str, str]:
    """Return what may be applied for on a policy pack's day, with what it is called."""
    return {str(one.on(policy.day)): one.label for one in policy.beginning_with("provision_").values()}


@dataclass(slots=True, kw_only=True)
class Working(CaseSoFar):
    """An application as it stands. `said` are its facts now, `days` the day each state began, `fitness` the last word on each check."""

    now: str = SUBMITTED
    said: dict[str, Any] = field(default_factory=dict)
    route: Line | None = None
    visits: list[Line] = field(default_factory=list)
    fitness: dict[str, Line] = field(default_factory=dict)
    proposal: Line | None = None
    served_on: date | None = None
    representations: list[Line] = field(default_factory=list)
    decided: tuple[Line, Line] | None = None
    days: dict[str, date] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """Return the state the application is in."""
        return self.now

    @property
    def is_fast(self) -> bool:
        """Return whether it is on the fast track."""
        return self.route is not None and self.route.said["route"] == FAST_TRACK

    @property
    def urn(self) -> str:
        """Return the number under which the home is registered, empty before."""
        said = [line.said for line in self.journal if line.sort == "appeal decided"]
        if self.decided is not None:
            said.append(self.decided[0].said)
        return next((str(one["urn"]) for one in said if one.get("urn")), "") if self.now == REGISTERED else ""

    @property
    def unsaid(self) -> list[str]:
        """Return the questions that the application leaves open."""
        return [fact.label for name, fact in FACTS.items() if self.said.get(name) in (None, "")]

    def checks(self, day: date) -> dict[str, str]:
        """Return the checks of fitness in force on a day that are not met yet, by name."""
        unmet = {rule.name: rule.label for rule in in_force(day, FITNESS)}
        return {
            name: label
            for name, label in unmet.items()
            if name not in self.fitness or not self.fitness[name].said["met"]
        }


def worked(journal: Sequence[Line]) -> Working:
    """Return the application that a journal makes. Raises InputError at the first line that may not stand."""
    first = beginning(
        journal,
        "name",
        "provider",
        "provision",
        "council",
        "received_on",
        begins_with="the home, its provider and its council",
    )
    said = {name: first.said.get(name) for name in FACTS}
    return COURSE.worked(Working(opened=first, said=said, days={SUBMITTED: day_said(first, "received_on")}), journal)


def _to(working: Working, to: str, on: date) -> None:
    if to not in MOVES[working.now]:
        allowed = ", ".join(MOVES[working.now]) or "nothing more"
        raise InputError(f"An application that is {working.now} cannot become {to}. It can become: {allowed}.")
    working.now = to
    working.days[to] = on


def _facts(working: Working, line: Line) -> None:
    if working.now in DECIDED:
        raise InputError("This application is decided. What it says is changed no more.")
    told = {name: line.said[name] for name in FACTS if line.said.get(name) not in (None, "")}
    if not told:
        raise InputError("Answer at least one question.")
    working.said.update(told)


def _move(working: Working, line: Line) -> None:
    to = line.said["to"]
    if to in SECOND_OFFICER:
        raise InputError(f"A second officer must agree before an application is {to}: propose it.")
    if not line.reasons:
        raise InputError("Write why: whoever applied is told.")
    if to == COMPLETE and working.unsaid:
        raise InputError(
            f"It is not complete: nothing is said to “{working.unsaid[0]}”. Record the answer, or send it back."
        )
    _to(working, to, day_said(line))


def _route(working: Working, line: Line) -> None:
    if working.now not in (COMPLETE, FAST_TRACK, STANDARD):
        raise InputError("The route of an application is decided when it is complete, and before the home is visited.")
    route = line.said.get("route")
    if route not in (FAST_TRACK, STANDARD):
        raise InputError(f"The route is one of: {FAST_TRACK}, {STANDARD}.")
    if route == working.now:
        raise InputError(f"It is on the way {route} already.")
    if not line.reasons:
        raise InputError("Write the reasons: they are told to whoever applied.")
    if route != eligibility(working.said, line.day).route and not line.said.get("departure"):
        raise InputError("This departs from the rules. Say why it does.")
    working.route, working.now = line, str(route)
    working.days[str(route)] = day_said(line)


def _visit(working: Working, line: Line) -> None:
    needed(line, "on", "who", "found")
    if working.now not in (FAST_TRACK, STANDARD, VISITS):
        raise InputError("A home is visited when the route of its application is decided.")
    if working.now != VISITS:
        _to(working, VISITS, day_said(line))
    working.visits.append(line)


def _fitness(working: Working, line: Line) -> None:
    needed(line, "check", "what")
    if working.now in DECIDED:
        raise InputError("This application is decided.")
    if line.said["check"] not in {rule.name for rule in in_force(line.day, FITNESS)}:
        raise InputError("That is no check of fitness in force.")
    if line.said.get("met") is None:
        raise InputError("Say whether it is met.")
    working.fitness[line.said["check"]] = line


def _representations(working: Working, line: Line) -> None:
    if working.now != PROPOSED:
        raise InputError("Representations are made on a notice of proposal.")
    needed(line, "representations", "received_on")
    working.representations.append(line)


def _appeal_decided(working: Working, line: Line) -> None:
    if working.now != APPEALED:
        raise InputError("No appeal is under way.")
    outcome = line.said.get("outcome")
    if outcome not in ("allowed", "dismissed"):
        raise InputError("The tribunal allows or dismisses an appeal.")
    if outcome == "allowed":
        _number(line)
    working.now = REGISTERED if outcome == "allowed" else REFUSED
    working.days[working.now] = day_said(line)


def _number(line: Line) -> None:
    if not is_urn(str(line.said.get("urn", ""))):
        raise InputError("Give the number under which it is registered, such as SC012345.")


def _propose(working: Working, line: Line) -> None:
    to = line.said["to"]
    if to not in MOVES[working.now]:
        raise InputError(f"An application that is {working.now} cannot become {to}.")
    if to not in SECOND_OFFICER:
        raise InputError("That needs no second officer: record it.")
    if to == REGISTERED:
        _number(line)
        unmet = working.checks(line.day)
        if unmet:
            raise InputError(
                f"Not every check of fitness is met: {'; '.join(unmet.values())}. The fast track leaves none of them out."
            )
        if not working.visits:
            raise InputError("The home was not visited yet.")
    if working.now == PROPOSED:
        _heard(working, line)
    if to == PROPOSED and line.said.get("proposes") not in ("refuse", "conditions"):
        raise InputError("Say what is proposed: to refuse, or to set conditions.")
    if to == REFUSED and working.proposal is not None and working.proposal.said["proposes"] != "refuse":
        raise InputError("The notice proposed conditions. Serve a notice of proposal to refuse first.")


def _heard(working: Working, line: Line) -> None:
    """Refuse a decision before the period for representations has ended, where none was received (Care Standards Act 2000, s.19)."""
    until = representations_until(working, pack(JURISDICTION, line.day))
    if until is not None and line.day <= until and not working.representations:
        raise InputError(
            f"Representations may be made until the end of {until:%-d %B %Y}. Wait, or record those that were received."
        )


def _agree(working: Working, proposal: Line, agreed: Line) -> None:
    to = proposal.said["to"]
    on = day_said(agreed, "served_on")
    if on < agreed.day:
        raise InputError("A notice is served today or later: what was not yet agreed cannot have been served.")
    if to == PROPOSED:
        needed(agreed, "served_on")
        working.proposal, working.served_on = proposal, on
    if to == REFUSED:
        needed(agreed, "served_on")
    _to(working, to, on)
    working.decided = (proposal, agreed) if to != PROPOSED else working.decided


COURSE: Course[Working] = Course(
    name="An application to register", closed="This application is closed.",
    takes={"facts": _facts, MOVE: _move, "route": _route, "visit": _visit, "fitness": _fitness, "representations": _representations,
           "appeal decided": _appeal_decided},
    propose=_propose, agree=_agree,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clock:
    """One thing with a last day: by when, and when it was done. `value` and `unit` are the policy's, `source` what it rests on."""

    what: str
    due: date
    done: date | None
    rule: str

    def is_late(self, today: date) -> bool:
        """Return whether it was done late, or is not done after its last day."""
        return (self.done or today) > self.due


def clocks(working: Working, *, holidays: frozenset[date], policy: Pack) -> list[Clock]:
    """Return what had or has a last day for whoever decides, in order; what is not begun has no clock."""
    days = working.days
    received = days[SUBMITTED]
    first = min((days[name] for name in (COMPLETE, RETURNED) if name in days and days[name] >= received), default=None)
    found = [_clock("Found complete, or sent back", received, first, "registration_complete", holidays, policy)]
    complete = days.get(COMPLETE)
    if complete is not None:
        routed = min((days[name] for name in (FAST_TRACK, STANDARD) if name in days), default=None)
        found.append(_clock("Route decided", complete, routed, "registration_route", holidays, policy))
        way = "fast_track" if working.is_fast else "standard"
        visited = min((day_said(one) for one in working.visits), default=None)
        decided = min((days[name] for name in (REGISTERED, PROPOSED, REFUSED, WITHDRAWN) if name in days), default=None)
        if working.now != WITHDRAWN or visited:
            found.append(_clock("Home visited", complete, visited, f"registration_visit_{way}", holidays, policy))
        found.append(_clock("Decided", complete, decided, f"registration_decision_{way}", holidays, policy))
    return found


def _clock(what: str, begins: date, done: date | None, rule: str, holidays: frozenset[date], policy: Pack) -> Clock:
    return Clock(what, add_working_days(begins, int(policy[rule]), holidays), done, rule)


def next_due(working: Working, *, holidays: frozenset[date], policy: Pack) -> Clock | None:
    """Return the next thing that an application waits for, None for one that is decided or waits for whoever applied."""
    if working.now in (*DECIDED, RETURNED, APPEALED, PROPOSED):
        return None
    return min(
        (one for one in clocks(working, holidays=holidays, policy=policy) if one.done is None),
        key=lambda one: one.due,
        default=None,
    )


def representations_until(working: Working, policy: Pack) -> date | None:
    """Return the last day for representations on the notice of proposal, None before one was served."""
    return last_day(working.served_on, int(policy["registration_representations"])) if working.served_on else None
