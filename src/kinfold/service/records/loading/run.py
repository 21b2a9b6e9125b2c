"""A whole delivery: its batches, what it no longer carries, and its totals."""

from __future__ import annotations

import gc
import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, time
from itertools import islice

from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from kinfold.identity.kept_while import working
from kinfold.record.claim import Delivery, SubjectRecord
from kinfold.record.declare import KINDS
from kinfold.service.records.audit import append
from kinfold.service.records.clock_marks import clocks_may_change
from kinfold.service.records.commits import writing
from kinfold.service.records.loading.apply import Batch, apply_batch, in_scope, loads_of_return, void
from kinfold.service.records.loading.held import Held, as_day, as_moment
from kinfold.service.records.loading.indexing import index_persons
from kinfold.service.records.loading.proposing import Proposals
from kinfold.service.records.models import Load, LoadedSubject, LoadFile, PersonIndex, QuarantinedRow
from kinfold.service.records.reaching import write_cohort, write_reach
from kinfold.service.records.scope import as_system
from kinfold.service.records.tables import fetch, in_chunks, know_sizes, placeholders, table_of
from kinfold.service.records.turns import Turns

log = logging.getLogger("kinfold.load")
Progress = Callable[[int, int | None], None]
# Large enough that a transaction's cost is shared, small enough that a form is saved meanwhile (about a second).
BATCH = 500
# A full return that would withdraw more than this share of what it speaks of waits for somebody to confirm.
MOST_WITHDRAWN = 0.2
FEW_WITHDRAWN = 50
# While a load runs on SQLite: 256 MB of pages at hand (a minus means kibibytes), the log copied every 80 MB.
_PRAGMAS = {"cache_size": -262_144, "wal_autocheckpoint": 20_000}


def fingerprint_of(delivery: Delivery, corrections: str = "") -> str:
    """Return what makes a delivery the same one again: its files' hashes, its scope, the corrections laid over it."""
    said = "|".join([delivery.door, delivery.collection, str(delivery.full), str(delivery.extracted_at), corrections,
                     *sorted(file.sha256 for file in delivery.files)])  # fmt: skip
    return hashlib.sha256(said.encode()).hexdigest()


def extracted_at_of(delivery: Delivery) -> datetime:
    """
    Return when the source made the delivery, as far as it says.

    A yearly return with no moment of its own stands at the end of its collection year, so that last year's
    return loaded after this year's changes nothing that this year's says.
    """
    if delivery.extracted_at is not None:
        return delivery.extracted_at
    if delivery.window is not None:
        return datetime.combine(delivery.window[1], time(0), UTC)
    return timezone.now()


def begin(delivery: Delivery, *, held_by: int, by: str, corrections: str = "") -> tuple[Load, bool]:
    """
    Return the load of this delivery, and whether it was done before.

    The same files with the same scope are the same load: a finished one is not run again, an interrupted one
    is gone on with.
    """
    mark = fingerprint_of(delivery, corrections)
    with as_system():
        found = Load.objects.filter(held_by_id=held_by, fingerprint=mark).order_by("-pk").first()
        if found is not None and found.state not in (Load.State.FAILED, Load.State.TAKEN_BACK):
            return found, found.state in (Load.State.DONE, Load.State.CONFIRM)
        load = Load.objects.create(
            held_by_id=held_by, fingerprint=mark, door=delivery.door, collection=delivery.collection,
            window_from=delivery.window[0] if delivery.window else None,
            window_to=delivery.window[1] if delivery.window else None, full=delivery.full,
            extracted_at=delivery.extracted_at, state=Load.State.WAITING, by=by, started_at=timezone.now(),
            expected_rows=delivery.expected_rows, notes=list(delivery.notes),
        )  # fmt: skip
        LoadFile.objects.bulk_create(
            LoadFile(load=load, position=position, name=file.name, sha256=file.sha256, size=file.size)
            for position, file in enumerate(delivery.files)
        )
        return load, False


def _in_batches(records: Iterator[SubjectRecord]) -> Iterator[list[SubjectRecord]]:
    while batch := list(islice(records, BATCH)):
        yield batch


def _journalled(load: Load, records: Sequence[SubjectRecord]) -> dict[tuple[str, str], tuple[bytes, int]]:
    keys = [record.subject.value for record in records]
    found: dict[tuple[str, str], tuple[bytes, int]] = {}
    for chunk in in_chunks(keys):
        rows = LoadedSubject.objects.filter(
            held_by=load.held_by, door=load.door, collection=load.collection, key__in=chunk
        ).values_list("sort", "key", "digest", "load_id")
        found.update({(sort, key): (bytes(digest), load_id) for sort, key, digest, load_id in rows})
    return found


