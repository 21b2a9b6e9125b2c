"""
The return of a provider in financial oversight as a workbook: its sheets, and one that was filled in, read (template.py makes it).

What does not fit is said by sheet and cell with what to do, all of it at once, so that it is sent back once and not five times.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from math import isfinite
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from kinfold.market.financial.schedules import (
    DAY,
    HOME,
    MONEY,
    NUMBER,
    POUNDS,
    SCHEDULES,
    YES_NO,
    Part,
    Schedule,
    misfits,
)
from kinfold.market.financial.submission import FIELDS, SEGMENTS, faults
from kinfold.terms.errors import InputError
from kinfold.terms.identifiers import is_urn
from kinfold.terms.places import authorities, demo_authorities

ABOUT, FIGURES, SEGMENT, HOMES, COUNCILS, PLACEMENTS = (
    "About",
    "Figures",
    "Turnover by segment",
    "Homes",
    "Councils",
    "Placements",
)
SEGMENT_LABELS = {one: one.replace("_", " ").capitalize() for one in SEGMENTS}
NEEDED = ("turnover", "operating_costs", "cash", "short_term_liabilities", "equity")
FIRST = 3  # the row of the first answer of a sheet of answers: a title and the headings stand above it
MOST_ROWS = 2_000
OUTSIDE = "outside"  # councils of Wales, Scotland and Northern Ireland, who have no code here
# In which field of a return a check that fails is best put right.
CELL_OF = {"balance sheet": "equity", "profit": "net_profit", "change of equity": "equity_last_year", "cash bridge": "cash_last_year"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing to put right: the sheet and the cell, what is wrong with it and what to do."""

    sheet: str
    cell: str
    message: str


@dataclass(frozen=True, slots=True)
class Return:
    """A return that was read: `figures` by field in pounds, homes and councils row by row, and everything to put right."""

    period_end: date | None = None
    audited: bool | None = None
    figures: Mapping[str, float] = field(default_factory=dict)
    segments: Mapping[str, float] = field(default_factory=dict)
    homes: Sequence[Mapping[str, Any]] = ()
    councils: Sequence[Mapping[str, Any]] = ()
    placements: Sequence[Mapping[str, Any]] = ()
    schedules: Mapping[str, Sequence[Mapping[str, Any]]] = field(
        default_factory=lambda: {one.name: [] for one in SCHEDULES}
    )
    uncertain: bool | None = None  # whether the board or the auditor names a material uncertainty about going on
    auditor_changed: bool | None = None
    refusals: Sequence[Refusal] = ()

    def said(self) -> dict[str, Any]:
        """Return what a journal keeps of it."""
        return {
            "period_end": self.period_end.isoformat() if self.period_end else "", "audited": bool(self.audited),
            "figures": dict(self.figures), "segments": dict(self.segments), "homes": [dict(one) for one in self.homes],
            "councils": [dict(one) for one in self.councils], "placements": [dict(one) for one in self.placements],
            "uncertain": self.uncertain, "auditor_changed": self.auditor_changed,
            **{name: [dict(one) for one in rows] for name, rows in self.schedules.items()},
        }  # fmt: skip

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Return:
        """Return the return that a journal keeps."""
        rows = {name: said.get(name, ()) for name in ("homes", "councils", "placements")}
        return cls(
            date.fromisoformat(said["period_end"]), bool(said.get("audited")), said.get("figures", {}), said.get("segments", {}), **rows,
            schedules={one.name: said.get(one.name, []) for one in SCHEDULES}, uncertain=said.get("uncertain"),
            auditor_changed=said.get("auditor_changed"),
        )  # fmt: skip


def council_names() -> dict[str, str]:
    """Return the name of every authority by its code, the invented ones too, and one for all that are not in England."""
    real, invented = authorities(), demo_authorities()
    return (
        {one.la_code: one.name for one in real}
        | {one.la_code: one.name for one in invented}
        | {OUTSIDE: "Outside England"}
    )


def read_return(content: bytes, *, today: date) -> Return:
    """
    Return what a filled-in template says, with everything that must be put right in it.

    Raises InputError for a file that is no workbook, or one that is not the template.
    """
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    except (CalamineError, OSError, ValueError) as error:
        raise InputError(
            "This is not a workbook that can be read. Save the template as .xlsx and send it again."
        ) from error
    sheets = (ABOUT, FIGURES, SEGMENT, HOMES, COUNCILS, PLACEMENTS, *(one.sheet for one in SCHEDULES))
    missing = [name for name in sheets if name not in book.sheet_names]
    if missing:
        raise InputError(
            f"The workbook has no sheet “{missing[0]}”. Take the template, fill it in and rename no sheet."
        )
    cells = {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)[: MOST_ROWS + FIRST]
        for name in book.sheet_names
    }
    return _Reading(cells, today).whole()


