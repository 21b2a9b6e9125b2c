"""A child's entry in the register: the golden record over all joined records, its identifiers, and what was done to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from kinfold.access.words import Verb
from kinfold.record.combine import Shown, shown
from kinfold.record.declare import KINDS
from kinfold.service.records.commits import moments_of
from kinfold.service.records.models import Pair, PersonIndex, RegisterEntry, SameAs, Thing
from kinfold.service.records.reads.person import find_person, in_words
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.versions import one_person, versions_about
from kinfold.service.records.scope import reading_as_system

# What stands in a golden record, kind by kind, in this order.
GOLDEN = ("name", "person_details", "address", "identifier")
_SHOWN = {
    "name": ("forename", "middle_names", "surname"),
    "person_details": ("birth_date", "expected_birth_date", "death_date", "sex", "ethnicity"),
    "address": ("postcode",),
    "identifier": ("value",),
}


@dataclass(frozen=True, slots=True)
class GoldenValue:
    """One point of the golden record: the value shown, whose it is, and what other doors say instead."""

    kind: str
    label: str
    value: str
    doors: tuple[str, ...]
    other: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """One record of the cluster. `since` and `by` are of its joining; empty for the record that is kept."""

    uid: str
    name: str
    doors: tuple[str, ...]
    kept: bool
    since: datetime | None = None
    by: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier and what became of it."""

    uid: str
    sort: str
    value: str
    reason: str
    state: str
    standing: str
    differing: tuple[str, ...]
    issued_at: datetime
    ended_because: str
    checked_at: datetime | None
    check_on: date | None


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person decided of this child and another record."""

    uid: str
    other: str
    decision: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Register:
    """A child's entry. `uid` is the kept record's."""

    uid: str
    name: str
    golden: Sequence[GoldenValue]
    members: Sequence[Member]
    identifiers: Sequence[Identifier]
    marks: Sequence[Mark]


def entry(reader: Reader, uid: str) -> Register:
    """Return a child's entry in the register, and record the View; NotPermitted for those who may not join records."""
    row = find_person(uid)
    persons = one_person(row.pk)
    index = PersonIndex.objects.in_bulk(persons)
    things = Thing.objects.in_bulk(persons)
    for person in persons:
        reader.insist(Verb.MERGE, reader.thing(index.get(person) or things[person]), action="opened the register")
    reader.looked(row.held_by_id, "opened the register", [str(things[person].uid) for person in persons])
    with reading_as_system():
        versions = [v for v in versions_about(persons, kinds=GOLDEN) if v.status == "final"]
        links = list(SameAs.objects.filter(person_id__in=persons, known_to__isnull=True))
        moments = moments_of(held_by=row.held_by_id, numbers=[link.known_from for link in links])
        identifiers = RegisterEntry.objects.filter(person_id__in=persons).order_by("-issued_at", "-pk")
        marks = _marks(persons)
    by_person: dict[int, set[str]] = {}
    for version in versions:
        by_person.setdefault(version.subject, set()).add(version.source)
    link_of = {link.person_id: link for link in links}
    return Register(
        uid=str(things[persons[0]].uid),
        name=_name(index.get(persons[0])),
        golden=_golden(shown(versions), persons[0]),
        members=[
            _member(things[person], index.get(person), by_person.get(person, set()), link_of.get(person), moments)
            for person in persons
        ],
        identifiers=[_identifier(one) for one in identifiers],
        marks=marks,
    )


def _name(index: PersonIndex | None) -> str:
    return (index.name or index.la_child_id if index else "") or "Name not known"


def _golden(combined: Sequence[Shown], kept: int) -> list[GoldenValue]:
    """
    Return one line for each point over all joined records: the kept record's value, and what is said otherwise.

    Of numbers and homes somebody can have several: each is a line of its own.
    """
    ongoing = [one for one in combined if one.version.kind != "address" or one.version.valid_to is None]
    ongoing.sort(key=lambda one: (GOLDEN.index(one.version.kind), one.version.subject != kept))
    found: dict[tuple[str, ...], GoldenValue] = {}
    for one in ongoing:
        for value in _values(one):
            several = (value.value,) if value.kind in ("address", "identifier") else ()
            place = (value.kind, value.label, *several)
            found[place] = _joined(found[place], value) if place in found else value
    return list(found.values())


