"""Which spell a fact belongs to, for the writers: a file nests what the record keeps side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from kinfold.record.claim import Claim

T = TypeVar("T")


def owner_of(owners: Sequence[T], claim: Claim, *, spell: Callable[[T], Claim]) -> T | None:
    """
    Return the owner whose spell was open on the claim's first day: the latest such, else the first of all.

    `spell` gives an owner's spell. None when there are no owners.
    """
    day = claim.valid_from or date.min
    best: T | None = None
    for owner in owners:
        start, end = spell(owner).valid_from or date.min, spell(owner).valid_to
        is_open = start <= day and (end is None or day <= end)
        if is_open and (best is None or start > (spell(best).valid_from or date.min)):
            best = owner
    if best is not None:
        return best
    return owners[0] if owners else None
