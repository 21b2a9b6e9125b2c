"""Who a child is allocated to now, one line a worker and role: the council's own and those of other organisations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kinfold.access.roles import ROLES, role_of_allocation
from kinfold.access.words import Verb
from kinfold.service.records.models import Account, PersonIndex, SpellFact
from kinfold.service.records.models import Thing as ThingRow
from kinfold.service.records.reads.child_fact import NOTHING
from kinfold.service.records.reads.person import find_person
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.staff import is_case_work
from kinfold.service.records.reads.versions import one_person
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import NotPermitted


@dataclass(frozen=True, slots=True)
class Allocated:
    """One open allocation. `fact` is its public id; `answers` is whether they answer for the child as case worker."""

    fact: str
    worker: str
    organisation: str
    role: str
    since: date | None
    answers: bool


@dataclass(frozen=True, slots=True)
class AllocationsOf:
    """A child's open allocations, those who answer for the child first."""

    uid: str
    name: str
    open_now: tuple[Allocated, ...]

    def one(self, fact: str) -> Allocated:
        """Return the allocation with a public id. Raises NotPermitted where there is none that is open."""
        found = next((one for one in self.open_now if one.fact == fact), None)
        if found is None:
            raise NotPermitted(NOTHING)
        return found


def may_end(reader: Reader, uid: str, *, action: str) -> ThingRow:
    """Return a person whose allocations the reader may end. Raises NotPermitted, recorded, for any other and for none."""
    row = find_person(uid)
    thing = reader.thing(row)
    reader.insist(Verb.READ_HEADLINE, thing, action=action)
    reader.insist(Verb.ALLOCATE, thing, action=action)
    return row


def open_rows(person: int) -> list[SpellFact]:
    """Return the open allocations of a person and of the records joined to them."""
    rows = SpellFact.objects.filter(
        subject__in=one_person(person), kind="allocation", known_to__isnull=True, valid_to__isnull=True, status="final"
    )
    return list(rows.select_related("subject", "party").order_by("valid_from", "pk"))


def allocations_of(reader: Reader, uid: str) -> AllocationsOf:
    """Return who a child is allocated to, for whoever may end it, and record the View."""
    row = may_end(reader, uid, action="allocations")
    with as_system():
        rows = open_rows(row.pk)
        parties = {one.party_id for one in rows if one.party_id}
        names = dict(PersonIndex.objects.filter(pk__in=parties).values_list("pk", "name"))
        accounts = {one.person_id: one for one in Account.objects.filter(person__in=parties)}
        name = PersonIndex.objects.filter(pk=row.pk).values_list("name", flat=True).first() or ""
    reader.looked(row.held_by_id, "allocations", [uid])
    found: dict[tuple[int | None, str], Allocated] = {}
    for one in rows:  # two doors may tell of one allocation: it is one line, and ends as one
        account = accounts.get(one.party_id)
        role = role_of_allocation(one.payload.get("role"))
        found.setdefault((one.party_id, role), Allocated(
            str(one.fact), names.get(one.party_id or 0) or (account.name if account else "") or "A worker",
            account.organisation if account else "", ROLES[role].label if role in ROLES else role, one.valid_from,
            is_case_work(one.payload),
        ))  # fmt: skip
    lines = sorted(found.values(), key=lambda one: (not one.answers, one.worker.casefold(), one.role))
    return AllocationsOf(uid, name, tuple(lines))
