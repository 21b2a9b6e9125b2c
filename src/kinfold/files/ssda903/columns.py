"""
What each cell of the return says, read once for each text it can have.

A `Cells` maps a cell's text to its value, or to the Trouble that says what is wrong with it. It is a dict
that fills itself: a return repeats few codes and days millions of times, and a look-up in a dict is the
fastest thing there is.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from kinfold.files.cells import parse_day, parse_whole_number, parse_yes_no
from kinfold.files.problems import Trouble, missing, shown, too_long, unknown_code
from kinfold.files.ssda903.layout import Column
from kinfold.terms.codes import CodeSet, code_set
from kinfold.terms.identifiers import normalise_postcode

_MOST_KEPT = 50_000  # texts a column remembers: more than there are days or postcodes in a council
_PARTIAL_DAY = re.compile(r"(zz|\d\d)/(zz|\d\d)/\d{4}", re.ASCII | re.IGNORECASE)
_EARLIEST, _LATEST = 1900, 2100  # a year outside is a slip of the keyboard, not a day in anybody's life


class Retired(Trouble):
    """A code that was retired before the collection year: right after all if it held on the row's own day."""

    __slots__ = ()


class Cells(dict[str, Any]):
    """
    The values of one column by their text: a value, or None for a blank.

    What is wrong with a text is added to `noticed`, a list shared by the columns of a table, each time the
    text is met; the value is then the Trouble itself. So a row of good cells costs look-ups and nothing else.
    """

    def __init__(self, column: Column, year_start: date, noticed: list[Trouble]) -> None:
        super().__init__()
        self.column = column
        self.year_start = year_start
        self.noticed = noticed
        self.set = code_set(column.codes) if column.codes else None
        if not column.needed:
            self[""] = None

    def __missing__(self, text: str) -> Any:
        value = self._read(text) if text else missing(self.column.name, self.column.needed or "the value")
        if isinstance(value, Trouble):
            value = _named(value, self.column)
            self.noticed.append(value)
        elif len(self) < _MOST_KEPT:
            self[text] = value
        return value

    def _read(self, text: str) -> Any:
        column = self.column
        match column.sort:
            case "day":
                return _day(text)
            case "code":
                return self._code(text)
            case "yes or no":
                return parse_yes_no(text)
            case "number":
                return parse_whole_number(text, highest=column.most)
            case "postcode":
                return _postcode(text)
            case "partial day":
                return _partial_day(text)
            case "authority":
                return text if re.fullmatch(r"\d{3}", text, re.ASCII) else self._code(text)
            case _:
                return _text(text.upper() if column.sort == "urn" else text, column)

    def _code(self, text: str) -> str | Trouble:
        codes = self.set
        if codes is None:
            raise ValueError(self.column.name)
        written = codes.by_code.get(text.upper())
        canonical = codes.canonical(text)
        if canonical is None:
            return unknown_code(
                self.column.name, text, meaning=self.column.meaning, known=codes.codes(self.year_start) or codes.codes()
            )
        # A code with a successor is as good as its successor; one without has lost its meaning.
        until = written.valid_until if written is not None and written.maps_to is None else None
        if until is not None and until <= self.year_start:
            return _retired(codes, self.column, text, until)
        return canonical

    def held_on(self, text: str, day: date | None) -> str | None:
        """Return the value of a retired code if it was a code on the row's own day, else None."""
        if self.set is None or day is None or not self.set.is_valid(text.upper(), day):
            return None
        return self.set.canonical(text)


def _retired(codes: CodeSet, column: Column, text: str, until: date) -> Retired:
    what = f"{column.name} {shown(text)!r} has not been a code for {column.meaning} since {until.year}"
    listed = ", ".join(codes.codes(until)[:12])
    return Retired("retired_code", what, f"Use one of {listed}.", column.name)


def _day(text: str) -> date | Trouble | None:
    day = parse_day(text, "dd/mm/yyyy")
    if isinstance(day, date) and not _EARLIEST <= day.year <= _LATEST:
        return Trouble("impossible_date", f"the year of {shown(text)} cannot be right", "Correct the date.")
    return day


def _postcode(text: str) -> str | Trouble:
    """Return the postcode as "SW1A 1AA"; one that is none is kept as written, unless it cannot be one at all."""
    written = normalise_postcode(text) or " ".join(text.upper().split())
    if len(written) > 8:
        return Trouble("impossible_postcode", f"{shown(text)!r} is not a postcode", "Write it as SW1A 1AA.")
    return written


def _partial_day(text: str) -> str | Trouble:
    """Return a day of which the day or month may be unknown, as written: "zz/03/2014"."""
    if not _PARTIAL_DAY.fullmatch(text):
        fix = "Write it as 31/03/2026, with zz for a day or month that is not known."
        return Trouble("impossible_date", f"{shown(text)!r} is not a date", fix)
    day = None if "z" in text.lower() else _day(text)
    return day if isinstance(day, Trouble) else text.lower()


def _text(text: str, column: Column) -> str | Trouble:
    if len(text) > column.most:
        return too_long(column.name, length=len(text), longest=column.most)
    if not text.isprintable():
        return Trouble("wrong_characters", "holds a control character or a line break", "Take it out.")
    return text


def _named(trouble: Trouble, column: Column) -> Trouble:
    """Return the trouble with the column's name in its sentence, once."""
    what = trouble.what if column.name in trouble.what else f"{column.name} {trouble.what}"
    return trouble._replace(what=what, field=column.name)
