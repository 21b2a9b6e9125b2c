"""
What a young person or a parent sees of a record: what was released to them, who looked, and what they asked for.

Nothing is theirs to see by reach alone: each item is released by somebody, and others in it are named by who they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from kinfold.access.fields import masked
from kinfold.access.looks import Look
from kinfold.access.slices import slice_of
from kinfold.access.things import Decision, Thing
from kinfold.access.third_parties import Mark, Redactor
from kinfold.access.words import Label, ReachSort, Sort, Verb
from kinfold.access.words import Mark as Circumstance
from kinfold.record.declare import KINDS
from kinfold.service.records.models import FACT_TABLES, EventFact, KeptFile, PersonIndex, Reach
from kinfold.service.records.models import Thing as ThingRow
from kinfold.service.records.reads.bundle import NEVER_PRINTED, concealed_words
from kinfold.service.records.reads.child_fact import NOTHING
from kinfold.service.records.reads.looks import looks_for_family
from kinfold.service.records.reads.others import redactor_for
from kinfold.service.records.reads.papers import words_of
from kinfold.service.records.reads.person import SORT_OF_WORD, find_person
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.rights import AccessRequest, as_pack, requests_about, values_in_words
from kinfold.service.records.reads.versions import one_person
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import NotPermitted


@dataclass(frozen=True, slots=True)
class Released:
    """One thing given to a member of the family: what it is, what it says, and words meant for them."""

    fact: str
    kind: str
    day: date | None
    words_for_child: str
    values: tuple[dict[str, str], ...]
    text: str


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """One record as the person it is about, or their parent, sees it."""

    row: ThingRow
    name: str
    own: bool
    released: tuple[Released, ...]
    looks: tuple[Look, ...] | None
    requests: tuple[AccessRequest, ...]


def own_records(reader: Reader) -> list[OwnRecord]:
    """Return the records that are the reader's own or were opened to them, and record the Views."""
    day = reader.now.date()
    rows = Reach.objects.filter(
        actor_id=reader.account.person_id, sort__in=(ReachSort.SELF.value, ReachSort.RELEASED.value),
        person__isnull=False, from_date__lte=day,
    ).exclude(until_date__lte=day).select_related("person")  # fmt: skip
    found = []
    for row in {reach.person_id: reach.person for reach in rows if reach.person}.values():
        thing = reader.thing(row)
        decision = reader.decide(Verb.READ_HEADLINE, thing)
        if decision:
            found.append(_own(reader, row, thing, decision))
    return found


def own_record(reader: Reader, uid: str) -> OwnRecord:
    """Return one of the reader's own records. Raises NotPermitted for any other."""
    found = next((one for one in own_records(reader) if str(one.row.uid) == uid), None)
    if found is None:
        raise NotPermitted(NOTHING)
    return found


def _own(reader: Reader, row: ThingRow, thing: Thing, decision: Decision) -> OwnRecord:
    persons = one_person(row.pk)
    audits = bool(reader.decide(Verb.AUDIT, thing))
    with as_system():
        name = PersonIndex.objects.filter(pk=row.pk).values_list("name", flat=True).first() or ""
        released = _released(reader, thing, persons)
        mine = [one for one in requests_about(persons) if one.asker == reader.account.person_id]
    looks = looks_for_family(str(row.uid), now=reader.now, by=str(reader.account.uid))[:200] if audits else None
    reader.looked(row.held_by_id, "own record", [str(row.uid)], because=decision.because)
    own = row.pk == reader.account.person_id
    return OwnRecord(row, name, own, tuple(released), tuple(looks) if looks is not None else None, tuple(mine))


def _released(reader: Reader, thing: Thing, persons: Sequence[int]) -> list[Released]:
    """Return what was released to the reader, as the rule of access and redaction leave it."""
    rows = EventFact.objects.filter(
        subject__in=persons, kind="release", known_to__isnull=True, status="final"
    ).filter(Q(party__isnull=True) | Q(party=reader.account.person_id))  # fmt: skip
    redactor = redactor_for(persons)
    secret = concealed_words(persons) if thing.person != reader.account.person_id else []
    scrub = Redactor([], marks=[Mark("", words, "address withheld") for words in secret])
    found = []
    for payload in rows.order_by("-valid_from", "-pk").values_list("payload", flat=True):
        version = _version_of(str(payload.get("what") or ""), persons)
        one = _as_released(reader, thing, version, payload, redactor) if version is not None else None
        if one is not None:
            found.append(replace(one, text=scrub.text(one.text), values=tuple(scrub.value(list(one.values)))))
    return found


def _version_of(fact: str, persons: Sequence[int]) -> Any:
    """Return the version held now of a released fact of the person; None for a pack, or for what is gone."""
    try:
        wanted = UUID(fact)
    except ValueError:
        return None
    for model in FACT_TABLES.values():
        row = model.objects.filter(fact=wanted, known_to__isnull=True, status="final", subject__in=persons).first()
        if row is not None:
            return None if row.kind == "subject_access_request" else row
    return None


def _as_released(
    reader: Reader, thing: Thing, version: Any, said: dict[str, Any], redactor: Redactor
) -> Released | None:
    kind = KINDS[version.kind]
    labels = thing.labels | ({Label(version.label)} if version.label != Label.OPEN.value else frozenset())
    asked = Thing(
        sort=SORT_OF_WORD.get(kind.word, Sort.FACT), held_by=thing.held_by, person=thing.person,
        labels=frozenset(labels), named=thing.named, slice=slice_of(kind.name),
        marks=frozenset({Circumstance.RELEASED}),
    )  # fmt: skip
    decision = reader.reads(asked)
    if not decision or NEVER_PRINTED & frozenset(labels):
        return None
    values = masked(version.payload, kind, decision, labels=frozenset(labels))
    fact = str(version.fact)
    return Released(
        fact, kind.label, version.valid_from, str(said.get("words_for_child") or ""),
        tuple(values_in_words(kind.name, values, redactor, fact)), redactor.text(words_of(values), fact=fact),
    )  # fmt: skip


def own_pack(reader: Reader, uid: str, request: str, sort: str) -> KeptFile:
    """Return a released pack's file for the one who asked for it, and record it. Raises NotPermitted otherwise."""
    row = find_person(uid)
    thing = reader.thing(row)
    decision = reader.insist(Verb.EXPORT, as_pack(thing, "own_pack"), action="own pack")
    with as_system():
        found = next((one for one in requests_about(one_person(row.pk)) if one.fact == request), None)
    mine = found is not None and found.released and found.asker == reader.account.person_id
    if found is None or not mine or sort not in found.files:
        raise NotPermitted(NOTHING)
    reader.looked(row.held_by_id, "export: own_pack", [uid], because=decision.because)
    return found.files[sort]
