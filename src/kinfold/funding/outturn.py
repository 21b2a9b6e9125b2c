"""
What councils spend on children, from the outturn that is published each year (RO3, in thousands of pounds).

The published total is the sum of eight lines, and children looked after the sum of four: where an area's figures do not say so,
that is told. Councils' own figures do not add up to England's: some have not sent theirs, and districts spend a part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kinfold.terms.errors import FileRefused

TOTAL, LOOKED_AFTER = "csc_total", "cla_total"
PARTS: Mapping[str, tuple[str, ...]] = {
    TOTAL: ("sure_start_early_years", LOOKED_AFTER, "other_children_families", "family_support", "youth_justice", "safeguarding",
            "asylum_seekers", "services_young_people"),
    LOOKED_AFTER: ("cla_residential", "cla_fostering", "cla_asylum", "cla_other"),
}  # fmt: skip
NATIONAL = "National"
# Each line is published to the hundredth of a thousand pounds: a sum of eight may be out by as many halves of that.
_ROUNDING = 0.05
_COLUMNS = ("financial_year", "geographic_level", "la_code", "area_name", "form", "line_id", "net_current_expenditure")


@dataclass(frozen=True, slots=True)
class Misfit:
    """A sum that does not come out: which one, of whom, what is said and what its parts make, in thousands of pounds."""

    year: str
    area: str
    line: str
    said: float
    made: float


def read_outturn(path: Path) -> pl.DataFrame:
    """Return the lines of the form RO3: year, level, la_code, area, line and thousands of pounds net. Raises FileRefused without its columns."""
    rows = pl.read_csv(path, infer_schema_length=0)
    lacks = [name for name in _COLUMNS if name not in rows.columns]
    if lacks:
        raise FileRefused(
            f"{path.name} has no column {lacks[0]}. Load the outturn with one line a row.", file=path.name
        )
    return rows.filter(pl.col("form") == "RO3").select(
        year="financial_year", level="geographic_level", la_code="la_code", area="area_name", line="line_id",
        thousands=pl.col("net_current_expenditure").cast(pl.Float64, strict=False),
    )  # fmt: skip


def misfits(rows: pl.DataFrame) -> list[Misfit]:
    """Return each sum that does not come out; an area that lacks a line of a sum is not asked about it."""
    found = []
    for (year, area), part in rows.drop_nulls("thousands").group_by(["year", "area"], maintain_order=True):
        said = dict(part.select("line", "thousands").iter_rows())
        for line, lines in PARTS.items():
            if line in said and all(one in said for one in lines):
                made = sum(said[one] for one in lines)
                if abs(made - said[line]) > _ROUNDING:
                    found.append(Misfit(str(year), str(area), line, said[line], round(made, 2)))
    return found


def england(rows: pl.DataFrame, year: str) -> dict[str, float]:
    """Return England's own published lines of a year, in thousands of pounds."""
    own = rows.filter((pl.col("year") == year) & (pl.col("level") == NATIONAL))
    return dict(own.select("line", "thousands").iter_rows())


def councils_sum(rows: pl.DataFrame, year: str, line: str = TOTAL) -> tuple[float, int]:
    """Return what councils' own figures of a line add up to, and how many councils gave one: never England's figure."""
    own = rows.filter((pl.col("year") == year) & (pl.col("level") != NATIONAL) & (pl.col("line") == line)).drop_nulls(
        "thousands"
    )
    return float(own["thousands"].sum()), own.height
