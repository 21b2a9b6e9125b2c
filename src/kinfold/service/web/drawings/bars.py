"""Amounts side by side as bars, and amounts over time as lines, each written out beside its mark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kinfold.service.web.drawings.axis import round_marks, stretch
from kinfold.service.web.drawings.figure import WIDE, Figure, Rows, at_two_widths, figure_of
from kinfold.service.web.drawings.svg import (
    DARK_BLUE,
    DARK_PINK,
    INK,
    PALE,
    QUIET,
    RULE,
    TONES,
    TURQUOISE,
    Drawing,
    drawing,
    element,
    label,
    number,
    path,
    tip,
    width_of,
    words,
    wrapped,
)
from kinfold.service.web.drawings.words import amount_words


@dataclass(frozen=True, slots=True)
class Amount:
    """One bar. `value` is None where the amount is not known or must not be shown; `note` then says why."""

    label: str
    value: float | None
    note: str = ""
    focus: bool = False


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars from one zero line. `mark` is an amount to compare with, such as England's."""

    title: str
    amounts: Sequence[Amount]
    unit: str = ""
    decimals: int = 0
    mark: Amount | None = None
    what: str = "What"


@dataclass(frozen=True, slots=True)
class Series:
    """One line: as many values as the chart has steps, None where there is none."""

    label: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class LineChart:
    """Lines over the same steps, such as years."""

    title: str
    steps: Sequence[str]
    series: Sequence[Series]
    unit: str = ""
    decimals: int = 0


def _said(chart: BarChart | LineChart, value: float | None) -> str:
    return amount_words(value, decimals=chart.decimals, unit=chart.unit)


def _amount_said(chart: BarChart, amount: Amount) -> str:
    if amount.value is None:
        return amount.note or "not known"
    return _said(chart, amount.value)


def _bar(chart: BarChart, amount: Amount, *, y: float, zero: float, scale: float) -> Drawing:
    if amount.value is None:
        return Drawing("")
    end = zero + amount.value * scale
    left, length = min(zero, end), max(abs(end - zero), 1.5)
    tone = DARK_BLUE if amount.focus or not any(a.focus for a in chart.amounts) else TURQUOISE
    said = tip(f"{amount.label}: {_amount_said(chart, amount)}")
    return element("rect", said, x=left, y=y, width=length, height=20, fill=tone.fill)


def _bar_words(chart: BarChart, amount: Amount, *, y: float, zero: float, scale: float, width: float) -> Drawing:
    said = _amount_said(chart, amount)
    if amount.value is None:
        return label(said, zero + 4, y + 15, size=13, fill=QUIET)
    outside = max(zero, zero + amount.value * scale) + 5
    halo = {"stroke": "#ffffff", "stroke_width": "3", "paint_order": "stroke"}
    place = {"x": number(outside), "text_anchor": "start"}
    if outside + width_of(said, 13) > width:
        place = {"x": number(width - 4), "text_anchor": "end"}
    weight = "700" if amount.focus else None
    return element("text", words(said), y=y + 15, font_size=13, fill=INK, font_weight=weight, **place, **halo)


def _compared(chart: BarChart, *, zero: float, scale: float, height: float, width: float) -> Iterator[Drawing]:
    if chart.mark is None or chart.mark.value is None:
        return
    x = zero + chart.mark.value * scale
    yield element(
        "line", x1=x, x2=x, y1=2, y2=height - 22, stroke=DARK_PINK.fill, stroke_width=2, stroke_dasharray="5 4"
    )
    text = f"{chart.mark.label}: {_said(chart, chart.mark.value)}"
    half = min(width_of(text, 12) / 2, width / 2 - 2)
    middle = min(max(x, half + 2), width - half - 2)
    yield label(text, middle, height - 7, size=12, fill=DARK_PINK.fill, anchor="middle")


