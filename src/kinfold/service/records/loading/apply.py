"""One batch of a load: what is new, what changed, what is withdrawn, and the journal that makes it resumable."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from kinfold.record.claim import Claim, Delivery, Key, KnownSpell, Place, Purge, SubjectRecord
from kinfold.record.declare import KINDS
from kinfold.service.records.clock_marks import clocks_may_change, kinds_that_move_clocks
from kinfold.service.records.commits import Change
from kinfold.service.records.loading.held import Held, as_moment, held_versions
from kinfold.service.records.loading.indexing import INDEXED, index_persons
from kinfold.service.records.loading.proposing import Proposals
from kinfold.service.records.loading.resolve import resolve_keys, resolve_subjects
from kinfold.service.records.models import Load, LoadedSubject, QuarantinedRow
from kinfold.service.records.reaching import COHORT_KINDS, REACHING, write_cohort, write_reach
from kinfold.service.records.tables import (
    COLUMNS,
    close_versions,
    content_of,
    fetch,
    insert_rows,
    new_fact_id,
    payload_text,
    source_key_of,
    source_key_prefix,
    table_of,
    upsert_rows,
)

WITHDRAWN = "a later full return no longer carries it"
PURGED = "the source asked for it to be removed"
TAKEN_UP = "an earlier return tells the day on which it began"


class KnownKind(NamedTuple):
    """What writing a fact needs of its kind, looked up once: a load writes a million of them."""

    table: str
    version: int
    label: str
    indexed: bool


@cache
def known_kind(name: str) -> KnownKind:
    """Return what writing a fact of the kind needs."""
    kind = KINDS[name]
    return KnownKind(table_of(name), kind.version, kind.label_default, name in INDEXED or kind.word.value == "person")


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
    in_cohort: set[int] = field(default_factory=set)  # who may have come into a role's cohort, or left it
    clocked: set[int] = field(default_factory=set)  # whose clocks may have changed
    withdrawn: int = 0
    same_collection: frozenset[int] = frozenset()  # the loads of this return, this one included
    years: Mapping[int, date | None] = field(default_factory=dict)  # the door's loads: from when each one speaks

    def touch(self, subject: int, kind: str) -> None:
        """Remember whom the index tables must be made again for."""
        if known_kind(kind).indexed:
            self.people.add(subject)
        elif kind in REACHING:
            self.allocated.add(subject)
        if kind in COHORT_KINDS:
            self.in_cohort.add(subject)
        if kind in kinds_that_move_clocks():
            self.clocked.add(subject)

    def over_before(self, claim: Claim, held: Held) -> bool:
        """
        Say whether a claim ends what a later return withdrew before that return's year begins.

        The year between came late: it tells that the spell had ended, which is why the later return did not carry it.
        """
        begins = self.years.get(held.load) if held.status == "void" and held.load is not None else None
        return begins is not None and claim.valid_to is not None and claim.valid_to <= begins

    def write(self) -> None:
        """Send everything: closings first, because the one-current-version index cannot be deferred."""
        for table, ids in self.closings.items():
            close_versions(table, ids, self.change.number)
        for table, rows in self.inserts.items():
            insert_rows(table, COLUMNS, rows)


def _row(
    batch: Batch, subject: int, held: Held | None, *, kind: str, content: int, key: bytes, text: str,
    valid_from: date | None, valid_to: date | None, party: int | None, ref: str | None,
    recorded_at: datetime | None, place: Place | None, label: str, status: str = "final", reason: str = "",
    extracted_at: datetime | None = None,
) -> tuple[Any, ...]:  # fmt: skip
    """Return a row in the order of COLUMNS. Written out: a load makes a million of them."""
    return (
        subject, party, batch.change.held_by, held.fact if held else new_fact_id(), batch.change.number, None,
        held.id if held else None, kind, known_kind(kind).version, valid_from, valid_to, ref, status, reason, label,
        batch.change.by, batch.delivery.door, key, content, recorded_at, extracted_at or batch.extracted_at,
        batch.load.pk,
        place.file if place else None, place.table if place else None, place.row if place else None, text,
    )  # fmt: skip


def take_claim(
    batch: Batch, subject: int, claim: Claim, held: Held | None, key: bytes, party: int | None,
    taken_up: Held | None = None,
) -> None:  # fmt: skip
    """
    Write a claim as a new fact or a new version, unless what is held says the same or is later.

    `taken_up` is the spell of a later file that the claim turns out to begin: the fact stands where that one stood.
    """
    extracted_at = taken_up.extracted_at if taken_up is not None else None
    text = payload_text(claim.payload)
    content = content_of(claim.valid_from, claim.valid_to, claim.ref, party, text)
    if held is not None:
        if held.content == content and held.status == "final":
            return
        later = held.extracted_at is not None and held.extracted_at > (extracted_at or batch.extracted_at)
        if later and not batch.over_before(claim, held):
            return  # what we hold was extracted later: an older file arriving late changes nothing
        batch.closings[known_kind(claim.kind).table].append(held.id)
    place = claim.places[0]
    batch.inserts[known_kind(claim.kind).table].append(
        _row(
            batch, subject, held, kind=claim.kind, content=content, key=key, text=text, valid_from=claim.valid_from,
            valid_to=claim.valid_to, party=party, ref=claim.ref, recorded_at=claim.recorded_at, place=place,
            label=known_kind(claim.kind).label, extracted_at=extracted_at,
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
    *, load: Load, delivery: Delivery, records: Sequence[SubjectRecord], change: Change, extracted_at: datetime,
    proposals: Proposals | None = None,
) -> Counts:  # fmt: skip
    """
    Write everything a batch of subjects brings, inside the transaction of `change`; return its counts of rows.

    The journal (`loaded_subject`) is written with it: a load that is interrupted and run again finds there
    which subjects are done.
    """
    batch = Batch(
        load=load,
        delivery=delivery,
        change=change,
        extracted_at=extracted_at,
        same_collection=loads_of_return(load),
        years=dict(Load.objects.filter(held_by=load.held_by_id, door=load.door).values_list("pk", "window_from")),
    )
    arrived: dict[Key, int] = {}
    subjects = resolve_subjects(change.held_by, records, arrived)
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
        _take_record(batch, record, subject, held, by_subject[subject], parties)
        counts = _count(batch, record, subject)
        total.add(counts)
        journal.append((record, subject, counts))
    batch.write()
    _quarantine(batch, records, subjects)
    index_persons(change.held_by, batch.people)
    write_reach(change.held_by, batch.allocated)
    write_cohort(change.held_by, batch.in_cohort)
    clocks_may_change(change.held_by, batch.clocked)
    _journal(batch, journal)
    if proposals is not None:
        proposals.make(change, arrived, records, subjects)
    total.withdrawn = batch.withdrawn
    return total


def _take_record(
    batch: Batch, record: SubjectRecord, subject: int, held: dict[tuple[int, bytes], Held], own: list[Held],
    parties: Mapping[Key, int],
) -> None:  # fmt: skip
    """Take in what one subject's rows say, and withdraw what they end or, in a full return, no longer carry."""
    door = batch.delivery.door
    carried: set[bytes] = set()
    for claim in _going_on(batch, record.claims, own):
        key = source_key_of(door, claim.kind, claim.natural_key)
        if key in carried:
            continue  # the same fact twice in one file: the second row changes nothing
        carried.add(key)
        taken_up = _taken_up(door, claim, subject, held)
        party = parties.get(claim.party or Key("", ""))
        take_claim(batch, subject, claim, held.get((subject, key)), key, party, taken_up)
        if taken_up is not None:
            void(batch, taken_up, TAKEN_UP)
            batch.withdrawn -= 1  # it is still said: under its true first day
    if record.purges:
        _purge(batch, record, own)
    if batch.delivery.full:
        _withdraw_uncarried(batch, record, subject, carried, own)


