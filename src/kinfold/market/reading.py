"""
Published tables brought to rows: settings as seen on a day, inspections, joiners and leavers, premises.

A table is known by its columns, not its name. What cannot be told (a table of settings of no stated day) is refused with
what would put it right; a cell that cannot be read is left empty and counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from kinfold.market.published import Table, days_within, files_under, tables_in
from kinfold.market.unread_cells import unread_cells
from kinfold.market.values import (
    authority_code,
    count_of,
    day_of,
    is_short_break_only,
    meaning_of,
    region_name,
    text_of,
    urn_of,
)
from kinfold.terms.errors import FileRefused

SETTING_COLUMNS: dict[str, Any] = {
    "as_at": pl.Date, "urn": pl.String, "type": pl.String, "registration_date": pl.Date, "status": pl.String,
    "name": pl.String, "la_code": pl.String, "la_name": pl.String, "region": pl.String, "sector": pl.String,
    "places": pl.Int64, "sa_premises": pl.Int64, "short_break_only": pl.Boolean, "multi_building": pl.Boolean,
    "owner": pl.String, "complete": pl.Boolean, "source": pl.String,
}  # fmt: skip
INSPECTION_COLUMNS: dict[str, Any] = {
    "urn": pl.String, "event_number": pl.String, "event_type": pl.String, "inspection_date": pl.Date,
    "publication_date": pl.Date, "overall": pl.String, "protected": pl.String, "leaders": pl.String,
    "outcomes": pl.String, "quality": pl.String, "education": pl.String, "health": pl.String,
    "sa_outcome": pl.String, "as_at": pl.Date, "source": pl.String,
}  # fmt: skip
FLOW_COLUMNS: dict[str, Any] = {
    "year": pl.String, "urn": pl.String, "type": pl.String, "la_code": pl.String, "la_name": pl.String,
    "region": pl.String, "sector": pl.String, "places": pl.Int64, "became_active": pl.Date, "ended": pl.Date,
    "end_reason": pl.String, "joiner": pl.Boolean, "leaver": pl.Boolean, "reason": pl.String, "source": pl.String,
}  # fmt: skip
PREMISES_COLUMNS: dict[str, Any] = {
    "as_at": pl.Date, "urn": pl.String, "service_category": pl.String, "places": pl.Int64, "la_code": pl.String,
    "la_name": pl.String, "region": pl.String, "sector": pl.String, "owner": pl.String, "source": pl.String,
}  # fmt: skip
JUDGEMENTS = ("overall", "protected", "leaders", "outcomes", "quality", "education", "health", "sa_outcome")


@dataclass(slots=True)
class Delivery:
    """What a delivery of published files holds, and what is to be said about it."""

    settings: pl.DataFrame
    inspections: pl.DataFrame
    flows: pl.DataFrame
    premises: pl.DataFrame
    files: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_delivery(paths: Iterable[Path]) -> Delivery:
    """
    Return the rows of every published file under `paths`.

    A file in which no table is known is noted, not refused: a folder of publications holds others too. Raises
    FileRefused if nothing at all could be read, or if a table of settings does not say which day it is of.
    """
    found: dict[str, list[pl.DataFrame]] = {"settings": [], "inspections": [], "flows": [], "premises": []}
    delivery = delivery_of({name: pl.DataFrame(schema=schema) for name, schema in _SCHEMAS.items()})
    for path in files_under(paths):
        tables = tables_in(path)
        if not tables:
            delivery.notes.append(f"{path.name} was not read: no table in it has the columns URN and Provision type.")
        for table in tables:
            _take(table, found, delivery)
    if not delivery.files:
        raise FileRefused(
            "None of these files is a provider-level file of Ofsted's: each needs a column URN and some of Provision "
            "type, Sector, Local authority. " + " ".join(delivery.notes),
            code="nothing_read",
            fix="Load the provider-level files at 31 March.",
        )
    for name, frames in found.items():
        if frames:
            setattr(delivery, name, pl.concat(frames))
    return delivery


def delivery_of(
    parts: Mapping[str, pl.DataFrame], *, files: list[dict[str, Any]] | None = None, notes: list[str] | None = None
) -> Delivery:
    """Return a delivery of its four tables by name."""
    return Delivery(
        parts["settings"], parts["inspections"], parts["flows"], parts["premises"], files=files or [], notes=notes or []
    )


def _take(table: Table, found: dict[str, list[pl.DataFrame]], delivery: Delivery) -> None:
    kind, read = _kind_of(table)
    if kind is None:
        delivery.notes.append(f"{table.name} was not read: it has a column URN but is no table that is known here.")
        return
    for name, frame in read(table).items():
        found[name].append(frame)
    delivery.files.append({"file": table.name, "table": kind, "rows": table.cells.height})
    if table.unread:
        delivery.notes.append(f"{table.name}: columns not read: {', '.join(table.unread)}.")
    delivery.notes += unread_cells(table)


def _kind_of(table: Table) -> tuple[str | None, Callable[[Table], dict[str, pl.DataFrame]]]:
    if table.has("joiner", "leaver"):
        return "joiners and leavers", lambda one: {"flows": _flows(one)}
    if table.has("service_category"):
        return "supported accommodation premises", lambda one: {"premises": _premises(one)}
    if table.has("inspection_date", "type") and _is_of_a_year(table):
        return "inspections in a year", lambda one: {"inspections": _inspections(one)}
    if table.has("type", "sector"):
        return "settings on a day", _snapshot
    return None, lambda one: {}


def _is_of_a_year(table: Table) -> bool:
    """Return whether a table lists inspections, so that a setting may stand in it more than once."""
    if table.has("as_at"):
        return False
    return table.has("year") or table.cells["urn"].n_unique() < table.cells.height


def _snapshot(table: Table) -> dict[str, pl.DataFrame]:
    settings = _settings(table)
    if not table.has("inspection_date"):
        return {"settings": settings}
    return {"settings": settings, "inspections": _inspections(table, days=_days_of(table))}


def _mapped(frame: pl.DataFrame, column: str, meaning: Callable[[str | None], Any], dtype: Any) -> pl.Series:
    """Return a column with each different cell read once."""
    if column not in frame.columns:
        return pl.Series(column, [None] * frame.height, dtype=dtype)
    cells = frame[column]
    meanings = {cell: meaning(cell) for cell in cells.unique()}
    return pl.Series(column, [meanings[cell] for cell in cells], dtype=dtype)


def _areas(frame: pl.DataFrame) -> list[pl.Series]:
    def cells(column: str) -> list[str | None]:
        return frame[column].to_list() if column in frame.columns else [None] * frame.height

    codes = [
        authority_code(*row) for row in zip(cells("la_old_code"), cells("la_ons_code"), cells("la_name"), strict=True)
    ]
    said = cells("region") if "region" in frame.columns else cells("ofsted_region")
    regions = [region_name(region, code) for region, code in zip(said, codes, strict=True)]
    return [
        pl.Series("la_code", codes, dtype=pl.String),
        pl.Series("la_name", [text_of(name) for name in cells("la_name")], dtype=pl.String),
        pl.Series("region", regions, dtype=pl.String),
    ]


def _days_of(table: Table) -> pl.Series:
    if table.has("as_at"):
        return _mapped(table.cells, "as_at", day_of, pl.Date)
    if table.as_at is None:
        latest = max(days_within(table), default=None)
        hint = f" The latest date in it is {latest:%d %B %Y}." if latest else ""
        raise FileRefused(
            f"{table.name} does not say which day it is of: neither its title nor its name has one.{hint} Name the file "
            "by its day, such as provider_at_march_2018.csv.",
            file=table.name,
            code="no_day",
            fix="Name the file by its day, such as provider_at_march_2018.csv.",
        )
    return pl.Series("as_at", [table.as_at] * table.cells.height, dtype=pl.Date)


def _completeness(table: Table, days: pl.Series) -> pl.Series:
    """
    Return for each row whether its day's table lists every registered setting.

    Some years' file has only settings that have been inspected: each row of such a day has an inspection. A file
    without a column of inspections is the register itself.
    """
    if not table.has("inspection_date"):
        return pl.Series("complete", [True] * len(days))
    inspected = table.cells.select(pl.Series("as_at", days), pl.col("inspection_date").is_not_null().alias("seen"))
    every = dict(inspected.group_by("as_at").agg(pl.col("seen").all()).iter_rows())
    return pl.Series("complete", [not every[day] for day in days])


def _settings(table: Table) -> pl.DataFrame:
    cells, days = table.cells, _days_of(table)
    frame = pl.DataFrame(
        [
            days,
            _mapped(cells, "urn", urn_of, pl.String),
            _mapped(cells, "type", lambda cell: meaning_of("types", cell), pl.String),
            _mapped(cells, "registration_date", day_of, pl.Date),
            _mapped(cells, "status", text_of, pl.String),
            _mapped(cells, "name", text_of, pl.String),
            *_areas(cells),
            _mapped(cells, "sector", lambda cell: meaning_of("sectors", cell), pl.String),
            _mapped(cells, "places", count_of, pl.Int64),
            _mapped(cells, "sa_premises", count_of, pl.Int64),
            _mapped(cells, "short_break_only", is_short_break_only, pl.Boolean),
            _mapped(cells, "multi_building", is_short_break_only, pl.Boolean),
            _mapped(cells, "owner", text_of, pl.String),
            _completeness(table, days),
            pl.Series("source", [table.name] * cells.height, dtype=pl.String),
        ]
    )
    return frame.select(*SETTING_COLUMNS).filter(pl.col("urn").is_not_null() & pl.col("as_at").is_not_null())


def _inspections(table: Table, *, days: pl.Series | None = None) -> pl.DataFrame:
    """Return a table's inspections; `as_at` is the day of the file that lists each as the latest, None for a year's list."""
    cells = table.cells
    nowhen = pl.Series("as_at", [None] * cells.height, dtype=pl.Date)
    frame = pl.DataFrame(
        [
            _mapped(cells, "urn", urn_of, pl.String),
            _mapped(cells, "event_number", text_of, pl.String),
            _mapped(cells, "event_type", lambda cell: (text_of(cell) or "").capitalize() or None, pl.String),
            _mapped(cells, "inspection_date", day_of, pl.Date),
            _mapped(cells, "publication_date", day_of, pl.Date),
            *(_mapped(cells, name, lambda cell: meaning_of("judgements", cell), pl.String) for name in JUDGEMENTS),
            nowhen if days is None else days,
            pl.Series("source", [table.name] * cells.height, dtype=pl.String),
        ]
    )
    return frame.select(*INSPECTION_COLUMNS).filter(
        pl.col("urn").is_not_null() & pl.col("inspection_date").is_not_null()
    )


def _flows(table: Table) -> pl.DataFrame:
    cells = table.cells
    ends = [_mapped(cells, name, day_of, pl.Date) for name in ("closed", "cancelled", "resigned")]
    frame = pl.DataFrame(
        [
            _mapped(cells, "year", text_of, pl.String),
            _mapped(cells, "urn", urn_of, pl.String),
            _mapped(cells, "type", lambda cell: meaning_of("types", cell), pl.String),
            *_areas(cells),
            _mapped(cells, "sector", lambda cell: meaning_of("sectors", cell), pl.String),
            _mapped(cells, "places", count_of, pl.Int64),
            _mapped(cells, "became_active", day_of, pl.Date),
            *ends,
            _mapped(cells, "joiner", lambda cell: text_of(cell) is not None, pl.Boolean),
            _mapped(cells, "leaver", lambda cell: text_of(cell) is not None, pl.Boolean),
            _mapped(cells, "reason", text_of, pl.String),
            pl.Series("source", [table.name] * cells.height, dtype=pl.String),
        ]
    )
    why = (
        pl.when(pl.col("cancelled").is_not_null())
        .then(pl.lit("cancelled"))
        .when(pl.col("resigned").is_not_null())
        .then(pl.lit("resigned"))
        .when(pl.col("closed").is_not_null())
        .then(pl.lit("closed"))
    )
    return frame.with_columns(
        ended=pl.coalesce("closed", "cancelled", "resigned"),
        end_reason=why,
    ).select(*FLOW_COLUMNS)


def _premises(table: Table) -> pl.DataFrame:
    cells = table.cells
    frame = pl.DataFrame(
        [
            _days_of(table),
            _mapped(cells, "urn", urn_of, pl.String),
            _mapped(cells, "service_category", text_of, pl.String),
            _mapped(cells, "places", count_of, pl.Int64),
            *_areas(cells),
            _mapped(cells, "sector", lambda cell: meaning_of("sectors", cell), pl.String),
            _mapped(cells, "owner", text_of, pl.String),
            pl.Series("source", [table.name] * cells.height, dtype=pl.String),
        ]
    )
    return frame.select(*PREMISES_COLUMNS)


_SCHEMAS = {
    "settings": SETTING_COLUMNS,
    "inspections": INSPECTION_COLUMNS,
    "flows": FLOW_COLUMNS,
    "premises": PREMISES_COLUMNS,
}
