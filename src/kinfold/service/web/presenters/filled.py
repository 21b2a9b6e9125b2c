"""What must be put right in a file that people filled in, as a table."""

from __future__ import annotations

from collections.abc import Sequence

from kinfold.market.supply.sheet import Refusal
from kinfold.service.web.components import Column, Table
from kinfold.service.web.presenters.market_cases import Lines

MOST_SHOWN = 100


def refusal_table(refusals: Sequence[Refusal]) -> Table:
    """Return what to put right, by file, row and field; the first hundred, and how many more there are."""
    columns = [Column("File"), Column("Row", True), Column("Field"), Column("What to do")]
    lines: Lines = [[one.file, one.row, one.field, one.message] for one in refusals[:MOST_SHOWN]]
    more = f" The first {MOST_SHOWN} of {len(refusals):,}." if len(refusals) > MOST_SHOWN else ""
    return Table(f"Put these right and send the file again.{more}", columns, lines)