def draw_bars(chart: BarChart, *, width: float = WIDE) -> Drawing:
    """Return the bars, the longest name at the left or, where there is no room, above its bar."""
    beside = width >= 600
    values = [a.value for a in [*chart.amounts, *([chart.mark] if chart.mark else [])] if a.value is not None]
    least, most = min([0.0, *values]), max([0.0, *values])
    widest = max(
        (width_of(_amount_said(chart, a), 13) * 1.1 for a in chart.amounts if a.value is not None), default=0.0
    )
    start = 240.0 if beside else 8.0
    end = max(width - widest - 12, start + width / 4)
    scale = (end - start) / stretch(least, most)
    zero = start - least * scale
    row = 30.0 if beside else 44.0
    height = len(chart.amounts) * row + (28 if chart.mark else 8)
    parts, over = [], []
    for index, amount in enumerate(chart.amounts):
        top = 4 + index * row
        names = wrapped(amount.label, 225 if beside else width - 16, 13, lines=1)
        parts += [label(n, 8, top + 15, size=13, bold=amount.focus) for n in names]
        y = top if beside else top + 19
        parts.append(_bar(chart, amount, y=y, zero=zero, scale=scale))
        over.append(_bar_words(chart, amount, y=y, zero=zero, scale=scale, width=width))
    parts += [*_compared(chart, zero=zero, scale=scale, height=height, width=width), *over]
    parts.append(element("line", x1=zero, x2=zero, y1=0, y2=len(chart.amounts) * row, stroke=INK))
    return drawing(chart.title, bars_sentence(chart), parts, width=width, height=max(height, 20))


def bars_sentence(chart: BarChart) -> str:
    """Return the bars in words: the highest, the lowest, the one in question and what it is compared with."""
    known = [a for a in chart.amounts if a.value is not None]
    if not known:
        return "There is nothing to show yet."
    high = max(known, key=lambda a: a.value or 0.0)
    low = min(known, key=lambda a: a.value or 0.0)
    said = [f"Highest: {high.label}, {_said(chart, high.value)}."]
    if low is not high:
        said.append(f"Lowest: {low.label}, {_said(chart, low.value)}.")
    said += [f"{a.label}: {_said(chart, a.value)}." for a in known if a.focus and a is not high and a is not low]
    if chart.mark and chart.mark.value is not None:
        said.append(f"{chart.mark.label}: {_said(chart, chart.mark.value)}.")
    return " ".join(said)


def bars_rows(chart: BarChart) -> Rows:
    """Return the table: one row per bar, and one for what they are compared with."""
    every = [*chart.amounts, *([chart.mark] if chart.mark else [])]
    rows = [(a.label, _amount_said(chart, a), a.note if a.value is not None else "") for a in every]
    return Rows((chart.what, "Amount", "Note"), rows, frozenset({1}))


def _marker(index: int, x: float, y: float, fill: str, said: str) -> Drawing:
    """Return a point whose shape, not only its colour, tells the lines apart."""
    shapes = (
        f"M{x - 4.5:.1f} {y:.1f}a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0Z",
        f"M{x - 4:.1f} {y - 4:.1f}h8v8h-8Z",
        f"M{x:.1f} {y - 5.5:.1f}l5 9.5h-10Z",
        f"M{x:.1f} {y - 5.5:.1f}l5.5 5.5l-5.5 5.5l-5.5 -5.5Z",
    )
    return element("path", tip(said), d=shapes[index % len(shapes)], fill=fill)


def _runs(points: Sequence[tuple[float, float] | None]) -> Iterator[list[tuple[float, float]]]:
    """Yield the unbroken stretches: a missing value is a gap, never a zero or a straight line across."""
    run: list[tuple[float, float]] = []
    for point in [*points, None]:
        if point is not None:
            run.append(point)
        elif run:
            yield run
            run = []


@dataclass(frozen=True, slots=True)
class _Plane:
    """Where steps and amounts fall in a line chart."""

    left: float
    right: float
    top: float
    bottom: float
    steps: int
    low: float
    high: float

    def at(self, index: int, value: float) -> tuple[float, float]:
        across = index / (self.steps - 1) if self.steps > 1 else 0.5
        up = (value - self.low) / stretch(self.low, self.high)
        return self.left + across * (self.right - self.left), self.bottom - up * (self.bottom - self.top)


