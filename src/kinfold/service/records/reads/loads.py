"""
What came in: loads, how far they are, and what their rows became.

Only who loads files reads this. `quarantine.py` has the rows that could not be used.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from django.db.models import Count
from django.utils import timezone

from kinfold.access.things import Thing
from kinfold.access.words import Label, Sort, Verb
from kinfold.record.declare import KINDS
from kinfold.service.records.loading.taking_back import written_by
from kinfold.service.records.models import (
    Account,
    Commit,
    Job,
    Load,
    LoadFile,
    PersonIndex,
    QuarantinedRow,
    Restriction,
)  # fmt: skip
from kinfold.service.records.models import Thing as ThingRow
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.service.records.tables import in_chunks
from kinfold.terms.errors import NotPermitted

PAGE = 25
# A load without a job is run from the command line: it is taken to be alive as long as it writes.
SILENT = timedelta(minutes=2)
NOTHING = "There is nothing here that you can open."


@dataclass(frozen=True, slots=True)
class LoadLine:
    """One load of the history. rows = facts + unchanged + quarantined."""

    number: int
    door: str
    collection: str
    council: str
    who: str
    started_at: datetime
    state: str
    rows: int
    facts: int
    unchanged: int
    quarantined: int
    withdrawn: int
    full: bool
    under_way: bool = False


@dataclass(frozen=True, slots=True)
class Going:
    """
    How far a load is: what its job says.

    `stopped`: nothing works on it, `failed` says why. `broken_off`: its worker died and the next one takes it up.
    """

    done: int = 0
    total: int = 0
    doing: str = ""
    waiting: bool = False
    broken_off: bool = False
    stopped: bool = False
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """One load with everything its page says."""

    line: LoadLine
    files: Sequence[tuple[str, int]]
    going: Going | None
    finished_at: datetime | None
    extracted_at: datetime | None
    window: tuple[date, date] | None
    notes: Sequence[str]
    message: str
    to_withdraw: int
    confirmed_by: str
    children: int
    by_code: Sequence[tuple[str, str, int]]
    open_rows: int
    corrected_rows: int
    hidden_rows: int
    may_be_taken_back: bool
    later: int | None


def holders_of(reader: Reader) -> list[int]:
    """Return the holders whose loads the reader may see."""
    may_load = partial(reader.decide, Verb.LOAD_FILES)
    return [held_by for held_by in sorted(reader.holders) if may_load(Thing(sort=Sort.FILES, held_by=held_by))]


def history(reader: Reader, *, page: int = 1) -> tuple[list[LoadLine], int]:
    """Return a page of the loads the reader may see, newest first, and how many there are."""
    with as_system():
        loads = Load.objects.filter(held_by__in=holders_of(reader)).select_related("held_by").order_by("-pk")
        total = loads.count()
        shown = list(loads[(page - 1) * PAGE : page * PAGE])
        names = names_of([load.by for load in shown])
        return [_line(load, names) for load in shown], total


def names_of(accounts: Iterable[str]) -> dict[str, str]:
    """Return the names behind the public ids of accounts; what is no account's is left out."""
    wanted = {uid for uid in accounts if len(uid) == 36}
    return {str(uid): name for uid, name in Account.objects.filter(uid__in=wanted).values_list("uid", "name")}


def _line(load: Load, names: Mapping[str, str]) -> LoadLine:
    return LoadLine(
        number=load.pk, door=load.door, collection=load.collection, council=load.held_by.name,
        who=names.get(load.by, load.by), started_at=load.started_at, state=load.state, rows=load.rows,
        facts=load.facts, unchanged=load.unchanged, quarantined=load.quarantined, withdrawn=load.withdrawn,
        full=load.full, under_way=load.state in (Load.State.WAITING, Load.State.RUNNING),
    )  # fmt: skip


def find_load(reader: Reader, number: int) -> Load:
    """Return one load. Raises NotPermitted for another council's and for one that is not there."""
    with as_system():
        load = Load.objects.filter(pk=number, held_by__in=holders_of(reader)).select_related("held_by").first()
    if load is None:
        raise NotPermitted(NOTHING)
    return load


def job_of(load: Load) -> Job | None:
    """Return the last background job about a load."""
    jobs = Job.objects.filter(name__in=("load", "take back"), held_by=load.held_by_id, arguments__load=load.pk)
    return jobs.order_by("-pk").first()


def is_under_way(load: Load) -> bool:
    """Say whether something works on the load, or is about to."""
    going = going_of(load)
    return going is not None and not going.stopped


