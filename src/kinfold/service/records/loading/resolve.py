"""Which Person, worker or setting a source's number stands for, within one holder."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import uuid4

from django.db import connection

from kinfold.record.claim import Key, SubjectRecord
from kinfold.service.records.models import IdentifierKey, PersonIndex, Thing
from kinfold.service.records.tables import fetch, in_chunks, insert_rows, placeholders

# A source's sort of key -> (the word and sort of the Thing it stands for, the sort of number it is kept under).
# SSD's person ids and the returns' child ids are the same number of the council's own.
STANDS_FOR: dict[str, tuple[str, str, str]] = {
    "child": ("person", "child", "la_child_id"),
    "person": ("person", "adult", "la_child_id"),
    "worker": ("person", "worker", "worker"),
    "setting": ("body", "setting", "urn"),
    "body": ("body", "organisation", "body"),
    "group": ("person", "group", "group"),
}
# A worker is named by Social Work England's number in one file and by the council's own in another.
WORKER_NUMBERS = ("worker", "swe_number")
# A number that identifies a Person across doors, when the date of birth does not contradict it.
SHARED = ("nhs_number", "upn")


def identifier_sort(key: Key) -> str:
    """Return the sort of number under which a source's key is kept."""
    return STANDS_FOR[key.sort][2]


def known_things(held_by: int, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[int]]:
    """Return the Things known under each wanted (sort, value)."""
    by_sort: dict[str, set[str]] = defaultdict(set)
    for sort, value in wanted:
        by_sort[sort].add(value)
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for sort, values in by_sort.items():
        for chunk in in_chunks(sorted(values)):
            rows = fetch(
                "select value, thing from identifier_key where held_by = %s and sort = %s "
                f"and value in ({placeholders(len(chunk))}) order by id",
                [held_by, sort, *chunk],
            )
            for value, thing in rows:
                found[sort, value].append(thing)
    return found


def make_things(held_by: int, wanted: Sequence[tuple[str, str]]) -> list[int]:
    """Make one Thing for each (word, sort) and return their ids in order."""
    if not wanted:
        return []
    if connection.vendor == "postgresql":
        rows = fetch("select nextval(pg_get_serial_sequence('thing', 'id')) from generate_series(1, %s)", [len(wanted)])
        ids = [row[0] for row in rows]
        uids = [str(uuid4()) for _ in wanted]
    else:
        # the holder's row is locked, and SQLite has one writer: nobody else takes these ids
        first = fetch("select coalesce(max(id), 0) + 1 from thing", [])[0][0]
        ids = list(range(first, first + len(wanted)))
        uids = [uuid4().hex for _ in wanted]
    insert_rows(
        Thing._meta.db_table,
        ("id", "uid", "word", "sort", "held_by"),
        [(id_, uid, word, sort, held_by) for id_, uid, (word, sort) in zip(ids, uids, wanted, strict=True)],
    )
    return ids


def remember(held_by: int, numbers: Iterable[tuple[str, str, int]]) -> None:
    """Keep that each (sort, value) stands for a Thing."""
    insert_rows(
        IdentifierKey._meta.db_table,
        ("held_by", "sort", "value", "thing"),
        [(held_by, sort, value, thing) for sort, value, thing in numbers],
    )


def resolve_keys(held_by: int, keys: Iterable[Key]) -> dict[Key, int]:
    """Return the Thing of each key, making what is not known yet (a worker or setting only named so far)."""
    wanted = sorted(set(keys))
    known = known_things(held_by, ((identifier_sort(key), key.value) for key in wanted))
    resolved = {key: known[identifier_sort(key), key.value][0] for key in wanted
                if (identifier_sort(key), key.value) in known}  # fmt: skip
    resolved.update(_workers_by_other_number(held_by, [key for key in wanted if key not in resolved]))
    new = [key for key in wanted if key not in resolved]
    # a child and a person with one number are one Thing: the first, which is the child, is made
    firsts = {(identifier_sort(key), key.value): key for key in reversed(new)}
    made = make_things(held_by, [STANDS_FOR[key.sort][:2] for key in firsts.values()])
    ids = dict(zip(firsts, made, strict=True))
    remember(held_by, ((sort, value, thing) for (sort, value), thing in ids.items()))
    resolved.update({key: ids[identifier_sort(key), key.value] for key in new})
    return resolved


