"""Periods of being looked after, worked out from placements: the feed sends placements and no periods."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from kinfold.record.claim import Place

STARTS_CARE = "S"
GOES_ON = "X1"


class Stay(NamedTuple):
    """One placement as it bears on a period: its days and the codes for why it began and ended."""

    place: Place
    start: date
    end: date | None
    start_reason: str | None
    end_reason: str | None


class Period(NamedTuple):
    """One period of being looked after; `end` is the first day it no longer held."""

    start: date
    end: date | None
    start_reason: str | None
    end_reason: str | None
    places: tuple[Place, ...]


def care_periods(stays: Sequence[Stay], *, whole: bool = True) -> Iterator[Period]:
    """
    Yield the periods that follow from a child's placements, in order of time.

    A period goes on while each placement begins on the day the one before ended, or ended with X1, "next
    episode". Where a placement could not be read (`whole` is False) a gap is not taken for an end. A chain
    whose first placement says that it did not start care yields nothing: its beginning is not known here.
    """
    chain: list[Stay] = []
    for stay in sorted(stays, key=lambda stay: (stay.start, stay.end or date.max)):
        if chain and not _follows(chain, stay, whole=whole):
            yield from _period(chain)
            chain = []
        chain.append(stay)
    yield from _period(chain)


def _follows(chain: Sequence[Stay], stay: Stay, *, whole: bool) -> bool:
    before = max(chain, key=lambda earlier: earlier.end or date.max)
    if stay.start_reason == STARTS_CARE:
        return False
    if before.end is None or before.end_reason == GOES_ON:
        return True
    if before.end_reason is not None:
        return False
    return stay.start <= before.end or not whole


def _period(chain: Sequence[Stay]) -> Iterator[Period]:
    if not chain or chain[0].start_reason not in (STARTS_CARE, None):
        return
    last = max(chain, key=lambda stay: stay.end or date.max)
    ended = last.end is not None and last.end_reason != GOES_ON
    yield Period(
        start=chain[0].start,
        end=last.end if ended else None,
        start_reason=chain[0].start_reason,
        end_reason=last.end_reason if ended else None,
        places=tuple(dict.fromkeys(stay.place for stay in chain)),
    )
