"""
Gate duties and standing duties as clocks.

A gate duty must be met before something else. When that other thing is on record and the duty was not met, the
fact stands and the clock is in breach at once: a gate never stops what has happened from being recorded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from kinfold.duties.arithmetic import When, day_of
from kinfold.duties.clock import Clock, State
from kinfold.duties.deadline import belongs, end_of, make_clock, settle
from kinfold.duties.duty import Duty
from kinfold.duties.rule import Part
from kinfold.duties.story import Occurrence, Story, is_before
from kinfold.duties.world import World


def gate_clocks(duty: Duty, triggers: Sequence[Occurrence], story: Story, world: World) -> Iterator[Clock]:
    """Return one clock for each trigger of a gate duty; repeated triggers before one gated event share the first's."""
    part = duty.rule.one("gate")
    if part is None:
        return
    answered: set[float] = set()
    previous: Occurrence | None = None
    for trigger in triggers:
        gated = _gated(duty, trigger, story, world)
        mark = gated.order if gated is not None else -1.0
        if mark in answered:
            continue
        answered.add(mark)
        yield _gate_clock(duty, part, trigger, gated, previous, story, world)
        previous = gated or previous


def _gated(duty: Duty, trigger: Occurrence, story: Story, world: World) -> Occurrence | None:
    """Return the first event on or after the trigger that the duty had to come before, or None."""
    best: Occurrence | None = None
    for pattern in duty.gates:
        for one in story.occurrences(pattern):
            if is_before(one.when, trigger.when) or world.is_to_come(one.when) or not belongs(one, pattern, trigger):
                continue
            if best is None or one.order < best.order:
                best = one
    return best


def _gate_clock(
    duty: Duty,
    part: Part,
    trigger: Occurrence,
    gated: Occurrence | None,
    previous: Occurrence | None,
    story: Story,
    world: World,
) -> Clock:
    met = completion_between(duty, trigger, gated, story, after=previous)
    clock = make_clock(
        duty, part, trigger, story, world, started=trigger.when, due=gated.when if gated is not None else None
    )
    if gated is None:
        return settle(clock, met, end_of(duty, trigger, story), world)
    clock.amber_on = None
    if met is not None and world.is_to_come(met.when):
        met = None
    if met is None:
        clock.state = State.BREACHED
        clock.reason = f"it had to come before what happened on {day_of(gated.when).day} {day_of(gated.when):%B %Y}"
        return clock
    clock.met_by = met
    clock.state = State.MET_LATE if is_before(gated.when, met.when) else State.MET
    return clock


_LOOK_BACK = timedelta(days=200)


def completion_between(
    duty: Duty, trigger: Occurrence, gated: Occurrence | None, story: Story, *, after: Occurrence | None
) -> Occurrence | None:
    """
    Return the first fact that meets a gate duty, later than the gated event before this one.

    It is looked for from the trigger on. Where the gated event is all there is on record, so that nothing shows when
    it was first proposed, it may lie up to 200 days before: a plan for permanence takes that long to the second review.
    """
    best: Occurrence | None = None
    floor = day_of(trigger.when)
    if gated is not None and day_of(gated.when) == floor:
        floor -= _LOOK_BACK
    for pattern in duty.completions("gate"):
        for one in story.occurrences(pattern):
            if day_of(one.when) < floor or not belongs(one, pattern, trigger):
                continue
            if after is not None and not is_before(after.when, one.when) and "fact" not in pattern.same:
                continue
            if best is None or one.order < best.order:
                best = one
    return best


def standing_clocks(duty: Duty, triggers: Sequence[Occurrence], story: Story, world: World) -> Iterator[Clock]:
    """Return one clock for a standing duty: met while something on record shows it, due soon otherwise."""
    trigger = triggers[-1] if triggers else None
    if trigger is None:
        return
    part = duty.rule.parts[0]
    clock = make_clock(duty, part, trigger, story, world, started=trigger.when, due=None)
    several = (one for pattern in duty.completions("standing") for one in story.occurrences(pattern))
    shown = [one for one in several if _holds_now(one, world)]
    if shown:
        clock.state, clock.met_by = State.MET, max(shown, key=lambda one: one.order)
    else:
        clock.state, clock.reason = State.AMBER, "nothing on record shows that it is met"
    yield clock


def _holds_now(one: Occurrence, world: World) -> bool:
    ended: When | None = one.fact.valid_to
    return not world.is_to_come(one.when) and (ended is None or day_of(ended) > world.today)
