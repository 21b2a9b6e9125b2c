"""
The standard messages for rows that cannot be used: what is wrong, where, and how to put it right.

A message names the table and the row as a person opening the file would count it, and writes days as
"2 May 2025". Several problems of one row are joined into one, because a row is put right once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from kinfold.record.claim import Place, Problem

_SHOWN = 60  # characters of a wrong value that a message repeats


class Trouble(NamedTuple):
    """What is wrong with one cell, before anybody knows which row it is in."""

    code: str  # a stable word for machines
    what: str  # the sentence's end, after "Episodes row 214: "
    fix: str
    field: str = ""

    def of(self, field: str) -> Trouble:
        """Return the same trouble, of the named field."""
        return self._replace(field=field)


def day_in_words(day: date) -> str:
    """Return the day as "2 May 2025"."""
    return f"{day.day} {day:%B} {day.year}"


def shown(value: str) -> str:
    """Return a wrong value as a message may repeat it: short, on one line."""
    flat = " ".join(value.split())
    return flat if len(flat) <= _SHOWN else f"{flat[: _SHOWN - 1]}…"


def problem(place: Place, trouble: Trouble, original: Mapping[str, str] | None = None) -> Problem:
    """Return one trouble as the Problem of the row at `place`."""
    return joined(place, [trouble], original)


def joined(place: Place, troubles: Sequence[Trouble], original: Mapping[str, str] | None = None) -> Problem:
    """Return everything wrong with one row as one Problem: the first field and code, all the messages."""
    first = troubles[0]
    fix = _unlike(trouble.fix for trouble in troubles)
    what = "; ".join(_unlike(trouble.what for trouble in troubles))
    return Problem(
        place=place,
        field=first.field,
        code=first.code,
        message=f"{place.table} row {place.row}: {what}. {' '.join(fix)}",
        fix=" ".join(fix),
        original=dict(original or {}),
    )


def missing(field: str, what: str) -> Trouble:
    """Return that a needed value is blank; `what` names it as people do ("the date the episode began")."""
    return Trouble("missing", f"{what} ({field}) is blank", f"Fill in {field}.", field)


def unknown_code(field: str, value: str, *, meaning: str, known: Iterable[str] = ()) -> Trouble:
    """Return that a code is in no list that held on the day; `known` are some that are."""
    listed = ", ".join(list(known)[:12])
    fix = f"Use one of {listed}." if listed else f"Correct {field}."
    return Trouble("unknown_code", f"{field} {shown(value)!r} is not a code for {meaning}", fix, field)


def end_before_start(field: str, *, what: str, start: date, end: date) -> Trouble:
    """Return that a period ends before it starts; `what` is the period ("the placement")."""
    sentence = f"{what} ends ({day_in_words(end)}) before it starts ({day_in_words(start)})"
    return Trouble("end_before_start", sentence, "Correct one of the dates.", field)


def same_day(field: str, *, what: str, day: date) -> Trouble:
    """Return that a period starts and ends on one day where the source's rules do not allow it."""
    sentence = f"{what} starts and ends on one day ({day_in_words(day)})"
    return Trouble("same_day", sentence, "Correct one of the dates, or leave the row out.", field)


def repeated(field: str, *, value: str, first_row: int, differing: Sequence[str] = ()) -> Trouble:
    """Return that a second row speaks of what an earlier row spoke of, with other content."""
    which = f" with a different {', '.join(differing)}" if differing else ""
    what = f"{shown(value)} is already in row {first_row}{which}"
    return Trouble("duplicate", what, "Keep the row that is right and remove the other.", field)


def ragged(*, cells: int, expected: int) -> Trouble:
    """Return that a row has more or fewer cells than the header."""
    what = f"the row has {cells} cells and the header has {expected}"
    return Trouble("ragged_row", what, "Check for a missing or extra comma or quotation mark.")


def too_long(field: str, *, length: int, longest: int) -> Trouble:
    """Return that a cell is longer than anything the field can hold."""
    return Trouble("too_long", f"{field} is {length:,} characters long", f"Shorten it to {longest:,} or fewer.", field)


def _unlike(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))