def run(load: Load, delivery: Delivery, *, progress: Progress | None = None) -> Load:
    """
    Take in a delivery and return its load with its totals: rows = facts + unchanged + quarantined.

    Safe to interrupt anywhere and run again: each batch is one transaction with its own journal.
    """
    Load.objects.filter(pk=load.pk).update(state=Load.State.RUNNING, expected_rows=delivery.expected_rows)
    extracted_at = extracted_at_of(delivery)
    with _collecting_seldom(), _copying_seldom(), working():
        done = _run(load, delivery, extracted_at, progress)
        know_sizes(PersonIndex._meta.db_table)
    return done


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Put the search for circular rubbish off: a load makes millions of objects in no circles, and it costs a fifth."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
        gc.collect()


@contextmanager
def _copying_seldom() -> Iterator[None]:
    """
    Let SQLite keep more pages at hand, and copy its log into its file less often.

    A load touches the same pages of the indexes in every batch. Each batch is as safe as any other transaction.
    """
    if connection.vendor != "sqlite":
        yield
        return
    before = {name: fetch(f"pragma {name}", [])[0][0] for name in _PRAGMAS}
    _tell_sqlite(_PRAGMAS)
    try:
        yield
    finally:
        _tell_sqlite(before)


def _tell_sqlite(pragmas: Mapping[str, int]) -> None:
    with connection.cursor() as cursor:
        for name, value in pragmas.items():
            cursor.execute(f"pragma {name} = {value}")


def _run(load: Load, delivery: Delivery, extracted_at: datetime, progress: Progress | None) -> Load:
    done, proposals, turns = 0, Proposals(load), Turns()
    for number, records in enumerate(_in_batches(delivery.read())):
        if number % 20 == 19:
            gc.collect()
        fresh, same = _sorted_by_journal(load, records)
        if fresh or same:
            with writing(held_by=load.held_by_id, by=load.by, because=_because(load), load=load.pk) as change:
                if same:
                    _touch(load, same)
                if fresh:
                    totals = apply_batch(
                        load=load, delivery=delivery, records=fresh, change=change, extracted_at=extracted_at,
                        proposals=proposals,
                    )  # fmt: skip
                    Load.objects.filter(pk=load.pk).update(withdrawn=load.withdrawn + totals.withdrawn)
                    load.withdrawn += totals.withdrawn
            turns.give()
        done += sum(record.rows for record in records)
        if progress is not None:
            progress(done, delivery.expected_rows)
    return finish(load, delivery, extracted_at)


def _because(load: Load) -> str:
    return f"load {load.pk}: {load.door} {load.collection}".strip()


def _sorted_by_journal(load: Load, records: Sequence[SubjectRecord]) -> tuple[list[SubjectRecord], list[SubjectRecord]]:
    """Return the subjects to apply and those that say what they said last time; those already done are in neither."""
    journal = _journalled(load, records)
    fresh, same = [], []
    for record in records:
        before = journal.get((record.subject.sort, record.subject.value))
        if before is None or before[0] != record.digest:
            fresh.append(record)
        elif before[1] != load.pk:
            same.append(record)
    return fresh, same


def _touch(load: Load, records: Sequence[SubjectRecord]) -> None:
    """Journal subjects whose rows are as they were, and list again the rows of theirs that cannot be used."""
    things = dict(
        LoadedSubject.objects.filter(
            held_by=load.held_by, door=load.door, collection=load.collection,
            key__in=[record.subject.value for record in records],
        ).values_list("key", "subject_id")
    )  # fmt: skip
    names = dict(load.files.values_list("position", "name"))
    quarantine: list[QuarantinedRow] = []
    by_bad: dict[tuple[str, int, int], list[str]] = {}
    for record in records:
        bad = {problem.place for problem in record.problems}
        by_bad.setdefault((record.subject.sort, record.rows - len(bad), len(bad)), []).append(record.subject.value)
        quarantine += [
            QuarantinedRow(
                load=load, held_by_id=load.held_by_id, subject_id=things[record.subject.value],
                file=names[p.place.file], file_position=p.place.file, table=p.place.table, row=p.place.row,
                field=p.field[:60], code=p.code, message=p.message, fix=p.fix, original=dict(p.original),
            )
            for p in record.problems
        ]  # fmt: skip
    for (sort, unchanged, bad_rows), keys in by_bad.items():
        LoadedSubject.objects.filter(
            held_by=load.held_by, door=load.door, collection=load.collection, sort=sort, key__in=keys
        ).update(load=load, facts=0, unchanged=unchanged, quarantined=bad_rows)
    QuarantinedRow.objects.bulk_create(quarantine, batch_size=500)


