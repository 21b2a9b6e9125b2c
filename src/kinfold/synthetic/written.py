"""
Writing an invented council's files.

Kinfold's own writers turn the record into files; these turn the invented world into files without passing through the
record. They share no code, so that what the doors read has been made by somebody else, as a council's files are.
"""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any, TextIO

import xlsxwriter

from kinfold.synthetic.as_annex_a import Workbook, headings
from kinfold.synthetic.as_cin_census import Census
from kinfold.synthetic.as_daily_feed import MOST_IN_A_FILE, child_of, is_sent
from kinfold.synthetic.as_ssda903 import COLUMNS, Return903, tables_of
from kinfold.synthetic.as_standard_safeguarding_dataset import columns, rows_of_child, rows_of_council, rows_of_family
from kinfold.synthetic.days import day
from kinfold.synthetic.window import NEED_YEARS, Window
from kinfold.synthetic.world import Child, Council

SSDA903, CIN_CENSUS, DAILY_FEED = "ssda903", "cin_census", "daily_feed"
DATASET, ANNEX_A = "standard_safeguarding_dataset", "annex_a"
FORMATS = (SSDA903, CIN_CENSUS, DAILY_FEED, DATASET, ANNEX_A)


class Tables:
    """A folder of CSV files, one for each table, each with its heading even if nothing is in it."""

    def __init__(self, folder: Path, layout: Mapping[str, Sequence[str]], stack: ExitStack) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._rows: dict[str, Any] = {}
        self._columns = layout
        for table, names in layout.items():
            file: TextIO = stack.enter_context((folder / f"{table}.csv").open("w", encoding="utf-8", newline=""))
            writer = csv.writer(file)
            writer.writerow(names)
            self._rows[table] = writer.writerow

    def add(self, table: str, row: Mapping[str, Any]) -> None:
        """Write one row; columns that the row does not name stay empty."""
        get = row.get
        self._rows[table]([get(name, "") for name in self._columns[table]])

    def add_all(self, rows: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        """Write rows, each with the name of its table."""
        for table, row in rows:
            self.add(table, row)


def write_ssda903(folder: Path, council: Council, window: Window) -> None:
    """Write a folder of CSV files for each collection year: 2021-22/header.csv and so on."""
    registrations = {worker.number: worker.registration for worker in council.workers}
    looked_after = [child for child in council.children if child.care]
    for end in window.year_ends:
        year = date.fromordinal(end).year
        start = day(year - 1, 4, 1)
        rows = Return903(start, end, registrations)
        with ExitStack() as stack:
            tables = Tables(folder / f"{year - 1}-{year % 100:02}", {t: COLUMNS[t] for t in tables_of(start)}, stack)
            for child in looked_after:
                tables.add_all(rows.rows_of(child))


def write_cin_census(folder: Path, council: Council, window: Window) -> None:
    """Write one XML file for each census year: cin-census-2024.xml and so on."""
    folder.mkdir(parents=True, exist_ok=True)
    for end in window.year_ends[-NEED_YEARS:]:
        year = date.fromordinal(end).year
        census = Census(start=day(year - 1, 4, 1), end=end, year=year)
        with (folder / f"cin-census-{year}.xml").open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(census.document(council.la_code, council.children))


def write_daily_feed(folder: Path, council: Council, window: Window) -> None:
    """Write the feed of one day as JSON arrays of at most 100 children: 2026-03-31/children-0001.json and so on."""
    folder = folder / date.fromordinal(window.today).isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    sent = (child_of(child) for child in council.children if is_sent(child, window.today))
    for number, some in enumerate(_batches(sent, MOST_IN_A_FILE), start=1):
        text = json.dumps(some, ensure_ascii=False, separators=(",", ":"))
        (folder / f"children-{number:04}.json").write_text(text, "utf-8")


def _batches(things: Iterable[Any], size: int) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for thing in things:
        batch.append(thing)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def write_dataset(folder: Path, council: Council, window: Window) -> None:
    """Write the Standard Safeguarding Dataset, a CSV file for each table, as extracted on the window's last day."""
    families: set[str] = set()
    with ExitStack() as stack:
        tables = Tables(folder / date.fromordinal(window.today).isoformat(), columns(), stack)
        tables.add_all(rows_of_council(council))
        for child in council.children:
            if child.family.number not in families and not child.unaccompanied:
                families.add(child.family.number)
                tables.add_all(rows_of_family(child.family))
            tables.add_all(rows_of_child(child, today=window.today))


def write_annex_a(folder: Path, council: Council, window: Window) -> None:
    """Write the inspectors' workbook, a sheet for each list."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"annex-a-{date.fromordinal(window.today).isoformat()}.xlsx"
    rows: dict[int, list[Mapping[str, Any]]] = {number: [] for number in headings()}
    workbook = Workbook(council, window.today)
    for child in council.children:
        for number, row in workbook.rows_of(child):
            rows[number].append(row)
    _write_workbook(path, rows, made=date.fromordinal(window.today))
    _same_bytes(path)


def _write_workbook(path: Path, rows: Mapping[int, Sequence[Mapping[str, Any]]], *, made: date) -> None:
    from datetime import datetime

    options = {"constant_memory": True, "default_date_format": "dd/mm/yyyy", "strings_to_formulas": False}
    book = xlsxwriter.Workbook(str(path), options)
    book.set_properties({"created": datetime(made.year, made.month, made.day), "title": "Annex A, invented"})  # noqa: DTZ001
    for number, names in headings().items():
        sheet = book.add_worksheet(f"List {number}")
        sheet.write_row(0, 0, names)
        for position, row in enumerate(rows[number], start=1):
            for column, name in enumerate(names):
                value = row.get(name, "")
                if value != "":
                    sheet.write(position, column, value)
    book.close()


def _same_bytes(path: Path) -> None:
    """Write the workbook again with one fixed time on every part, so that a seed gives the same bytes twice."""
    with zipfile.ZipFile(path) as old:
        parts = [(info.filename, old.read(info)) for info in old.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name, content in parts:
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED, 1)


WRITERS = {
    SSDA903: write_ssda903,
    CIN_CENSUS: write_cin_census,
    DAILY_FEED: write_daily_feed,
    DATASET: write_dataset,
    ANNEX_A: write_annex_a,
}


def write_truth(path: Path, council: Council) -> None:
    """Write what only the inventor knows: who is the same person, who are twins, posts and population."""
    truth = {
        "la_code": council.la_code,
        "name": council.name,
        "region": council.region,
        "child_population": council.child_population,
        "workforce_full_time_equivalents": council.posts,
        "children": len(council.children),
        "same_person_elsewhere": [
            {
                "la_child_id": c.la_child_id,
                "person": c.person,
                "la_code": c.elsewhere[0],
                "their_la_child_id": c.elsewhere[1],
            }
            for c in council.children
            if c.elsewhere is not None
        ],
        "adopted": [
            {"before": c.before_adoption, "after": c.la_child_id} for c in council.children if c.before_adoption
        ],
        "twins": sorted({tuple(sorted((c.la_child_id, c.twin_of))) for c in council.children if c.twin_of}),
        "families": _families(council.children),
        "known_as": {c.la_child_id: [c.forename, c.known_as] for c in council.children if c.known_as},
        "former_surnames": {c.la_child_id: c.former_surname for c in council.children if c.former_surname},
        "unborn": [c.la_child_id for c in council.children if c.birth is None],
        "unaccompanied": [c.la_child_id for c in council.children if c.unaccompanied],
    }
    path.write_text(json.dumps(truth, ensure_ascii=False, separators=(",", ":"), sort_keys=True), "utf-8")


def _families(children: Sequence[Child]) -> dict[str, list[str]]:
    families: dict[str, list[str]] = {}
    for child in children:
        families.setdefault(child.family.number, []).append(child.la_child_id)
    return {number: members for number, members in families.items() if len(members) > 1}
