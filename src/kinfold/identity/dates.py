"""
Dates of birth as people write them, brought to eight digits: year, month, day.

What is not known is written as zeros ("20150300" is a day in March 2015), and a day that does not exist
("20150231") keeps its digits: a slip of the pen is still worth comparing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

FIRST_YEAR, LAST_YEAR = 1880, 2099
_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ],
        start=1,
    )
    for name in names.split()
}
_TIME = re.compile(r"[ t]\d{1,2}:\d\d.*$")
_PARTS = re.compile(r"\d+|[a-z]+")
_ORDINALS = frozenset({"st", "nd", "rd", "th", "of", "the"})
_WEEKDAYS = frozenset(
    [
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
        "sat",
        "sun",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ]
)
_DASHED = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[ T].*)?")
# Two digits of a year up to this one are of this century. The oldest child of today was born after 2000.
_THIS_CENTURY = 40


def day_digits(raw: object, *, month_first: bool = False) -> str:
    """
    Return a date of birth as eight digits, or "" where it says nothing we can read.

    Takes days with the year first, last or run together, months as numbers or English names, two-digit years, a
    time after the day, and a year alone. `month_first` reads 03/04/2015 as 4 March (see `is_month_first`).
    """
    text = "" if raw is None else str(raw).strip()
    plain = _DASHED.fullmatch(text)
    if plain:
        return _digits(int(plain[1]), int(plain[2]), int(plain[3]))
    parts = _parts_of(text)
    if not parts or len(parts) > 3:
        return ""
    if len(parts) == 1:
        return _run_together(parts[0], month_first=month_first)
    return _from_parts(parts, month_first=month_first)


def _parts_of(text: str) -> list[str]:
    lowered = _TIME.sub("", text.lower())
    parts = [part for part in _PARTS.findall(lowered) if part not in _ORDINALS and part not in _WEEKDAYS]
    if any(part.isalpha() and part not in _MONTHS for part in parts):
        return []
    return parts


def _run_together(part: str, *, month_first: bool) -> str:
    if not part.isdigit():
        return ""
    if len(part) == 4:
        return _digits(int(part), 0, 0)
    if len(part) != 8:
        return ""
    if _is_year(int(part[:4])):
        return _digits(int(part[:4]), int(part[4:6]), int(part[6:]))
    first, second, year = int(part[:2]), int(part[2:4]), int(part[4:])
    return _ordered(first, second, year, month_first=month_first)


def _from_parts(parts: list[str], *, month_first: bool) -> str:
    named = [part for part in parts if part in _MONTHS]
    numbers = [int(part) for part in parts if part.isdigit()]
    if len(named) > 1 or not numbers:
        return ""
    if named:
        return _named_month(_MONTHS[named[0]], parts, numbers)
    if len(parts) == 2:
        year, month = (numbers[0], numbers[1]) if len(parts[0]) == 4 else (numbers[1], numbers[0])
        return _digits(_whole_year(year), month, 0)
    if len(parts[0]) == 4:
        return _digits(numbers[0], *_month_and_day(numbers[1], numbers[2]))
    return _ordered(numbers[0], numbers[1], _whole_year(numbers[2]), month_first=month_first)


def _named_month(month: int, parts: list[str], numbers: list[int]) -> str:
    if len(numbers) == 1:
        return _digits(_whole_year(numbers[0]), month, 0)
    year_first = len(parts[0]) == 4
    year, day = (numbers[0], numbers[1]) if year_first else (numbers[1], numbers[0])
    return _digits(_whole_year(year), month, day)


def _month_and_day(second: int, third: int) -> tuple[int, int]:
    return (third, second) if second > 12 >= third else (second, third)


def _ordered(first: int, second: int, year: int, *, month_first: bool) -> str:
    # what cannot be a month is the day, whatever the order of the rest of the file
    if first > 12 >= second:
        day, month = first, second
    elif second > 12 >= first:
        day, month = second, first
    else:
        day, month = (second, first) if month_first else (first, second)
    return _digits(year, month, day)


def _whole_year(year: int) -> int:
    if year >= 100:
        return year
    return 2000 + year if year <= _THIS_CENTURY else 1900 + year


def _is_year(year: int) -> bool:
    return FIRST_YEAR <= year <= LAST_YEAR


def _digits(year: int, month: int, day: int) -> str:
    if not _is_year(year) or month > 99 or day > 99:
        return ""
    return f"{year:04d}{month:02d}{day:02d}"


def is_month_first(values: Iterable[object], *, look_at: int = 20_000) -> bool:
    """
    Return whether a column's dates with the year last are written month first, as in the United States.

    Decided by the dates that can be read in one way only, of the first `look_at`; without any, British order.
    """
    months, days = 0, 0
    for raw in islice(values, look_at):
        parts = _parts_of("" if raw is None else str(raw).strip())
        if len(parts) != 3 or not all(part.isdigit() for part in parts) or len(parts[0]) == 4:
            continue
        first, second = int(parts[0]), int(parts[1])
        months += second > 12 >= first
        days += first > 12 >= second
    return months > days