def _workers_by_other_number(held_by: int, keys: Sequence[Key]) -> dict[Key, int]:
    """Return workers known by another of their numbers, and keep the new number for next time."""
    workers = [key for key in keys if key.sort == "worker"]
    known = known_things(held_by, ((sort, key.value) for key in workers for sort in WORKER_NUMBERS))
    found = {key: known[sort, key.value][0] for key in workers for sort in WORKER_NUMBERS if (sort, key.value) in known}
    remember(held_by, (("worker", key.value, thing) for key, thing in found.items()))
    return found


def _births(things: Sequence[int]) -> dict[int, object]:
    rows = PersonIndex.objects.filter(person_id__in=things).values_list("person_id", "birth_date")
    return {person: born.isoformat() if born else None for person, born in rows}


def _said_birth(record: SubjectRecord) -> object:
    for claim in record.claims:
        if claim.kind == "person_details":
            return claim.payload.get("birth_date")
    return None


def resolve_subjects(
    held_by: int, records: Sequence[SubjectRecord], arrived: dict[Key, int] | None = None
) -> dict[Key, int]:
    """
    Return the Thing of each record's subject, and put the children for whom one was made into `arrived`.

    First by the source's own number; then, for a number not met before, by an NHS number or UPN that one
    Person of this holder already has and whose date of birth agrees; else a new Person is made. Whether one who
    arrived is alike a child we know is asked afterwards (`proposing.py`), which joins Persons by reversible links.
    """
    known = known_things(held_by, ((identifier_sort(r.subject), r.subject.value) for r in records))
    unknown = [r for r in records if (identifier_sort(r.subject), r.subject.value) not in known]
    shared = known_things(held_by, (pair for r in unknown for pair in r.identifiers if pair[0] in SHARED))
    births = _births([thing for things in shared.values() for thing in things])
    joined = _workers_joined(held_by, unknown)
    for record in unknown:
        if record.subject.sort == "worker":
            continue
        for pair in sorted(record.identifiers, key=lambda p: SHARED.index(p[0]) if p[0] in SHARED else 9):
            candidates = set(shared.get(pair, []))
            if len(candidates) == 1 and births.get(next(iter(candidates))) == (_said_birth(record) or ""):
                joined[record.subject] = next(iter(candidates))
                break
    remember(held_by, ((identifier_sort(key), key.value, thing) for key, thing in joined.items()))
    resolved = resolve_keys(held_by, [r.subject for r in records if r.subject not in joined])
    resolved.update(joined)
    if arrived is not None:
        new = [r.subject for r in unknown if r.subject.sort == "child" and r.subject not in joined]
        arrived.update({key: resolved[key] for key in new})
    _remember_shared(held_by, records, resolved)
    return resolved


def _workers_joined(held_by: int, records: Sequence[SubjectRecord]) -> dict[Key, int]:
    """Return the workers that another file already named by a number this one gives as well."""
    workers = [record for record in records if record.subject.sort == "worker"]
    numbers = [(record, value) for record in workers for sort, value in record.identifiers if sort in WORKER_NUMBERS]
    known = known_things(held_by, ((sort, value) for _, value in numbers for sort in WORKER_NUMBERS))
    return {
        record.subject: known[sort, value][0]
        for record, value in numbers
        for sort in WORKER_NUMBERS
        if (sort, value) in known
    }


def _remember_shared(held_by: int, records: Sequence[SubjectRecord], resolved: dict[Key, int]) -> None:
    pairs = {(sort, value, resolved[r.subject]) for r in records for sort, value in r.identifiers}
    known = known_things(held_by, ((sort, value) for sort, value, _ in pairs))
    remember(held_by, sorted(p for p in pairs if p[2] not in known.get((p[0], p[1]), [])))