def _grid(chart: LineChart, plane: _Plane, marks: Sequence[float]) -> Iterator[Drawing]:
    for mark in marks:
        _, y = plane.at(0, mark)
        yield element("line", x1=plane.left, x2=plane.right, y1=y, y2=y, stroke=RULE)
        yield label(
            amount_words(mark, decimals=_decimals(marks)), plane.left - 8, y + 4, size=12, fill=QUIET, anchor="end"
        )
    room = max((width_of(step, 12) for step in chart.steps), default=1.0) + 14
    every = max(int(-(-room * len(chart.steps) // (plane.right - plane.left))), 1)
    for index, step in enumerate(chart.steps):
        if (len(chart.steps) - 1 - index) % every == 0:
            x, _ = plane.at(index, plane.low)
            half = width_of(step, 12) / 2
            yield label(step, max(x, half + 1), plane.bottom + 20, size=12, fill=QUIET, anchor="middle")


def _decimals(marks: Sequence[float]) -> int:
    step = abs(marks[1] - marks[0]) if len(marks) > 1 else 1.0
    return next((d for d in range(5) if abs(step - round(step, d)) < 1e-9), 5)


def _one_line(chart: LineChart, plane: _Plane, index: int) -> Iterator[Drawing]:
    series, tone = chart.series[index], TONES[index % len(TONES)]
    dashes = (None, "8 4", "3 3", "12 3 3 3")[index // 4 % 4]
    values = series.values[: plane.steps]
    points = [plane.at(i, v) if v is not None else None for i, v in enumerate(values)]
    for run in _runs(points):
        yield element("path", d=path(run), fill="none", stroke=tone.fill, stroke_width=2.5, stroke_dasharray=dashes)
    for step, value, point in zip(chart.steps, values, points, strict=False):
        if point is not None:
            yield _marker(index, *point, tone.fill, f"{series.label}, {step}: {_said(chart, value)}")


def _names(chart: LineChart, *, top: float, width: float) -> tuple[list[Drawing], float]:
    """Return the key, which names each line beside its marker and its latest amount, and where it ends."""
    parts, x, y = [], 10.0, top
    for index, series in enumerate(chart.series):
        last = next((v for v in reversed(series.values[: len(chart.steps)]) if v is not None), None)
        text = f"{series.label}: {_said(chart, last)}"
        if x > 10 and x + 24 + width_of(text, 13) > width:
            x, y = 10.0, y + 20
        parts.append(_marker(index, x + 5, y, TONES[index % len(TONES)].fill, series.label))
        parts += [label(n, x + 16, y + 4.5, size=13) for n in wrapped(text, width - 28, 13, lines=1)]
        x += 40 + width_of(text, 13)
    return parts, y + 14


def draw_lines(chart: LineChart, *, width: float = WIDE) -> Drawing:
    """Return the lines over a grid of round numbers, named above with their latest amounts."""
    values = [v for s in chart.series for v in s.values[: len(chart.steps)] if v is not None]
    marks = round_marks(min([0.0, *values]), max([0.0, *values]), most=5)
    names, top = _names(chart, top=14, width=width)
    left = max(width_of(amount_words(m, decimals=_decimals(marks)), 12) for m in marks) + 14
    plane = _Plane(
        left, width - 22, top + 12, top + (252 if width >= 600 else 192), len(chart.steps), marks[0], marks[-1]
    )
    parts = [
        element(
            "rect",
            x=plane.left,
            y=plane.top,
            width=plane.right - plane.left,
            height=plane.bottom - plane.top,
            fill=PALE,
        )
    ]
    parts += [*_grid(chart, plane, marks), *names]
    for index in range(len(chart.series)):
        parts += _one_line(chart, plane, index)
    return drawing(chart.title, lines_sentence(chart), parts, width=width, height=plane.bottom + 30)


def lines_sentence(chart: LineChart) -> str:
    """Return the lines in words: each from its first known amount to its last."""
    said = []
    for series in chart.series:
        known = [(s, v) for s, v in zip(chart.steps, series.values, strict=False) if v is not None]
        if known:
            (first, start), (last, end) = known[0], known[-1]
            moved = "no change" if end == start else "up" if end > start else "down"
            path_said = f"{_said(chart, start)} in {first}"
            path_said += f", {_said(chart, end)} in {last} ({moved})" if len(known) > 1 else ""
            said.append(f"{series.label}: {path_said}.")
    return " ".join(said) if said else "There is nothing to show yet."


def lines_rows(chart: LineChart) -> Rows:
    """Return the table: one row per step, one column per line."""
    rows = []
    for index, step in enumerate(chart.steps):
        cells = [s.values[index] if index < len(s.values) else None for s in chart.series]
        rows.append((step, *(_said(chart, value) for value in cells)))
    return Rows(("When", *(s.label for s in chart.series)), rows, frozenset(range(1, len(chart.series) + 1)))


@figure_of.register
def _(chart: BarChart) -> Figure:
    return at_two_widths(chart, sort="chart", draw=draw_bars, sentence=bars_sentence, table=bars_rows)


@figure_of.register
def _(chart: LineChart) -> Figure:
    return at_two_widths(chart, sort="chart", draw=draw_lines, sentence=lines_sentence, table=lines_rows)
