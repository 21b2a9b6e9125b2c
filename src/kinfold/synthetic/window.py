"""The stretch of time that the files of the invented England speak of."""

from __future__ import annotations

from dataclasses import dataclass

from kinfold.synthetic.days import day, year_ending

NEED_YEARS = 3


@dataclass(frozen=True, slots=True)
class Window:
    """`first` to `last` are the SSDA903 years, `need_from` the first day of the first census, `today` what the feed knows."""

    first: int
    last: int
    need_from: int
    today: int
    year_ends: list[int]

    @property
    def visits_from(self) -> int:
        """Return the day from which visits to children in need are kept: a year before today."""
        return self.today - 365


def window_of(*, reference: int, today: int, years: int) -> Window:
    """Return the window of `years` collection years ending with the last one complete on `reference`."""
    start, end = year_ending(reference)
    if end > reference:
        end = start - 1
    last_year = year_ending(end)[1]
    ends = [_march(last_year, back) for back in range(years - 1, -1, -1)]
    return Window(
        first=_march(last_year, years) + 1,
        last=last_year,
        need_from=_march(last_year, NEED_YEARS) + 1,
        today=max(today, last_year),
        year_ends=ends,
    )


def _march(year_end: int, back: int) -> int:
    from datetime import date

    return day(date.fromordinal(year_end).year - back, 3, 31)
