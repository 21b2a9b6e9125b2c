"""The clocks that run for the children a reader works with, worked out from the facts and never stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from kinfold.access.words import Verb
from kinfold.duties import Clock, Council, State, calendars_known_on, clocks, days_in_force, duty_catalogue
from kinfold.duties.catalogue import Catalogue
from kinfold.record.combine import shown
from kinfold.service.records.commits import number_known_at
from kinfold.service.records.models import Holder, Load, PersonIndex, Reach
from kinfold.service.records.reads.person import end_of, find_child, find_person
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.versions import one_person, versions_about
from kinfold.service.records.scope import as_system
from kinfold.terms.places import adjoining, authority_of, demo_authority, is_authority, is_demo_code

# The kinds each door carries at all: a duty that nothing loaded could show as met is not called breached.
PRESSING = (State.BREACHED, State.DUE, State.AMBER, State.RUNNING, State.PAUSED)
MOST = 300


@dataclass(frozen=True, slots=True)
class Due:
    """One clock of one child, as a wall shows it."""

    uid: str
    name: str
    clock: Clock


@cache
def catalogue() -> Catalogue:
    """Return the catalogue of duties; read once a process."""
    return duty_catalogue()


def council_of(holder: Holder) -> Council | None:
    """Return where a council lies, for the legal test of distance; an invented one stands on a real one's ground."""
    code = demo_authority(holder.code).stands_on if is_demo_code(holder.code) else holder.code
    if not is_authority(code):
        return None
    return Council(la_code=code, adjoining=adjoining, authority_of=authority_of)


def kept_kinds(held_by: int) -> frozenset[str] | None:
    """Return the kinds that some file or form of the council has carried so far."""
    from kinfold.service.records.models import FACT_TABLES

    found: set[str] = set()
    for model in FACT_TABLES.values():
        found.update(
            model.objects.filter(held_by_id=held_by, known_to__isnull=True).values_list("kind", flat=True).distinct()
        )
    return frozenset(found) if Load.objects.filter(held_by_id=held_by).exists() else None


def clocks_for(
    persons: Sequence[int], holder: Holder, *, on: date, number: int | None = None, kept: frozenset[str] | None = None
) -> list[Clock]:
    """Return every clock of some people of one holder, from the facts as known at a commit."""
    everyone = [alias for person in persons for alias in one_person(person)] if len(persons) == 1 else list(persons)
    facts = [one.version for one in shown(versions_about(everyone, number=number, words=_words())) if
             one.version.status != "void"]  # fmt: skip
    return clocks(
        facts, catalogue(), calendars_known_on(on), today=on, switches=days_in_force(), council=council_of(holder),
        kept=kept,
    )  # fmt: skip


def _words() -> tuple[str, ...]:
    return ("person", "spell", "event", "plan", "tie")


def child_clocks(reader: Reader, uid: str, *, on: date, as_known_on: date | None = None) -> list[Clock]:
    """Return one child's clocks, the most pressing first, and record the View. Raises NotPermitted."""
    row = find_person(uid)
    decision = reader.insist(Verb.READ_HEADLINE, reader.thing(row), action="clocks")
    with as_system():
        number = None
        if as_known_on is not None:
            number = number_known_at(held_by=row.held_by_id, moment=min(end_of(as_known_on), reader.now))
        found = clocks_for([row.pk], row.held_by, on=on, number=number, kept=kept_kinds(row.held_by_id))
    reader.looked(row.held_by_id, "clocks", [uid], because=decision.because)
    return sorted(found, key=_pressing)


def wall(reader: Reader, *, on: date, sorts: Sequence[str]) -> list[Due]:
    """Return what waits or is overdue for the children the reader reaches in one of these ways, and record the View."""
    day = reader.now.date()
    reached = Reach.objects.filter(
        actor_id=reader.account.person_id, sort__in=sorts, person__isnull=False, from_date__lte=day
    ).exclude(until_date__lte=day)
    rows = list(
        reader.listed().filter(pk__in=reached.values_list("person_id", flat=True)).select_related("person")[:MOST]
    )
    found: list[Due] = []
    for holder in Holder.objects.filter(pk__in={row.held_by_id for row in rows}):
        mine = {row.pk: row for row in rows if row.held_by_id == holder.pk}
        with as_system():
            running = clocks_for(list(mine), holder, on=on, kept=kept_kinds(holder.pk))
        found += [
            Due(str(mine[c.subject].person.uid), _name(mine[c.subject]), c)
            for c in running
            if (c.is_waiting or c.is_overdue) and c.subject in mine
        ]
        reader.looked(holder.pk, "wall", [str(row.person.uid) for row in mine.values()], because="own work")
    return sorted(found, key=lambda due: _pressing(due.clock))


def _name(row: PersonIndex) -> str:
    return row.name or row.la_child_id or "Name not known"


def _pressing(clock: Clock) -> tuple[int, str]:
    place = PRESSING.index(clock.state) if clock.state in PRESSING else len(PRESSING)
    return place, str(clock.due or "9999")


def clock_rows(reader: Reader, *, child: str | None, on: date, as_known_on: date | None = None) -> list[dict[str, Any]]:
    """Return clocks as the command line prints them: one child's, or the reader's own and team's wall."""
    if child:
        uid = find_child(reader, child)
        return [{"child": uid, **clock.as_row()} for clock in child_clocks(reader, uid, on=on, as_known_on=as_known_on)]
    sorts = ("open_allocation", "appointment", "team")
    return [{"child": due.uid, **due.clock.as_row()} for due in wall(reader, on=on, sorts=sorts)]
