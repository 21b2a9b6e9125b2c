"""
A family as one: the group its children belong to, the plan that is kept once for all of them, and who leads the help.

What is kept for a family is read through the record of one of its children. Where one of the children that it is about
is hidden from the reader, all of it is: it could tell that the child exists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from kinfold.access.words import Verb
from kinfold.service.records.models import PersonFact, PersonIndex, TieFact
from kinfold.service.records.models import Thing as ThingRow
from kinfold.service.records.reads.child_fact import NOTHING
from kinfold.service.records.reads.family import GROUP, PARENTS
from kinfold.service.records.reads.person import Entry, Whole, whole
from kinfold.service.records.reads.questions import years_before
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.versions import one_person
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import NotPermitted

SIBLINGS = ("sibling", "half_sibling", "step_sibling")
LEAD = "FAMILY_HELP_LEAD"
OLDEST = 25
# What a child's page of the family says of each child, as (kind, words), the most pressing first.
OPEN_NOW = (
    ("care_period", "Looked after"), ("child_protection_plan", "Child protection plan"),
    ("section_47_enquiry", "Section 47 enquiry"), ("child_in_need_plan", "Child in need plan"),
    ("assessment", "Assessment"), ("family_help", "Family Help"), ("early_help", "Early help"),
)  # fmt: skip


@dataclass(slots=True)
class OneFamily:
    """A family as the reader may see it: the children they open, those they may only know of, and its plans."""

    group: ThingRow
    name: str
    children: list[Whole] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    plans: list[Entry] = field(default_factory=list)

    def first(self, kind: str) -> Entry | None:
        """Return what goes on of a kind for any of the children, begun first."""
        going = [entry for child in self.children if (entry := child.now(kind)) is not None]
        return min(going, key=lambda entry: str(entry.since or ""), default=None)

    @property
    def leads(self) -> list[Entry]:
        """Return the lead practitioners of today, each once."""
        found = {
            entry.party_name: entry
            for child in self.children
            for entry in child.of("allocation")
            if entry.until is None and entry.values.get("role") == LEAD
        }
        return list(found.values())


def groups_of(person: int) -> list[int]:
    """Return the families that a person belongs to now, the latest joined first."""
    ties = _members().filter(subject__in=one_person(person)).order_by("-pk")
    return [group for group in dict.fromkeys(ties.values_list("party_id", flat=True)) if group]


def _members() -> QuerySet[TieFact]:
    return TieFact.objects.filter(kind=GROUP, known_to__isnull=True, status="final", valid_to__isnull=True)


def members_of(group: int) -> list[ThingRow]:
    """Return the people who belong to a family now."""
    found = _members().filter(party_id=group).values_list("subject_id", flat=True)
    return list(ThingRow.objects.filter(pk__in=set(found)).select_related("held_by").order_by("pk"))


def brothers_and_sisters(person: int) -> list[ThingRow]:
    """
    Return the children who share a family group or a parent with a child, or are said to be their sibling.

    Files often state parents as they state children: whoever is a parent of the child, is dead or is 25 or older is
    none of them.
    """
    persons = one_person(person)
    ties = TieFact.objects.filter(known_to__isnull=True, status="final")
    parents = list(ties.filter(party__in=persons, kind__in=PARENTS).values_list("subject_id", flat=True))
    near = set(ties.filter(subject__in=parents, kind__in=PARENTS).values_list("party_id", flat=True))
    near |= set(_members().filter(party_id__in=groups_of(person)).values_list("subject_id", flat=True))
    for one, other in ties.filter(
        Q(subject__in=persons) | Q(party__in=persons), kind__in=SIBLINGS, valid_to__isnull=True
    ).values_list("subject_id", "party_id"):
        near |= {one, other}
    grown = PersonIndex.objects.filter(Q(death_date__isnull=False) | Q(birth_date__lt=oldest_born()), pk__in=near)
    rows = ThingRow.objects.filter(pk__in=near - {*persons, *parents}, sort="child")
    rows = rows.exclude(pk__in=grown.values("person_id"))
    return list(rows.select_related("held_by").order_by("pk"))


def oldest_born() -> date:
    """Return the first day of birth of those who are under 25: until then a young person is owed something as a child."""
    return years_before(localdate(), OLDEST)


def one_family(reader: Reader, uid: str) -> OneFamily:
    """
    Return a family and record the View of each child shown.

    Raises NotPermitted where the reader opens none of its children: whether there is such a family is not told.
    """
    with as_system():
        group = ThingRow.objects.filter(uid=uid, sort="group").select_related("held_by").first()
        rows = members_of(group.pk) if group else []
        title = _title(group.pk) if group else ""
    grown = _grown([row.pk for row in rows])
    children = [row for row in rows if row.sort == "child" and row.pk not in grown]
    reader.prepare([row.pk for row in children])
    opens = [row for row in children if reader.reads(reader.thing(row))]
    if group is None or not opens:
        raise NotPermitted(NOTHING)
    documents = [whole(reader, str(row.uid), action="family") for row in opens]
    known = [row.pk for row in children if row not in opens and reader.decide(Verb.SEE_EXISTS, reader.thing(row))]
    others = PersonIndex.objects.filter(pk__in=known).values_list("name", flat=True)
    return OneFamily(group, title or _surnames(documents), documents, list(others), _plans(documents, uid))


def _grown(persons: Sequence[int]) -> set[int]:
    born = PersonIndex.objects.filter(pk__in=persons, birth_date__lt=oldest_born())
    return set(born.values_list("person_id", flat=True))


def _title(group: int) -> str:
    rows = PersonFact.objects.filter(subject=group, kind="group_details", known_to__isnull=True, status="final")
    return next(
        (str(payload["title"]) for payload in rows.values_list("payload", flat=True) if payload.get("title")), ""
    )


def _surnames(documents: Sequence[Whole]) -> str:
    """Return what to call a family that nobody named: the surnames of its children."""
    names = dict.fromkeys(child.name.rsplit(" ", 1)[-1] for child in documents if child.name)
    return f"{' and '.join(names)} family" if names else "Family"


def _plans(documents: Sequence[Whole], group: str) -> list[Entry]:
    """Return the versions of the family's plan, the newest first, each once; those of one child alone are not it."""
    found = {entry.fact: entry for child in documents for entry in child.of("family_plan") if entry.party == group}
    return sorted(found.values(), key=lambda entry: (str(entry.since or ""), entry.version.version.id), reverse=True)
