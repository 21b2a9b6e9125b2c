"""
The register of identity: identifiers issued, given way, replaced and found wrong; records joined and kept apart by hand.

Everything here can be undone and is in the audit. An identifier belongs to the record it was issued to: when records are
joined it is shown with the cluster, and when they are parted it goes back with its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from kinfold.access.words import Verb
from kinfold.identity.compare import levels_of
from kinfold.identity.provisional import new_identifier
from kinfold.identity.rarity import Rarity
from kinfold.identity.score import probability, shipped_model
from kinfold.identity.seen import seen
from kinfold.service.records import audit
from kinfold.service.records.actions import facts
from kinfold.service.records.actions.identity import decide
from kinfold.service.records.models import Pair, PersonIndex, RegisterEntry, SpellFact, Thing
from kinfold.service.records.reads.person import find_person
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.versions import one_person
from kinfold.service.records.register_filing import shapes_of
from kinfold.service.records.scope import as_system
from kinfold.service.records.tables import fetch, in_chunks
from kinfold.terms.errors import EditConflict, InputError, NotPermitted

BY = "the register"
_State, _Sort = RegisterEntry.State, RegisterEntry.Sort


def bring_up_to_date(held_by: int, *, by: str = BY) -> dict[str, int]:
    """
    Issue what is missing and let what is no longer needed give way; return how many of each.

    Every NHS number that the record holds has an entry; a child (or the records joined as one) without any has one
    provisional identifier, which yields as soon as there is a number.
    """
    with as_system(), transaction.atomic():
        numbers = _numbers_without_entry(held_by)
        national = [_entry(held_by, person, _Sort.NATIONAL, value, by) for person, value in numbers]
        RegisterEntry.objects.bulk_create(national, 500)
        yielded = _yield(held_by, by)
        without = _without_identifier(held_by)
        issued = [
            _entry(held_by, person, _Sort.PROVISIONAL, new_identifier(), by, reason=reason)
            for person, reason in without.items()
        ]
        RegisterEntry.objects.bulk_create(issued, 500)
        _say(held_by, by, "provisional identifier issued", [entry.person_id for entry in issued])
    return {"national": len(national), "yielded": yielded, "provisional": len(issued)}


def _entry(held_by: int, person: int, sort: str, value: str, by: str, *, reason: str = "") -> RegisterEntry:
    return RegisterEntry(
        held_by_id=held_by, person_id=person, sort=sort, value=value, reason=reason, issued_at=timezone.now(),
        issued_by=by,
    )  # fmt: skip


def _numbers_without_entry(held_by: int) -> list[tuple[int, str]]:
    """Return (person, NHS number) of each number that a child has and no entry was ever made for."""
    return fetch(
        "select k.thing, k.value from identifier_key k join thing t on t.id = k.thing "
        "where k.held_by = %s and k.sort = 'nhs_number' and t.sort = 'child' and not exists (select 1 from register_entry e "
        "where e.held_by = k.held_by and e.person = k.thing and e.sort = 'national' and e.value = k.value) order by k.id",
        [held_by],
    )


def _yield(held_by: int, by: str) -> int:
    """End the provisional identifiers of children who have a national number now; return how many."""
    provisional = RegisterEntry.objects.filter(held_by_id=held_by, sort=_Sort.PROVISIONAL, state=_State.CURRENT)
    clusters = {entry.pk: one_person(entry.person_id) for entry in provisional.iterator()}
    wanted = sorted({person for persons in clusters.values() for person in persons})
    national: dict[int, int] = {}
    for chunk in in_chunks(wanted):
        rows = RegisterEntry.objects.filter(person_id__in=chunk, sort=_Sort.NATIONAL, state=_State.CURRENT)
        national.update(dict(rows.values_list("person_id", "pk")))
    ended = []
    for pk, persons in clusters.items():
        if (by_number := next((national[p] for p in persons if p in national), None)) is not None:
            _end(pk, _State.YIELDED, "an NHS number is known", replaced_by=by_number)
            ended.append(persons[0])
    _say(held_by, by, "provisional identifier gave way", ended)
    return len(ended)


def _without_identifier(held_by: int) -> dict[int, str]:
    """Return each child (the kept record of a cluster) who has no identifier in use, and why they need one."""
    rows = fetch(
        "select i.person, i.birth_date is null and i.expected_birth_date is not null from person_index i "
        "where i.held_by = %s and i.sort = 'child' "
        "and not exists (select 1 from register_entry e where e.person = i.person and e.state = 'current') "
        "and not exists (select 1 from same_as s where s.person = i.person and s.known_to is null)",
        [held_by],
    )
    unborn = {person: bool(not_born) for person, not_born in rows}
    joined = fetch("select distinct kept from same_as where held_by = %s and known_to is null", [held_by])
    for person in sorted(
        {row[0] for row in joined} & set(unborn)
    ):  # one of the records joined to it may have an identifier
        if RegisterEntry.objects.filter(person_id__in=one_person(person), state=_State.CURRENT).exists():
            del unborn[person]
    unaccompanied = _unaccompanied(held_by, list(unborn))
    return {
        person: "unborn" if not_born else "unaccompanied" if person in unaccompanied else "no_number"
        for person, not_born in unborn.items()
    }


def _unaccompanied(held_by: int, persons: Sequence[int]) -> set[int]:
    found: set[int] = set()
    for chunk in in_chunks(persons):
        rows = SpellFact.objects.filter(
            held_by_id=held_by, subject_id__in=chunk, kind="immigration_status", known_to__isnull=True, status="final"
        )
        found.update(
            subject for subject, said in rows.values_list("subject_id", "payload") if said.get("status") == "UASC"
        )
    return found


def _end(pk: int, state: str, because: str, *, replaced_by: int | None = None) -> None:
    ended = RegisterEntry.objects.filter(pk=pk, state=_State.CURRENT).update(
        state=state, ended_at=timezone.now(), ended_because=because[:200], replaced_by_id=replaced_by
    )
    if not ended:
        raise EditConflict("Somebody else changed this identifier meanwhile. Look at it again.")


def supersede(entry: RegisterEntry, *, value: str, by: str, because: str) -> RegisterEntry:
    """End an entry and put another in its place (the national service gave a new number, or a provisional is renewed)."""
    with as_system(), transaction.atomic():
        new = RegisterEntry.objects.filter(
            held_by=entry.held_by_id, person=entry.person_id, sort=entry.sort, value=value, state=_State.CURRENT
        ).first() or _entry(entry.held_by_id, entry.person_id, entry.sort, value, by, reason=entry.reason)
        new.save()
        _end(entry.pk, _State.SUPERSEDED, because, replaced_by=new.pk)
        _say(entry.held_by_id, by, "identifier replaced", [entry.person_id], reason=because)
    return new


def entry_of(reader: Reader, uid: UUID | str, *, action: str) -> RegisterEntry:
    """Return an entry whose child the reader may join and part; raises NotPermitted, also where there is none."""
    try:
        entry = RegisterEntry.objects.select_related("person").get(uid=uid)
    except (RegisterEntry.DoesNotExist, ValueError, ValidationError) as error:
        raise NotPermitted("There is nothing here that you can open.") from error
    index = PersonIndex.objects.filter(pk=entry.person_id).first()
    reader.insist(Verb.MERGE, reader.thing(index or entry.person), action=action)
    return entry


def reissue(reader: Reader, uid: UUID | str, *, because: str) -> str:
    """Replace a provisional identifier (it reached somebody it should not have) and return the new one."""
    entry = entry_of(reader, uid, action="renewed an identifier")
    if entry.sort != _Sort.PROVISIONAL or entry.state != _State.CURRENT:
        raise InputError("Only a provisional identifier that is in use can be replaced by a new one.")
    return supersede(entry, value=new_identifier(), by=str(reader.account.uid), because=_said(because)).value


def invalidate(reader: Reader, uid: UUID | str, *, because: str) -> None:
    """Mark an identifier as wrong. The record keeps what its sources say; a child left with none gets a provisional one."""
    entry = entry_of(reader, uid, action="marked an identifier as wrong")
    with as_system(), transaction.atomic():
        _end(entry.pk, _State.INVALID, _said(because))
        _say(entry.held_by_id, str(reader.account.uid), "identifier marked as wrong", [entry.person_id], reason=because)
        bring_up_to_date(entry.held_by_id, by=str(reader.account.uid))


def _said(because: str) -> str:
    if len(because.strip()) < 3:
        raise InputError("Say why, in a few words.")
    return because.strip()


def mark(reader: Reader, one: str, other: str, decision: str) -> str:
    """
    Say of any two records that they are the same person or two people, whether or not the matcher asked; return the pair.

    It is decided, undone and learnt from as any other pair of the list. Raises InputError for one record given twice.
    """
    first, second = sorted((find_person(one), find_person(other)), key=lambda thing: thing.pk)
    if first.pk == second.pk or first.held_by_id != second.held_by_id:
        raise InputError("Give two records of one council.")
    for person in (first, second):
        index = PersonIndex.objects.filter(pk=person.pk).first()
        reader.insist(Verb.MERGE, reader.thing(index or person), action="marked two records")
    with as_system(), transaction.atomic():
        pair = Pair.objects.filter(first=first, second=second).first() or _compared(first, second)
    if pair.decision == decision:
        return str(pair.uid)
    if pair.decision != Pair.Decision.OPEN:
        raise EditConflict("Something else was decided about these two. Undo that first.")
    decide(reader, pair.uid, decision)
    return str(pair.uid)


def _compared(first: Thing, second: Thing) -> Pair:
    """Return a new pair of two records, compared as they are now."""
    model = shipped_model()
    shapes = shapes_of([first.pk, second.pk])
    rarity = Rarity(size=PersonIndex.objects.filter(held_by=first.held_by_id, sort="child").count())
    one, two = (seen(shapes[person.pk][0], rarity) for person in (first, second))
    score = model.score(one, two)
    return Pair.objects.create(
        held_by=first.held_by, first=first, second=second, probability=round(probability(score.total), 6),
        levels=list(levels_of(one, two)), model=model.digest, found_at=timezone.now(),
    )  # fmt: skip


def part(reader: Reader, uid: str, *, because: str) -> None:
    """Part a record from the one it was joined to; the pair, if they were one, waits again."""
    person = find_person(uid)
    index = PersonIndex.objects.filter(pk=person.pk).first()
    reader.insist(Verb.MERGE, reader.thing(index or person), action="parted records")
    with as_system(), transaction.atomic():
        facts.unmerge(person=person, by=str(reader.account.uid), because=_said(because))
        Pair.objects.filter(Q(first=person) | Q(second=person), decision=Pair.Decision.SAME).exclude(
            kept=person
        ).update(decision=Pair.Decision.OPEN, decided_by="", decided_at=None, kept=None)


def _say(held_by: int, by: str, action: str, persons: Iterable[int], *, reason: str = "") -> None:
    uids: list[str] = []
    for chunk in in_chunks(sorted(set(persons))):
        uids += [str(uid) for uid in Thing.objects.filter(pk__in=chunk).values_list("uid", flat=True)]
    audit.append(
        held_by,
        [{"actor": by, "action": action, "person": uid, "reason": reason[:200]} for uid in uids],
        at=timezone.now(),
    )
