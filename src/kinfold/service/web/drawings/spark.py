"""A line so small that it stands in a table's cell; the cell says its latest amount in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kinfold.service.web.drawings.axis import stretch
from kinfold.service.web.drawings.figure import Figure, Rows, figure_of
from kinfold.service.web.drawings.svg import DARK_BLUE, DARK_PINK, Drawing, drawing, element, path
from kinfold.service.web.drawings.words import amount_words

WIDTH, HEIGHT, EDGE = 120.0, 28.0, 4.0


@dataclass(frozen=True, slots=True)
class Spark:
    """Amounts in order of time, None where there is none."""

    title: str
    steps: Sequence[str]
    values: Sequence[float | None]
    unit: str = ""
    decimals: int = 0


def _points(values: Sequence[float | None]) -> list[tuple[float, float]]:
    known = [v for v in values if v is not None]
    low, high = min(known), max(known)
    across = max(len(values) - 1, 1)
    return [
        (
            EDGE + index / across * (WIDTH - 2 * EDGE),
            HEIGHT / 2 if high == low else HEIGHT - EDGE - (value - low) / stretch(low, high) * (HEIGHT - 2 * EDGE),
        )
        for index, value in enumerate(values)
        if value is not None
    ]


def draw_spark(spark: Spark) -> Drawing:
    """Return the line, its last point marked; an empty frame where nothing is known."""
    parts = []
    if any(value is not None for value in spark.values):
        points = _points(spark.values)
        parts.append(element("path", d=path(points), fill="none", stroke=DARK_BLUE.fill, stroke_width=2))
        parts.append(element("circle", cx=points[-1][0], cy=points[-1][1], r=3, fill=DARK_PINK.fill))
    return drawing(spark.title, spark_sentence(spark), parts, width=WIDTH, height=HEIGHT)


def spark_sentence(spark: Spark) -> str:
    """Return the line in words: from the first known amount to the last."""
    known = [(s, v) for s, v in zip(spark.steps, spark.values, strict=False) if v is not None]
    if not known:
        return "There is nothing to show yet."
    said = [f"{amount_words(v, decimals=spark.decimals, unit=spark.unit)} in {s}" for s, v in (known[0], known[-1])]
    return f"From {said[0]} to {said[1]}." if len(known) > 1 else f"{said[0]}."


def spark_rows(spark: Spark) -> Rows:
    """Return the table: one row per step."""
    rows = [
        (step, amount_words(value, decimals=spark.decimals, unit=spark.unit))
        for step, value in zip(spark.steps, spark.values, strict=False)
    ]
    return Rows(("When", "Amount"), rows, frozenset({1}))


@figure_of.register
def _(spark: Spark) -> Figure:
    return Figure(spark.title, "spark", draw_spark(spark), None, spark_sentence(spark), spark_rows(spark))
