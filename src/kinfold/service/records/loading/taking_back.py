"""
Taking a load back: every fact it wrote that is still held is withdrawn, with that reason.

Nothing is restored: what a fact said before the load, and what the load withdrew, stay as they are until files
say so again. What a later load of the same door has spoken of since is kept: that load says it too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection
from django.db.models import F

from kinfold.record.declare import KINDS
from kinfold.service.records.audit import append
from kinfold.service.records.clock_marks import clocks_may_change, kinds_that_move_clocks
from kinfold.service.records.commits import Change, writing
from kinfold.service.records.loading.indexing import INDEXED, index_persons
from kinfold.service.records.loading.proposing import part_what_it_joined
from kinfold.service.records.models import FACT_TABLES, Load, LoadedSubject, QuarantinedRow
from kinfold.service.records.reaching import COHORT_KINDS, REACHING, write_cohort, write_reach
from kinfold.service.records.scope import as_system
from kinfold.service.records.tables import COLUMNS, close_versions, fetch, in_chunks, placeholders

REASON = "the load was taken back"
BATCH = 2000
_TABLES = tuple(model._meta.db_table for model in FACT_TABLES.values())
_LATER = "(select k.subject from loaded_subject k where k.load > %s and k.held_by = %s and k.door = %s)"
# What the withdrawn version copies from the one before. It says nothing of when the source was made, so that
# any file may state the fact again, an older one too.
_COPIED = tuple(
    name for name in COLUMNS
    if name not in ("known_from", "known_to", "supersedes", "status", "reason", "recorded_by", "source_extracted_at",
                    "load", "place_file", "place_table", "place_row")
)  # fmt: skip


def written_by(load: Load, *, spoken_of_since: bool = False) -> dict[str, int]:
    """
    Return how many facts of each kind the load wrote that are still held as it wrote them.

    Those that taking it back would withdraw; with `spoken_of_since`, those that would be kept.
    """
    found: dict[str, int] = {}
    with as_system():
        for table in _TABLES:
            which = "in" if spoken_of_since else "not in"
            rows = fetch(
                f'select t.kind, count(*) from "{table}" t where t.load = %s and t.held_by = %s '
                f"and t.known_to is null and t.status = 'final' and t.subject {which} {_LATER} group by t.kind",
                [load.pk, load.held_by_id, load.pk, load.held_by_id, load.door],
            )
            found.update({kind: count for kind, count in rows})
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def take_back(load: Load, *, by: str, because: str, progress: Callable[[int, int | None], None] | None = None) -> Load:
    """
    Withdraw every fact the load wrote that is still held, and return the load in its last state.

    Safe to interrupt and run again: each batch is one transaction, and the journal goes last.
    """
    total, done = sum(written_by(load).values()), 0
    for table in _TABLES:
        while chunk := _next(load, table):
            with writing(held_by=load.held_by_id, by=by, because=because, load=load.pk) as change:
                _void(table, [row[0] for row in chunk], change)
                _index(load.held_by_id, [(subject, kind) for _, subject, kind in chunk])
                Load.objects.filter(pk=load.pk).update(withdrawn=F("withdrawn") + len(chunk))
            done += len(chunk)
            if progress is not None:
                progress(done, total)
    with writing(held_by=load.held_by_id, by=by, because=because, load=load.pk) as change:
        part_what_it_joined(load, change)
        LoadedSubject.objects.filter(load=load).delete()
        QuarantinedRow.objects.filter(load=load, state=QuarantinedRow.State.OPEN).update(
            state=QuarantinedRow.State.REPLACED
        )
        Load.objects.filter(pk=load.pk).update(state=Load.State.TAKEN_BACK, message=because)
        append(
            change.held_by,
            [{"actor": by, "action": "load taken back", "reason": because[:200], "body": {"load": load.pk}}],
            at=change.at,
        )
    load.refresh_from_db()
    return load


def _next(load: Load, table: str) -> list[tuple[int, int, str]]:
    with as_system():
        rows = fetch(
            f'select t.id, t.subject, t.kind from "{table}" t where t.load = %s and t.held_by = %s '
            f"and t.known_to is null and t.status = 'final' and t.subject not in {_LATER} order by t.id limit {BATCH}",
            [load.pk, load.held_by_id, load.pk, load.held_by_id, load.door],
        )
    return [(id_, subject, kind) for id_, subject, kind in rows]


def _void(table: str, ids: Sequence[int], change: Change) -> None:
    close_versions(table, ids, change.number)
    names = ", ".join(f'"{name}"' for name in _COPIED)
    for chunk in in_chunks(ids):
        _run(
            f'insert into "{table}" ({names}, known_from, supersedes, status, reason, recorded_by, load) '
            f"select {names}, %s, id, 'void', %s, %s, %s from \"{table}\" where id in ({placeholders(len(chunk))})",
            [change.number, REASON, change.by, change.load, *chunk],
        )


def _run(sql: str, parameters: Sequence[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def _index(held_by: int, touched: Sequence[tuple[int, str]]) -> None:
    people = {s for s, kind in touched if kind in INDEXED or KINDS[kind].word.value == "person"}
    index_persons(held_by, people)
    write_reach(held_by, {s for s, kind in touched if kind in REACHING})
    write_cohort(held_by, {s for s, kind in touched if kind in COHORT_KINDS})
    clocks_may_change(held_by, {s for s, kind in touched if kind in kinds_that_move_clocks()})
