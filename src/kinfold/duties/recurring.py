"""
Clocks that come round again: visits, reviews, checks.

The next one always runs from the event that was held, never from the day it was due, and an event that was
attempted, cancelled or inquorate is no event: the catalogue's patterns leave it out.

Where an interval depends on something that has or has not happened (weekly until the first review, four-weekly
after it), a change before the last day re-dates the running clock: the old one is superseded and kept. Where it
depends on age or on how long something has lasted, the interval is the one that applied when it began.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from kinfold.duties.arithmetic import When, add_months, age_on, day_of
from kinfold.duties.clock import Clock, State
from kinfold.duties.deadline import conditions_hold, end_of, first_after, make_clock, settle
from kinfold.duties.duty import Duty
from kinfold.duties.rule import Amount, Part, Term, Unit
from kinfold.duties.story import Occurrence, Story, is_before
from kinfold.duties.world import World
from kinfold.terms.errors import InputError

_LONGEST_CHAIN = 2000  # more events of one kind for one person is a fault of the source, not a life


def is_recurring(duty: Duty) -> bool:
    """Return whether the duty comes round again."""
    return bool(duty.rule.named("every"))


def recurring_clocks(duty: Duty, triggers: Sequence[Occurrence], story: Story, world: World) -> Iterator[Clock]:
    """Return the clocks of a recurring duty, met ones too, in order."""
    for trigger in triggers:
        end = end_of(duty, trigger, story)
        if duty.runs_from_its_own_event:
            following = _next_event(duty, trigger, trigger, story, world, strictly=True)
            yield from _interval(duty, trigger, trigger, 0, story, world, end, following)
        else:
            yield from _chain(duty, trigger, story, world, end)


def _chain(
    duty: Duty, trigger: Occurrence, story: Story, world: World, end: tuple[When | None, str]
) -> Iterator[Clock]:
    seed, index = trigger, 0
    if duty.counts_from == "event":
        found = _next_event(duty, trigger, trigger, story, world, strictly=False)
        if found is None or _is_after_end(found, end):
            return
        seed, index = found, 1
    while index < _LONGEST_CHAIN:
        following = _next_event(duty, trigger, seed, story, world, strictly=index > 0)
        yield from _interval(duty, trigger, seed, index, story, world, end, following)
        if following is None or _is_after_end(following, end):
            return
        seed, index = following, index + 1


def _is_after_end(one: Occurrence, end: tuple[When | None, str]) -> bool:
    return end[0] is not None and is_before(end[0], one.when)


def _next_event(
    duty: Duty, trigger: Occurrence, seed: Occurrence, story: Story, world: World, *, strictly: bool
) -> Occurrence | None:
    """Return the next event that meets the duty after `seed`; two on one day are one."""
    best: Occurrence | None = None
    for pattern in duty.completions("every"):
        one = first_after(story.occurrences(pattern), pattern, trigger, seed.when, strictly=strictly)
        if one is not None and (best is None or one.order < best.order):
            best = one
    return best if best is not None and not world.is_to_come(best.when) else None


def _interval(
    duty: Duty,
    trigger: Occurrence,
    seed: Occurrence,
    index: int,
    story: Story,
    world: World,
    end: tuple[When | None, str],
    following: Occurrence | None,
) -> Iterator[Clock]:
    """Return the clock of one interval from `seed`, preceded by the superseded one when a milestone re-dated it."""
    part = _part_at(duty, trigger, seed, index, story, day_of(seed.when))
    if part is None:
        return
    clock = _count(duty, part, trigger, seed, story, world)
    met = following
    passed = _milestone(duty, trigger, story) if duty.milestone else None
    if passed is not None and clock.due is not None and not world.is_to_come(passed):
        changes = is_before(seed.when, passed) and not is_before(clock.due, passed)
        still_open = met is None or not is_before(met.when, passed)
        later = _part_at(duty, trigger, seed, index, story, day_of(passed))
        if changes and still_open and later is not part:
            clock.state, clock.changed_on = State.SUPERSEDED, day_of(passed)
            clock.reason = f"the interval changed on {day_of(passed).day} {day_of(passed):%B %Y}"
            yield clock
            if later is None:
                return
            clock = _count(duty, later, trigger, seed, story, world)
    yield settle(clock, met, end, world)


def _count(duty: Duty, part: Part, trigger: Occurrence, seed: Occurrence, story: Story, world: World) -> Clock:
    if part.amount is None:
        return make_clock(duty, part, trigger, story, world, started=seed.when, due=None)
    try:
        due = world.count(part.amount, start=seed.when, calendar=duty.calendar, beginning_with=part.beginning_with)
    except InputError as problem:
        clock = make_clock(duty, part, trigger, story, world, started=seed.when, due=None)
        clock.reason = f"the last day cannot be worked out: {problem}"
        return clock
    return make_clock(duty, part, trigger, story, world, started=seed.when, due=due)


def _part_at(duty: Duty, trigger: Occurrence, seed: Occurrence, index: int, story: Story, on: date) -> Part | None:
    """Return the part that sets the interval from `seed`: first, second, or the `every` whose condition holds."""
    if index == 0 and not duty.runs_from_its_own_event:
        opening = duty.rule.one("first") or duty.rule.one("within")
        if opening is not None:
            return opening
    if index == 1 and duty.counts_from == "trigger" and duty.rule.one("second") is not None:
        return duty.rule.one("second")
    for part in duty.rule.intervals:
        if conditions_hold(duty, part, trigger, story) and all(
            _holds(duty, term, trigger, seed, story, on) for term in part.conditions
        ):
            return part
    return None


def _holds(duty: Duty, term: Term, trigger: Occurrence, seed: Occurrence, story: Story, on: date) -> bool:
    """Return whether one bracketed condition holds for the interval that began with `seed`."""
    if term.name.startswith(("before_", "after_")):
        passed = _milestone(duty, trigger, story)
        has_passed = passed is not None and day_of(passed) <= on
        return has_passed is term.name.startswith("after_")
    if not term.operator:
        return True  # a test of the trigger's fields, which `conditions_hold` has answered
    day = day_of(seed.when)
    if term.name == "age":
        return _compare(age_on(story.birth_date, day), term) if story.birth_date else term.operator == ">="
    lasted = _whole_months(day_of(trigger.when), day)
    return _compare(lasted // 12 + 1, term) if term.name == "year" else _compare(lasted, term)


def _compare(actual: int, term: Term) -> bool:
    value = term.value
    wanted = value if isinstance(value, int) else _in_months(value) if value is not None else 0
    return {
        "<": actual < wanted,
        "<=": actual <= wanted,
        ">": actual > wanted,
        ">=": actual >= wanted,
        "=": actual == wanted,
    }[term.operator]


def _in_months(amount: Amount) -> int:
    return amount.number * 12 if amount.unit is Unit.YEARS else amount.number


def _whole_months(start: date, day: date) -> int:
    """Return how many whole months lie between the two days."""
    months = (day.year - start.year) * 12 + day.month - start.month
    return months - 1 if add_months(start, months) > day else months


def _milestone(duty: Duty, trigger: Occurrence, story: Story) -> When | None:
    """Return when the event that changes the interval first came: since care began where the pattern says so."""
    best: Occurrence | None = None
    for pattern in duty.milestone:
        start: When = trigger.when
        if pattern.of is not None:
            around = story.spell_around(pattern.of, day_of(trigger.when))
            start = around.valid_from if around is not None and around.valid_from is not None else start
        one = first_after(story.occurrences(pattern), pattern, trigger, start)
        if one is not None and (best is None or one.order < best.order):
            best = one
    return best.when if best is not None else None
