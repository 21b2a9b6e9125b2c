"""
A child's family as the reader may know it: ties told from both ends, and what follows from them.

Brothers and sisters follow from a shared mother, father or parent, or from a family group; they are worked out, never
stored. Somebody whose record is restricted is left out as if there were nobody: no count, no gap.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Any

from django.db.models import Q

from kinfold.access.fields import masked
from kinfold.access.slices import slice_of
from kinfold.access.things import Thing
from kinfold.access.words import Label, Sort, Verb
from kinfold.record.declare import KINDS, Kind
from kinfold.service.records.models import PersonFact, PersonIndex, TieFact
from kinfold.service.records.models import Thing as ThingRow
from kinfold.service.records.reads.child_fact import NOTHING, open_person, version_mark
from kinfold.service.records.reads.person import Whole, whole
from kinfold.service.records.reads.reader import FAMILY_TIES, Reader
from kinfold.service.records.reads.versions import one_person
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import NotPermitted

PARENTS = frozenset({"mother_of", "father_of", "parent_of", "adoptive_parent"})
GROUP = "member_of_group"
# Everybody whom a family page may show: family, carers, friends and those to be kept away.
SHOWN_TIES = FAMILY_TIES | {
    "foster_carer", "support_carer", "friend", "neighbour", "prospective_adopter", "independent_visitor",
    "significant_professional", "alleged_perpetrator", "must_not_know_address",
}  # fmt: skip
MOST = 60


@dataclass(frozen=True, slots=True)
class Relative:
    """One person of the family, as the reader may know them."""

    id: int
    uid: str
    name: str
    born: date | None
    expected: date | None
    died: date | None
    sort: str
    opens: bool
    focus: bool = False


@dataclass(frozen=True, slots=True)
class FamilyTieRow:
    """
    A tie between two people of the page: `one` is the subject. `fact` is empty for what is worked out.

    `why` says what a worked-out tie follows from.
    """

    one: int
    other: int
    kind: Kind
    since: date | None
    until: date | None
    values: dict[str, Any]
    fact: str = ""
    mark: str = ""
    why: str = ""


@dataclass(slots=True)
class FamilyOf:
    """A child's family: people by id, ties stored and worked out, and whether the reader may change them."""

    document: Whole
    focus: int
    people: dict[int, Relative] = field(default_factory=dict)
    ties: list[FamilyTieRow] = field(default_factory=list)
    ended: list[FamilyTieRow] = field(default_factory=list)
    may_change: bool = False
    group: str = ""  # the public id of the family that the child belongs to now, where there is one


def family_of(reader: Reader, uid: str) -> FamilyOf:
    """Return a child's family and record the View. Raises NotPermitted where the child may not be opened."""
    row, thing = open_person(reader, uid, action="family page")
    document = whole(reader, uid, action="family page")
    found = FamilyOf(document, row.pk, may_change=bool(reader.decide(Verb.WRITE, thing)))
    with as_system():
        persons = one_person(row.pk)
        near, groups = _near(persons)
        found.group = next(
            (str(u) for u in ThingRow.objects.filter(pk=max(groups, default=0)).values_list("uid", flat=True)), ""
        )
        around = _around(near, persons)
        rows = {one.pk: one for one in ThingRow.objects.filter(pk__in={*around, *near, row.pk})}
        found.people = _people(reader, rows, persons, row.pk)
        known = set(found.people)
        ties = _ties(reader, thing, known, persons, row.pk)
        found.ties = [tie for tie in ties if tie.until is None or tie.until > reader.now.date()]
        found.ended = [tie for tie in ties if tie not in found.ties and row.pk in (tie.one, tie.other)]
        found.ties += _worked_out(found, groups, persons)
    _only_joined(found)
    return found


def _current() -> Any:
    return TieFact.objects.filter(known_to__isnull=True, status="final")


def _near(persons: Sequence[int]) -> tuple[set[int], dict[int, set[int]]]:
    """Return those tied to the child or in a group with them, and each group's members."""
    near: set[int] = set()
    both = _current().filter(Q(subject__in=persons) | Q(party__in=persons), kind__in=SHOWN_TIES)
    for subject, party in both.values_list("subject_id", "party_id"):
        near |= {one for one in (subject, party) if one}
    members = _current().filter(kind=GROUP, valid_to__isnull=True)
    ids = set(members.filter(subject__in=persons).values_list("party_id", flat=True))
    groups: dict[int, set[int]] = defaultdict(set)
    for subject, group in members.filter(party__in=ids).values_list("subject_id", "party_id"):
        groups[group].add(subject)
    return near | {one for those in groups.values() for one in those}, groups


def _around(near: set[int], persons: Sequence[int]) -> set[int]:
    """Return the children of those near who are a parent of the child: brothers and sisters by a shared parent."""
    parents = _current().filter(party__in=persons, kind__in=PARENTS).values_list("subject_id", flat=True)
    return set(_current().filter(subject__in=list(parents), kind__in=PARENTS).values_list("party_id", flat=True)) - near


