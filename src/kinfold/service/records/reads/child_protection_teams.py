"""Multi-agency child protection teams of the reader's council: who is in each, and what each decided about whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kinfold.access.things import Thing as Asked
from kinfold.access.words import Sort, Verb
from kinfold.care.child_protection_team import DECISION, DUTY, MEMBER, TEAM_TYPE, Composition, composition
from kinfold.duties import days_in_force
from kinfold.record.in_time import FactVersion
from kinfold.service.records.models import BodyFact
from kinfold.service.records.models import Thing as ThingRow
from kinfold.service.records.reads.child_fact import insist_about
from kinfold.service.records.reads.going_on import who_has_open
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.services import (
    NOTHING,
    Opened,
    Who,
    facts_by_person,
    looked_at,
    open_case,
    people_with,
    today_of,
    who_is,
)
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import NotPermitted

SLICE = "child_protection"
SUPPORTED = ("section_47_enquiry", "child_protection_plan")
MOST = 50


@dataclass(frozen=True, slots=True)
class Team:
    """One team: since when it has been set up, and who is in it."""

    uid: str
    name: str
    since: date | None
    members: Composition


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision about a child whom the reader may read."""

    who: Who
    decision: FactVersion


def in_force() -> date | None:
    """Return the day on which the duty came into force; None while it has not commenced."""
    return days_in_force().get(DUTY)


def asked_of(held_by: int | None) -> Asked:
    """Return who is in a team as the rule of access takes it: no child is in it."""
    return Asked(sort=Sort.RECORD, held_by=held_by, slice=SLICE)


def may_keep(reader: Reader) -> bool:
    """Return whether the reader sets up teams and keeps who is in them."""
    held_by = reader.account.held_by_id
    return held_by is not None and bool(reader.decide(Verb.WRITE, asked_of(held_by)))


def _rows(held_by: Sequence[int]) -> list[BodyFact]:
    with as_system():
        rows = BodyFact.objects.filter(
            held_by__in=held_by, kind="department_details", known_to__isnull=True, status="final"
        ).select_related("subject")
        return [row for row in rows if row.payload.get("team_type") == TEAM_TYPE]


def teams(reader: Reader) -> list[Team]:
    """Return the teams of the reader's councils with who is in them today, those that are not whole first."""
    rows = _rows(sorted(reader.holders))
    facts = facts_by_person([row.subject_id for row in rows], [MEMBER])
    found = [
        Team(str(row.subject.uid), str(row.payload.get("name") or "A team"), _set_up(row),
             composition(facts[row.subject_id], today_of(reader)))
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.members.is_whole, one.name.casefold()))


def _set_up(row: BodyFact) -> date | None:
    text = row.payload.get("constituted_date")
    return date.fromisoformat(text) if text else row.valid_from


def team(reader: Reader, uid: str) -> tuple[ThingRow, Team]:
    """Return one team with who is in it. Raises NotPermitted where there is none in the reader's councils."""
    found = next((one for one in teams(reader) if one.uid == uid), None)
    if found is None:
        raise NotPermitted(NOTHING)
    return ThingRow.objects.select_related("held_by").get(uid=uid), found


def members_on(team_pk: int, day: date) -> Composition:
    """Return who was in a team on a day."""
    return composition(facts_by_person([team_pk], [MEMBER])[team_pk], day)


def team_choices(held_by: int) -> list[tuple[str, str]]:
    """Return the teams of a council to choose from: (public id, name)."""
    found = [(str(row.subject.uid), str(row.payload.get("name") or "A team")) for row in _rows([held_by])]
    return sorted(found, key=lambda pair: pair[1])


def decisions(reader: Reader, team_pk: int) -> list[Decided]:
    """Return what a team decided about the children whom the reader may read, the newest first, and record the View."""
    people = {row.person_id: who_is(row) for row in people_with(reader, DECISION, SLICE)}
    found = [
        Decided(people[person], one)
        for person, facts in facts_by_person(list(people), [DECISION]).items()
        for one in facts
        if one.party == team_pk and person in people
    ]
    newest = sorted(found, key=lambda one: one.decision.valid_from or date.min, reverse=True)[:MOST]
    looked_at(reader, {one.who.uid: one.who for one in newest}.values(), "decisions of a team")
    return newest


@dataclass(frozen=True, slots=True)
class Supported:
    """The first children, by name, whom a team supports, each with what is open, and how many there are in all."""

    shown: list[tuple[Who, list[str]]]
    total: int


def supported(reader: Reader) -> Supported:
    """Return the children in an open enquiry or on a plan whom the reader may list, and which of the two."""
    with as_system():
        found_in = [who_has_open(SUPPORTED, held_by=one, day=today_of(reader)) for one in reader.holders]
    kinds = {person: open_now for found in found_in for person, open_now in found.items()}
    listed = reader.listed().filter(person__in=list(kinds)).select_related("person")
    found = [(who_is(row), sorted(kinds[row.pk], reverse=True)) for row in listed.order_by("name", "pk")[:MOST]]
    looked_at(reader, [who for who, _ in found], "children a team supports")
    return Supported(found, listed.count())


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """One decision with the child's case that is open, the team (where it is known), and who was in it that day."""

    opened: Opened
    decision: FactVersion
    team: ThingRow | None
    team_name: str
    members: Composition


def decision(reader: Reader, uid: str, fact: str) -> DecisionPage:
    """Return one decision about a child, and record the View. Raises NotPermitted, recorded, where it may not be read."""
    opened = open_case(reader, uid, SLICE, [DECISION], action="decision of a team")
    insist_about(opened.row, "event", fact)
    found = next((one for one in opened.facts if str(one.fact) == fact), None)
    if found is None:
        raise NotPermitted(NOTHING)
    with as_system():
        row = ThingRow.objects.filter(pk=found.party).first() if found.party else None
    names = {str(one.subject.uid): str(one.payload.get("name") or "") for one in _rows([opened.row.held_by_id])}
    members = members_on(row.pk, found.valid_from or today_of(reader)) if row else composition((), date.max)
    return DecisionPage(opened, found, row, names.get(str(row.uid), "") if row else "", members)
