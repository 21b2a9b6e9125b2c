"""Clocks worked out from the facts as they are asked for: one child's, or a few people's before the worker has them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kinfold.duties import Clock, World, calendars_known_on, clocks_of, days_in_force, duty_catalogue
from kinfold.service.records.models import Holder
from kinfold.service.records.reads.clock_facts import stories_of
from kinfold.service.records.reads.clock_world import council_of, kept_kinds


def world_of(holder: Holder, on: date) -> World:
    """Return what the clocks of a holder are worked out against, as the calendar was known on a day."""
    return World(duty_catalogue(), calendars_known_on(on), on, days_in_force(), kept_kinds(holder.pk))


def clocks_of_people(
    persons: Sequence[int], holder: Holder, *, on: date, number: int | None = None, world: World | None = None
) -> list[Clock]:
    """Return every clock of some people of one holder, from the facts as known at a commit (now, when None)."""
    against = world or world_of(holder, on)
    stories = stories_of(persons, council=council_of(holder), number=number)
    return [clock for story in stories for clock in clocks_of(story, against)]