class _Reading:
    """The sheets of a workbook while they are read; what is wrong is gathered on the way."""

    def __init__(self, cells: Mapping[str, Sequence[Sequence[Any]]], today: date) -> None:
        self.cells, self.today = cells, today
        self.refusals: list[Refusal] = []

    def whole(self) -> Return:
        """Return the return with what must be put right, in the order of the sheets."""
        period_end = self._period_end()
        audited, uncertain, changed = (self._yes_no(ABOUT, FIRST + place, 1) for place in (2, 3, 4))
        figures = self._amounts(FIGURES, FIELDS, NEEDED)
        segments = self._amounts(SEGMENT, SEGMENT_LABELS)
        homes, councils = self._homes(), self._councils()
        placements = self._placements({one["urn"] for one in homes})
        schedules = {one.name: self._schedule(one, {home["urn"] for home in homes}) for one in SCHEDULES}
        if not self.refusals:
            self._articulate(figures, segments)
            self._children(homes, councils)
            self._fit(schedules, figures, period_end)
        return Return(
            period_end,
            audited,
            figures,
            segments,
            homes,
            councils,
            placements,
            schedules,
            uncertain,
            changed,
            tuple(self.refusals),
        )

    def _cell(self, sheet: str, row: int, column: int) -> Any:
        rows = self.cells[sheet]
        value = rows[row - 1][column] if row <= len(rows) and column < len(rows[row - 1]) else ""
        return value.strip() if isinstance(value, str) else value

    def _refuse(self, sheet: str, row: int, column: int, message: str) -> None:
        self.refusals.append(Refusal(sheet, f"{'ABCDE'[column]}{row}", message))

    def _day(self, sheet: str, row: int, column: int) -> date | None:
        value = self._cell(sheet, row, column)
        found = value.date() if isinstance(value, datetime) else value if isinstance(value, date) else _iso(value)
        if found is None:
            what = "the last day of the period" if sheet == ABOUT else "the day"
            self._refuse(sheet, row, column, f"Enter {what} as a date, such as 2026-03-31.")
        return found

    def _period_end(self) -> date | None:
        found = self._day(ABOUT, FIRST + 1, 1)
        if found is not None and found > self.today:
            self._refuse(ABOUT, FIRST + 1, 1, "The period has not ended yet. Enter the last day of one that has.")
            return None
        return found

    def _yes_no(self, sheet: str, row: int, column: int) -> bool | None:
        value = str(self._cell(sheet, row, column)).casefold()
        if value not in ("yes", "no"):
            self._refuse(sheet, row, column, "Enter yes or no.")
            return None
        return value == "yes"

    def _number(self, sheet: str, row: int, column: int) -> float | None:
        value = self._cell(sheet, row, column)
        if value in ("", None):
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
            self._refuse(
                sheet,
                row,
                column,
                f"“{str(value)[:40]}” is no number. Enter an amount without letters or signs of money.",
            )
            return None
        return float(value)

    def _amounts(self, sheet: str, labels: Mapping[str, str], needed: Sequence[str] = ()) -> dict[str, float]:
        found = {}
        for row, name in enumerate(labels, start=FIRST):
            before = len(self.refusals)
            value = self._number(sheet, row, 1)
            if value is not None:
                found[name] = value
            elif name in needed and len(self.refusals) == before:
                said = labels[name].removeprefix("of which ").removeprefix("of all liabilities, ")
                self._refuse(sheet, row, 1, f"Enter: {said[:1].upper()}{said[1:]}. It is needed.")
        return found

    def _rows(self, sheet: str) -> Iterator[int]:
        for row in range(FIRST, len(self.cells[sheet]) + 1):
            if any(value not in ("", None) for value in self.cells[sheet][row - 1]):
                yield row

    def _count(self, sheet: str, row: int, column: int) -> int:
        before = len(self.refusals)
        value = self._number(sheet, row, column)
        if value is not None and value >= 0 and value == int(value):
            return int(value)
        if len(self.refusals) == before:
            self._refuse(sheet, row, column, "Enter a whole number from 0.")
        return 0

    def _homes(self) -> list[dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for row in self._rows(HOMES):
            urn = str(self._cell(HOMES, row, 0)).upper().removesuffix(".0")
            if not is_urn(urn):
                self._refuse(
                    HOMES, row, 0, f"“{urn[:20]}” is no number of a setting. Enter it as registered, such as SC012345."
                )
            elif urn in found:
                self._refuse(HOMES, row, 0, f"{urn} stands here twice. Leave one row for each home.")
            places, children = self._count(HOMES, row, 1), self._count(HOMES, row, 2)
            if children > places:
                self._refuse(HOMES, row, 2, f"{children} children live in {places} places. Correct one of the two.")
            restricted = self._count(HOMES, row, 4) if self._cell(HOMES, row, 4) not in ("", None) else None
            if restricted is not None and restricted > places:
                self._refuse(
                    HOMES, row, 4, f"{restricted} of {places} places may not be filled. Correct one of the two."
                )
            found.setdefault(urn, {"urn": urn, "places": places, "children": children, "costs": self._number(HOMES, row, 3),
                                   "restricted": restricted})  # fmt: skip
        return list(found.values())

    def _councils(self) -> list[dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for row in self._rows(COUNCILS):
            code = self._council(COUNCILS, row, 0)
            if not code:
                continue
            if code in found:
                self._refuse(COUNCILS, row, 0, f"{_NAMES[code]} stands here twice. Leave one row for each council.")
            found[code] = {"code": code, "name": _NAMES[code], "children": self._count(COUNCILS, row, 1),
                           "fees": self._number(COUNCILS, row, 2)}  # fmt: skip
        return list(found.values())

    def _council(self, sheet: str, row: int, column: int) -> str:
        told = self._cell(sheet, row, column)
        text = str(int(told) if isinstance(told, float) else told)
        code = _CODES.get(text.casefold(), "")
        if not code:
            self._refuse(
                sheet, row, column, f"“{text[:40]}” is no council. Enter its name in full, or its three-digit code."
            )
        return code

    def _placements(self, homes: set[str]) -> list[dict[str, Any]]:
        found = []
        for row in self._rows(PLACEMENTS):
            urn, before = str(self._cell(PLACEMENTS, row, 0)).upper().removesuffix(".0"), len(self.refusals)
            if urn not in homes:
                self._refuse(
                    PLACEMENTS, row, 0, f"“{urn[:20]}” is none of the homes on the sheet {HOMES}. Enter it there first."
                )
            fee = self._number(PLACEMENTS, row, 2)
            if (fee is None or fee < 0) and len(self.refusals) == before:
                self._refuse(PLACEMENTS, row, 2, "Enter the fee a week, from 0.")
            found.append({"urn": urn, "council": self._council(PLACEMENTS, row, 1), "fee": fee})
        return found

    def _schedule(self, one: Schedule, homes: set[str]) -> list[dict[str, Any]]:
        """Return the rows of a schedule; where only the first column of one is filled in, as the template has it, it is no row."""
        rows = [
            row
            for row in self._rows(one.sheet)
            if any(self._cell(one.sheet, row, column) not in ("", None) for column in range(1, len(one.parts)))
        ]
        return [
            {part.name: self._part(one.sheet, row, column, part, homes) for column, part in enumerate(one.parts)} for row in rows
        ]  # fmt: skip

    def _part(self, sheet: str, row: int, column: int, part: Part, homes: set[str]) -> Any:
        value = self._cell(sheet, row, column)
        if value in ("", None):
            if part.needed:
                self._refuse(sheet, row, column, f"Enter: {part.heading}.")
            return None
        if part.sort in (POUNDS, MONEY, NUMBER):
            amount = self._number(sheet, row, column)
            if part.sort == POUNDS and amount is not None and amount < 0:
                self._refuse(sheet, row, column, "Enter an amount from 0.")
            return amount or 0.0
        if part.sort == DAY:
            day = self._day(sheet, row, column)
            return day.isoformat() if day else None
        if part.sort == YES_NO:
            return self._yes_no(sheet, row, column)
        return self._word(sheet, row, column, part, str(value), homes)

    def _word(self, sheet: str, row: int, column: int, part: Part, text: str, homes: set[str]) -> str:
        if part.sort == HOME:
            text = text.upper()
            if text not in homes:
                self._refuse(
                    sheet,
                    row,
                    column,
                    f"“{text[:20]}” is none of the homes on the sheet {HOMES}. Enter it there first.",
                )
        if part.choices is None:
            return text[:200]
        kept = {label.casefold(): kept for label, kept in part.choices.items()}.get(text.casefold(), "")
        if not kept:
            self._refuse(
                sheet,
                row,
                column,
                f"“{text[:40]}” cannot be chosen. Enter one of: {', '.join(list(part.choices)[:14])}.",
            )
        return kept

    def _fit(self, schedules: Mapping[str, Any], figures: Mapping[str, float], period_end: date | None) -> None:
        for one in misfits(schedules, figures, period_end):
            column = [part.name for part in one.schedule.parts].index(one.column)
            self._refuse(one.schedule.sheet, FIRST + one.row, column, one.message)

    def _articulate(self, figures: Mapping[str, float], segments: Mapping[str, float]) -> None:
        rows = {name: row for row, name in enumerate(FIELDS, start=FIRST)}
        by_label = {label: name for name, label in FIELDS.items()}
        for one in faults(figures, segments or None):
            if one.check == "segments":
                self._refuse(SEGMENT, FIRST, 1, one.message)
                continue
            signed = next(
                (name for label, name in by_label.items() if one.message.startswith(f"{label} cannot")), "turnover"
            )
            name = CELL_OF.get(one.check, signed)
            what = "" if one.check == "sign" else " Correct this cell, or one of the others in the sum."
            self._refuse(FIGURES, rows[name], 1, f"{one.message}{what}")

    def _children(self, homes: Sequence[Mapping[str, Any]], councils: Sequence[Mapping[str, Any]]) -> None:
        here, placed = sum(one["children"] for one in homes), sum(one["children"] for one in councils)
        if councils and homes and here != placed:
            self._refuse(COUNCILS, FIRST, 1, f"Councils have {placed} children in your homes, but {here} live there (sheet {HOMES}). "
                         "Make the two agree.")  # fmt: skip


_NAMES = council_names()
_CODES = {name.casefold(): code for code, name in _NAMES.items()} | {code: code for code in _NAMES}


def _iso(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        return None
