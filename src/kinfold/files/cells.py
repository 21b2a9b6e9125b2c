"""
Reading one cell: each function returns the value, or the Trouble that says what is wrong with it.

    value = parse_day("02/05/2025", "dd/mm/yyyy")
    if isinstance(value, Trouble): ...

A blank cell is None: nobody has told us. Callers that need a value say so themselves (`problems.missing`).
"""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from typing import Literal

from kinfold.files.problems import Trouble, shown, unknown_code
from kinfold.terms.codes import CodeSet

DayForm = Literal["dd/mm/yyyy", "yyyy-mm-dd"]

_EXAMPLE: dict[str, str] = {"dd/mm/yyyy": "31/03/2026", "yyyy-mm-dd": "2026-03-31"}
_SHAPE = {
    "dd/mm/yyyy": re.compile(r"\d\d/\d\d/\d{4}", re.ASCII),
    "yyyy-mm-dd": re.compile(r"\d{4}-\d\d-\d\d", re.ASCII),
}
_WITH_TIME = re.compile(r"(\S+)[ T]\d\d:\d\d(:\d\d(\.\d+)?)?Z?", re.ASCII)
_YES = frozenset({"1", "true", "y", "yes"})
_NO = frozenset({"0", "false", "n", "no"})


@lru_cache(maxsize=100_000)
def parse_day(text: str, form: DayForm) -> date | Trouble | None:
    """
    Return the day that `text` stands for, strictly in the form the door declares; None for a blank.

    The answer for each text is kept, because a return repeats few days many times.
    """
    text = text.strip()
    if not text:
        return None
    if _SHAPE[form].fullmatch(text):
        try:
            return _as_day(text, form)
        except ValueError:
            return Trouble("impossible_date", f"{shown(text)} is not a day that exists", "Correct the date.")
    return Trouble("impossible_date", f"{shown(text)!r} is not a date", _date_advice(text, form))


def parse_moment(text: str) -> datetime | Trouble | None:
    """Return the moment an ISO text stands for (with its offset, if it gives one); None for a blank."""
    text = text.strip()
    if not text:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        what = f"{shown(text)!r} is not a date and time"
        return Trouble("impossible_date", what, "Write it as 2026-03-31T09:30:00.")


def parse_whole_number(text: str, *, lowest: int = 0, highest: int | None = None) -> int | Trouble | None:
    """Return the whole number, within the bounds given; None for a blank. "21.0" is 21, as spreadsheets write it."""
    text = text.strip()
    if not text:
        return None
    match = re.fullmatch(r"(-?\d{1,15})(\.0+)?", text, re.ASCII)
    span = f"from {lowest} to {highest}" if highest is not None else f"of {lowest} or more"
    if match is None:
        return Trouble("not_a_number", f"{shown(text)!r} is not a whole number", f"Write a whole number {span}.")
    number = int(match[1])
    if number < lowest or (highest is not None and number > highest):
        return Trouble("out_of_range", f"{number} is out of range", f"Write a whole number {span}.")
    return number


def parse_yes_no(text: str) -> bool | Trouble | None:
    """Return True or False for 1/0, true/false, yes/no, Y/N in any case, and 1.0/0.0; None for a blank."""
    word = text.strip().lower().removesuffix(".0")
    if not word:
        return None
    if word in _YES:
        return True
    if word in _NO:
        return False
    return Trouble("not_yes_or_no", f"{shown(text)!r} is neither yes nor no", "Write 1 for yes or 0 for no.")


def parse_code(codes: CodeSet, text: str, on: date | None = None, *, meaning: str = "") -> str | Trouble | None:
    """
    Return the code as the code set spells it, if it held on the day `on` (or ever, when None); None for a blank.

    `meaning` is what the code stands for in people's words, for the message.
    """
    text = text.strip()
    if not text:
        return None
    code = codes.canonical(text)
    if code is not None and codes.is_valid(code, on):
        return code
    return unknown_code("", text, meaning=meaning or "this field", known=codes.codes(on))


def _as_day(text: str, form: DayForm) -> date:
    if form == "dd/mm/yyyy":
        return date(int(text[6:]), int(text[3:5]), int(text[:2]))
    return date(int(text[:4]), int(text[5:7]), int(text[8:]))


def _date_advice(text: str, form: DayForm) -> str:
    """Return how to put a wrongly written date right, with what the person meant where we can tell."""
    other: DayForm = "yyyy-mm-dd" if form == "dd/mm/yyyy" else "dd/mm/yyyy"
    example = f"Write dates as {form}, such as {_EXAMPLE[form]}"
    with_time = _WITH_TIME.fullmatch(text)
    if with_time is not None and (_SHAPE[form].fullmatch(with_time[1]) or _SHAPE[other].fullmatch(with_time[1])):
        return f"{example}, without a time."
    if _SHAPE[other].fullmatch(text):
        return f"{example}; this one is written as {other}."
    return f"{example}."
