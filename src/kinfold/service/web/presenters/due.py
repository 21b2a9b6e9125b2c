"""Clocks and duties, as pages show them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from kinfold.duties import Clock, State, catalogue_rows
from kinfold.duties.catalogue import Catalogue
from kinfold.service.records.reads.clocks import Due
from kinfold.service.web.components import Cell, Column, FigureItem, Link, SummaryRow, Table, Tag
from kinfold.service.web.drawings.words import day_words
from kinfold.terms.errors import InputError

COLOURS = {
    State.BREACHED: "red", State.DUE: "orange", State.AMBER: "yellow", State.RUNNING: "blue", State.PAUSED: "grey",
    State.MET: "green", State.MET_LATE: "purple", State.DORMANT: "grey", State.NOT_APPLICABLE: "grey",
    State.SUPERSEDED: "grey",
}  # fmt: skip
WORDS = {
    State.BREACHED: "Overdue", State.DUE: "Due today", State.AMBER: "Due soon", State.RUNNING: "Coming up",
    State.PAUSED: "Paused", State.MET: "Met", State.MET_LATE: "Met late", State.DORMANT: "Not yet law",
    State.NOT_APPLICABLE: "Does not apply", State.SUPERSEDED: "Replaced",
}  # fmt: skip


def _state(clock: Clock) -> Cell:
    return Cell("", tag=Tag(WORDS[clock.state], COLOURS[clock.state]), order=str(list(WORDS).index(clock.state)))


def _due(clock: Clock) -> Cell:
    if clock.due is None:
        return Cell("no day")
    day = clock.due if type(clock.due) is date else clock.due.date()  # type: ignore[attr-defined]
    words = day_words(day)
    if clock.practical_due is not None and clock.practical_due != day:
        words += f" (last working day {day_words(clock.practical_due)})"
    return Cell(words, order=str(day))


def wall_page(found: Sequence[Due], *, today: date, which: str) -> dict[str, Any]:
    """Return a wall: numbers first, then one line a clock in plain English."""
    counts = Counter(due.clock.state for due in found)
    rows = [
        [
            Cell(due.name, href=reverse("child_clocks", args=[due.uid])),
            Cell(due.clock.duty.label, href=reverse("duty", args=[due.clock.duty.id])),
            _due(due.clock), _state(due.clock), Cell(due.clock.because),
        ]
        for due in found
    ]  # fmt: skip
    columns = [Column("Child", sort="none"), Column("What", sort="none"), Column("By", sort="none"),
               Column("State", sort="none"), Column("Why, and the source")]  # fmt: skip
    return {
        "figures": [FigureItem(counts.get(state, 0), WORDS[state].lower()) for state in
                    (State.BREACHED, State.DUE, State.AMBER, State.RUNNING)],
        "table": Table("What is due", columns, rows, quiet_caption=True,
                       empty="Nothing is due for the children you work with. When a fact starts a clock it stands here."),
        "today": today,
        "which": which,
        "sections": [Link("My children", reverse("wall"), current=which == "mine"),
                     Link("My team", reverse("team_wall"), current=which == "team"),
                     Link("The duties themselves", reverse("duties"))],
    }  # fmt: skip


def child_page(found: Sequence[Clock], *, on: date) -> dict[str, Any]:
    """Return one child's clocks: what waits and what is late first, then what was met, then the rest."""
    waiting = [clock for clock in found if clock.is_waiting or clock.is_overdue]
    done = [clock for clock in found if clock.state in (State.MET, State.MET_LATE)]
    rest = [clock for clock in found if clock not in waiting and clock not in done]
    return {
        "on": on,
        "waiting": _clock_table("Due and overdue", waiting, "Nothing is due for this child."),
        "done": _clock_table("Met", done[:MOST_AT_REST], "Nothing recorded has met a duty yet."),
        "rest": _clock_table("Not running", rest[:MOST_AT_REST], "There is nothing else."),
        "more_at_rest": max(0, len(rest) - MOST_AT_REST),
    }


MOST_AT_REST = 40  # of what asks for nothing; the command line and the API list all of it


def _clock_table(title: str, found: Sequence[Clock], empty: str) -> Table:
    columns = [Column("What"), Column("By"), Column("State"), Column("Why, and the source")]
    rows = [
        [Cell(c.duty.label, href=reverse("duty", args=[c.duty.id])), _due(c), _state(c), Cell(c.because)] for c in found
    ]
    return Table(title, columns, rows, empty=empty)


FILTERS = ("domain", "commencement", "sureness")


def chosen(catalogue: Catalogue, asked: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the rows of the catalogue that the filters leave."""
    rows = catalogue_rows(catalogue)
    words = (asked.get("q") or "").strip().casefold()
    for name in FILTERS:
        if asked.get(name):
            rows = [row for row in rows if str(row.get(name)) == asked[name]]
    return [row for row in rows if not words or words in " ".join(str(v) for v in row.values()).casefold()]


def catalogue_page(catalogue: Catalogue, rows: list[dict[str, Any]], asked: Mapping[str, str]) -> dict[str, Any]:
    """Return the catalogue with its filters."""
    every = catalogue_rows(catalogue)
    table = Table(
        "Duties",
        [Column("Duty", sort="ascending"), Column("What the law asks"), Column("By when"), Column("Law"),
         Column("How sure")],
        [
            [Cell(row["id"], href=reverse("duty", args=[row["id"]])), Cell(row["label"]), Cell(row.get("deadline") or ""),
             Cell(str(row.get("commencement") or "")), Cell(str(row.get("sureness") or ""))]
            for row in rows
        ],
        empty="No duty is left by these filters. Take one away.", quiet_caption=True,
    )  # fmt: skip
    return {
        "table": table,
        "count": len(rows),
        "all": len(every),
        "filters": [(name, sorted({str(row.get(name)) for row in every if row.get(name)}), asked.get(name, "")) for name in
                    FILTERS],
        "q": asked.get("q", ""),
        "query": "&".join(f"{name}={asked[name]}" for name in FILTERS if asked.get(name)),
    }  # fmt: skip


def duty_page(catalogue: Catalogue, duty_id: str) -> dict[str, Any]:
    """Return one duty. Raises InputError for one that is not in the catalogue."""
    row = next((row for row in catalogue_rows(catalogue) if row["id"] == duty_id), None)
    if row is None:
        raise InputError(f"There is no duty called {duty_id}.")
    return {
        "duty": row,
        "rows": [SummaryRow(str(name).replace("_", " ").capitalize(), value) for name, value in row.items()
                 if value not in (None, "", [], ()) and name != "label"],
        "crumbs": [Link("Home", reverse("home")), Link("Duties", reverse("duties")), Link(duty_id)],
    }  # fmt: skip
