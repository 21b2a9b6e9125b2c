"""
Counts of a published table with small ones hidden, and with them whatever would let a small one be worked out.

A count from 1 up to the pack's limit is hidden; so is one whose rest of its whole is so small. Where one row of a column alone is
hidden, the next smallest is hidden too, because the column's total is published and would tell the first; where there is no other,
the total is hidden.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

HIDDEN = None
Counts = Mapping[str, int]


def suppressed(
    rows: Sequence[Counts], *, least: int, wholes: Mapping[str, str]
) -> tuple[list[dict[str, int | None]], dict[str, int | None]]:
    """
    Return rows of counts and their totals, hidden ones as None. Counts below `least` and not 0 are small.

    `wholes` says of which column another is a part: its rest must not be small either.
    """
    names = list(rows[0]) if rows else []
    hidden = [{name for name in names if _small(row, name, least, wholes)} for row in rows]
    for name in names:
        _second(name, rows, hidden)
    for number, row in enumerate(rows):  # a whole that is hidden tells nothing of its parts, nor a part of its whole
        hidden[number] |= {part for part, whole in wholes.items() if whole in hidden[number] and part in row}
    for name in names:
        _second(name, rows, hidden)
    shown = [{name: HIDDEN if name in hidden[at] else row[name] for name in names} for at, row in enumerate(rows)]
    alone = {name for name in names if sum(name in some for some in hidden) == 1}
    whole = {name: sum(row[name] for row in rows) for name in names}
    totals = {name: HIDDEN if name in alone or _small(whole, name, least, wholes) else whole[name] for name in names}
    return shown, totals


def _small(row: Counts, name: str, least: int, wholes: Mapping[str, str]) -> bool:
    value = row[name]
    rest = row[wholes[name]] - value if name in wholes else 0
    return 0 < value < least or 0 < rest < least


def _second(name: str, rows: Sequence[Counts], hidden: list[set[str]]) -> None:
    """Hide the next smallest count of a column in which one alone is hidden: its total would tell it."""
    those = [at for at, some in enumerate(hidden) if name in some]
    if len(those) == 1:
        others = [at for at in range(len(rows)) if at not in those and rows[at][name] > 0]
        if others:
            hidden[min(others, key=lambda at: rows[at][name])].add(name)
