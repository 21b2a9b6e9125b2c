"""The catalogue of statutory duties, as a page shows it: a part at a time, filtered, the busiest first if asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from kinfold.duties import catalogue_rows
from kinfold.duties.catalogue import Catalogue
from kinfold.duties.table import case_count
from kinfold.service.web.components import Cell, Column, Table, pages
from kinfold.service.web.presenters.lists import changed

FILTERS = {"domain": "About", "commencement": "Law", "sureness": "How sure"}
SIZE = 40  # duties a page
RUNNING = "running"


def chosen(catalogue: Catalogue, asked: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the rows of the catalogue that the filters leave."""
    rows = catalogue_rows(catalogue)
    words = (asked.get("q") or "").strip().casefold()
    for name in FILTERS:
        if asked.get(name):
            rows = [row for row in rows if str(row.get(name)) == asked[name]]
    return [row for row in rows if not words or words in " ".join(str(v) for v in row.values()).casefold()]


def catalogue_page(
    catalogue: Catalogue, rows: list[dict[str, Any]], asked: QueryDict, running: Mapping[str, int]
) -> dict[str, Any]:
    """Return a part of the catalogue with its filters, and how many clocks run on each duty for those the reader may list."""
    every = catalogue_rows(catalogue)
    busiest = asked.get("sort") == RUNNING
    if busiest:
        rows = sorted(rows, key=lambda row: -running.get(row["id"], 0))
    number = asked.get("page", "")
    page = min(max(int(number), 1), max(-(-len(rows) // SIZE), 1)) if number.isascii() and number.isdigit() else 1
    part = rows[(page - 1) * SIZE : page * SIZE]
    return {
        "table": _table(catalogue, part, running, busiest=busiest, asked=asked),
        "pages": pages(page=page, size=SIZE, total=len(rows), noun="duties",
                       address=lambda number: changed(asked, page=str(number))),
        "count": len(rows),
        "all": len(every),
        "filters": [(name, label, sorted({str(row.get(name)) for row in every if row.get(name)}), asked.get(name, ""))
                    for name, label in FILTERS.items()],
        "q": asked.get("q", ""),
        "files": [(form.upper(), changed(asked, page="", sort="", **{"as": form})) for form in ("csv", "json")],
    }  # fmt: skip


def _table(
    catalogue: Catalogue, rows: list[dict[str, Any]], running: Mapping[str, int], *, busiest: bool, asked: QueryDict
) -> Table:
    columns = [
        Column("Duty", sort="none" if busiest else "ascending", href=changed(asked, sort="", page="")),
        Column("What the law asks"), Column("By when"), Column("Law"), Column("Source"), Column("How sure"),
        Column("Cases tested", numeric=True),
        Column("Running here", numeric=True, sort="descending" if busiest else "none",
               href=changed(asked, sort=RUNNING, page="")),
    ]  # fmt: skip
    cells = [
        [
            Cell(row["id"], href=reverse("duty", args=[row["id"]])), Cell(row["label"]), Cell(row.get("deadline") or ""),
            Cell(str(row.get("commencement") or "")), Cell(row["source"], href=row["href"]),
            Cell(str(row.get("sureness") or "")),
            Cell(f"{case_count(catalogue.duty(row['id']))}", href=f"{reverse('duty', args=[row['id']])}#cases",
                 about=f" cases of {row['id']}"),
            Cell(f"{running.get(row['id'], 0):,}"),
        ]
        for row in rows
    ]  # fmt: skip
    return Table("Duties", columns, cells, quiet_caption=True,
                 empty="No duty is left by these filters. Take one away.")  # fmt: skip
