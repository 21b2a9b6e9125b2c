"""
The passing of days: when the clocks of one person must be worked out again although no fact has changed.

Between two such days only the dates of the clocks move them, from running to due soon to due to overdue: a wall that
keeps them needs no facts. `wall_on` gives those states; `look_again` gives the day until which that is enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from kinfold.duties.arithmetic import birthday, day_of
from kinfold.duties.clock import Clock, State
from kinfold.duties.duty import Duty
from kinfold.duties.story import Story
from kinfold.duties.world import World


def look_again(story: Story, found: Iterable[Clock], world: World) -> date | None:
    """
    Return the first day after today on which time alone may start, end, meet or re-date a clock; None when none will.

    It may name a day on which nothing changes, never a later one than the first on which something does.
    """
    if any(clock.state is State.PAUSED for clock in found):
        return world.today + timedelta(days=1)
    days = [*_ends(story), *_of_duties(story, world)]
    return min((day for day in days if day > world.today), default=None)


def _ends(story: Story) -> Iterator[date]:
    """Yield the first and last days of spells, on which they may begin or cease to hold."""
    for facts in story.by_kind.values():
        for fact in facts:
            if fact.valid_from is not None:
                yield fact.valid_from
            if fact.valid_to is not None:
                yield fact.valid_to
    if story.death_date is not None:
        yield story.death_date


def _of_duties(story: Story, world: World) -> Iterator[date]:
    """Yield the days of what the duties of this person look at: what starts, meets and ends them."""
    for duty in world.duties_started_by(story.by_kind):
        yield from _of_duty(duty, story, world)


def _of_duty(duty: Duty, story: Story, world: World) -> Iterator[date]:
    tomorrow = world.today.toordinal() + 1
    for pattern in world.catalogue.patterns_of[duty.id]:
        if pattern.kind in story.by_kind:
            found = story.occurrences(pattern)
            if found and found[-1].order >= tomorrow:
                yield from (day_of(one.when) for one in found if one.order >= tomorrow)
    window = duty.rule.one("window")
    if window is not None and window.amount is not None and window.amount.number < 0:
        for trigger in story.all_occurrences(duty.trigger):
            yield day_of(world.count(window.amount, start=day_of(trigger.when), calendar=duty.calendar))
    if duty.until_age is not None and story.birth_date is not None:
        yield birthday(story.birth_date, duty.until_age)