def _joined(shown_first: GoldenValue, also: GoldenValue) -> GoldenValue:
    """Return a line with what another record says of the same point laid to it."""
    if also.value == shown_first.value:
        said = shown_first.other + also.other
        return replace(shown_first, doors=_once((*shown_first.doors, *also.doors)), other=_once(said))
    differing = tuple((door, also.value) for door in also.doors)
    return replace(shown_first, other=_once((*shown_first.other, *differing, *also.other)))


def _once(many: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(many))


def _values(one: Shown) -> Iterator[GoldenValue]:
    """Yield the points of one thing shown, each with what other doors say instead."""
    kind = KINDS[one.version.kind]
    differing = {difference.field: difference for difference in one.differences}
    if kind.name == "name":
        yield from _name_values(one)
        return
    for field in _SHOWN[kind.name]:
        value = in_words(field, kind, one.version.payload.get(field))
        if not value:
            continue
        other = [
            (said.door, in_words(field, kind, said.value))
            for said in (differing[field].said if field in differing else ())
            if said.value != one.version.payload.get(field)
        ]
        yield GoldenValue(kind.name, _label(one, field), value, one.doors, tuple(other))


def _name_values(one: Shown) -> Iterator[GoldenValue]:
    """Yield a name as one point: its parts belong together, and two joined records have two names, not four halves."""
    kind = KINDS["name"]
    sort = one.version.payload.get("name_type")
    label = "Name" if sort in (None, "LEGAL") else f"Name: {in_words('name_type', kind, sort)}"
    mine = _full(one.version.payload)
    other = _once((fact.source, _full(fact.payload)) for fact in one.facts if _full(fact.payload) not in (mine, ""))
    if mine:
        yield GoldenValue(kind.name, label, mine, one.doors, other)


def _full(payload: Mapping[str, Any]) -> str:
    return " ".join(str(payload[part]) for part in _SHOWN["name"] if payload.get(part))


def _label(one: Shown, field: str) -> str:
    kind = KINDS[one.version.kind]
    if kind.name == "identifier":
        return in_words("identifier_type", kind, one.version.payload.get("identifier_type"))
    return kind.fields[field].meaning


def _member(
    thing: Thing, index: PersonIndex | None, doors: set[str], link: SameAs | None, moments: dict[int, datetime]
) -> Member:
    if link is None:
        return Member(str(thing.uid), _name(index), tuple(sorted(doors)), kept=True)
    since = moments.get(link.known_from)
    return Member(str(thing.uid), _name(index), tuple(sorted(doors)), False, since, link.by, link.because)


def _identifier(one: RegisterEntry) -> Identifier:
    return Identifier(
        str(one.uid), one.sort, one.value, one.reason, one.state, one.standing, tuple(one.differing), one.issued_at,
        one.ended_because, one.checked_at, one.check_on,
    )  # fmt: skip


def _marks(persons: Sequence[int]) -> list[Mark]:
    found = []
    for pair in Pair.objects.exclude(decision=Pair.Decision.OPEN).filter(first__in=persons) | Pair.objects.exclude(
        decision=Pair.Decision.OPEN
    ).filter(second__in=persons):
        other = pair.second_id if pair.first_id in persons else pair.first_id
        index = PersonIndex.objects.filter(pk=other).first()
        found.append(Mark(str(pair.uid), _name(index), pair.decision, pair.decided_at))
    return found


def counts(held_by: int) -> dict[str, int]:
    """Return how the register of one holder stands: identifiers in use by sort and by how they were checked."""
    rows = RegisterEntry.objects.filter(held_by_id=held_by, state=RegisterEntry.State.CURRENT)
    found: dict[str, Any] = {sort: rows.filter(sort=sort).count() for sort in RegisterEntry.Sort.values}
    national = rows.filter(sort=RegisterEntry.Sort.NATIONAL)
    return found | {standing: national.filter(standing=standing).count() for standing in RegisterEntry.Standing.values}
