"""What the pages of the three services share: opening cases of many people and of one, by the rule of access."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils import timezone

from kinfold.access.fields import masked
from kinfold.access.things import Decision, Thing
from kinfold.access.words import Mark, Sort, Verb
from kinfold.care.case import Due, When
from kinfold.duties import calendars_known_on, due
from kinfold.record.combine import shown
from kinfold.record.declare import KINDS
from kinfold.record.in_time import FactVersion
from kinfold.service.records.models import FACT_TABLES, Account, PersonIndex
from kinfold.service.records.models import Thing as ThingRow
from kinfold.service.records.reads.clocks import catalogue
from kinfold.service.records.reads.person import find_person
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.versions import one_person, versions_about
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import NotPermitted

NOTHING = "There is nothing here that you can open."
SAFEGUARDING, HOME_EDUCATION = "safeguarding", "home_education"
MOST = 2000


@dataclass(frozen=True, slots=True)
class Who:
    """The person a case is about, as lists and pages name them."""

    uid: str
    name: str
    person: int
    held_by: int
    birth_date: date | None = None
    sex: str = ""


def thing_of(reader: Reader, row: PersonIndex | ThingRow, slice_name: str, *, sort: Sort = Sort.FACT,
             **rest: Any) -> Thing:  # fmt: skip
    """
    Return the papers of a case as the rule of access takes them.

    Those of a serious incident are the pack that the partnership and the Panel are given. Those of home education are
    the work of the council's own education service, whose officer reads no other narrative.
    """
    thing = replace(reader.thing(row), sort=sort, slice=slice_name, **rest)
    if slice_name == SAFEGUARDING:
        return replace(thing, marks=thing.marks | {Mark.IN_PACK})
    return replace(thing, organisation=thing.held_by)


def who_is(row: PersonIndex) -> Who:
    """Return a person of the index."""
    uid = str(row.person.uid)
    return Who(uid, row.name or row.la_child_id or f"Case {uid[:8]}", row.pk, row.held_by_id, row.birth_date, row.sex)


def people_with(reader: Reader, kind: str, slice_name: str, *, since: date | None = None) -> list[PersonIndex]:
    """Return the people about whom a fact of `kind` is held and whose case the reader may read."""
    with as_system():
        rows = FACT_TABLES[KINDS[kind].word.value].objects.filter(
            held_by__in=reader.holders, kind=kind, known_to__isnull=True, status="final"
        )
        if since is not None:
            rows = rows.filter(valid_from__gte=since)
        subjects = list(rows.order_by("subject_id").values_list("subject_id", flat=True).distinct()[:MOST])
        found = list(PersonIndex.objects.filter(pk__in=subjects).select_related("person"))
        reader.prepare([row.pk for row in found])
        return [row for row in found if reader.decide(Verb.READ, thing_of(reader, row, slice_name))]


def facts_by_person(persons: Sequence[int], kinds: Sequence[str]) -> Mapping[int, list[FactVersion]]:
    """Return the facts held now of some kinds, by the person they are about."""
    found: dict[int, list[FactVersion]] = defaultdict(list)
    with as_system():
        for one in shown(v for v in versions_about(persons, kinds=kinds) if v.status != "void"):
            found[one.version.subject].append(one.version)
    return found


def looked_at(reader: Reader, people: Iterable[Who], action: str) -> None:
    """Record that a list named these people: one View for each holder."""
    by_holder: dict[int, list[str]] = defaultdict(list)
    for one in people:
        by_holder[one.held_by].append(one.uid)
    for held_by, uids in by_holder.items():
        reader.looked(held_by, action, uids, because="own work")


@dataclass(frozen=True, slots=True)
class Opened:
    """One person's case that the reader has open: who, their row, their facts, and why it may be read."""

    who: Who
    row: ThingRow
    facts: list[FactVersion]
    decision: Decision
    thing: Thing

    def values(self, fact: Any) -> dict[str, Any]:
        """Return what a fact says, as far as the reader may see it."""
        return masked(fact.payload, KINDS[fact.kind], self.decision, labels=self.thing.labels)


def open_case(reader: Reader, uid: str, slice_name: str, kinds: Sequence[str], *, action: str) -> Opened:
    """Return a person's facts of `kinds`, and record the View. Raises NotPermitted, recorded, where they may not be read."""
    row = find_person(uid)
    thing = thing_of(reader, row, slice_name)
    decision = reader.reads(thing)
    if not decision or row.word != "person" or not reader.decide(Verb.READ, thing):
        reader.refused(action, thing, decision)
        raise NotPermitted(NOTHING)
    with as_system():
        persons = one_person(row.pk)
        found = facts_by_person(persons, kinds)
        index = PersonIndex.objects.filter(pk=row.pk).select_related("person").first()
    reader.looked(row.held_by_id, action, [uid], because=decision.because)
    facts = [version for person in persons for version in found.get(person, ())]
    who = who_is(index) if index else Who(str(row.uid), f"Case {str(row.uid)[:8]}", row.pk, row.held_by_id)
    return Opened(who, row, facts, decision, thing)


def may_write(reader: Reader, row: ThingRow, slice_name: str) -> bool:
    """Return whether the reader may record a step of this case."""
    return bool(reader.decide(Verb.WRITE, thing_of(reader, row, slice_name)))


def due_known_on(day: date) -> Due:
    """Return the time limits of the duty catalogue, with the bank holidays known on `day`."""
    calendars = calendars_known_on(day)

    def answer(duty: str, trigger: When) -> When | None:
        return due(duty, trigger=trigger, calendars=calendars, catalogue_of=catalogue()).due

    return answer


def actor_of(recorded_by: Any) -> int | None:
    """Return the actor behind the account that recorded a fact, for the rule that nobody approves their own work."""
    text = str(recorded_by or "")
    if len(text) != 36:
        return None
    return Account.objects.filter(uid=text).values_list("person_id", flat=True).first()


def today_of(reader: Reader) -> date:
    """Return the day in England on which the reader looks."""
    return timezone.localtime(reader.now).date()
