"""Lists of people, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.urls import reverse

from kinfold.service.records.reads.caseload import Case
from kinfold.service.records.reads.looks import StaffLook
from kinfold.service.records.reads.search import Found
from kinfold.service.web.components import Cell, Column, Table
from kinfold.service.web.drawings.words import day_words


def _born(born: date | None, expected: date | None) -> Cell:
    if born:
        return Cell(day_words(born), order=born.isoformat())
    return Cell(f"expected {day_words(expected)}", order=expected.isoformat()) if expected else Cell("not known")


def cases(title: str, rows: Sequence[Case]) -> Table:
    """Return a caseload as a table."""
    columns = [Column("Child", sort="ascending"), Column("Born", sort="none"), Column("What is open", sort="none"),
               Column("Since", sort="none"), Column("Who works with them")]  # fmt: skip
    lines = [
        [
            Cell(case.name or case.la_child_id or "Name not known", href=reverse("child", args=[case.uid])),
            _born(case.birth_date, case.expected_birth_date),
            Cell(case.first_status),
            Cell(day_words(since), order=since.isoformat()) if (since := _since(case)) else Cell(""),
            Cell(", ".join(case.workers)),
        ]
        for case in rows
    ]
    return Table(title, columns, lines, quiet_caption=True)


def _since(case: Case) -> date | None:
    return case.statuses[0][1] if case.statuses else case.since


def found(answer: Found | None) -> Table | None:
    """Return what a search found as a table."""
    if answer is None:
        return None
    columns = [Column("Name"), Column("Born"), Column("Council’s number"), Column("Found by"), Column("You can")]
    lines = [
        [
            Cell(_name(hit.name, hit.known_as) or hit.la_child_id or "Name not known",
                 href=reverse("child", args=[hit.uid]) if hit.opens else ""),
            _born(hit.born, hit.expected),
            Cell(hit.la_child_id),
            Cell(hit.why),
            Cell("open the record") if hit.opens else
            Cell("ask to open it", href=reverse("break_glass", args=[hit.uid]), about=f"for {hit.name}"),
        ]
        for hit in answer.hits
    ]  # fmt: skip
    return Table("People found", columns, lines, quiet_caption=True)


def _name(name: str, known_as: str) -> str:
    return f"{name} (known as {known_as})" if known_as and known_as != name else name


def looks(rows: Sequence[StaffLook]) -> Table:
    """Return who has looked as a table."""
    columns = [Column("When", sort="none"), Column("Who"), Column("Role"), Column("What"), Column("Why"),
               Column("Shown to the family")]  # fmt: skip
    lines = [
        [
            Cell(f"{look.at:%d %B %Y, %H:%M}", order=look.at.isoformat()),
            Cell(look.who), Cell(f"{look.role}, {look.organisation}".strip(", ")), Cell(look.action), Cell(look.reason),
            Cell(f"held back, review on {look.review_on}" if look.hidden else "yes"),
        ]
        for look in rows
    ]  # fmt: skip
    return Table("Who has looked", columns, lines, empty="Nobody has looked yet.")