def going_of(load: Load) -> Going | None:
    """Return how far a load is; None when nothing is left to do for it."""
    job = job_of(load)
    live = job is not None and job.state in (Job.State.READY, Job.State.RUNNING)
    if load.state not in (Load.State.WAITING, Load.State.RUNNING) and not live:
        return None
    if job is None or job.state == Job.State.DONE:
        return Going(total=load.expected_rows or 0, stopped=not _writes(load))
    if job.state == Job.State.FAILED:
        return Going(job.done_so_far, job.out_of, stopped=True, failed=job.message)
    lost = job.state == Job.State.RUNNING and job.lease_until is not None and job.lease_until < timezone.now()
    total = job.out_of or load.expected_rows or 0
    return Going(job.done_so_far, total, job.doing, waiting=job.state == Job.State.READY, broken_off=lost)


def _writes(load: Load) -> bool:
    last = Commit.objects.filter(held_by=load.held_by_id, load=load.pk).order_by("-number").first()
    return timezone.now() - max(load.started_at, last.at if last else load.started_at) < SILENT


def report_of(reader: Reader, number: int) -> Report:
    """Return everything a load's page says. Its counts are those the command line prints."""
    load = find_load(reader, number)
    with as_system():
        rows = QuarantinedRow.objects.filter(load=load)
        states = dict(rows.values_list("state").annotate(n=Count("pk")))
        by_code = list(rows.values_list("table", "code").annotate(n=Count("pk")).order_by("-n", "table", "code"))
        window = (load.window_from, load.window_to)
        going = going_of(load)
        hidden = closed_to(reader, load, set(rows.exclude(subject=None).values_list("subject_id", flat=True)))
        names = names_of([load.by, load.withdrawal_confirmed_by])
        return Report(
            line=_line(load, names),
            files=list(LoadFile.objects.filter(load=load).order_by("position").values_list("name", "size")),
            going=going,
            finished_at=load.finished_at,
            extracted_at=load.extracted_at,
            window=(window[0], window[1]) if window[0] and window[1] else None,
            notes=[str(note) for note in load.notes],
            message=load.message,
            to_withdraw=load.to_withdraw,
            confirmed_by=names.get(load.withdrawal_confirmed_by, load.withdrawal_confirmed_by),
            children=load.children,
            by_code=by_code,
            open_rows=states.get(QuarantinedRow.State.OPEN.value, 0),
            corrected_rows=states.get(QuarantinedRow.State.CORRECTED.value, 0),
            hidden_rows=rows.filter(subject_id__in=hidden).count() if hidden else 0,
            may_be_taken_back=going is None and load.state in (Load.State.DONE, Load.State.CONFIRM, Load.State.FAILED),
            later=_later(load),
        )


def _later(load: Load) -> int | None:
    """Return the last load of the same files that came after this one."""
    marks = list(load.files.values_list("sha256", flat=True)[:1])
    later = Load.objects.filter(
        held_by=load.held_by_id, door=load.door, collection=load.collection, pk__gt=load.pk, files__sha256__in=marks
    )
    return later.exclude(state=Load.State.TAKEN_BACK).order_by("-pk").values_list("pk", flat=True).first()


def would_take_back(reader: Reader, number: int) -> tuple[Load, list[tuple[str, int]], int]:
    """Return a load, how many facts of which kinds taking it back would withdraw, and how many would be kept."""
    load = find_load(reader, number)
    going = [(KINDS[kind].label if kind in KINDS else kind, count) for kind, count in written_by(load).items()]
    return load, going, sum(written_by(load, spoken_of_since=True).values())


def closed_to(reader: Reader, load: Load, subjects: Collection[int]) -> set[int]:
    """Return those of the subjects whose rows the reader may not read. All of them, for who reads no rows at all."""
    if not reader.decide(Verb.READ, Thing(sort=Sort.FILES, held_by=load.held_by_id)):
        return set(subjects)
    asked: set[int] = set(subjects) & (reader.actor.family | {reader.account.person_id or 0})
    for chunk in in_chunks(sorted(subjects)):
        asked |= set(
            PersonIndex.objects.filter(pk__in=chunk).exclude(label=Label.OPEN.value).values_list("pk", flat=True)
        )
        asked |= set(
            Restriction.objects.filter(person__in=chunk, until_at__isnull=True).values_list("person_id", flat=True)
        )
    reader.prepare(sorted(asked))
    things = ThingRow.objects.filter(pk__in=asked)
    return {row.pk for row in things if not reader.decide(Verb.READ, reader.thing(row, sort=Sort.FILES))}


def reads_rows(reader: Reader, load: Load) -> bool:
    """Say whether the reader reads what stands in rows at all, those that are nobody's too."""
    return bool(reader.decide(Verb.READ, Thing(sort=Sort.FILES, held_by=load.held_by_id)))
