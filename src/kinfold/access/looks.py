"""
Who looked, as the family sees it: the organisation, the role, the reason and the day, never a worker's name.

A named person may hold a look back, for a stated reason and with a review date, because showing it can endanger a
child. A look that is held back is not in the family's list at all: that something is hidden could itself tell. It
stays back until somebody releases it.

Source: architecture, "Views".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kinfold.access.law import policy_number
from kinfold.access.policy import may
from kinfold.access.things import Actor, Thing, day_of
from kinfold.access.words import Verb
from kinfold.terms.errors import InputError, NotPermitted


@dataclass(frozen=True, slots=True)
class ViewEntry:
    """One look at one person's record, as the chain's payload has it. `id` is the entry's position."""

    id: int
    person: int
    at: datetime
    actor: int
    organisation: str
    role: str
    reason: str


@dataclass(frozen=True, slots=True)
class Hold:
    """One look held back from the family: by whom, why, until it is reviewed, and when it was released, if it was."""

    view: int
    by: int
    reason: str
    since: date
    review_on: date
    released_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Return whether the look is still held back on `day`, overdue or not."""
        return self.since <= day and (self.released_on is None or day < self.released_on)


@dataclass(frozen=True, slots=True)
class Look:
    """One line of "who has looked". `hidden` and `review_on` are for staff: the family never sees a hidden line."""

    on: date
    organisation: str
    role: str
    reason: str
    hidden: bool = False
    review_on: date | None = None


def for_family(entries: Iterable[ViewEntry], holds: Iterable[Hold], on: date) -> list[Look]:
    """Return the looks that the family sees on `on`, newest first, several of one role on one day as one line."""
    looks = {look: None for look in _newest_first(entries, holds, on) if not look.hidden}
    return list(looks)


def _newest_first(entries: Iterable[ViewEntry], holds: Iterable[Hold], on: date) -> list[Look]:
    held = {hold.view: hold for hold in holds if hold.holds_on(on)}
    newest = sorted(entries, key=lambda entry: (entry.at, entry.id), reverse=True)
    return [_look(entry, held.get(entry.id)) for entry in newest if day_of(entry.at) <= on]


def _look(entry: ViewEntry, hold: Hold | None) -> Look:
    return Look(
        on=day_of(entry.at),
        organisation=entry.organisation,
        role=entry.role,
        reason=entry.reason,
        hidden=hold is not None,
        review_on=hold.review_on if hold else None,
    )


def hold_back(actor: Actor, thing: Thing, *, view: int, reason: str, review_on: date, now: datetime) -> Hold:
    """
    Return the hold that keeps one look from the family's list.

    `thing` is the record that was looked at. Raises NotPermitted if the rule of access refuses; InputError without
    a reason, or if the review date is not within the time of the policy.
    """
    decision = may(actor, Verb.HOLD_BACK, thing, now)
    if not decision.allowed:
        raise NotPermitted(decision.because)
    if len(reason.strip()) < 10:
        raise InputError("Say how showing this look could endanger a child, in 10 characters or more")
    since = day_of(now)
    latest = since + timedelta(days=policy_number("hold_longest", since))
    if not since < review_on <= latest:
        raise InputError(f"The review date must be after today and on or before {latest:%d %B %Y}")
    return Hold(view=view, by=actor.id, reason=reason.strip(), since=since, review_on=review_on)
