"""
The return's episodes, cut from what the record keeps: care periods, legal statuses and placements.

An episode is never stored. It begins wherever the legal status or the placement changes, and ends where
either does. `cut` is the inverse of `spells.spells_from`: what one takes apart the other puts together.

Source: SSDA903 guide, episodes: reason for new episode S, L, P, T, B, U; reason episode ceased X1 when
another episode follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from kinfold.record.in_time import Dated


class Episode(NamedTuple):
    """One episode as the return has it; `ended` is DEC: the first day it no longer held."""

    started: date
    reason_for_new_episode: str | None = None
    legal_status: str | None = None
    category_of_need: str | None = None
    placement_type: str | None = None
    placement_provider: str | None = None
    ended: date | None = None
    reason_ceased: str | None = None
    reason_for_placement_change: str | None = None
    home_postcode: str | None = None
    placement_postcode: str | None = None
    urn: str | None = None


def cut(spells: Iterable[Dated]) -> list[Episode]:
    """
    Return the episodes of one child, in order of time.

    A gap in both legal status and placement has no episode. Where spells overlap, the later one counts.
    A spell whose first day is not known begins with the first day that is.
    """
    spells = list(spells)
    care, legal, placed = (_in_order(spells, kind) for kind in ("care_period", "legal_status", "placement"))
    episodes = []
    for start, end in _stretches([*legal, *placed]):
        status, placement = _holding(legal, start, end), _holding(placed, start, end)
        if status is not None or placement is not None:
            episodes.append(_episode(start, end, period=_holding(care, start, end), status=status, placement=placement))
    return episodes


def _in_order(spells: Sequence[Dated], kind: str) -> list[Dated]:
    chosen = [spell for spell in spells if spell.kind == kind]
    return sorted(chosen, key=lambda spell: (_first(spell), spell.valid_to or date.max))


def _first(spell: Dated) -> date:
    return spell.valid_from or date.min


def _stretches(spells: Sequence[Dated]) -> list[tuple[date, date | None]]:
    """Return the stretches of time between one change and the next; the last may have no end."""
    known = [spell.valid_from for spell in spells if spell.valid_from is not None]
    if not known:
        return []
    earliest = min(known)
    changes = set(known) | {spell.valid_to for spell in spells if spell.valid_to and spell.valid_to > earliest}
    ordered = sorted(changes)
    stretches: list[tuple[date, date | None]] = [*pairwise(ordered)]
    if any(spell.valid_to is None for spell in spells):
        stretches.append((ordered[-1], None))
    # A spell that begins and ends on one day is a stretch of its own, before the one that follows it.
    moments = {(day, day) for spell in spells if (day := spell.valid_from) is not None and day == spell.valid_to}
    return sorted([*stretches, *moments], key=lambda stretch: (stretch[0], stretch[1] or date.max))


def _holding(spells: Sequence[Dated], start: date, end: date | None) -> Dated | None:
    """Return the latest begun of the spells that hold over the whole stretch."""
    for spell in reversed(spells):
        ends = spell.valid_to or date.max
        if _first(spell) <= start and ends >= (end or date.max) and (ends > start or (start == end == ends)):
            return spell
    return None


def _episode(
    start: date, end: date | None, *, period: Dated | None, status: Dated | None, placement: Dated | None
) -> Episode:
    place = placement.payload if placement is not None else {}
    leaves_place = placement is not None and end is not None and placement.valid_to == end
    return Episode(
        started=start,
        reason_for_new_episode=_reason_begun(start, period=period, status=status, placement=placement),
        legal_status=status.payload.get("legal_status") if status is not None else None,
        category_of_need=period.payload.get("primary_need") if period is not None else None,
        placement_type=place.get("placement_type"),
        placement_provider=place.get("placement_provider"),
        ended=end,
        reason_ceased=_reason_ceased(end, period=period, placement=placement if leaves_place else None),
        reason_for_placement_change=place.get("change_reason") if leaves_place else None,
        home_postcode=place.get("home_postcode"),
        placement_postcode=place.get("postcode"),
        urn=place.get("urn"),
    )


def _reason_begun(start: date, *, period: Dated | None, status: Dated | None, placement: Dated | None) -> str | None:
    """
    Return why the episode began, from what began with it.

    Whether the carer stayed (T, U) cannot be seen from the spells: the placement keeps the reason it came with.
    """
    begins_place = placement is not None and placement.valid_from == start
    if begins_place and placement is not None and placement.payload.get("start_reason"):
        return str(placement.payload["start_reason"])
    if period is not None and period.valid_from == start:
        return "S"
    begins_status = status is not None and status.valid_from == start
    if begins_status:
        return "B" if begins_place else "L"
    return "P" if begins_place else None


def _reason_ceased(end: date | None, *, period: Dated | None, placement: Dated | None) -> str | None:
    """Return why the episode ceased: as the care period did, as the placement did, else because another follows."""
    if end is None:
        return None
    if period is not None and period.valid_to == end and period.payload.get("end_reason"):
        return str(period.payload["end_reason"])
    if placement is not None and placement.payload.get("end_reason"):
        return str(placement.payload["end_reason"])
    return "X1"
