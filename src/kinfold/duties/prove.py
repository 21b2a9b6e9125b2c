"""
"Prove it": the facts known at a time, the rule and the arithmetic behind one clock, in plain text; and what changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kinfold.duties.arithmetic import Reckoning, day_of, reckon, reckon_birthday, show
from kinfold.duties.calendars import Calendars
from kinfold.duties.catalogue import Catalogue
from kinfold.duties.clock import STATE_WORDS, Clock, State, kind_label
from kinfold.duties.clocks import clocks_of
from kinfold.duties.plain import any_in_words
from kinfold.duties.rule import Amount, Part
from kinfold.duties.story import Council, Fact, Occurrence, one_story
from kinfold.duties.world import World

# Which moment a commit was made: the record knows, the room does not.
WhenKnown = Callable[[int], datetime]


@dataclass(frozen=True, slots=True)
class Proof:
    """The proof of one clock: its sentence, then its lines in order."""

    clock: Clock
    lines: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(self.lines)


def prove(
    clock: Clock, calendars: Calendars, *, when_known: WhenKnown | None = None, birth_date: date | None = None
) -> Proof:
    """
    Return the proof of `clock`: the facts it rests on, the rule, the arithmetic and the state.

    `calendars` are those the clock was worked out with. `when_known` turns the number of a commit into its moment.
    """
    duty = clock.duty
    lines = [clock.because, "", "Facts", _fact_line("It started with", clock.trigger, when_known)]
    if clock.met_by is not None:
        lines.append(_fact_line("It was met by", clock.met_by, when_known))
        lines += _late_recording(clock, when_known)
    elif clock.state is not State.DORMANT:
        lines.append(f"Nothing on record meets it. What would: {any_in_words(duty.completions(clock.part.name))}.")
    if clock.extended_by is not None:
        lines.append(_fact_line("It was extended by", clock.extended_by, when_known))
    lines += ["", "Rule", f"{duty.label} ({duty.id}): {duty.deadline or duty.rule.text}."]
    lines.append(f"Source: {duty.source.title}" + (f", {duty.source.href}" if duty.source.href else "") + ".")
    lines.append(f"How sure: {duty.sureness.value}; {duty.verified or 'no note'}.")
    lines += ["", "Arithmetic", _arithmetic(clock, calendars, birth_date)]
    if clock.opens is not None:
        lines.append(f"The first day on which it may be done is {show(clock.opens)}.")
    if calendars.known_on is not None:
        lines.append(f"Bank holidays as they were known on {show(calendars.known_on)}.")
    if duty.returns_count:
        lines.append(duty.returns_count)
    lines += ["", "What happened"] + [
        f"{show(one.on)}: {STATE_WORDS[one.state].lower()}. {one.because}." for one in clock.history
    ]
    return Proof(clock, tuple(lines))


def _fact_line(start: str, one: Occurrence, when_known: WhenKnown | None) -> str:
    known = f", known since {show(when_known(one.fact.known_from))}" if when_known is not None else ""
    return f"{start} the {kind_label(one.fact.kind)} of {show(one.when)}{known}."


def _late_recording(clock: Clock, when_known: WhenKnown | None) -> list[str]:
    """Return a line when what was done in time was only recorded afterwards: late recording is not late doing."""
    if when_known is None or clock.met_by is None or clock.due is None or clock.state is not State.MET:
        return []
    recorded = when_known(clock.met_by.fact.known_from)
    if day_of(recorded) <= day_of(clock.due):
        return []
    return [f"It was done in time and recorded late, on {show(day_of(recorded))}."]


def _arithmetic(clock: Clock, calendars: Calendars, birth_date: date | None) -> str:
    if clock.part.amount is None or clock.due is None:
        return "There is no date to count: " + (clock.duty.deadline or "the duty has no number") + "."
    if clock.part.name == "at_age" and clock.reason and clock.duty.years_from_death is not None:
        return f"{clock.reason[:1].upper()}{clock.reason[1:]}: {show(clock.due)}."
    found = _reckoning(clock, calendars, birth_date)
    if found is None:
        return f"The last day is {show(clock.due)}: the total in the rolling period reaches the limit then."
    text = found.arithmetic
    if day_of(found.due) != day_of(clock.due):
        why = f"the time stood still for {clock.paused_days} days" if clock.paused_days else "an extension is on record"
        text += f" Then {why}: {show(clock.due)}."
    if clock.also_due is not None:
        text += f" Counted from {clock.duty.also_label} it is {show(clock.also_due)}."
    return text


def _reckoning(clock: Clock, calendars: Calendars, birth_date: date | None) -> Reckoning | None:
    duty, part = clock.duty, clock.part
    if part.per is not None or part.amount is None:
        return None
    if part.name == "at_age":
        return reckon_birthday(part, birth_date=birth_date, calendars=calendars) if birth_date else None
    if duty.backwards:
        part = Part(name=part.name, amount=Amount(-part.amount.number, part.amount.unit))
    roll = duty.roll == "forward"
    return reckon(part, start=clock.started, calendars=calendars, calendar=duty.calendar, roll_forward=roll)


@dataclass(frozen=True, slots=True)
class Redated:
    """One change that later knowledge made to a clock: at which commit, what it was and what it became."""

    key: str
    commit_number: int
    before: State | None
    after: State | None
    due_before: str
    due_after: str


def replay(
    facts: Iterable[Fact],
    catalogue: Catalogue,
    calendars: Calendars,
    *,
    today: date,
    switches: Mapping[str, date] | None = None,
    council: Council | None = None,
) -> list[Redated]:
    """
    Return how the clocks of `today` changed as each commit became known, in order: nothing already said is lost.

    It answers "what did the wall say before that was recorded?". One subject's facts at a time: it works the clocks
    out once for each commit.
    """
    world = World(catalogue, calendars, today, switches or {})
    found: list[Redated] = []
    by_subject: dict[Any, list[Fact]] = {}
    for fact in facts:
        by_subject.setdefault(fact.subject, []).append(fact)
    for subject, known in by_subject.items():
        found += replay_with(known, world, subject=subject, council=council)
    return sorted(found, key=lambda change: (change.commit_number, change.key))


def replay_with(facts: Iterable[Fact], world: World, *, subject: Any, council: Council | None = None) -> list[Redated]:
    """Return how each commit changed the clocks of one subject, as `replay` does, against a world made before."""
    known = list(facts)
    commits = sorted({f.known_from for f in known} | {f.known_to for f in known if f.known_to is not None})
    before: dict[str, Clock] = {}
    found: list[Redated] = []
    for number in commits:
        story = one_story(known, subject=subject, commit_number=number, council=council)
        after = {clock.key: clock for clock in clocks_of(story, world)}
        found += [
            change
            for key in sorted(before.keys() | after.keys())
            if (change := _changed(key, number, before.get(key), after.get(key))) is not None
        ]
        before = after
    return found


def _changed(key: str, number: int, before: Clock | None, after: Clock | None) -> Redated | None:
    old = (before.state if before else None, _due(before))
    new = (after.state if after else None, _due(after))
    return Redated(key, number, old[0], new[0], old[1], new[1]) if old != new else None


def _due(clock: Clock | None) -> str:
    return clock.due.isoformat() if clock is not None and clock.due is not None else ""


@dataclass(frozen=True, slots=True)
class Timeliness:
    """How one duty was kept over a period: counts, and the share done in time of those that fell due."""

    duty: str
    in_time: int
    late: int
    not_done: int
    recorded_late: int

    @property
    def share_in_time(self) -> float | None:
        """Return the share from 0 to 1, or None when nothing fell due."""
        total = self.in_time + self.late + self.not_done
        return self.in_time / total if total else None


def timeliness(
    found: Iterable[Clock], *, first: date, end: date, when_known: WhenKnown | None = None
) -> dict[str, Timeliness]:
    """Return how each duty was kept, over the clocks that fell due on or after `first` and before `end`."""
    counts: dict[str, list[int]] = {}
    for clock in found:
        if clock.due is None or not first <= day_of(clock.due) < end:
            continue
        row = counts.setdefault(clock.duty.id, [0, 0, 0, 0])
        if clock.state is State.MET:
            row[0] += 1
            row[3] += bool(_late_recording(clock, when_known))
        elif clock.state is State.MET_LATE:
            row[1] += 1
        elif clock.state is State.BREACHED:
            row[2] += 1
    return {duty: Timeliness(duty, *row) for duty, row in counts.items()}
