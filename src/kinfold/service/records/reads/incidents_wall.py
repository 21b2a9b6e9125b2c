"""The director's safety wall: incidents, deaths, and the clocks of children at risk, for the whole council."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from kinfold.duties import Clock, State, duty_catalogue
from kinfold.service.records.models import Holder, PersonIndex
from kinfold.service.records.reads.clock_wall import Pressing, pressing
from kinfold.service.records.reads.clock_working import clocks_of_people
from kinfold.service.records.reads.going_on import who_has_open
from kinfold.service.records.reads.incidents import Incident, incidents
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.services import (
    SAFEGUARDING,
    Who,
    looked_at,
    people_with,
    today_of,
    who_is,
)
from kinfold.service.records.scope import as_system

DEATH_DUTIES = ("LA41", "LC16", "SG08", "SG09")
AT_RISK = ("section_47_enquiry", "child_protection_plan")
# Deaths stay on the wall for a year after they became known, and until every notice is sent.
SHOWN_FOR = timedelta(days=366)
MOST_CLOCKS = 30  # so many are shown, as on a page of the service's wall, which has the rest


@dataclass(frozen=True, slots=True)
class Death:
    """A death that became known, with the clocks it started."""

    who: Who
    known_on: date | None
    clocks: tuple[Clock, ...]

    @property
    def applying(self) -> list[Clock]:
        """Return the clocks that apply to this death."""
        return [one for one in self.clocks if one.state not in (State.NOT_APPLICABLE, State.DORMANT, State.SUPERSEDED)]


@dataclass(frozen=True, slots=True)
class Wall:
    """Everything on the wall. `at_risk` is what presses for the `children` with an open enquiry or plan."""

    incidents: list[Incident]
    deaths: list[Death]
    at_risk: Pressing
    children: int
    today: date


def wall(reader: Reader) -> Wall:
    """Return the wall as the reader may see it, and record the View."""
    today = today_of(reader)
    duties = {duty.id for duty in duty_catalogue().duties.values() if duty.domain == "child protection"}
    with as_system():
        children = _children_at_risk(reader, today)
        at_risk = pressing(reader, children, duties=duties, on=today, most=MOST_CLOCKS)
        count = children.count()
    return Wall(incidents(reader), deaths(reader), at_risk, count, today)


def deaths(reader: Reader) -> list[Death]:
    """Return the deaths that became known in the past year, newest first, each with its clocks."""
    today = today_of(reader)
    rows = people_with(reader, "death", SAFEGUARDING, since=today - SHOWN_FOR)
    found = []
    for row, running in _clocks_of(rows, today, DEATH_DUTIES):
        known = max((one.started for one in running), default=None, key=str)
        day = known if isinstance(known, date) else None
        found.append(Death(who_is(row), day, tuple(running)))
    looked_at(reader, [one.who for one in found], "deaths")
    return sorted(found, key=lambda one: str(one.known_on), reverse=True)


def _clocks_of(
    rows: Sequence[PersonIndex], today: date, duties: Sequence[str] = ()
) -> list[tuple[PersonIndex, list[Clock]]]:
    """Return each person's clocks of some duties, by one computation a holder."""
    by_person: dict[int, list[Clock]] = defaultdict(list)
    with as_system():
        for holder in Holder.objects.filter(pk__in={row.held_by_id for row in rows}):
            persons = [row.pk for row in rows if row.held_by_id == holder.pk]
            for clock in clocks_of_people(persons, holder, on=today):
                if not duties or clock.duty.id in duties:
                    by_person[clock.subject].append(clock)
    return [(row, by_person[row.pk]) for row in rows]


def _children_at_risk(reader: Reader, today: date) -> QuerySet[PersonIndex]:
    found = [who_has_open(AT_RISK, held_by=held_by, day=today) for held_by in reader.holders]
    return reader.listed().order_by().filter(pk__in={person for open_now in found for person in open_now})
