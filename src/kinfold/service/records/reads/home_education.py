"""Requests to home educate, for a reader: those that wait, and one with its steps and its gate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kinfold.care.home_education import (
    CONSENT,
    DUTY,
    LEFT,
    REQUEST,
    STEP,
    HomeEducationCase,
    HomeEducationState,
    home_education_cases,
)
from kinfold.duties import Gate, Proposal, days_in_force, gates_for
from kinfold.service.records.reads.clocks import catalogue
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.services import (
    HOME_EDUCATION,
    NOTHING,
    Opened,
    Who,
    facts_by_person,
    looked_at,
    may_write,
    open_case,
    people_with,
    today_of,
    who_is,
)
from kinfold.terms.errors import NotPermitted

SWITCH = "home_education_consent"
KINDS_READ = (REQUEST, CONSENT, STEP, LEFT, "section_47_enquiry", "child_protection_plan")
ORDER = list(HomeEducationState)


@dataclass(frozen=True, slots=True)
class Request:
    """One request in a list."""

    who: Who
    case: HomeEducationCase


@dataclass(frozen=True, slots=True)
class RequestPage:
    """One request as its page shows it."""

    opened: Opened
    case: HomeEducationCase
    gates: list[Gate]
    in_force: date | None
    may_write: bool

    @property
    def fact(self) -> str:
        """Return the request's public id."""
        return str(self.case.request.fact)


def law_in_force(what_if: date | None = None) -> date | None:
    """Return the day on which consent became law, or would with `what_if`; None while it has not commenced."""
    return days_in_force({SWITCH: what_if} if what_if else None).get(DUTY)


def requests(reader: Reader, *, what_if: date | None = None) -> list[Request]:
    """Return every request whose case the reader may read, what needs doing first; record the View."""
    rows = people_with(reader, REQUEST, HOME_EDUCATION)
    facts = facts_by_person([row.pk for row in rows], KINDS_READ)
    law, today = law_in_force(what_if), today_of(reader)
    found = [
        Request(who_is(row), case)
        for row in rows
        for case in home_education_cases(facts[row.pk], today=today, in_force=law)
    ]
    looked_at(reader, {one.who for one in found}, "home education requests")
    return sorted(found, key=lambda one: (ORDER.index(one.case.state), -one.case.waiting_days, one.who.name))


def request_page(reader: Reader, uid: str, fact: str, *, what_if: date | None = None) -> RequestPage:
    """Return one request with its gate. Raises NotPermitted, recorded, where there is none the reader may read."""
    opened = open_case(reader, uid, HOME_EDUCATION, KINDS_READ, action="home education request")
    law, today = law_in_force(what_if), today_of(reader)
    cases = home_education_cases(opened.facts, today=today, in_force=law)
    case = next((one for one in cases if str(one.request.fact) == fact), None)
    if case is None:
        raise NotPermitted(NOTHING)
    gates = [] if case.removal else _gates(opened, today, law)
    return RequestPage(opened, case, gates, law, may_write(reader, opened.row, HOME_EDUCATION))


def _gates(opened: Opened, today: date, law: date | None) -> list[Gate]:
    """Return the gates before the child may be taken off the roll today."""
    proposal = Proposal(kind=LEFT, valid_from=today, payload={}, subject=opened.who.person)
    switches = {DUTY: law} if law else {}
    return gates_for(proposal, opened.facts, catalogue(), today=today, switches=switches)
