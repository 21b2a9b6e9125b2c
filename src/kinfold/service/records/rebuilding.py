"""
The index tables made again from what they follow from: `person_index`, `name_key`, `identifier_key`, `reach`, `kept_clock`.

Nothing is ever empty meanwhile: people are done a stretch at a time, each in one transaction that holds the
holder's lock, so that a load or a form beside it neither waits long nor is overwritten.

A number of `identifier_key` follows from the identifiers held, from what the doors said of a subject and from the
references of settings. A worker whom a file only names has no other trace than the key itself: keys are added
and never taken away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import connection

from kinfold.access.words import Label
from kinfold.service.records.actions.access import STRONGEST
from kinfold.service.records.actions.clock_keeping import keep_everybody
from kinfold.service.records.loading.indexing import index_persons
from kinfold.service.records.loading.resolve import STANDS_FOR, remember
from kinfold.service.records.models import (
    Account,
    Holder,
    IdentifierKey,
    KeptClock,
    LoadedSubject,
    NameKey,
    PersonFact,
    PersonIndex,
    Reach,
    Restriction,
    SpellFact,
    TieFact,
)
from kinfold.service.records.reaching import FOLLOWS, REACHING, write_cohorts, write_reach, write_role_reach
from kinfold.service.records.scope import as_system
from kinfold.service.records.tables import in_chunks
from kinfold.terms.identifiers import has_upn_shape, normalise_nhs_number, normalise_upn

Progress = Callable[[str, int, int | None], None]
AT_ONCE = 400


@dataclass(slots=True)
class Rebuilt:
    """How many rows the index tables of one holder have after they were made again."""

    holder: str
    people: int = 0
    name_keys: int = 0
    identifier_keys: int = 0
    identifier_keys_added: int = 0
    reach: int = 0
    clocks: int = 0


def rebuild(*, code: str | None = None, progress: Progress | None = None) -> list[Rebuilt]:
    """Make the index tables of every holder again, or of the one with `code`; return what they hold now."""
    with as_system():
        holders = Holder.objects.order_by("code")
        chosen = list(holders.filter(code=code) if code else holders)
    return [_rebuild_one(holder, progress or (lambda label, done, out_of: None)) for holder in chosen]


def _rebuild_one(holder: Holder, progress: Progress) -> Rebuilt:
    made = Rebuilt(holder.code)
    made.identifier_keys_added = _identifiers_again(holder.pk)
    people, reached = _indexed_people(holder.pk), _reached_people(holder.pk)
    steps: tuple[tuple[str, set[int], Callable[[int, Sequence[int]], None]], ...] = (
        ("people", people, index_again),
        ("reach", reached, write_reach),
    )
    for label, persons, again in steps:
        done = 0
        for chunk in in_chunks(sorted(persons), AT_ONCE):
            with _locked(holder.pk):
                again(holder.pk, chunk)
            done += len(chunk)
            progress(f"{holder.name}: {label}", done, len(persons))
    _forget_what_follows_from_nothing(holder.pk, people=people, reached=reached)
    _roles_again(holder.pk)
    keep_everybody(holder.pk, progress=lambda label, done, out_of: progress(f"{holder.name}: {label}", done, out_of))
    return _counted(made, holder.pk)


class _locked:
    """One transaction that holds the holder's lock, as every change of the record does."""

    def __init__(self, held_by: int) -> None:
        self._held_by, self._scope = held_by, as_system()

    def __enter__(self) -> None:
        self._scope.__enter__()
        rows = Holder.objects.filter(pk=self._held_by)
        (rows.select_for_update() if connection.vendor == "postgresql" else rows).get()

    def __exit__(self, *error: object) -> None:
        self._scope.__exit__(*error)  # type: ignore[arg-type]


def index_again(held_by: int, persons: Sequence[int]) -> None:
    """Make the index rows of some persons again, and their labels what today's restrictions say."""
    index_persons(held_by, persons)
    held: dict[int, set[str]] = {}
    for person, label in Restriction.objects.filter(person_id__in=persons, until_at__isnull=True).values_list(
        "person_id", "label"
    ):
        held.setdefault(person, set()).add(label)
    rows = PersonIndex.objects.filter(pk__in=persons)
    rows.exclude(pk__in=held).exclude(label=Label.OPEN.value).update(label=Label.OPEN.value)
    for person, labels in held.items():
        strongest = next((label.value for label in STRONGEST if label.value in labels), Label.OPEN.value)
        rows.filter(pk=person).update(label=strongest)


