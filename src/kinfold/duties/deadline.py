"""
Clocks with one last day: within, max, second, default, window, at an age, and rolling limits.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from kinfold.duties.arithmetic import (
    When,
    birthday,
    day_of,
)
from kinfold.duties.clock import Clock, State, amber_from, amber_on, state_on
from kinfold.duties.duty import Duty
from kinfold.duties.limits import limit_of
from kinfold.duties.pattern import Pattern
from kinfold.duties.rule import Amount, Part
from kinfold.duties.story import Occurrence, Story, date_of, is_before, order_of
from kinfold.duties.world import World
from kinfold.record.declare import KINDS, Word
from kinfold.terms.errors import InputError

_DEADLINES = ("within", "max", "default", "window", "first")


def end_of(duty: Duty, trigger: Occurrence, story: Story) -> tuple[When | None, str]:
    """Return when what the duty follows came to an end, and in words what ended; (None, "") while it lasts."""
    ends: list[tuple[float, When, str]] = []
    kind = KINDS.get(trigger.fact.kind)
    started_by_it = trigger.fact.valid_from is not None and day_of(trigger.when) == trigger.fact.valid_from
    ended = trigger.fact.valid_to
    if kind is not None and kind.word is Word.SPELL and started_by_it and ended and not duty.outlives_trigger:
        ends.append((order_of(ended), ended, f"the {_lower(kind.label)} ended"))
    for pattern in duty.ends:
        one = first_after(story.occurrences(pattern), pattern, trigger, trigger.when)
        if one is not None:
            ends.append((one.order, one.when, f"the {_lower(KINDS[one.fact.kind].label)} {_ended(pattern)}"))
    died = None if duty.after_death else story.death_date
    if died is not None and died >= day_of(trigger.when):
        ends.append((order_of(died), died, "the person died"))
    if duty.until_age is not None and story.birth_date is not None:
        day = birthday(story.birth_date, duty.until_age)
        ends.append((order_of(day), day, f"the person reached {duty.until_age}"))
    if not ends:
        return None, ""
    first = min(ends, key=lambda end: end[0])
    return first[1], first[2]


def _lower(label: str) -> str:
    return label[0].lower() + label[1:]


def _ended(pattern: Pattern) -> str:
    return "ended" if pattern.at[0] == "end" else "came instead"


def first_after(
    found: Sequence[Occurrence], pattern: Pattern, trigger: Occurrence, start: When, *, strictly: bool = False
) -> Occurrence | None:
    """
    Return the first of `found` on or after `start` that belongs to the trigger's matter, or None.

    `strictly` leaves out what happened on the day of `start` itself, and the trigger is never its own answer
    unless the pattern says the same fact.
    """
    if not found:
        return None
    exact, timed = order_of(start), isinstance(start, datetime)
    floor = float(int(exact))
    if found[-1].order < floor:
        return None
    for one in found[bisect_left(found, floor, key=_order) :]:
        both_timed = timed and isinstance(one.when, datetime)
        here, there = (one.order, exact) if both_timed else (int(one.order), floor)
        if here < there or (strictly and here <= there):
            continue
        if one.fact is trigger.fact and "fact" not in pattern.same and one.when == trigger.when:
            continue
        if not pattern.same or belongs(one, pattern, trigger):
            return one
    return None


def _order(one: Occurrence) -> float:
    return one.order


def belongs(one: Occurrence, pattern: Pattern, trigger: Occurrence) -> bool:
    """Return whether `one` is of the same matter as the trigger, in every way the pattern asks."""
    for name in pattern.same:
        if name == "fact":
            if one.fact.fact != trigger.fact.fact:
                return False
        elif _value(one, name) != _value(trigger, name):
            return False
    return True


def _value(one: Occurrence, name: str) -> object:
    if name in ("ref", "party"):
        return getattr(one.fact, name)
    return one.fact.payload.get(name)


def met_by(
    duty: Duty, part: str, trigger: Occurrence, story: Story, *, start: When, strictly: bool = False
) -> Occurrence | None:
    """Return the first fact on or after `start` that meets the part called `part`, or None."""
    best: Occurrence | None = None
    for pattern in duty.completions(part):
        one = first_after(story.occurrences(pattern), pattern, trigger, start, strictly=strictly)
        if one is not None and (best is None or one.order < best.order):
            best = one
    return best


def settle(clock: Clock, met: Occurrence | None, end: tuple[When | None, str], world: World) -> Clock:
    """Give `clock` its state from what met it, what ended it, and now. Returns the same clock."""
    ended, what = end
    if met is not None and world.is_to_come(met.when):
        met = None
    if ended is not None and world.is_to_come(ended):
        ended = None
    if met is not None and (ended is None or not is_before(ended, met.when)):
        clock.met_by = met
        late = clock.due is not None and is_before(clock.due, _last_held(met) if clock.part.name == "max" else met.when)
        clock.state = State.MET_LATE if late else State.MET
        return clock
    if ended is not None:
        clock.ended = ended
        if clock.due is None or not is_before(clock.due, ended):
            clock.state = State.NOT_APPLICABLE
            clock.reason = f"{what} on {day_of(ended).day} {day_of(ended):%B %Y}, before it was due"
            return clock
        clock.state = State.BREACHED
        clock.reason = f"{what} on {day_of(ended).day} {day_of(ended):%B %Y}"
        return clock
    if clock.state is not State.PAUSED:
        clock.state = state_on(clock, world.now)
    return clock


def _last_held(met: Occurrence) -> When:
    """Return the last day on which a spell that ended still held: its end is the first day after."""
    ended = met.fact.valid_to
    if isinstance(met.when, datetime) or ended is None or met.when != ended or met.when == met.fact.valid_from:
        return met.when
    return ended - timedelta(days=1)


def make_clock(
    duty: Duty, part: Part, trigger: Occurrence, story: Story, world: World, *, started: When, due: When | None
) -> Clock:
    """Return a running clock with its practical day and the day it turns amber; `settle` gives it its state."""
    clock = Clock(
        duty=duty, part=part, subject=story.subject, trigger=trigger, started=started, due=due, state=State.RUNNING
    )
    if due is not None:
        working = world.working(duty)
        if duty.roll == "forward":
            clock.due = due = working.first_on_or_after(day_of(due))
        clock.practical_due = working.last_on_or_before(day_of(due))
        clock.amber_on = amber_on(duty, started=started, due=due, working=working)
    return clock


def clocks_for_parts(duty: Duty, triggers: Sequence[Occurrence], story: Story, world: World) -> Iterator[Clock]:
    """Return the clocks of a duty without recurrence: one for each part that has its own last day."""
    for trigger in triggers:
        end = end_of(duty, trigger, story)
        for part in duty.rule.parts:
            if not _has_own_deadline(duty, part) or not conditions_hold(duty, part, trigger, story):
                continue
            clock = _clock_for_part(duty, part, trigger, story, world)
            if clock is not None:
                met = met_by(duty, part.name, trigger, story, start=_may_be_met_from(clock, triggers))
                yield settle(clock, met, end, world)


def _has_own_deadline(duty: Duty, part: Part) -> bool:
    if part.label == duty.opens_part:
        return False
    if part.name == "at_age":
        return len(duty.rule.parts) == 1
    return part.name in (*_DEADLINES, "second") or (part.name == "ext" and "ext" in duty.completion)


def _may_be_met_from(clock: Clock, triggers: Sequence[Occurrence]) -> When:
    """
    Return the earliest day on which the duty can be met.

    It is the trigger, except where the rule lets it come before: then up to 28 days before, but not before the
    trigger that came earlier; a notice counted backwards up to 200 days; a window from the day it opens.
    """
    if clock.part.name == "window" and clock.opens is not None:
        return clock.opens
    day = day_of(clock.started)
    if clock.duty.backwards:
        return day - timedelta(days=200)
    if clock.duty.rule.one("before") is None:
        return clock.started
    earlier = [day_of(one.when) + timedelta(days=1) for one in triggers if day_of(one.when) < day]
    return max([day - timedelta(days=28), *earlier])


def conditions_hold(duty: Duty, part: Part, trigger: Occurrence, story: Story) -> bool:
    """Return whether the bracketed names that the duty defines by fields or by open spells all hold."""
    for term in part.conditions:
        tests, opened = duty.conditions.get(term.name), duty.open_conditions.get(term.name)
        if tests is not None:
            holds = all(test.holds(trigger.fact.payload.get(test.field)) for test in tests)
        elif opened is not None:
            holds = story.is_open(opened, day_of(trigger.when))
        elif term.name in duty.not_recorded:
            holds = False
        else:
            continue
        if holds is term.negated:
            return False
    return True


def _clock_for_part(duty: Duty, part: Part, trigger: Occurrence, story: Story, world: World) -> Clock | None:
    if part.name == "at_age":
        return _birthday_clock(duty, part, trigger, story, world)
    if part.per is not None and part.amount is not None:
        return _limit_clock(duty, part, trigger, story, world)
    if part.name == "window" and part.amount is not None and part.to is not None:
        return _window_clock(duty, part, trigger, story, world)
    started: When = trigger.when
    if part.name == "second" and duty.second_from == "completion":
        first = met_by(duty, "within", trigger, story, start=trigger.when)
        if first is None or world.is_to_come(first.when):
            return None
        started = first.when
    return _counted_clock(duty, part, trigger, story, world, started=started)


def _counted_clock(
    duty: Duty, part: Part, trigger: Occurrence, story: Story, world: World, *, started: When
) -> Clock | None:
    if part.amount is None:
        return None
    try:
        amount = Amount(-part.amount.number, part.amount.unit) if duty.backwards else part.amount
        due = world.count(amount, start=started, calendar=duty.calendar, beginning_with=part.beginning_with)
    except InputError as problem:
        clock = make_clock(duty, part, trigger, story, world, started=started, due=None)
        clock.reason = f"the last day cannot be worked out: {problem}"
        return clock
    extension = _extension(duty, part, trigger, story, world, started=started, due=due)
    clock = make_clock(duty, part, trigger, story, world, started=started, due=extension[0])
    clock.extended_by = extension[1]
    if extension[1] is not None:
        later = extension[1].fact is trigger.fact
        clock.reason = "it is not the first" if later else "an extension is on record"
    opens = next((one for one in duty.rule.parts if one.label == duty.opens_part), None)
    if opens is not None and opens.amount is not None:
        clock.opens = day_of(world.count(opens.amount, start=started, calendar=duty.calendar))
    _count_from_earlier(clock, story, world)
    _pause(clock, story, world)
    return clock


def _extension(
    duty: Duty, part: Part, trigger: Occurrence, story: Story, world: World, *, started: When, due: When
) -> tuple[When, Occurrence | None]:
    """Return the last day after an extension on record, and the fact that extended it."""
    longer = duty.rule.one("ext")
    if longer is None or longer.amount is None or part.name not in ("within", "max") or longer.per is not None:
        return due, None
    for pattern in duty.extension:
        one = first_after(story.occurrences(pattern), pattern, trigger, trigger.when)
        if one is not None and not world.is_to_come(one.when):
            base = due if duty.extension_added else started
            return world.count(longer.amount, start=base, calendar=duty.calendar), one
    return due, None


def _count_from_earlier(clock: Clock, story: Story, world: World) -> None:
    """Count the same limit from an earlier event too; the earlier of the two days turns the clock amber."""
    duty, part = clock.duty, clock.part
    if not duty.also_from or part.amount is None:
        return
    longest = timedelta(days=duty.also_within.number if duty.also_within is not None else 31)
    earlier = [
        one
        for pattern in duty.also_from
        for one in story.occurrences(pattern)
        if not is_before(clock.started, one.when) and day_of(clock.started) - day_of(one.when) <= longest
    ]
    if earlier:
        start = max(earlier, key=lambda one: one.order).when
        beginning = duty.also_beginning_with
        clock.also_due = world.count(part.amount, start=start, calendar=duty.calendar, beginning_with=beginning)
        if clock.due is not None and is_before(clock.also_due, clock.due):
            clock.amber_on = amber_from(duty, started=start, due=clock.also_due)


def _pause(clock: Clock, story: Story, world: World) -> None:
    """Move the last day by the days for which the rule lets the time stand still."""
    if clock.due is None or not clock.duty.pauses:
        return
    days, is_open = 0, False
    for pattern in clock.duty.pauses:
        for one in story.occurrences(pattern):
            begin, end = day_of(one.when), one.fact.valid_to
            if not belongs(one, pattern, clock.trigger) or begin < day_of(clock.started) or begin > world.today:
                continue
            is_open = is_open or end is None or end > world.today
            days += ((end if end is not None and end <= world.today else world.today) - begin).days
    if days or is_open:
        clock.paused_days = days
        clock.due = day_of(clock.due) + timedelta(days=days)
        clock.practical_due = world.working(clock.duty).last_on_or_before(clock.due)
        clock.reason = f"the time stood still for {days} day{'' if days == 1 else 's'}"
        clock.state = State.PAUSED if is_open else clock.state


def _birthday_clock(duty: Duty, part: Part, trigger: Occurrence, story: Story, world: World) -> Clock | None:
    if story.birth_date is None or part.amount is None:
        return None
    due, why = birthday(story.birth_date, part.amount.number), ""
    died = story.death_date
    if duty.years_from_death is not None and died is not None and died < birthday(story.birth_date, 18):
        due = birthday(died, duty.years_from_death) - timedelta(days=1)
        why = f"{duty.years_from_death} years beginning with the day of death, because the person died before 18"
    clock = make_clock(duty, part, trigger, story, world, started=trigger.when, due=due)
    clock.reason = why
    return clock


def _window_clock(duty: Duty, part: Part, trigger: Occurrence, story: Story, world: World) -> Clock | None:
    if part.amount is None or part.to is None:
        return None
    day = day_of(trigger.when)
    closes = world.count(part.to, start=day, calendar=duty.calendar)
    clock = make_clock(duty, part, trigger, story, world, started=trigger.when, due=closes)
    clock.opens = day_of(world.count(part.amount, start=day, calendar=duty.calendar))
    return clock


def _limit_clock(duty: Duty, part: Part, trigger: Occurrence, story: Story, world: World) -> Clock | None:
    """Return the clock of a limit on the total in a rolling period, over all spells of the trigger's kind."""
    if part.amount is None or part.per is None:
        return None
    holidays = world.calendars.working("england_and_wales").holidays
    reached, why = limit_of(duty, part, trigger, story, holidays=holidays)
    clock = make_clock(duty, part, trigger, story, world, started=trigger.when, due=reached)
    ended = date_of(trigger.fact, "end")
    clock.reason = "the total stayed inside the limit" if reached is None and ended is not None else why
    return clock