def _people(reader: Reader, rows: dict[int, ThingRow], persons: Sequence[int], focus: int) -> dict[int, Relative]:
    """Return those of `rows` whom the reader may know of."""
    index = {row.pk: row for row in PersonIndex.objects.filter(pk__in=list(rows)).select_related("person")}
    reader.prepare(list(rows))
    found: dict[int, Relative] = {}
    for pk, row in list(rows.items())[: MOST * 4]:
        if row.sort not in ("child", "adult") or (pk in persons and pk != focus):
            continue
        asked = reader.thing(index.get(pk) or row)
        if pk != focus and not reader.decide(Verb.SEE_EXISTS, asked):
            continue
        one = index.get(pk)
        found[pk] = Relative(
            pk, str(row.uid), one.name if one else "", one.birth_date if one else None,
            one.expected_birth_date if one else None, one.death_date if one else None, row.sort,
            pk == focus or bool(reader.decide(Verb.READ_HEADLINE, asked)), pk == focus,
        )  # fmt: skip
        if len(found) >= MOST:
            break
    return found


def _ties(reader: Reader, child: Thing, known: set[int], persons: Sequence[int], focus: int) -> list[FamilyTieRow]:
    """Return the stored ties among the people known: those of the child, and those of others the reader opens."""
    rows = _current().filter(subject__in=known | set(persons), party__in=known | set(persons), kind__in=SHOWN_TIES)
    found = []
    for row in rows.order_by("kind", "pk"):
        one = focus if row.subject_id in persons else row.subject_id
        other = focus if row.party_id in persons else row.party_id
        values = _as_read(reader, child, row, own=focus in (one, other)) if one != other else None
        if values is not None:
            mark = version_mark("tie", row.pk)
            tie = FamilyTieRow(one, other, KINDS[row.kind], row.valid_from, row.valid_to, values, str(row.fact), mark)
            found.append(tie)
    return found


def _as_read(reader: Reader, child: Thing, row: TieFact, *, own: bool) -> dict[str, Any] | None:
    """
    Return what a tie says as the reader may see it, None where they may not see it.

    It is read as part of the child's record, or of that of one of its two ends.
    """
    labels = frozenset() if row.label == Label.OPEN.value else frozenset({Label(row.label)})
    things = [child] if own else [reader.thing(end) for end in (row.subject, row.party) if end]
    for thing in things:
        asked = Thing(
            sort=Sort.FACT, held_by=thing.held_by, person=thing.person, labels=thing.labels | labels,
            named=thing.named, slice=slice_of(row.kind),
        )  # fmt: skip
        decision = reader.reads(asked)
        if decision:
            return masked(row.payload, KINDS[row.kind], decision, labels=thing.labels | labels)
    return None


def _worked_out(found: FamilyOf, groups: dict[int, set[int]], persons: Sequence[int]) -> list[FamilyTieRow]:
    """Return brothers and sisters by a shared parent, and those who share a family group with nothing nearer said."""
    parents: dict[int, dict[int, str]] = defaultdict(dict)
    for tie in found.ties:
        if tie.kind.name in PARENTS:
            parents[tie.other][tie.one] = tie.kind.label.removesuffix(" of").lower()
    said = {frozenset((tie.one, tie.other)) for tie in found.ties}
    made = []
    for one, other in combinations(sorted(parents), 2):
        shared = parents[one].keys() & parents[other].keys()
        if shared and frozenset((one, other)) not in said and one in found.people and other in found.people:
            why = " and ".join(sorted(f"same {parents[one][parent]}" for parent in shared))
            made.append(FamilyTieRow(one, other, KINDS["sibling"], None, None, {}, why=why))
    said |= {frozenset((tie.one, tie.other)) for tie in made}
    for members in groups.values():
        for member in sorted(members - set(persons)):
            if member in found.people and frozenset((found.focus, member)) not in said:
                said.add(frozenset((found.focus, member)))
                made.append(FamilyTieRow(found.focus, member, KINDS[GROUP], None, None, {}, why="in one family group"))
    return made


def _only_joined(found: FamilyOf) -> None:
    """Leave out those whom no tie shown joins to the child: that they are near could itself tell something."""
    joined, front = {found.focus}, [found.focus]
    beside: dict[int, set[int]] = defaultdict(set)
    for tie in found.ties:
        beside[tie.one].add(tie.other)
        beside[tie.other].add(tie.one)
    while front:
        fresh = beside[front.pop()] - joined
        joined |= fresh
        front += fresh
    found.people = {pk: one for pk, one in found.people.items() if pk in joined or _has_ended(found.ended, pk)}
    found.ties = [tie for tie in found.ties if tie.one in joined and tie.other in joined]
    found.ended = [tie for tie in found.ended if {tie.one, tie.other} <= set(found.people)]


def _has_ended(ended: Iterable[FamilyTieRow], person: int) -> bool:
    return any(person in (tie.one, tie.other) for tie in ended)


def tie_of(reader: Reader, uid: str, fact: str) -> tuple[FamilyOf, FamilyTieRow]:
    """Return one stored tie of the child's own, with the family. Raises NotPermitted for any other."""
    family = family_of(reader, uid)
    for tie in [*family.ties, *family.ended]:
        if tie.fact == fact and family.focus in (tie.one, tie.other):
            return family, tie
    raise NotPermitted(NOTHING)


def names_of(person: int) -> list[tuple[str, str]]:
    """Return every (forenames, surname) a person has or had."""
    rows = PersonFact.objects.filter(subject_id__in=one_person(person), kind="name", status="final")
    said = []
    for payload in rows.values_list("payload", flat=True):
        first = " ".join(payload[part] for part in ("forename", "middle_names") if payload.get(part))
        said.append((first, str(payload.get("surname") or "")))
    return list(dict.fromkeys(said))
