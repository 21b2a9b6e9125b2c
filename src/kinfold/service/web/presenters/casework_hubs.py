"""The pages of family hubs: what each offers, what it answered, and who came."""

from __future__ import annotations

from kinfold.service.records.reads.casework_hubs import Hub
from kinfold.service.web.components import Cell, Column, SummaryRow, Table
from kinfold.service.web.drawings.words import day_words


def hub_table(hub: Hub) -> Table:
    """Return what a hub offers."""
    columns = [Column("Service"), Column("For whom"), Column("How to reach it"), Column("Practice guide"),
               Column("Places", numeric=True), Column("From")]  # fmt: skip
    rows = [
        [Cell(one.service), Cell(one.for_whom), Cell(one.how_to_reach), Cell(one.practice_guide),
         Cell("" if one.places is None else one.places), Cell(day_words(one.since) if one.since else "")]
        for one in hub.services
        if one.until is None
    ]  # fmt: skip
    return Table(f"What {hub.name} offers", columns, rows, empty="Nothing is offered yet. Add the first service.")


def answer_rows(hub: Hub) -> list[SummaryRow]:
    """Return how many referrals came in a year and what the hub answered."""
    every = sum(hub.answers.values())
    if not every:
        return [SummaryRow("Referrals in the last 12 months", "None yet")]
    said = [f"{count} {answer}" for answer, count in sorted(hub.answers.items(), key=lambda pair: -pair[1])]
    return [SummaryRow("Referrals in the last 12 months", f"{every}", note=", ".join(said))]


def programme_table(hub: Hub) -> Table:
    """Return the programmes of a year with how many came."""
    columns = [Column("Programme"), Column("Practice guide"), Column("People who came", numeric=True),
               Column("Times they came", numeric=True), Column("Times missed", numeric=True)]  # fmt: skip
    rows = [
        [Cell(one.name), Cell(one.practice_guide), Cell(len(one.people)), Cell(one.sessions), Cell(one.missed)]
        for one in hub.programmes
    ]
    empty = "Nobody is recorded as having come. Record it from “Attendance at a service” on somebody’s page."
    return Table(f"Who came to {hub.name} in the last 12 months", columns, rows, empty=empty)
