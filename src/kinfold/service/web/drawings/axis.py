"""The axis of days and the axis of amounts: where a value falls, and which marks to write beside the line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kinfold.service.web.drawings.words import month_words

_MONTH_STEPS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000, 24000, 60000)
_DAYS_IN_MONTH = 30.4375


@dataclass(frozen=True, slots=True)
class DayAxis:
    """Days from `first` to `last` laid between `left` and `right`."""

    first: date
    last: date
    left: float
    right: float

    def at(self, day: date) -> float:
        """Return where `day` falls; a day outside the axis falls on its end."""
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return self.left + min(max(share, 0.0), 1.0) * (self.right - self.left)

    def marks(self, room: float) -> list[tuple[date, str]]:
        """Return the first days of years or months to write, each with its words, at least `room` apart."""
        months = (self.last - self.first).days / _DAYS_IN_MONTH
        fits = max(int((self.right - self.left) / room), 1)
        step = next((s for s in _MONTH_STEPS if months / s <= fits), _MONTH_STEPS[-1])
        return [(day, str(day.year) if step >= 12 else month_words(day)) for day in self._starts(step)]

    def _starts(self, step: int) -> list[date]:
        index = self.first.year * 12 + self.first.month - 1
        index += -index % step
        days = []
        while index // 12 <= min(self.last.year, 9999):
            day = date(index // 12, index % 12 + 1, 1) if index >= 12 else date.min
            if self.first <= day <= self.last:
                days.append(day)
            index += step
        return days


def day_axis(days: Sequence[date], *, left: float, right: float) -> DayAxis:
    """Return an axis that holds all `days` with a little room at both ends. `days` may not be empty."""
    first, last = min(days), max(days)
    margin = max((last - first).days // 50, 10)
    first = first - timedelta(days=margin) if first.toordinal() > margin else date.min
    last = last + timedelta(days=margin) if date.max.toordinal() - last.toordinal() > margin else date.max
    return DayAxis(first, last, left, right)


def round_marks(lowest: float, highest: float, *, most: int = 6) -> list[float]:
    """Return evenly spaced round numbers that cover `lowest` to `highest`, zero among them where it lies between."""
    span = highest - lowest
    if span <= 0 or not math.isfinite(span):
        return [lowest, lowest + 1.0]
    rough = span / most
    power = 10.0 ** math.floor(math.log10(rough)) if rough > 0 else 0.0
    if power <= 0:  # so small that the logarithm's power vanished
        return [lowest, highest]
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= rough * (1 - 1e-9))
    start, count = math.floor(lowest / step), math.ceil(highest / step)
    marks = [i * step for i in range(start, count + 1)]
    return marks if len(marks) > 1 else [lowest, highest]  # amounts so near one another that no round one lies between


def stretch(low: float, high: float) -> float:
    """Return how far apart two amounts are, 1 where that is too little to divide by."""
    return high - low if high - low > 1e-9 else 1.0
