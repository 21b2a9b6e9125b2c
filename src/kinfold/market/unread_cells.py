"""Cells of a published table that say something which cannot be read, or which no list has: counted, and the first one named by its row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from kinfold.market.published import Table
from kinfold.market.values import authority_code, count_of, day_of, is_listed, text_of, urn_of

Read = Callable[[str | None], Any]


def _listed(group: str) -> Read:
    return lambda cell: is_listed(group, cell) or None


_DAY, _AS_PUBLISHED = "Write a date such as 31/03/2025", "Write it as the publisher's files do"
# What each column's cells are read by, how a cell is to be written, and what becomes of one that is not.
_READ: Mapping[str, tuple[Read, str, str]] = {
    "urn": (urn_of, "Write a number such as SC012345", "the row is left out"),
    "registration_date": (day_of, _DAY, "the date is left empty"),
    "inspection_date": (day_of, _DAY, "the inspection is left out"),
    "became_active": (day_of, _DAY, "the date is left empty"),
    "closed": (day_of, _DAY, "the date is left empty"),
    "places": (count_of, "Write a whole number", "the places are left empty"),
    "la_name": (partial(authority_code, None, None), _AS_PUBLISHED, "the row has no authority's code and no region"),
    "type": (_listed("types"), _AS_PUBLISHED, "it is kept as it is written"),
    "sector": (_listed("sectors"), _AS_PUBLISHED, "it is kept as it is written"),
    "overall": (_listed("judgements"), _AS_PUBLISHED, "it is kept as it is written"),
}


def unread_cells(table: Table) -> list[str]:
    """
    Return a sentence for each column that has cells which cannot be read: how many, the first by its row, and the remedy.

    An empty cell, or one that the publisher withheld, says nothing and is not counted; nor is an authority's name beside its code.
    """
    found = []
    for column, (read, remedy, becomes) in _READ.items():
        if column not in table.cells.columns or (column == "la_name" and _has_codes(table)):
            continue
        cells = table.cells[column]
        wrong = {cell for cell in cells.unique() if text_of(cell) is not None and read(cell) is None}
        rows = [place for place, cell in enumerate(cells) if cell in wrong] if wrong else []
        if rows:
            others = f", and {len(rows) - 1:,} more row{'' if len(rows) == 2 else 's'}" if len(rows) > 1 else ""
            found.append(
                f"{table.name} row {table.rows[rows[0]]:,}, {table.headers[column]}: “{str(cells[rows[0]])[:40]}” is not known{others}; "
                f"{becomes}. {remedy}, and load the file again."
            )
    return found


def _has_codes(table: Table) -> bool:
    return table.has("la_ons_code") or table.has("la_old_code")
