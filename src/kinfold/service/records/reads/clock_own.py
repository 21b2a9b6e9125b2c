"""A young person's own page: their next dates and their plans, in words meant for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kinfold.access.words import ReachSort, Verb
from kinfold.duties.arithmetic import day_of
from kinfold.duties.own_words import words_for_child
from kinfold.record.declare import KINDS, Word
from kinfold.service.records.models import Reach
from kinfold.service.records.reads.clock_working import clocks_of_people
from kinfold.service.records.reads.own_record import OwnRecord, Released, own_records
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system


@dataclass(frozen=True, slots=True)
class OwnDate:
    """One thing that comes next: what it is, by when, and whether that day has passed."""

    words: str
    by: date
    passed: bool


@dataclass(frozen=True, slots=True)
class OwnPage:
    """What the young person sees: their next dates, the plans shared with them, and their record."""

    dates: tuple[OwnDate, ...]
    plans: tuple[Released, ...]
    record: OwnRecord | None


def own_page(reader: Reader, *, today: date) -> OwnPage:
    """
    Return the reader's own next dates and plans, and record the View; empty for who has no record of their own here.

    Only the duties of `words_for_child.toml` are shown, and only to the young person, never to somebody to whom a part
    of the record was released.
    """
    record = next((one for one in own_records(reader) if one.own), None)
    if record is None or not _is_own(reader, record):
        return OwnPage((), (), None)
    with as_system():
        found = clocks_of_people([record.row.pk], record.row.held_by, on=today)
    words = words_for_child()
    dates = {
        OwnDate(words[clock.duty.id], day_of(clock.due), day_of(clock.due) < today)
        for clock in found
        if (clock.is_waiting or clock.is_overdue) and clock.due is not None and clock.duty.id in words
    }
    plans = [one for one in record.released if KINDS_OF_PLAN & {one.kind}]
    return OwnPage(tuple(sorted(dates, key=lambda one: (one.by, one.words))), tuple(plans), record)


KINDS_OF_PLAN = frozenset(kind.label for kind in KINDS.values() if kind.word is Word.PLAN)


def _is_own(reader: Reader, record: OwnRecord) -> bool:
    day = reader.now.date()
    own = Reach.objects.filter(
        actor_id=reader.account.person_id, person=record.row, sort=ReachSort.SELF.value, from_date__lte=day
    )
    return own.exclude(until_date__lte=day).exists() and bool(
        reader.decide(Verb.READ_HEADLINE, reader.thing(record.row))
    )
