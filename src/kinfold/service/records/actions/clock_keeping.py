"""
The kept clocks, made what follows from the facts: for those whose facts changed, and for those whom time has moved.

The cost is that of the change: a night's load of a hundred children works out a hundred children. Everybody is worked
out again only when the catalogue, the calendar or a commencement date is another, and by `kinfold rebuild`.
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.db.models import Q
from django.utils import timezone

from kinfold.duties import (
    Clock,
    Council,
    State,
    Story,
    World,
    calendars_known_on,
    catalogue_rows,
    clocks_of,
    days_in_force,
    duty_catalogue,
    look_again,
    notified,
)
from kinfold.duties.arithmetic import day_of
from kinfold.service.records.clock_marks import kinds_that_move_clocks
from kinfold.service.records.commits import holding, moments_of
from kinfold.service.records.models import FACT_TABLES, Alert, ClockCheck, Holder, KeptClock, PersonIndex, Thing
from kinfold.service.records.reads.clock_facts import stories_of
from kinfold.service.records.reads.clock_world import council_of, kept_kinds
from kinfold.service.records.reads.reader import Reader, uid_of
from kinfold.service.records.scope import as_system
from kinfold.service.records.tables import in_chunks, insert_rows, upsert_rows
from kinfold.service.records.turns import Turns

Progress = Callable[[str, int, int | None], None]
AT_ONCE = 200  # people in one transaction, which keeps writers waiting for less than a second
NEWS = timedelta(days=28)  # a gate passed longer ago is history that a load brought, and is told to nobody
BREACH = "gate_breach"
_COLUMNS = (
    "held_by", "person", "duty", "part", "sort", "state", "began", "started", "due", "due_at", "practical_due", "amber_on",
    "opens", "met_on", "recorded", "key", "why",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rules:
    """What the clocks of one holder are worked out against on one day, and a name for all of it."""

    world: World
    council: Council | None
    name: str


def rules_of(holder: Holder, today: date) -> Rules:
    """Return the catalogue, calendars, commencement dates and kept kinds of a holder on a day."""
    catalogue, calendars, switched = duty_catalogue(), calendars_known_on(today), days_in_force()
    kept = kept_kinds(holder.pk)
    holidays = sorted(day.isoformat() for name in ("england_and_wales", "representations", "any_uk")
                      for day in calendars.working(name).holidays)  # fmt: skip
    said = [_catalogue_digest(), *holidays, repr(sorted(switched.items())), repr(sorted(kept) if kept else kept)]
    name = hashlib.blake2b("|".join(said).encode(), digest_size=8).hexdigest()
    return Rules(World(catalogue, calendars, today, switched, kept), council_of(holder), name)


@cache
def _catalogue_digest() -> str:
    return hashlib.blake2b(repr(catalogue_rows(duty_catalogue())).encode(), digest_size=8).hexdigest()


def keep_clocks(held_by: int, *, today: date | None = None, progress: Progress | None = None) -> int:
    """
    Work out the clocks of everybody of a holder whose facts, rules or day have changed; return how many people.

    Safe to interrupt and to run twice at once: two hundred people are one transaction.
    """
    day = today or timezone.localdate()
    with as_system():
        holder = Holder.objects.get(pk=held_by)
        rules = rules_of(holder, day)
    done, turns = 0, Turns()
    while persons := _waiting(held_by, rules.name, day):
        with holding(held_by), _without_looking_for_rings():
            _keep(held_by, persons, rules)
        done += len(persons)
        turns.give()
        if progress is not None:
            progress("clocks", done, None)
    return done


@contextmanager
def _without_looking_for_rings() -> Iterator[None]:
    """
    Let Python not look for rings of objects meanwhile: a batch makes a million objects and no rings.

    Looking for them took a quarter of the time. What is let go is freed as ever, so a batch needs no more memory.
    """
    looked = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looked:
            gc.enable()


def _waiting(held_by: int, rules: str, day: date) -> list[int]:
    checks = ClockCheck.objects.filter(held_by=held_by)
    with as_system():
        for which in (Q(stale=True), Q(look_again__lte=day), Q(rules__lt=rules) | Q(rules__gt=rules)):
            if found := list(checks.filter(which).order_by().values_list("pk", flat=True)[:AT_ONCE]):
                return found
    return []


def keep_everybody(held_by: int, *, today: date | None = None, progress: Progress | None = None) -> int:
    """Mark every person of a holder who has a fact that clocks look at, and work all of them out."""
    with as_system():
        found: set[int] = set()
        for model in FACT_TABLES.values():
            rows = model.objects.filter(
                held_by_id=held_by, kind__in=kinds_that_move_clocks(), known_to__isnull=True,
                subject__word="person", subject__sort__in=("child", "adult"),
            )  # fmt: skip
            found |= set(rows.values_list("subject_id", flat=True).distinct())
        gone = ClockCheck.objects.filter(held_by_id=held_by).exclude(pk__in=found) if len(found) < 900 else None
        for chunk in in_chunks(sorted(found), 2000):
            rows_of = [(person, held_by, True, "") for person in chunk]
            upsert_rows(ClockCheck._meta.db_table, ("person", "held_by", "stale", "rules"), rows_of, key=("person",))
        if gone is not None:
            KeptClock.objects.filter(person__in=gone.values("pk")).delete()
            gone.delete()
    return keep_clocks(held_by, today=today, progress=progress)


def _keep(held_by: int, persons: Sequence[int], rules: Rules) -> None:
    """Write the clocks of some people anew, inside the caller's transaction."""
    before = _known_before(persons)
    stories = stories_of(persons, council=rules.council)
    worked = [(story, clocks_of(story, rules.world)) for story in stories]
    moments = moments_of(held_by=held_by, numbers=_numbers(worked))
    again = {story.subject: look_again(story, found, rules.world) for story, found in worked}
    everyone = sorted({*persons, *again})  # a fact of a joined record moves the clocks of the one that was kept
    KeptClock.objects.filter(person_id__in=everyone).delete()
    rows = [row for _, found in worked for clock in found for row in _rows(held_by, clock, moments)]
    insert_rows(KeptClock._meta.db_table, _COLUMNS, rows)
    upsert_rows(
        ClockCheck._meta.db_table, ("person", "held_by", "stale", "worked_out", "look_again", "rules"),
        [(person, held_by, False, rules.world.today, again.get(person), rules.name) for person in everyone],
        key=("person",),
    )  # fmt: skip
    _tell_of_gates(held_by, worked, before, rules.world.today)


