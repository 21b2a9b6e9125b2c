"""Serious incidents, for a reader: every one they may read, and one with its steps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from kinfold.access.words import Sort, Verb
from kinfold.care.incidents import INCIDENT, IncidentCase, IncidentState, incident_cases
from kinfold.care.learning import Recommendation
from kinfold.service.records.models import Thing as ThingRow
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.services import (
    NOTHING,
    SAFEGUARDING,
    Opened,
    Who,
    actor_of,
    due_known_on,
    facts_by_person,
    looked_at,
    may_write,
    open_case,
    people_with,
    thing_of,
    today_of,
    who_is,
)
from kinfold.terms.errors import NotPermitted

KINDS_READ = (
    INCIDENT, "notification", "approval", "rapid_review", "decision", "practice_review", "practice_review_step",
    "recommendation",
)  # fmt: skip
SUBMIT = "serious_incident_submission"


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident in a list."""

    who: Who
    case: IncidentCase


@dataclass(frozen=True, slots=True)
class IncidentPage:
    """One incident as its page shows it."""

    opened: Opened
    case: IncidentCase
    may_write: bool
    may_submit: bool

    @property
    def fact(self) -> str:
        """Return the incident's public id."""
        return str(self.case.incident.fact)

    def recommendation(self, fact: str) -> Recommendation:
        """Return one recommendation. Raises NotPermitted where there is none."""
        for one in self.case.recommendations:
            if str(one.fact.fact) == fact:
                return one
        raise NotPermitted(NOTHING)


def incidents(reader: Reader) -> list[Incident]:
    """Return every incident whose case the reader may read, what needs doing first; record the View."""
    rows = people_with(reader, INCIDENT, SAFEGUARDING)
    facts = facts_by_person([row.pk for row in rows], KINDS_READ)
    today = today_of(reader)
    due = due_known_on(today)
    found = [
        Incident(who_is(row), case) for row in rows for case in incident_cases(facts[row.pk], today=today, due=due)
    ]
    looked_at(reader, {one.who for one in found}, "serious incidents")
    return sorted(found, key=_pressing)


def _pressing(one: Incident) -> tuple[bool, bool, date, int, str]:
    case = one.case
    place = list(IncidentState).index(case.state)
    return not case.is_open, not case.overdue, case.next_due or date.max, place, one.who.name


def incident_page(reader: Reader, uid: str, fact: str) -> IncidentPage:
    """Return one incident. Raises NotPermitted, recorded, where there is none the reader may read."""
    opened = open_case(reader, uid, SAFEGUARDING, KINDS_READ, action="serious incident")
    today = today_of(reader)
    cases = incident_cases(opened.facts, today=today, due=due_known_on(today))
    case = next((one for one in cases if str(one.incident.fact) == fact), None)
    if case is None:
        raise NotPermitted(NOTHING)
    return IncidentPage(
        opened, case, may_write(reader, opened.row, SAFEGUARDING),
        bool(reader.decide(Verb.DECIDE, submission(reader, opened.row, case.incident))),
    )  # fmt: skip


def submission(reader: Reader, row: ThingRow, incident: Any) -> Any:
    """Return the director's decision to submit, as the rule of access takes it: never on an incident of their own."""
    asked = thing_of(reader, row, SAFEGUARDING, sort=Sort.DECISION, name=SUBMIT)
    return replace(asked, written_by=actor_of(getattr(incident, "recorded_by", None)))