def _indexed_people(held_by: int) -> set[int]:
    """Return the persons who have anything that the index shows, withdrawn or not."""
    with as_system():
        people = set(PersonFact.objects.filter(held_by_id=held_by).values_list("subject_id", flat=True).distinct())
        lived = SpellFact.objects.filter(held_by_id=held_by, kind="address").values_list("subject_id", flat=True)
        return people | set(lived.distinct())


def _reached_people(held_by: int) -> set[int]:
    with as_system():
        found: set[int] = set()
        for model in (SpellFact, TieFact):
            rows = model.objects.filter(held_by_id=held_by, kind__in=REACHING, known_to__isnull=True)
            found |= set(rows.values_list("subject_id", flat=True).distinct())
        return found


def _forget_what_follows_from_nothing(held_by: int, *, people: Iterable[int], reached: Iterable[int]) -> None:
    """Take away rows of persons whom no fact puts there any more."""
    with _locked(held_by):
        indexed = set(PersonIndex.objects.filter(held_by=held_by).values_list("pk", flat=True))
        for chunk in in_chunks(sorted(indexed - set(people))):
            PersonIndex.objects.filter(pk__in=chunk).delete()
        rows = Reach.objects.filter(held_by_id=held_by, sort__in=FOLLOWS, person__isnull=False)
        over = set(rows.values_list("person_id", flat=True).distinct())
        in_households = set(rows.filter(sort="household").values_list("person_id", flat=True).distinct())
        for chunk in in_chunks(sorted(over - set(reached) - in_households)):
            rows.filter(person_id__in=chunk).delete()


def _roles_again(held_by: int) -> None:
    with _locked(held_by):
        actors = Account.objects.filter(roles_held__held_by_id=held_by, person__isnull=False)
        for actor in sorted(set(actors.values_list("person_id", flat=True))):
            write_role_reach(held_by, actor or 0)
            write_cohorts(held_by, actor or 0)


def _identifiers_again(held_by: int) -> int:
    """Add every number that something says and the table lacks; return how many there were."""
    added = 0
    with _locked(held_by):
        known = set(IdentifierKey.objects.filter(held_by_id=held_by).values_list("sort", "value", "thing_id"))
        lacking = dict.fromkeys(key for key in _numbers_said(held_by) if key not in known)
        for chunk in in_chunks(list(lacking)):
            remember(held_by, chunk)
            added += len(chunk)
    return added


def _numbers_said(held_by: int) -> Iterator[tuple[str, str, int]]:
    """Yield (sort, value, thing) for every number that a door, an identifier held or a reference says."""
    journal = LoadedSubject.objects.filter(held_by_id=held_by).order_by("pk")
    for sort, key, thing in journal.values_list("sort", "key", "subject_id").iterator(chunk_size=2000):
        if sort in STANDS_FOR:
            yield STANDS_FOR[sort][2], key, thing
    held = PersonFact.objects.filter(held_by_id=held_by, kind="identifier", known_to__isnull=True, status="final")
    columns = ("source", "payload", "subject_id")
    for source, payload, thing in held.order_by("pk").values_list(*columns).iterator(chunk_size=2000):
        sort, value = payload.get("identifier_type"), str(payload.get("value") or "")
        if sort and value and _finds_a_person(source, sort, value):
            yield sort, value[:64], thing
    placed = SpellFact.objects.filter(
        held_by_id=held_by, kind="placement", known_to__isnull=True, party__isnull=False, ref__isnull=False
    )
    for ref, thing in placed.order_by("pk").values_list("ref", "party_id").distinct():
        yield "urn", ref or "", thing or 0


def _finds_a_person(source: str, sort: str, value: str) -> bool:
    """Return whether a number as held may find a person, by the rule of the door it came through."""
    if sort in ("upn", "former_upn"):
        # the SSDA903 guide lets a number with a wrong check letter stand; the other doors do not
        return has_upn_shape(value) if source == "ssda903" else normalise_upn(value) == value
    return normalise_nhs_number(value) == value if sort == "nhs_number" else True


def _counted(made: Rebuilt, held_by: int) -> Rebuilt:
    with as_system():
        made.people = PersonIndex.objects.filter(held_by=held_by).count()
        made.name_keys = NameKey.objects.filter(held_by_id=held_by).count()
        made.identifier_keys = IdentifierKey.objects.filter(held_by_id=held_by).count()
        made.clocks = KeptClock.objects.filter(held_by_id=held_by).count()
        made.reach = Reach.objects.filter(held_by_id=held_by).count()
    return made
