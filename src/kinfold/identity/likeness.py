"""
How like one person is to what was typed into a search: a number to put results in order, never a decision.

Deciding whether two records are the same child is `identity/`'s other work, with weights that were measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rapidfuzz.distance import JaroWinkler

from kinfold.identity.name_keys import name_parts

# How near a date of birth must be to be called a slip: one digit, day and month exchanged, a year either way.
EXACT, SLIP, OTHER = 1.0, 0.7, 0.0


def name_likeness(asked: Sequence[str], names: Sequence[str]) -> float:
    """Return from 0 to 1 how well the parts asked for are found in the best of a person's names."""
    if not asked:
        return 0.0
    return max((_likeness(asked, name_parts(name)) for name in names if name), default=0.0)


def _likeness(asked: Sequence[str], parts: Sequence[str]) -> float:
    if not parts:
        return 0.0
    found = [max(_part(wanted, part) for part in parts) for wanted in asked]
    return sum(found) / len(found)


def _part(wanted: str, part: str) -> float:
    if wanted == part:
        return 1.0
    if len(wanted) >= 3 and part.startswith(wanted):
        return 0.97
    return 0.95 * JaroWinkler.similarity(wanted, part)


def birth_likeness(asked: date, born: date | None) -> float:
    """Return 1 for the same day, 0.7 for a likely slip of the pen, else 0."""
    if born is None:
        return OTHER
    if asked == born:
        return EXACT
    a, b = asked.strftime("%Y%m%d"), born.strftime("%Y%m%d")
    one_digit = sum(x != y for x, y in zip(a, b, strict=True)) == 1
    exchanged = asked.year == born.year and (asked.day, asked.month) == (born.month, born.day)
    a_year = (asked.day, asked.month) == (born.day, born.month) and abs(asked.year - born.year) == 1
    neighbours = sorted(a) == sorted(b) and sum(x != y for x, y in zip(a, b, strict=True)) == 2
    return SLIP if one_digit or exchanged or a_year or neighbours else OTHER
