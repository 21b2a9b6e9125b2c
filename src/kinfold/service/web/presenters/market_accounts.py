"""A company's published accounts as its page shows them: each figure with its period and the file that says it."""

from __future__ import annotations

from collections.abc import Sequence

from kinfold.market.accounts.store import Measure
from kinfold.service.web.components import Cell, Column, Table
from kinfold.service.web.drawings.words import day_words

EMPTY = "No tagged accounts of it were loaded. “kinfold market load” takes in the accounts that the companies register publishes."


def accounts_table(found: Sequence[Measure]) -> Table:
    """Return the figures, the latest period first."""
    columns = [Column("Figure"), Column("Amount", True), Column("Of"), Column("Said by")]
    lines: list[list[Cell | str | int | float]] = [
        [one.label, _amount(one), _period(one), f"{one.source.rpartition('/')[2]}{_restated(one)}"] for one in found
    ]  # fmt: skip
    return Table("Published accounts", columns, lines, empty=EMPTY)


def _amount(one: Measure) -> str:
    if one.unit == "GBP":
        return f"{'−' if one.value < 0 else ''}£{abs(one.value):,.0f}"
    return f"{one.value:,f}".rstrip("0").rstrip(".") if "." in f"{one.value:f}" else f"{one.value:,f}"


def _period(one: Measure) -> str:
    return f"{day_words(one.begun)} to {day_words(one.ended)}" if one.begun else day_words(one.ended)


def _restated(one: Measure) -> str:
    return "" if one.before is None else f" (earlier accounts said {one.before:,.0f})"