def uncarried(load: Load, delivery: Delivery, extracted_at: datetime) -> list[Held]:
    """Return the facts in the delivery's scope about subjects the delivery does not mention at all."""
    found: list[Held] = []
    kinds = sorted(delivery.kinds)
    same = loads_of_return(load)
    for table in sorted({table_of(kind) for kind in kinds}):
        here = [kind for kind in kinds if table_of(kind) == table]
        rows = fetch(
            "select id, subject, fact, kind, source_key, content, source_extracted_at, valid_from, valid_to, place_table, "
            f'status, load, null from "{table}" t where held_by = %s and source = %s and known_to is null and status = %s '
            # `not in` is looked up in a hash; `not exists` was one search of the whole journal for each fact
            f"and kind in ({placeholders(len(here))}) and t.subject not in "
            "(select j.subject from loaded_subject j where j.load = %s)",
            [load.held_by_id, delivery.door, "final", *here, load.pk],
        )
        for row in rows:
            held = Held(*row)
            held.source_key = bytes(held.source_key)
            held.extracted_at = as_moment(held.extracted_at)
            held.valid_from, held.valid_to = as_day(held.valid_from), as_day(held.valid_to)
            late = held.extracted_at is None or held.extracted_at <= extracted_at
            if late and in_scope(delivery, held, same):
                found.append(held)
    return found


def _withdraw(load: Load, delivery: Delivery, gone: Sequence[Held], extracted_at: datetime) -> None:
    for chunk in in_chunks(gone, 2000):
        with writing(held_by=load.held_by_id, by=load.by, because=_because(load), load=load.pk) as change:
            batch = Batch(load=load, delivery=delivery, change=change, extracted_at=extracted_at)
            for held in chunk:
                void(batch, held, "a later full return no longer carries the child")
            batch.write()
            index_persons(load.held_by_id, batch.people)
            write_reach(load.held_by_id, batch.allocated)
            write_cohort(load.held_by_id, batch.in_cohort)
            clocks_may_change(load.held_by_id, batch.clocked)
            # counted with what it counts: a load that is killed here goes on from the right number
            load.withdrawn += len(chunk)
            Load.objects.filter(pk=load.pk).update(withdrawn=load.withdrawn)


def what_would_go(gone: Sequence[Held]) -> str:
    """Return how many facts of which kinds a full return would withdraw, a line for each kind."""
    kinds = Counter(KINDS[held.kind].label for held in gone)
    return "\n".join(f"{label}: {count:,}" for label, count in kinds.most_common())


def finish(load: Load, delivery: Delivery, extracted_at: datetime) -> Load:
    """Withdraw what a full delivery no longer carries, unless it is so much that a person should confirm; total."""
    with as_system():
        load.refresh_from_db()
        gone = uncarried(load, delivery, extracted_at) if delivery.full else []
        held = LoadedSubject.objects.filter(load=load).aggregate(n=Sum("facts") + Sum("unchanged"))["n"] or 0
    state = Load.State.DONE
    if len(gone) > FEW_WITHDRAWN and len(gone) > MOST_WITHDRAWN * max(held, 1) and not load.withdrawal_confirmed_by:
        state = Load.State.CONFIRM
        load.to_withdraw, load.message = len(gone), what_would_go(gone)
    else:
        _withdraw(load, delivery, gone, extracted_at)
        load.to_withdraw, load.message = 0, ""
    with writing(held_by=load.held_by_id, by=load.by, because=_because(load), load=load.pk) as change:
        _total(load, delivery)
        load.state = state
        load.finished_at = change.at
        load.save()
        append(
            change.held_by,
            [
                {"actor": load.by, "action": "file loaded", "body": {"load": load.pk, "file": file.sha256}}
                for file in delivery.files
            ],
            at=change.at,
        )
    log.info("load finished", extra={"load": load.pk, "door": load.door, "rows": load.rows})
    return load


def _total(load: Load, delivery: Delivery) -> None:
    _quarantine_orphans(load, delivery)
    sums = LoadedSubject.objects.filter(load=load).aggregate(
        facts=Sum("facts"), unchanged=Sum("unchanged"), quarantined=Sum("quarantined")
    )
    load.facts = sums["facts"] or 0
    load.unchanged = sums["unchanged"] or 0
    load.quarantined = (sums["quarantined"] or 0) + delivery.orphan_rows
    load.rows = load.facts + load.unchanged + load.quarantined
    load.children = LoadedSubject.objects.filter(load=load, sort="child").count()
    load.notes = list(delivery.notes)
    earlier = Load.objects.filter(held_by=load.held_by, door=load.door, collection=load.collection, pk__lt=load.pk)
    if not delivery.full:  # a part speaks only for the files it is made of
        earlier = earlier.filter(files__sha256__in=[file.sha256 for file in delivery.files])
    QuarantinedRow.objects.filter(load__in=earlier.values("pk"), state=QuarantinedRow.State.OPEN).update(
        state=QuarantinedRow.State.REPLACED
    )


def _quarantine_orphans(load: Load, delivery: Delivery) -> None:
    """List the rows that belong to no subject; once, however often the load is gone on with."""
    QuarantinedRow.objects.filter(load=load, subject__isnull=True).delete()
    QuarantinedRow.objects.bulk_create(
        [
            QuarantinedRow(
                load=load, held_by_id=load.held_by_id, file=delivery.files[p.place.file].name,
                file_position=p.place.file, table=p.place.table, row=p.place.row, field=p.field[:60], code=p.code,
                message=p.message, fix=p.fix, original=dict(p.original),
            )
            for p in delivery.problems
        ],
        batch_size=500,
    )  # fmt: skip
