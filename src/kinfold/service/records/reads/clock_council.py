"""The council's own clocks: posts that must be filled and reports that must be published. No child is in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kinfold.access.things import Thing as Asked
from kinfold.access.words import Sort, Verb
from kinfold.duties import Clock, World, clocks_of
from kinfold.service.records.models import BodyFact, Holder
from kinfold.service.records.reads.clock_facts import stories_of
from kinfold.service.records.reads.clock_working import world_of
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.services import SAFEGUARDING
from kinfold.service.records.scope import as_system


def council_clocks(reader: Reader, *, on: date) -> list[Clock]:
    """Return the clocks of the reader's own council that ask for something or are late, the most pressing first."""
    holder = reader.account.held_by
    if holder is None:
        return []
    with as_system():
        bodies = BodyFact.objects.filter(held_by=holder, kind="council_details", known_to__isnull=True)
        subjects = list(bodies.values_list("subject_id", flat=True))
        found = [clock for story in stories_of(subjects) for clock in clocks_of(story, _world(holder, on))]
    return sorted((one for one in found if one.is_waiting or one.is_overdue), key=lambda one: str(one.due or "9999"))


def _world(holder: Holder, on: date) -> World:
    # A council's own facts come through its forms, whatever files it loads.
    return replace(world_of(holder, on), kept=None)


def asked_of(held_by: int) -> Asked:
    """Return the council's own record as the rule of access takes it."""
    return Asked(sort=Sort.RECORD, held_by=held_by, slice=SAFEGUARDING)


def may_record(reader: Reader) -> bool:
    """Return whether the reader records what the council itself does."""
    held_by = reader.account.held_by_id
    return held_by is not None and bool(reader.decide(Verb.WRITE, asked_of(held_by)))
