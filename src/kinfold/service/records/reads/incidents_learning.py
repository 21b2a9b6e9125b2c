"""What was learned and recommended, searchable; and the figures of the partnership's yearly report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kinfold.access.things import Thing as Asked
from kinfold.access.words import Sort, Verb
from kinfold.care.case import StepState
from kinfold.care.corporate_parenting import Year
from kinfold.care.incidents import INCIDENT, IncidentCase, incident_cases
from kinfold.care.learning import search
from kinfold.care.partnership_report import REPORT, Line, yearly_lines
from kinfold.service.records.models import EventFact
from kinfold.service.records.reads.incidents import KINDS_READ, incidents
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.services import NOTHING, SAFEGUARDING, due_known_on, facts_by_person, today_of
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import NotPermitted

EXPORTS = ("yearly_report_aggregate", "board_pack")


@dataclass(frozen=True, slots=True)
class Learned:
    """One thing to find: what was learned, or a recommendation with its state. `uid` and `incident` open its case."""

    words: str
    theme: str
    source: str
    state: str
    on: date | None
    due: date | None = None
    what_changed: str = ""
    uid: str = ""
    incident: str = ""
    fact: str = ""


def learned(reader: Reader) -> list[Learned]:
    """
    Return everything that was learned and recommended, newest first.

    A recommendation stands here for everybody once its report is published, never with the child; before that only
    for those who may read the case.
    """
    found = [*_points(reader), *_recommendations(reader)]
    return sorted(found, key=lambda one: one.on or date.min, reverse=True)


def chosen(found: Sequence[Learned], text: str = "", *, theme: str = "", state: str = "") -> list[Learned]:
    """Return what holds every word, of one theme and in one state where they are said."""
    return [one for one in search(found, text, theme=theme) if not state or one.state == state]


def _points(reader: Reader) -> list[Learned]:
    with as_system():
        rows = EventFact.objects.filter(
            held_by__in=reader.holders, kind="learning_point", known_to__isnull=True, status="final"
        )
        return [
            Learned(row.payload.get("words") or "", row.payload.get("theme") or "", row.payload.get("came_from") or "",
                    "learned", row.valid_from)
            for row in rows
        ]  # fmt: skip


def _recommendations(reader: Reader) -> list[Learned]:
    readable = {str(one.case.incident.fact): one.who.uid for one in incidents(reader)}
    today = today_of(reader)
    made = []
    for case in every_case(reader):
        fact = str(case.incident.fact)
        published = next((s.state for s in case.steps if s.name == "publication"), None)
        if fact not in readable and published not in (StepState.DONE, StepState.DONE_LATE):
            continue
        made += [
            Learned(one.words, one.theme, "recommendation", one.state.value, one.fact.valid_from or today, one.due,
                    one.what_changed, readable.get(fact, ""), fact, str(one.fact.fact))
            for one in case.recommendations
        ]  # fmt: skip
    return made


def every_case(reader: Reader) -> list[IncidentCase]:
    """Return every incident of the reader's holders, for counting; nobody is named by what is made of them."""
    with as_system():
        rows = EventFact.objects.filter(
            held_by__in=reader.holders, kind=INCIDENT, known_to__isnull=True, status="final"
        )
        subjects = list(rows.values_list("subject_id", flat=True).distinct())
    today = today_of(reader)
    due, facts = due_known_on(today), facts_by_person(subjects, KINDS_READ)
    return [case for person in subjects for case in incident_cases(facts[person], today=today, due=due)]


@dataclass(frozen=True, slots=True)
class YearlyReport:
    """The partnership's report of a year: figures, what was learned in it, and when it was published."""

    year: Year
    lines: list[Line]
    learned: list[Learned]
    published: date | None


def yearly_report(reader: Reader, year: Year) -> YearlyReport:
    """Return the report of one year, built from the record. Raises NotPermitted for who does not make this export."""
    held_by = reader.account.held_by_id
    asked = [Asked(sort=Sort.EXPORT, held_by=held_by, slice=SAFEGUARDING, name=name) for name in EXPORTS]
    if held_by is None or not any(reader.decide(Verb.EXPORT, one) for one in asked):
        raise NotPermitted(NOTHING)
    reader.looked(held_by, "partnership report", [], because="yearly report")
    points: Sequence[Learned] = [one for one in _points(reader) if year.holds(one.on)]
    return YearlyReport(year, yearly_lines(every_case(reader), year), list(points), _published(reader, year))


def _published(reader: Reader, year: Year) -> date | None:
    with as_system():
        rows = EventFact.objects.filter(
            held_by__in=reader.holders, kind="published_report", known_to__isnull=True, status="final", ref=REPORT
        )
        days = [row.valid_from for row in rows if row.payload.get("period") == year.name]
    return max((day for day in days if day is not None), default=None)