def _taken_up(door: str, claim: Claim, subject: int, held: dict[tuple[int, bytes], Held]) -> Held | None:
    """Return the held spell that a claim turns out to begin, still as its own file told it."""
    if claim.takes_up is None:
        return None
    found = held.get((subject, source_key_of(door, claim.kind, claim.takes_up.isoformat())))
    return found if found is not None and found.status == "final" else None


def loads_of_return(load: Load) -> frozenset[int]:
    """Return the loads of the same return: the same holder, door and collection."""
    same = Load.objects.filter(held_by=load.held_by_id, door=load.door, collection=load.collection)
    return frozenset(same.values_list("pk", flat=True))


def _going_on(batch: Batch, claims: Sequence[Claim], versions: Sequence[Held]) -> Sequence[Claim]:
    """
    Return the claims, those that begin in the middle of things joined to what they go on with.

    What a later return withdrew may have been withdrawn for want of the very return that is now read.
    """
    delivery = batch.delivery
    if delivery.going_on is None:
        return claims
    known = []
    for v in versions:
        late = v.extracted_at is not None and v.extracted_at > batch.extracted_at
        if v.kind in delivery.going_on_kinds and (v.status == "final" or late):
            payload = json.loads(v.payload) if isinstance(v.payload, str) else v.payload
            known.append(KnownSpell(v.kind, v.valid_from, v.valid_to, payload, withdrawn=v.status != "final"))
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
