"""Recording, correcting and withdrawing single facts; joining and parting Persons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError
from django.db.models import Q

from kinfold.access.words import Label
from kinfold.record.declare import KINDS, Word, encode
from kinfold.service.records import audit
from kinfold.service.records.actions.access import carry_restrictions
from kinfold.service.records.clock_marks import clocks_may_change, kinds_that_move_clocks
from kinfold.service.records.commits import Change, writing
from kinfold.service.records.loading.indexing import INDEXED, index_persons
from kinfold.service.records.loading.resolve import known_things, remember
from kinfold.service.records.models import FACT_TABLES, About, KeptWhere, Pair, PersonIndex, SameAs, Thing, Version
from kinfold.service.records.reaching import COHORT_KINDS, REACHING, write_cohort, write_reach
from kinfold.service.records.reads.versions import one_person
from kinfold.service.records.tables import content_of, payload_text
from kinfold.terms.errors import EditConflict, InputError, StructureBroken

WRONG_PERSON = "void_wrong_person"
# Why a fact is withdrawn. The two that hide keep its content from everyone but information governance.
VOID_REASONS = {
    "mistake": "It was recorded by mistake",
    "duplicate": "It was recorded twice",
    "wrong_person": "It is about another person",
    "unlawful": "It should not have been held",
}
HIDING = frozenset({"wrong_person", "unlawful"})
# Kinds that lie only with the regulator and the Department (architecture: whose record).
ELSEWHERE = {"enforcement": ("regulator", "department"), "finances": ("regulator", "department")}


def record_fact(
    *,
    kind: str,
    subject: Thing,
    values: Mapping[str, Any],
    by: str,
    because: str,
    valid_from: date | None = None,
    valid_to: date | None = None,
    party: Thing | None = None,
    ref: str | None = None,
    about: Sequence[Thing] = (),
    label: str = "",
    today: date | None = None,
) -> UUID:
    """
    Record a new fact and return its public id.

    Raises InputError for a value that is not of the declared type, an end before the start, or a kind that
    this council keeps elsewhere.
    """
    _kept_here(subject.held_by_id, kind, today or date.max)
    with writing(held_by=subject.held_by_id, by=by, because=because) as change:
        version = write_version(
            change, kind=kind, subject=subject.pk, values=values, valid_from=valid_from, valid_to=valid_to,
            party=party.pk if party else None, ref=ref, label=label,
        )  # fmt: skip
        About.objects.bulk_create(
            About(person=other, word=KINDS[kind].word.value, fact=version.fact) for other in about
        )
        audit.append(
            change.held_by,
            [{"actor": by, "action": f"recorded {kind}"[:48], "person": str(subject.uid), "reason": because,
              "body": {"fact": str(version.fact), "change": change.number}}],
            at=change.at,
        )  # fmt: skip
        return version.fact


def _kept_here(held_by: int, kind: str, today: date) -> None:
    switch = (
        KeptWhere.objects.filter(held_by_id=held_by, kind=kind, from_date__lte=today).order_by("-from_date").first()
    )
    if switch is not None and not switch.here:
        raise InputError(
            f"{KINDS[kind].label} is kept in {switch.where or 'another system'}. Change it there; the next load brings it."
        )
    only = ELSEWHERE.get(KINDS[kind].family)
    if only is not None and settings.INSTALLATION not in only:
        raise InputError(f"{KINDS[kind].label} is not held in this installation.")


def write_version(
    change: Change, *, kind: str, subject: int, values: Mapping[str, Any], valid_from: date | None,
    valid_to: date | None, party: int | None, ref: str | None, label: str = "", old: Version | None = None,
    status: str = "final", reason: str = "",
) -> Version:  # fmt: skip
    """Write one version of a fact inside a change: the old one closed first. For actions only."""
    declared = KINDS.get(kind)
    if declared is None:
        raise StructureBroken(f"No kind is declared under the name {kind}")
    if valid_from is not None and valid_to is not None and valid_to < valid_from:
        raise InputError(f"{declared.label}: it cannot end before it starts")
    payload = encode(kind, values)
    if declared.ref and ref is None:
        ref = payload.get(declared.ref)
    model = FACT_TABLES[declared.word.value]
    if old is not None:
        closed = model.objects.filter(pk=old.pk, known_to__isnull=True).update(known_to=change.number)
        if not closed:
            raise EditConflict("Somebody else changed this first. Look at both versions and choose.")
    try:
        version: Version = model.objects.create(
            subject_id=subject, party_id=party, held_by_id=change.held_by, kind=kind, kind_version=declared.version,
            valid_from=valid_from, valid_to=valid_to, ref=ref, status=status, reason=reason,
            label=label or (old.label if old else declared.label_default), recorded_by=change.by,
            source=old.source if old and status == "void" else "kinfold", known_from=change.number,
            supersedes=old, payload=payload, content=content_of(valid_from, valid_to, ref, party, payload_text(payload)),
            **({"fact": old.fact} if old else {}),
        )  # fmt: skip
    except IntegrityError as error:
        raise EditConflict("Somebody else changed this first. Look at both versions and choose.") from error
    if kind == "identifier" and ref and status == "final":
        _findable(change.held_by, subject, sort=str(payload.get("identifier_type", "")).lower(), value=ref)
    if kind in INDEXED or declared.word is Word.PERSON:
        index_persons(change.held_by, {subject})
    if kind in REACHING:
        write_reach(change.held_by, {subject})
    if kind in COHORT_KINDS:
        write_cohort(change.held_by, {subject})
    if kind in kinds_that_move_clocks():
        clocks_may_change(change.held_by, {subject})
    return version


def _findable(held_by: int, subject: int, *, sort: str, value: str) -> None:
    """Let a number that was typed in be searched for, as a loaded one is."""
    if subject not in known_things(held_by, [(sort, value)]).get((sort, value), []):
        remember(held_by, [(sort, value, subject)])


def current_version(word: str, fact: str) -> Version:
    """Return the version of a fact held now. Raises InputError when there is none."""
    found: Version | None = (
        FACT_TABLES[word].objects.filter(fact=fact, known_to__isnull=True).select_related("subject").first()
    )
    if found is None:
        raise InputError("There is no such fact.")
    return found


def correct_fact(
    *, word: str, fact: str, made_from: int, values: Mapping[str, Any], by: str, because: str,
    valid_from: date | None, valid_to: date | None, party: int | None = None, ref: str | None = None,
) -> None:  # fmt: skip
    """
    Write a corrected version of a fact.

    `made_from` is the id of the version the correction was made from. Raises EditConflict when somebody wrote
    another meanwhile: nothing is overwritten and both can be shown side by side.
    """
    old = current_version(word, fact)
    with writing(held_by=old.held_by_id, by=by, because=because) as change:
        if old.pk != made_from:
            raise EditConflict("Somebody else changed this first. Look at both versions and choose.")
        write_version(
            change, kind=old.kind, subject=old.subject_id, values=values, valid_from=valid_from, valid_to=valid_to,
            party=party if party is not None else old.party_id, ref=ref, old=old,
        )  # fmt: skip
        audit.append(
            change.held_by,
            [{"actor": by, "action": f"corrected {old.kind}"[:48], "person": str(old.subject.uid), "reason": because,
              "body": {"fact": str(fact), "change": change.number}}],
            at=change.at,
        )  # fmt: skip


def void_fact(*, word: str, fact: str, made_from: int, reason: str, by: str, because: str) -> None:
    """Withdraw a fact: it is kept, says why, and with two of the reasons is hidden from all but information governance."""
    if reason not in VOID_REASONS:
        raise InputError("Choose why it is withdrawn: " + "; ".join(VOID_REASONS.values()))
    old = current_version(word, fact)
    with writing(held_by=old.held_by_id, by=by, because=because) as change:
        if old.pk != made_from:
            raise EditConflict("Somebody else changed this first. Look at both versions and choose.")
        write_version(
            change, kind=old.kind, subject=old.subject_id, values=old.payload, valid_from=old.valid_from,
            valid_to=old.valid_to, party=old.party_id, ref=old.ref, old=old, status="void",
            reason=VOID_REASONS[reason], label=WRONG_PERSON if reason in HIDING else "",
        )  # fmt: skip
        audit.append(
            change.held_by,
            [{"actor": by, "action": f"withdrew {old.kind}"[:48], "person": str(old.subject.uid), "reason": because,
              "body": {"fact": str(fact), "why": reason}}],
            at=change.at,
        )  # fmt: skip


def merge(*, person: Thing, kept: Thing, by: str, because: str) -> None:
    """Say that two Persons of one holder are one, reversibly. Raises InputError for two holders or a circle."""
    if person.held_by_id != kept.held_by_id:
        raise InputError("Two councils' records are never joined. Ask for the information to be shared instead.")
    with writing(held_by=person.held_by_id, by=by, because=because) as change:
        if person.pk in one_person(kept.pk):
            raise InputError("These records are already one.")
        if SameAs.objects.filter(person=person, known_to__isnull=True).exists():
            raise InputError("This record is already joined to another. Part them first.")
        _may_be_one(one_person(person.pk), one_person(kept.pk))
        SameAs.objects.create(
            person=person, kept=kept, held_by_id=change.held_by, known_from=change.number, by=by, because=because[:500]
        )
        carry_restrictions(change, [(person.pk, kept.pk)])
        _say_joined(change, person, kept, "joined records")


def _may_be_one(one: Sequence[int], other: Sequence[int]) -> None:
    """
    Raise InputError where joining would put together what is kept apart: two records marked as two people, or a sealed
    one. An adopted child is never joined to who they were, whoever asks.
    """
    if PersonIndex.objects.filter(pk__in=[*one, *other], label=Label.SEALED.value).exists():
        raise InputError("These records cannot be joined.")
    marked = Pair.objects.filter(decision=Pair.Decision.APART)
    if marked.filter(Q(first__in=one, second__in=other) | Q(first__in=other, second__in=one)).exists():
        raise InputError("Two of these records are marked as two people. Undo that mark first, if it was wrong.")


def unmerge(*, person: Thing, by: str, because: str) -> None:
    """Part a Person again from the one it was joined to: every fact is where it was."""
    with writing(held_by=person.held_by_id, by=by, because=because) as change:
        found = SameAs.objects.filter(person=person, known_to__isnull=True).select_related("kept").first()
        if found is None:
            raise InputError("This record is not joined to another.")
        SameAs.objects.filter(pk=found.pk).update(known_to=change.number)
        _say_joined(change, person, found.kept, "parted records")


def _say_joined(change: Change, person: Thing, kept: Thing, action: str) -> None:
    clocks_may_change(change.held_by, {person.pk, kept.pk})
    audit.append(
        change.held_by,
        [{"actor": change.by, "action": action, "persons": [str(person.uid), str(kept.uid)], "reason": change.because}],
        at=change.at,
    )
