"""The Files pages: values in, what the templates show out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from kinfold.files.recognise import doors
from kinfold.service.records.actions.uploads import TakenIn
from kinfold.service.records.reads.loads import PAGE, Going, LoadLine, Report
from kinfold.service.records.reads.quarantine import ROWS_A_PAGE, Asked, BadRow, Choices, Corrected
from kinfold.service.web.components import (
    Cell,
    Column,
    FigureItem,
    Link,
    Pages,
    Progress,
    SummaryRow,
    Table,
    Tag,
    pages,
)
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.load_row_filter import RowFilter
from kinfold.service.web.templatetags.kinfold import moment
from kinfold.terms.errors import FileRefused

STATES = {
    "waiting": ("Waiting", "grey"), "running": ("Loading", "blue"), "done": ("Loaded", "green"),
    "confirm": ("Waiting for you", "orange"), "refused": ("Refused", "red"), "failed": ("Stopped", "red"),
    "taken_back": ("Taken back", "purple"),
}  # fmt: skip
ROW_STATES = {"open": ("To put right", "orange"), "corrected": ("Put right", "blue"), "replaced": ("Replaced", "grey")}
HIDDEN = "This row is about a record that you cannot open. Ask somebody who may, or correct it at its source."
# Seconds after which the page of a running load looks again.
REFRESH = 3
COLUMNS_OF_FILE = ("File", "Table", "Row", "Field", "Code", "What is wrong", "How to put it right", "State",
                   "As received")  # fmt: skip
_ASKED = ("file", "table", "code", "state")


def door_label(name: str) -> str:
    """Return what people call a door."""
    return next((door.label.partition(" (")[0] for door in doors() if door.name == name), name)


def _tag(states: Mapping[str, tuple[str, str]], state: str) -> Tag:
    text, colour = states.get(state, (state, ""))
    return Tag(text, colour)


def page_number(text: str | None) -> int:
    """Return the page asked for; the first where that is no number."""
    return max(int(text), 1) if text and text.isascii() and text.isdigit() and len(text) < 7 else 1


def title_of(line: LoadLine) -> str:
    """Return what a load is called."""
    return f"{door_label(line.door)} {line.collection}".strip()


# ---- what came in
def history(lines: Sequence[LoadLine], *, total: int, page: int) -> dict[str, Any]:
    """Return the page of what came in."""
    columns = [Column("Files"), Column("Council"), Column("Sent by"), Column("State"),
               Column("Rows", numeric=True), Column("Brought something new", numeric=True),
               Column("Unchanged", numeric=True), Column("Could not be used", numeric=True),
               Column("Facts withdrawn", numeric=True)]  # fmt: skip
    table = Table("What came in, newest first", columns, [_history_line(line) for line in lines], quiet_caption=True)
    return {
        "table": table if lines else None,
        "pages": pages(page=page, size=PAGE, total=total, address=lambda n: f"?page={n}", noun="loads"),
    }


def _history_line(line: LoadLine) -> list[Cell]:
    started = moment(line.started_at)
    counts = (line.rows, line.facts, line.unchanged, line.quarantined, line.withdrawn)
    return [
        Cell(title_of(line), href=reverse("load", args=[line.number]), about=f"sent {started}"),
        Cell(line.council),
        Cell(f"{line.who}, {started}"),
        Cell("", tag=_tag(STATES, line.state)),
        *(Cell("" if line.under_way else f"{count:,}", order=str(count)) for count in counts),
    ]


def taken_in(taken: TakenIn) -> list[str]:
    """Return what to say of the files that were taken in."""
    said = []
    if taken.loads:
        names = ", ".join(f"{door_label(load.door)} {load.collection}".strip() for load in taken.loads)
        said.append(f"Received and recognised: {names}. You can leave this page; the loading goes on without you.")
    for load in taken.again:
        name = f"{door_label(load.door)} {load.collection}".strip()
        said.append(f"{name}: the same files were loaded on {day_words(load.started_at.date())}. Nothing has changed.")
    return said


def refusals(errors: Iterable[FileRefused]) -> Iterator[str]:
    """Yield one sentence or two for each file that was refused: which, what is wrong, how to put it right."""
    for error in errors:
        for line in str(error).splitlines():
            if line.startswith("None of these"):
                continue
            yield line.removeprefix("- ")


# ---- one load
def report(found: Report) -> dict[str, Any]:
    """Return the page of one load."""
    line, number = found.line, found.line.number
    going = found.going
    return {
        "crumbs": _crumbs(title_of(line)),
        "title": title_of(line),
        "tag": _tag(STATES, line.state),
        "found": found,
        "number": number,
        "progress": _progress(going),
        "stopped": going is not None and going.stopped,
        "done": line.state in ("done", "confirm", "taken_back") and going is None,
        "figures": _figures(found),
        "sum": _sum(line),
        "balances": line.rows == line.facts + line.unchanged + line.quarantined,
        "facts": _summary(found),
        "bad_rows": _by_code(found),
        "confirm_lines": [text for text in found.message.splitlines() if text] if line.state == "confirm" else [],
        "message": found.message if line.state in ("refused", "failed", "taken_back") else "",
        "can_load_again": found.corrected_rows > 0 and going is None and line.state in ("done", "confirm"),
        "files_table": Table("Files", [Column("Name"), Column("Size", numeric=True)],
                             [[Cell(name), Cell(_size(size))] for name, size in found.files]),
    }  # fmt: skip


def _crumbs(*names: str) -> list[Link]:
    return [Link("Files", reverse("loads")), *(Link(name) for name in names)]


def _size(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB" if size >= 100_000 else f"{max(size / 1000, 0.1):,.1f} KB"


def _progress(going: Going | None) -> Progress | None:
    if going is None or going.stopped:
        return None
    done = f"{going.done:,} of about {going.total:,} rows" if going.total else "Not begun"
    said = f"{going.doing.capitalize() or 'Loading'}: {done}"
    if going.waiting:
        said = "Waiting for its turn"
    elif going.broken_off:
        said = f"Interrupted after {going.done:,} rows. It goes on by itself as soon as a worker is there"
    # the estimate may be short: only a finished load says 100%
    total = max(going.total, going.done + 1)
    return Progress("How far the load is", going.done, total, said, REFRESH)


def _figures(found: Report) -> list[FigureItem]:
    line = found.line
    rows = reverse("load_rows", args=[line.number]) if line.quarantined else ""
    return [
        FigureItem(f"{line.rows:,}", "rows received"),
        FigureItem(f"{line.facts:,}", "brought something new"),
        FigureItem(f"{line.unchanged:,}", "unchanged"),
        FigureItem(f"{line.quarantined:,}", "could not be used", rows),
    ]


def _sum(line: LoadLine) -> str:
    return (
        f"Every row is accounted for: {line.rows:,} received = {line.facts:,} that brought something new + "
        f"{line.unchanged:,} unchanged + {line.quarantined:,} that could not be used."
    )


def _summary(found: Report) -> list[SummaryRow]:
    line = found.line
    said = [
        SummaryRow("Council", line.council),
        SummaryRow("Sent by", f"{line.who}, {moment(line.started_at)}"),
        SummaryRow("What it is", "Everything for what it speaks of" if line.full else "A part"),
    ]
    if found.window:
        first, last = found.window[0], found.window[1] - timedelta(days=1)
        said.append(SummaryRow("It speaks for", f"{day_words(first)} to {day_words(last)}"))
    if found.extracted_at:
        said.append(SummaryRow("Its source made it", moment(found.extracted_at)))
    if found.going is None:
        said += [
            SummaryRow("Finished", moment(found.finished_at, "Not yet")),
            SummaryRow("Children", f"{found.children:,}"),
            SummaryRow("Facts withdrawn", f"{line.withdrawn:,}"),
        ]
    if found.confirmed_by:
        said.append(SummaryRow("Withdrawal confirmed by", found.confirmed_by))
    return said


def _by_code(found: Report) -> Table | None:
    if not found.by_code:
        return None
    address = reverse("load_rows", args=[found.line.number])
    lines = [
        [
            Cell(table, href=f"{address}?{urlencode({'table': table, 'code': code})}", about=_words(code)),
            Cell(_words(code)),
            Cell(f"{count:,}", order=str(count)),
        ]
        for table, code, count in found.by_code
    ]
    return Table("Rows that could not be used", [Column("Table"), Column("What is wrong"), Column("Rows", numeric=True)],
                 lines)  # fmt: skip


def _words(code: str) -> str:
    return code.replace("_", " ").capitalize()


def taking_back(number: int, kinds: Sequence[tuple[str, int]], kept: int) -> dict[str, Any]:
    """Return the page that asks whether a load is to be taken back."""
    total = sum(count for _, count in kinds)
    return {
        "crumbs": [Link("Files", reverse("loads")), Link("This load", reverse("load", args=[number])), Link("Take back")],
        "number": number,
        "total": total,
        "kept": kept,
        "table": Table("What would be withdrawn", [Column("What"), Column("Facts", numeric=True)],
                       [[Cell(label), Cell(f"{count:,}")] for label, count in kinds]) if kinds else None,
    }  # fmt: skip


# ---- rows that could not be used
def asked(query: Mapping[str, str]) -> Asked:
    """Return what the list of rows is narrowed to."""
    return Asked(**{name: (query.get(name) or "")[:255] for name in _ASKED})


def rows(
    number: int, shown: Sequence[BadRow], choices: Choices, chosen: Asked, *, total: int, page: int
) -> dict[str, Any]:
    """Return the page of the rows that could not be used."""
    query: dict[str, str] = {name: text for name in _ASKED if (text := getattr(chosen, name))}
    address = reverse("load_rows", args=[number])
    columns = [Column("Row"), Column("What is wrong"), Column("How to put it right"), Column("State")]
    several = len(choices.files) > 1
    lines = [_row_line(number, row, several) for row in shown]
    return {
        "crumbs": [Link("Files", reverse("loads")), Link("This load", reverse("load", args=[number])),
                   Link("Rows that could not be used")],
        "number": number,
        "table": Table("Rows that could not be used", columns, lines, quiet_caption=True,
                       empty="No row of this load is like that. Clear what you have chosen."),
        "pages": _pages(address, query, total=total, page=page),
        "form": RowFilter(choices, data=query),
        "chosen": [
            Link(_words(text) if name == "code" else ROW_STATES.get(text, (text, ""))[0],
                 f"{address}?{urlencode({k: v for k, v in query.items() if k != name})}")
            for name, text in query.items()
        ],
        "clear": address,
        "action": address,
        "downloads": [
            Link(label, f"{reverse('load_rows_file', args=[number, form])}?{urlencode(query)}".rstrip("?"))
            for form, label in (("csv", "Download as CSV"), ("xlsx", "Download as a workbook"))
        ],
    }  # fmt: skip


def _pages(address: str, query: Mapping[str, str], *, total: int, page: int) -> Pages:
    go: Callable[[int], str] = lambda n: f"{address}?{urlencode({**query, 'page': str(n)})}"  # noqa: E731
    return pages(page=page, size=ROWS_A_PAGE, total=total, address=go, noun="rows")


def _row_line(number: int, row: BadRow, several: bool) -> list[Cell]:
    where = f"{row.table} row {row.row}" + (f", {row.file}" if several else "")
    opens = "" if row.hidden else reverse("load_row", args=[number, row.number])
    return [
        Cell(where, href=opens),
        Cell(HIDDEN if row.hidden else _without_place(row)),
        Cell(row.fix),
        Cell("", tag=_tag(ROW_STATES, row.state)),
    ]


def _without_place(row: BadRow) -> str:
    """Return what is wrong without the place and the advice, which stand in columns of their own."""
    text = row.message.removeprefix(f"{row.table} row {row.row}: ").removesuffix(row.fix).strip()
    return text[:1].upper() + text[1:]


def lines_of_file(shown: Iterable[BadRow]) -> Iterator[list[str | int]]:
    """Yield the rows as they stand in a file to keep."""
    for row in shown:
        received = "; ".join(f"{name}: {text}" for name, text in row.original.items())
        wrong = HIDDEN if row.hidden else _without_place(row)
        state = ROW_STATES.get(row.state, (row.state, ""))[0]
        yield [row.file, row.table, row.row, row.field, row.code, wrong, row.fix, state, received]


def row(number: int, shown: BadRow, corrected: Corrected | None) -> dict[str, Any]:
    """Return the page of one row."""
    address = reverse("load_rows", args=[number])
    return {
        "crumbs": [Link("Files", reverse("loads")), Link("This load", reverse("load", args=[number])),
                   Link("Rows that could not be used", address), Link(f"{shown.table} row {shown.row}")],
        "title": f"{shown.table} row {shown.row}",
        "row": shown,
        "wrong": _without_place(shown),
        "corrected": corrected,
        "left_out": corrected is not None and not corrected.values,
        "whole": shown.original.get("row", ""),
        "theirs": [SummaryRow(name, text or "(blank)") for name, text in (corrected.values if corrected else {}).items()
                   if text != shown.original.get(name, "")],
        "tag": _tag(ROW_STATES, shown.state),
        "rows_address": address,
    }  # fmt: skip
