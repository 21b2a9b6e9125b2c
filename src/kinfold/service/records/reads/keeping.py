"""How long records are kept, which are due for review, what waits for a second person, and what is held."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from kinfold.access.words import Verb
from kinfold.record.declare import KINDS
from kinfold.record.retention import Held, Kept, is_due, rules_for
from kinfold.service.records.models import FACT_TABLES, Account, EventFact, PersonIndex, SpellFact
from kinfold.service.records.models import Thing as ThingRow
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.versions import one_person
from kinfold.service.records.scope import as_system

REASON = "the rights of the person: access, release, retention"


def retention_of(row: ThingRow, *, today: date) -> Sequence[Kept]:
    """Return the rules that say how long a person's record is kept, the longest first."""
    persons = one_person(row.pk)
    index = PersonIndex.objects.filter(pk=persons[0]).first()
    with as_system():
        facts = _held_for(persons).get(persons[0], []) if persons else []
    return rules_for(
        facts, born=index.birth_date if index else None, died=index.death_date if index else None, today=today
    )


_RETAINED = ("care_period", "leaving_care", "child_protection_plan", "section_47_enquiry", "assessment",
             "child_in_need_plan", "family_help", "referral_episode", "contact", "early_help")  # fmt: skip


def _held_for(persons: Sequence[int]) -> dict[int, list[Held]]:
    """Return what retention must know of one person, whatever Persons are joined in them, under the kept one."""
    found: dict[int, list[Held]] = defaultdict(list)
    for model in (SpellFact, EventFact):
        rows = model.objects.filter(subject__in=persons, kind__in=_RETAINED, known_to__isnull=True, status="final")
        for kind, since, until, payload in rows.values_list("kind", "valid_from", "valid_to", "payload"):
            found[persons[0]].append(Held(kind, since, until, str(payload.get("end_reason") or "")))
    return found


@dataclass(frozen=True, slots=True)
class Due:
    """A record whose retention time is over, with the rule that kept it longest."""

    uid: str
    name: str
    born: date | None
    kept: Kept


def due_for_review(reader: Reader, *, most: int = 200) -> list[Due]:
    """Return the records whose time is over and which nobody decided about yet, and record the View."""
    today = reader.now.date()
    found: list[Due] = []
    with as_system():
        rows = {row.pk: row for row in reader.listed().select_related("person")}
        decided = _decided(rows)
        by_person = _all_held(reader.holders)
        for pk, row in rows.items():
            if pk in decided or pk not in by_person or len(found) >= most:
                continue
            rules = rules_for(by_person[pk], born=row.birth_date, died=row.death_date, today=today)
            if is_due(rules, today):
                found.append(Due(str(row.person.uid), row.name, row.birth_date, rules[0]))
    for held_by in reader.holders:
        reader.looked(held_by, "records due for review", [one.uid for one in found], because=REASON)
    return found


def _decided(rows: Iterable[int]) -> set[int]:
    reviews = EventFact.objects.filter(kind="disposal_review", known_to__isnull=True, status="final")
    holds = SpellFact.objects.filter(kind="legal_hold", known_to__isnull=True, status="final", valid_to__isnull=True)
    return {*reviews.values_list("subject_id", flat=True), *holds.values_list("subject_id", flat=True)} & set(rows)


def _all_held(holders: Iterable[int]) -> dict[int, list[Held]]:
    found: dict[int, list[Held]] = defaultdict(list)
    for model in (SpellFact, EventFact):
        rows = model.objects.filter(
            held_by__in=list(holders), kind__in=_RETAINED, known_to__isnull=True, status="final"
        )
        fields = ("subject_id", "kind", "valid_from", "valid_to", "payload__end_reason")
        for subject, kind, since, until, end in rows.values_list(*fields).iterator(chunk_size=5000):
            found[subject].append(Held(kind, since, until, str(end or "")))
    return found


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something to be destroyed that one person proposed and another must agree to."""

    fact: str
    erased_kind: str  # the label of the kind of fact to be erased; nothing where it is the whole record
    erased_from: date | None
    person: str
    name: str
    kind: str
    why: str
    proposed_by: str
    proposer: str
    at: date | None


def proposals(reader: Reader) -> list[Proposal]:
    """Return what waits for a second person's agreement, the oldest first."""
    with as_system():
        rows = EventFact.objects.filter(
            held_by__in=reader.holders, kind__in=("disposal_review", "erasure"), known_to__isnull=True, status="final"
        ).select_related("subject")
        waiting = [row for row in rows.order_by("pk") if _waits(row)]
        names = dict(PersonIndex.objects.filter(pk__in=[r.subject_id for r in waiting]).values_list("pk", "name"))
        accounts = {str(u): n for u, n in Account.objects.values_list("uid", "name")}
        erased = _kinds_of([str(row.payload["what"]) for row in waiting if row.kind == "erasure"])
    reader.prepare([row.subject_id for row in waiting])
    return [
        Proposal(
            str(row.fact), *erased.get(str(row.payload.get("what")), ("", None)), str(row.subject.uid),
            names.get(row.subject_id, ""), row.kind, str(row.payload.get("reason") or row.payload.get("ground") or ""),
            row.recorded_by, accounts.get(row.recorded_by, row.recorded_by), row.valid_from,
        )
        for row in waiting
        if reader.decide(Verb.READ_HEADLINE, reader.thing(row.subject))
    ]  # fmt: skip


def _kinds_of(facts: Sequence[str]) -> dict[str, tuple[str, date | None]]:
    """Return the label of the kind of each fact and the day from which it held, by the fact's public id."""
    found: dict[str, tuple[str, date | None]] = {}
    for model in FACT_TABLES.values():
        rows = model.objects.filter(fact__in=facts).order_by("pk").values_list("fact", "kind", "valid_from")
        found.update({str(fact): (KINDS[kind].label, since) for fact, kind, since in rows})
    return found


def _waits(row: EventFact) -> bool:
    if row.kind == "erasure":
        return not row.payload.get("approved_by")
    return row.payload.get("decision") == "destroy" and not row.payload.get("destroyed_date")


def open_holds(persons: Sequence[int], today: date) -> list[SpellFact]:
    """Return the legal holds in force on a person's record."""
    with as_system():
        rows = SpellFact.objects.filter(subject__in=persons, kind="legal_hold", known_to__isnull=True, status="final")
        return list(rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today)).order_by("valid_from"))
