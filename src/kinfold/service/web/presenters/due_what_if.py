"""What would be due were a duty law, as its page shows it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from kinfold.service.records.reads.clock_what_if import MOST_LINES, Tried, WhatIf
from kinfold.service.web.components import Cell, Column, FigureItem, Link, Table
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.presenters.due import tag_of, when_due


def what_if_page(found: WhatIf) -> dict[str, Any]:
    """Return the switches with the dates tried, the figures and the lines that walls would show."""
    tried = [one for one in found.switches if one.day is not None]
    return {
        "switches": found.switches,
        "tried": tried,
        "on": found.on,
        "figures": [
            FigureItem(f"{sum(one.would_run for one in tried):,}", "would be running"),
            FigureItem(f"{sum(one.would_be_overdue for one in tried):,}", "would be late"),
            FigureItem(f"{sum(one.would_be_met for one in tried):,}", "would be met already"),
        ],
        "table": Table("By provision", _columns(), [_row(one) for one in tried], empty="No date was tried."),
        "lines": _lines(found),
        "most": MOST_LINES,
        "crumbs": [Link("Home", reverse("home")), Link("Duties", reverse("duties")), Link("What if")],
    }


def _columns() -> list[Column]:
    return [Column("Provision"), Column("Tried as law from"), Column("Children", numeric=True),
            Column("Running", numeric=True), Column("Late", numeric=True), Column("Met", numeric=True)]  # fmt: skip


def _row(one: Tried) -> list[Cell]:
    return [Cell(one.switch.label), Cell(day_words(one.day) if one.day else ""), Cell(f"{one.people:,}"),
            Cell(f"{one.would_run:,}"), Cell(f"{one.would_be_overdue:,}"), Cell(f"{one.would_be_met:,}")]  # fmt: skip


def _lines(found: WhatIf) -> Table:
    rows = [
        [
            Cell(line.name, href=reverse("child_clocks", args=[line.uid])),
            Cell(line.duty.label, href=reverse("duty", args=[line.duty.id])),
            Cell(when_due(line.due, line.practical_due), order=str(line.due_day or "")), tag_of(line.state),
            Cell(line.because),
        ]
        for line in found.lines
    ]  # fmt: skip
    columns = [Column("Child"), Column("What"), Column("By"), Column("State"), Column("Why, and the source")]
    return Table(
        "What a wall would show", columns, rows,
        empty="Nothing would be due: nothing that these duties follow has begun since the dates tried. Try an earlier one.",
    )  # fmt: skip
