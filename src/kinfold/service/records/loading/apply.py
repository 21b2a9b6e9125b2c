"""One batch of a load: what is new, what changed, what is withdrawn, and the journal that makes it resumable."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from kinfold.record.claim import Claim, Delivery, Key, KnownSpell, Place, Purge, SubjectRecord
from kinfold.record.declare import KINDS
from kinfold.service.records.commits import Change
from kinfold.service.records.loading.indexing import INDEXED, index_persons
from kinfold.service.records.loading.resolve import resolve_keys, resolve_subjects
from kinfold.service.records.models import Load, LoadedSubject, QuarantinedRow
from kinfold.service.records.reaching import REACHING, write_reach
from kinfold.service.records.tables import (
    COLUMNS,
    close_versions,
    content_of,
    fetch,
    in_chunks,
    insert_rows,
    new_fact_id,
    payload_text,
    placeholders,
    source_key_of,
    source_key_prefix,
    table_of,
    upsert_rows,
)

WITHDRAWN = "a later full return no longer carries it"
PURGED = "the source asked for it to be removed"


@dataclass(slots=True)
class Held:
    """A version a door wrote before, as much of it as the comparison needs."""

    id: int
    subject: int
    fact: Any
    kind: str
    source_key: bytes
    content: int
    extracted_at: datetime | None
    valid_from: date | None
    valid_to: date | None
    place_table: str | None
    status: str
    load: int | None
    payload: Any


@dataclass(slots=True)
class Counts:
    """Rows of one batch: rows = facts + unchanged + quarantined."""

    rows: int = 0
    facts: int = 0
    unchanged: int = 0
    quarantined: int = 0
    children: int = 0
    withdrawn: int = 0

    def add(self, other: Counts) -> None:
        """Add another batch's counts to these."""
        for name in ("rows", "facts", "unchanged", "quarantined", "children", "withdrawn"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(slots=True)
class Batch:
    """The writes of one batch, gathered before anything is sent to the database."""

    load: Load
    delivery: Delivery
    change: Change
    extracted_at: datetime
    inserts: dict[str, list[tuple[Any, ...]]] = field(default_factory=lambda: defaultdict(list))
    closings: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    changed_rows: dict[int, set[Place]] = field(default_factory=lambda: defaultdict(set))
    people: set[int] = field(default_factory=set)  # whose name, number, birth or address changed
    allocated: set[int] = field(default_factory=set)  # whose workers changed
    withdrawn: int = 0
    same_collection: frozenset[int] = frozenset()  # the loads of this return, this one included

    def touch(self, subject: int, kind: str) -> None:
        """Remember whom the index tables must be made again for."""
        if kind in INDEXED or KINDS[kind].word.value == "person":
            self.people.add(subject)
        elif kind in REACHING:
            self.allocated.add(subject)

    def write(self) -> None:
        """Send everything: closings first, because the one-current-version index cannot be deferred."""
        for table, ids in self.closings.items():
            close_versions(table, ids, self.change.number)
        for table, rows in self.inserts.items():
            insert_rows(table, COLUMNS, rows)


def held_versions(
    tables: set[str], subjects: Sequence[int], door: str, *, with_payload_of: frozenset[str] = frozenset()
) -> dict[tuple[int, bytes], Held]:
    """Return the current versions that `door` wrote about `subjects`, by subject and source key."""
    held: dict[tuple[int, bytes], Held] = {}
    wanted = {table_of(kind) for kind in with_payload_of}
    for table in tables:
        payload = "payload" if table in wanted else "null"
        for chunk in in_chunks(subjects):
            rows = fetch(
                "select id, subject, fact, kind, source_key, content, source_extracted_at, valid_from, valid_to, "
                f'place_table, status, load, {payload} from "{table}" where subject in ({placeholders(len(chunk))}) '
                "and known_to is null and source = %s and source_key is not null",
                [*chunk, door],
            )
            for row in rows:
                version = Held(*row)
                version.source_key = bytes(version.source_key)
                version.extracted_at = as_moment(version.extracted_at)
                version.valid_from, version.valid_to = as_day(version.valid_from), as_day(version.valid_to)
                held[version.subject, version.source_key] = version
    return held


def as_moment(value: Any) -> datetime | None:
    """Return a moment as either database hands it over in a raw query."""
    moment: datetime | None = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


def as_day(value: Any) -> date | None:
    """Return a day as either database hands it over in a raw query."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _row(
    batch: Batch, subject: int, held: Held | None, *, kind: str, content: int, key: bytes, text: str,
    valid_from: date | None, valid_to: date | None, party: int | None, ref: str | None,
    recorded_at: datetime | None, place: Place | None, label: str, status: str = "final", reason: str = "",
) -> tuple[Any, ...]:  # fmt: skip
    """Return a row in the order of COLUMNS. Written out: a load makes a million of them."""
    return (
        subject, party, batch.change.held_by, held.fact if held else new_fact_id(), batch.change.number, None,
        held.id if held else None, kind, KINDS[kind].version, valid_from, valid_to, ref, status, reason, label,
        batch.change.by, batch.delivery.door, key, content, recorded_at, batch.extracted_at, batch.load.pk,
        place.file if place else None, place.table if place else None, place.row if place else None, text,
    )  # fmt: skip


def take_claim(batch: Batch, subject: int, claim: Claim, held: Held | None, key: bytes, party: int | None) -> None:
    """Write a claim as a new fact or a new version, unless what is held says the same or is later."""
    text = payload_text(claim.payload)
    content = content_of(claim.valid_from, claim.valid_to, claim.ref, party, text)
    if held is not None:
        if held.content == content and held.status == "final":
            return
        if held.extracted_at is not None and held.extracted_at > batch.extracted_at:
            return  # what we hold was extracted later: an older file arriving late changes nothing
        batch.closings[table_of(claim.kind)].append(held.id)
    place = claim.places[0]
    batch.inserts[table_of(claim.kind)].append(
        _row(
            batch, subject, held, kind=claim.kind, content=content, key=key, text=text, valid_from=claim.valid_from,
            valid_to=claim.valid_to, party=party, ref=claim.ref, recorded_at=claim.recorded_at, place=place,
            label=KINDS[claim.kind].label_default,
        )
    )  # fmt: skip
    batch.changed_rows[subject].update(claim.places)
    batch.touch(subject, claim.kind)


def void(batch: Batch, held: Held, reason: str) -> None:
    """Write that a fact is withdrawn: a new version that says so, with the reason, and keeps what it said."""
    table = table_of(held.kind)
    payload, party, ref, recorded = fetch(
        f'select payload, party, ref, source_recorded_at from "{table}" where id = %s', [held.id]
    )[0]
    text = payload if isinstance(payload, str) else payload_text(payload)
    batch.closings[table].append(held.id)
    batch.inserts[table].append(
        _row(
            batch, held.subject, held, kind=held.kind, content=held.content, key=held.source_key, text=text,
            valid_from=held.valid_from, valid_to=held.valid_to, party=party, ref=ref, recorded_at=as_moment(recorded),
            place=None, label=KINDS[held.kind].label_default, status="void", reason=reason,
        )
    )  # fmt: skip
    batch.touch(held.subject, held.kind)
    batch.withdrawn += 1


def in_scope(delivery: Delivery, held: Held, same_collection: frozenset[int]) -> bool:
    """
    Say whether a full delivery speaks of this fact: a kind it carries, in the window it covers.

    A fact without a day is in the scope of the return that stated it and of no other year's: last year's
    return is not contradicted by this year's not mentioning a child who has left.
    """
    if held.kind not in delivery.kinds or held.status != "final":
        return False
    if delivery.window is None:
        return True
    if held.valid_from is None:
        return held.load in same_collection
    start, end = delivery.window
    if KINDS[held.kind].word.value == "event" or _never_ends(delivery.door, held):
        return start <= held.valid_from < end
    return held.valid_from < end and (held.valid_to is None or held.valid_to > start)


def _never_ends(door: str, held: Held) -> bool:
    """Say whether an empty end is the door's silence: the census has no field for the end of an enquiry."""
    names = KINDS[held.kind].dates.get(door)
    return held.valid_to is None and names is not None and names[1] is None


def _withdraw_uncarried(
    batch: Batch, record: SubjectRecord, subject: int, carried: set[bytes], versions: list[Held]
) -> None:
    unreadable = record.unreadable_tables
    # a kind that could have come from a row we could not read is left alone
    doubtful = {k for k, tables in batch.delivery.table_of_kind.items() if tables & unreadable}
    for version in versions:
        late = version.extracted_at is None or version.extracted_at <= batch.extracted_at
        if version.source_key in carried or version.place_table in unreadable or version.kind in doubtful:
            continue
        if late and in_scope(batch.delivery, version, batch.same_collection):
            void(batch, version, WITHDRAWN)


def _purge(batch: Batch, record: SubjectRecord, versions: list[Held]) -> None:
    for purge in record.purges:
        for version in versions:
            if version.status == "final" and _is_named(purge, version, batch.delivery.door):
                void(batch, version, PURGED)
                version.status = "void"
                batch.changed_rows[version.subject].add(purge.place)


def _is_named(purge: Purge, version: Held, door: str) -> bool:
    """Say whether a purge names this version: everything, all under one key that ends in "/", or one fact."""
    key = purge.natural_key
    if purge.kind is None:
        return True
    if key is None:
        return version.kind == purge.kind
    if key.endswith("/"):
        return version.source_key[:8] == source_key_prefix(door, key)
    return version.kind == purge.kind and version.source_key == source_key_of(door, purge.kind, key)


def apply_batch(
    *, load: Load, delivery: Delivery, records: Sequence[SubjectRecord], change: Change, extracted_at: datetime
) -> Counts:
    """
    Write everything a batch of subjects brings, inside the transaction of `change`; return its counts of rows.

    The journal (`loaded_subject`) is written with it: a load that is interrupted and run again finds there
    which subjects are done.
    """
    batch = Batch(
        load=load, delivery=delivery, change=change, extracted_at=extracted_at, same_collection=loads_of_return(load)
    )
    subjects = resolve_subjects(change.held_by, records)
    parties = resolve_keys(change.held_by, {c.party for r in records for c in r.claims if c.party is not None})
    tables = {table_of(kind) for kind in delivery.kinds}
    tables |= {table_of(claim.kind) for record in records for claim in record.claims}
    held = held_versions(tables, sorted(set(subjects.values())), delivery.door, with_payload_of=delivery.going_on_kinds)
    by_subject: dict[int, list[Held]] = defaultdict(list)
    for version in held.values():
        by_subject[version.subject].append(version)

    journal = []
    total = Counts()
    for record in records:
        subject = subjects[record.subject]
        carried: set[bytes] = set()
        for claim in _going_on(delivery, record.claims, by_subject[subject]):
            key = source_key_of(delivery.door, claim.kind, claim.natural_key)
            if key in carried:
                continue  # the same fact twice in one file: the second row changes nothing
            carried.add(key)
            take_claim(batch, subject, claim, held.get((subject, key)), key, parties.get(claim.party or Key("", "")))
        if record.purges:
            _purge(batch, record, by_subject[subject])
        if delivery.full:
            _withdraw_uncarried(batch, record, subject, carried, by_subject[subject])
        counts = _count(batch, record, subject)
        total.add(counts)
        journal.append((record, subject, counts))
    batch.write()
    _quarantine(batch, records, subjects)
    index_persons(change.held_by, batch.people)
    write_reach(change.held_by, batch.allocated)
    _journal(batch, journal)
    total.withdrawn = batch.withdrawn
    return total


def loads_of_return(load: Load) -> frozenset[int]:
    """Return the loads of the same return: the same holder, door and collection."""
    same = Load.objects.filter(held_by=load.held_by_id, door=load.door, collection=load.collection)
    return frozenset(same.values_list("pk", flat=True))


def _going_on(delivery: Delivery, claims: Sequence[Claim], versions: Sequence[Held]) -> Sequence[Claim]:
    """Return the claims, those that begin in the middle of things joined to what they go on with."""
    if delivery.going_on is None:
        return claims
    known = [
        KnownSpell(v.kind, v.valid_from, v.valid_to, json.loads(v.payload) if isinstance(v.payload, str) else v.payload)
        for v in versions
        if v.kind in delivery.going_on_kinds and v.status == "final"
    ]
    return delivery.going_on(claims, known)


def _count(batch: Batch, record: SubjectRecord, subject: int) -> Counts:
    bad = {problem.place for problem in record.problems}
    changed = len(batch.changed_rows.pop(subject, set()) - bad)
    child = record.subject.sort == "child"
    return Counts(record.rows, changed, record.rows - changed - len(bad), len(bad), int(child))


def _quarantine(batch: Batch, records: Sequence[SubjectRecord], subjects: dict[Key, int]) -> None:
    files = batch.delivery.files
    rows = [
        QuarantinedRow(
            load=batch.load, held_by_id=batch.change.held_by, subject_id=subjects[record.subject],
            file=files[problem.place.file].name, file_position=problem.place.file, table=problem.place.table,
            row=problem.place.row, field=problem.field[:60], code=problem.code, message=problem.message,
            fix=problem.fix, original=dict(problem.original),
        )
        for record in records
        for problem in record.problems
    ]  # fmt: skip
    QuarantinedRow.objects.bulk_create(rows, batch_size=500)


def _journal(batch: Batch, journal: list[tuple[SubjectRecord, int, Counts]]) -> None:
    upsert_rows(
        LoadedSubject._meta.db_table,
        ("held_by", "door", "collection", "sort", "key", "subject", "digest", "load", "facts", "unchanged", "quarantined"),
        [
            (batch.change.held_by, batch.delivery.door, batch.delivery.collection, record.subject.sort,
             record.subject.value, subject, record.digest, batch.load.pk, counts.facts, counts.unchanged,
             counts.quarantined)
            for record, subject, counts in journal
        ],
        key=("held_by", "door", "collection", "sort", "key"),
    )  # fmt: skip
