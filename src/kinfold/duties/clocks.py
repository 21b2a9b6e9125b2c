"""
The engine: facts, catalogue, calendars and a day in; clocks out.

It knows nothing but what it is handed. The same facts in any order give the same clocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from kinfold.duties.arithmetic import When, age_on, birthday, day_of
from kinfold.duties.calendars import Calendars
from kinfold.duties.catalogue import Catalogue
from kinfold.duties.clock import Clock, State
from kinfold.duties.deadline import clocks_for_parts
from kinfold.duties.duty import Duty, Requirement
from kinfold.duties.gate_clock import gate_clocks, standing_clocks
from kinfold.duties.predicates import PREDICATES
from kinfold.duties.recurring import is_recurring, recurring_clocks
from kinfold.duties.rule import Part
from kinfold.duties.story import TYPED_IN, Council, Fact, Occurrence, Story, stories
from kinfold.duties.world import World


def clocks(
    facts: Iterable[Fact],
    catalogue: Catalogue,
    calendars: Calendars,
    *,
    today: When,
    known_at: int | None = None,
    switches: Mapping[str, date] | None = None,
    council: Council | None = None,
    kept: frozenset[str] | None = None,
) -> list[Clock]:
    """
    Return every clock that `facts` start, of every subject they are about.

    `today` is the day, or the moment where hours matter. `known_at` is the number of the commit whose knowledge is
    asked about; hand in `calendars` as they were known on that day too. `switches` maps the identifier of a duty that
    waits for commencement to the day it comes (or would come) into force. `kept` are the kinds that this council's
    forms and files carry: a duty that nothing could show to be met is then not applicable, with that reason, unless
    what starts it was typed in here.
    Facts and catalogue are not changed.
    """
    world = World(catalogue, calendars, today, switches or {}, kept)
    found: list[Clock] = []
    for story in stories(facts, commit_number=known_at, council=council):
        found.extend(clocks_of(story, world))
    return found


def clocks_of(story: Story, world: World) -> list[Clock]:
    """Return every clock of one subject, in order of duty, trigger and part."""
    found: list[Clock] = []
    for duty in world.duties_started_by(story.by_kind):
        found.extend(_clocks_of_duty(duty, story, world))
    return found


def _clocks_of_duty(duty: Duty, story: Story, world: World) -> Iterator[Clock]:
    triggers = _come(duty, _triggers(duty, story), world)
    if not triggers:
        return
    if not world.can_be_shown(duty):
        # what was typed in here is answered here: only of what a file brought may the answer stand in another system
        for trigger in triggers:
            if trigger.fact.source != TYPED_IN:
                yield _not_applicable(duty, trigger, story, "nothing loaded here could show whether it was done")
        triggers = [trigger for trigger in triggers if trigger.fact.source == TYPED_IN]
    applying = []
    for trigger in triggers:
        if duty.since is not None and day_of(trigger.when) < duty.since:
            continue
        if duty.until is not None and day_of(trigger.when) >= duty.until:
            continue
        failed = failed_requirement(duty, trigger, story)
        if failed is None:
            applying.append(trigger)
        elif failed.because:
            yield _not_applicable(duty, trigger, story, failed.because)
    made: Iterator[Clock]
    if duty.is_gate:
        made = gate_clocks(duty, applying, story, world)
    elif duty.rule.one("standing") is not None:
        made = standing_clocks(duty, applying, story, world)
    elif is_recurring(duty):
        made = recurring_clocks(duty, applying, story, world)
    else:
        made = clocks_for_parts(duty, applying, story, world)
    if not duty.is_reform:
        yield from made
        return
    commenced = world.commenced(duty)
    for clock in made:
        asleep = commenced is None or day_of(clock.trigger.when) < commenced
        yield _dormant(clock, commenced) if asleep else clock


def _triggers(duty: Duty, story: Story) -> list[Occurrence]:
    """Return what starts the duty; two facts that say the same thing on the same day start it once."""
    found = story.all_occurrences(duty.trigger)
    if len(duty.trigger) == 1 or len(found) < 2:
        return found
    once: dict[float, Occurrence] = {}
    for one in found:
        once.setdefault(float(day_of(one.when).toordinal()), one)
    return list(once.values())


def _come(duty: Duty, triggers: list[Occurrence], world: World) -> list[Occurrence]:
    """Return the triggers that have happened by now; a window may open before its day."""
    if duty.backwards or not triggers:
        return triggers
    window = duty.rule.one("window")
    if window is None or window.amount is None or window.amount.number >= 0:
        return [one for one in triggers if not world.is_to_come(one.when)]
    before, calendar = window.amount, duty.calendar
    return [
        one for one in triggers if day_of(world.count(before, start=day_of(one.when), calendar=calendar)) <= world.today
    ]


def failed_requirement(duty: Duty, trigger: Occurrence, story: Story) -> Requirement | None:
    """Return the first requirement of the duty that does not hold on the trigger day, or None when it applies."""
    day = day_of(trigger.when)
    return next((need for need in duty.requires if not _is_met(need, trigger, day, story)), None)


def _is_met(need: Requirement, trigger: Occurrence, day: date, story: Story) -> bool:
    born = story.birth_date
    if born is not None:
        # An age that is not known excludes nothing: the clock runs until somebody says otherwise.
        if need.age_at_least is not None and age_on(born, day) < need.age_at_least:
            return False
        if need.age_below is not None and day >= birthday(born, need.age_below):
            return False
    if need.pattern is not None:
        if need.when in ("open", "not open"):
            if story.is_open(need.pattern, day) is (need.when == "not open"):
                return False
        elif any(day_of(one.when) <= day for one in story.occurrences(need.pattern)) is (need.when == "never"):
            return False
    if need.test:
        return PREDICATES[need.test].holds(story, trigger.fact)
    return True


def _not_applicable(duty: Duty, trigger: Occurrence, story: Story, because: str) -> Clock:
    part: Part = duty.rule.parts[0]
    return Clock(
        duty=duty,
        part=part,
        subject=story.subject,
        trigger=trigger,
        started=trigger.when,
        due=None,
        state=State.NOT_APPLICABLE,
        changed_on=day_of(trigger.when),
        reason=because,
    )


def _dormant(clock: Clock, commenced: date | None) -> Clock:
    clock.asleep, clock.state = clock.state, State.DORMANT
    if commenced is None:
        clock.reason = "enacted and not yet law: no day has been appointed"
    else:
        clock.reason = f"it began before this became law on {commenced.day} {commenced:%B %Y}"
    return clock