def _numbers(worked: Iterable[tuple[Story, list[Clock]]]) -> set[int]:
    return {
        clock.met_by.fact.known_from
        for _, found in worked
        for clock in found
        if clock.met_by is not None and _typed_in(clock.met_by.fact)
    }


def _typed_in(fact: Any) -> bool:
    return bool(fact.source == "kinfold" and fact.source_recorded_at is None)


def recorded_on(fact: Any, moments: Mapping[int, datetime]) -> date | None:
    """
    Return the day on which a fact was recorded: what its source says, or when it was typed in here.

    None for one that a file brought without saying: when Kinfold first read a file says nothing of anybody's work.
    """
    if fact.source_recorded_at is not None:
        return day_of(fact.source_recorded_at)
    moment = moments.get(fact.known_from) if _typed_in(fact) else None
    return day_of(moment) if moment is not None else None


def _rows(held_by: int, clock: Clock, moments: Mapping[int, datetime]) -> Iterator[tuple[Any, ...]]:
    """Yield the row of one clock; none for one that does not apply or was replaced."""
    sort = sort_of(clock)
    if sort is None:
        return
    state = clock.asleep if sort == KeptClock.Sort.DORMANT and clock.asleep is not None else clock.state
    met = clock.met_by
    yield (
        held_by, clock.subject, clock.duty.id, clock.part.label[:60], sort.value, state.value, day_of(clock.trigger.when), day_of(clock.started),
        day_of(clock.due) if clock.due is not None else None,
        clock.due if isinstance(clock.due, datetime) else None, clock.practical_due, clock.amber_on, clock.opens,
        day_of(met.when) if met is not None else None, recorded_on(met.fact, moments) if met is not None else None,
        clock.key[:140], "" if sort == KeptClock.Sort.SHUT else clock.why,
    )  # fmt: skip


def sort_of(clock: Clock) -> KeptClock.Sort | None:
    """Return where a clock is kept: open, shut or dormant; None where there is nothing to keep."""
    if clock.state is State.DORMANT:
        return KeptClock.Sort.DORMANT
    if clock.is_waiting or clock.is_overdue:
        return KeptClock.Sort.OPEN
    ended = clock.state in (State.MET, State.MET_LATE, State.BREACHED) and clock.due is not None
    return KeptClock.Sort.SHUT if ended else None


def _known_before(persons: Sequence[int]) -> Mapping[int, frozenset[str]]:
    """Return, for each person worked out before, the gates already known to have been passed unmet."""
    known = ClockCheck.objects.filter(pk__in=persons, worked_out__isnull=False).values_list("pk", flat=True)
    found: dict[int, set[str]] = {person: set() for person in known}
    rows = KeptClock.objects.filter(person_id__in=list(found), part="gate", state=State.BREACHED.value)
    for person, key in rows.values_list("person_id", "key"):
        found[person].add(key)
    return {person: frozenset(keys) for person, keys in found.items()}


def _tell_of_gates(
    held_by: int, worked: Sequence[tuple[Story, list[Clock]]], before: Mapping[int, frozenset[str]], today: date
) -> None:
    """Tell whoever answers for it of each decision that turns out to have been made before its gate was met."""
    for story, found in worked:
        for clock in found:
            if clock.part.name != "gate" or clock.state is not State.BREACHED or clock.due is None:
                continue
            news = story.subject in before and clock.key[:140] not in before[story.subject]
            if news and today - day_of(clock.due) <= NEWS:
                tell_of_breach(held_by, story.subject, clock)


def tell_of_breach(held_by: int, person: int, clock: Clock) -> None:
    """Put a breach before everybody who holds the post that answers for it and may know of the child, once."""
    from kinfold.service.records.models import Account

    thing = Thing.objects.get(pk=person)
    name = PersonIndex.objects.filter(pk=person).values_list("name", flat=True).first() or "a child"
    accounts = Account.objects.filter(
        is_active=True, roles_held__held_by_id=held_by, roles_held__role__in=notified(clock.accountable),
        roles_held__until_date__isnull=True,
    ).distinct()  # fmt: skip
    href = f"/children/{uid_of(person)}/due/"
    title = f"{clock.duty.label}: not met before it was decided, for {name}"[:200]
    for account in accounts:
        reader = Reader(account)
        if not reader.reads(reader.thing(thing)):
            continue  # a restricted or sealed record is named to nobody whom it does not open to
        Alert.objects.get_or_create(
            account=account, sort=BREACH, href=href, title=title, done_at__isnull=True,
            defaults={"held_by_id": held_by, "at": timezone.now()},
        )  # fmt: skip
