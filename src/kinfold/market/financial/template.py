"""The return of a provider as a workbook to fill in, or filled in already with a return that is known."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

from kinfold.market.financial.schedules import PERIODS, SCHEDULES, Schedule
from kinfold.market.financial.submission import FIELDS
from kinfold.market.financial.workbook import (
    ABOUT,
    COUNCILS,
    FIGURES,
    FIRST,
    HOMES,
    NEEDED,
    PLACEMENTS,
    SEGMENT,
    SEGMENT_LABELS,
    Return,
)

YELLOW = {"bg_color": "#fff7bf", "border": 1}
TABLES = {
    HOMES: ("One row for each children's home, as on the last day of the period.",
            ("Number (URN)", "Places", "Children living there", "Costs for the year, £", "Places that may not be filled")),
    COUNCILS: ("One row for each council with children in your homes: those who are warned if it comes to that.",
               ("Council (code or name)", "Children", "Fees for the year, £")),
    PLACEMENTS: ("One row for each placement on the last day of the period. No names: nobody here may know who.",
                 ("Home (URN)", "Council (code or name)", "Fee a week, £")),
}  # fmt: skip


def template(group: str = "", told: Return | None = None) -> bytes:
    """Return the workbook to fill in; `group` stands in it where it is known, and what was `told` where a return is to be corrected."""
    known = told or Return()
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        fill = book.add_format(YELLOW)
        about = _sheet(book, ABOUT, "Fill in the yellow cells. Money is in whole pounds; a cost is a positive number.")
        answers = (
            ("Group", group or None), ("Last day of the period", known.period_end),
            ("Audited? yes or no", _yes_no(known.audited)),
            ("Does the board or the auditor name a material uncertainty about going on? yes or no", _yes_no(known.uncertain)),
            ("Has the auditor changed since the last return? yes or no", _yes_no(known.auditor_changed)),
        )  # fmt: skip
        _answers(about, answers, fill, day=book.add_format({**YELLOW, "num_format": "yyyy-mm-dd"}))
        money = book.add_format({**YELLOW, "num_format": "#,##0"})
        words = "Leave a cell empty where you do not know it: empty is not nothing. Those with a star are needed."
        labels = {name: f"{label}{' *' if name in NEEDED else ''}" for name, label in FIELDS.items()}
        _answers(
            _sheet(book, FIGURES, words), [(label, known.figures.get(name)) for name, label in labels.items()], money
        )
        words = "Turnover of each segment: together they are the turnover."
        _answers(
            _sheet(book, SEGMENT, words),
            [(label, known.segments.get(name)) for name, label in SEGMENT_LABELS.items()],
            money,
        )
        for name, rows in ((HOMES, known.homes), (COUNCILS, known.councils), (PLACEMENTS, known.placements)):
            _rows(_sheet(book, name, TABLES[name][0]), TABLES[name][1], rows)
        for one in SCHEDULES:
            _rows(_sheet(book, one.sheet, one.words), [part.heading for part in one.parts], _shown(one, known))
    return out.getvalue()


def _yes_no(value: bool | None) -> str | None:
    return None if value is None else "yes" if value else "no"


def _shown(one: Schedule, known: Return) -> list[dict[str, Any]]:
    """Return the rows of a schedule as they are written: choices by their labels; of cash ahead, its periods where it is empty."""
    rows = known.schedules[one.name]
    if not rows and one.name == "cash_ahead":
        return [{"period": period} for period in PERIODS]
    labels = {part.name: {kept: label for label, kept in part.choices.items()} for part in one.parts if part.choices}
    return [{name: labels.get(name, {}).get(value, _yes_no(value) if isinstance(value, bool) else value) for name, value in row.items()} for row in rows]  # fmt: skip


def _sheet(book: Any, name: str, words: str) -> Any:
    sheet = book.add_worksheet(name)
    sheet.set_column(0, 0, 48)
    sheet.set_column(1, 4, 24)
    sheet.write_string(0, 0, words, book.add_format({"bold": True}))
    return sheet


def _answers(sheet: Any, answers: Sequence[tuple[str, Any]], style: Any, *, day: Any = None) -> None:
    for row, (label, value) in enumerate(answers, start=FIRST - 1):
        sheet.write_string(row, 0, label)
        if value is None:
            sheet.write_blank(row, 1, None, style)
        elif hasattr(value, "isoformat"):
            sheet.write_datetime(row, 1, value, day)
        else:
            sheet.write(row, 1, value, style)


def _rows(sheet: Any, headings: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    for column, one in enumerate(headings):
        sheet.write_string(FIRST - 2, column, one)
    for row, said in enumerate(rows, start=FIRST - 1):
        for column, value in enumerate(value for name, value in said.items() if name != "name"):
            sheet.write(row, column, value)
