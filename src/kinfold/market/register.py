"""
The register on any day: which settings were registered, with what places, sector, area, owner and judgements.

The published files are sightings, one a year. Between them a registration runs from its own date to the day it closed
where a file gives one, and otherwise until the first complete file that no longer has it. On the day of a complete file
the file is the answer, so that the publisher's own totals come out exactly.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from kinfold.market.owners import owner_key
from kinfold.market.reading import Delivery
from kinfold.terms.errors import NoRuleInForce

# Of two files of one day the one that lists every setting is shown, and then the one with more told.
_DAYS_KEPT = 8
_ATTRIBUTES = (
    "type", "registration_date", "status", "name", "la_code", "la_name", "region", "sector", "places", "sa_premises",
    "short_break_only", "multi_building", "owner",
)  # fmt: skip


@dataclass(slots=True)
class Register:
    """
    The settings of a market over time.

    `sightings`: one row per setting per day of a file. `spells`: one row per setting, from `opened` up to, not on,
    `closed` (None: still open); `opened_said` and `closed_said` tell whether a file gave the day. `inspections`: one row
    per inspection; `listed`: the one that a file of a day gives as a setting's latest. `complete`: days and types of which a
    file lists every setting.
    """

    sightings: pl.DataFrame
    spells: pl.DataFrame
    inspections: pl.DataFrame
    listed: pl.DataFrame
    flows: pl.DataFrame
    premises: pl.DataFrame
    complete: pl.DataFrame
    notes: list[str] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)
    _days: dict[date, pl.DataFrame] = field(default_factory=dict)

    def on(self, day: date) -> pl.DataFrame:
        """
        Return the settings registered on `day`, one row each, with what the nearest file says (the last one before, else
        the first after) and the judgements of its last full inspection.

        Raises NoRuleInForce where `day` is before the first file: what was not yet published is not guessed.
        """
        if day not in self._days:
            while len(self._days) >= _DAYS_KEPT:  # whoever asks for day after day must not fill the memory
                self._days.pop(next(iter(self._days)), None)
            self._days[day] = _settings_on(self, day)
        return self._days[day]

    @property
    def days(self) -> list[date]:
        """Return the days of which there is a file, the earliest first."""
        return sorted(self.sightings["as_at"].unique().to_list())


def build(delivery: Delivery) -> Register:
    """Return the register that a delivery's rows make, with a note for each thing in which two files differ."""
    notes = list(delivery.notes)
    complete = delivery.settings.filter("complete").select("as_at", "type").unique().sort("as_at", "type")
    sightings = _merged(delivery.settings, notes)
    inspections = _inspections(delivery.inspections)
    return Register(
        sightings=sightings,
        spells=_spells(sightings, delivery.flows, complete, inspections),
        inspections=inspections,
        listed=delivery.inspections.filter(pl.col("as_at").is_not_null()),
        flows=delivery.flows,
        premises=delivery.premises,
        complete=complete,
        notes=notes,
        files=delivery.files,
    )


def _merged(rows: pl.DataFrame, notes: list[str]) -> pl.DataFrame:
    """Return one row per setting and day: the complete file's word first, and the others' where it is silent."""
    ordered = rows.sort("as_at", "urn", pl.col("complete"), descending=[False, False, True], maintain_order=True)
    keys = ["as_at", "urn"]
    told = ordered.group_by(keys, maintain_order=True).agg(
        *(pl.col(name).drop_nulls().n_unique().alias(f"{name}_differs") for name in _ATTRIBUTES if name != "name"),
        *(pl.col(name).drop_nulls().first().alias(name) for name in _ATTRIBUTES),
        pl.col("complete").any(),
        pl.col("source").unique(maintain_order=True).str.join("; "),
    )
    for name in _ATTRIBUTES:
        if name != "name" and (unlike := told.filter(pl.col(f"{name}_differs") > 1)).height:
            some = ", ".join(unlike["urn"].head(5))
            notes.append(
                f"{unlike.height:,} {'setting has' if unlike.height == 1 else 'settings have'} two different values of "
                f"{name.replace('_', ' ')} in files of one day "
                f"({some}{' …' if unlike.height > 5 else ''}); the complete register's is shown."
            )
    return told.select(*keys, *_ATTRIBUTES, "complete", "source", owner_key=owner_keys(told["owner"]))


def owner_keys(owners: pl.Series) -> pl.Series:
    """Return each owner's name as it is compared, None where the publisher gives no owner."""
    keys = {owner: owner_key(owner) if owner else None for owner in owners.unique()}
    return pl.Series("owner_key", [keys[owner] for owner in owners], dtype=pl.String)


def _inspections(rows: pl.DataFrame) -> pl.DataFrame:
    """Return one row per inspection: by its number, or by setting, day and kind where it has none."""
    key = pl.coalesce("event_number", pl.format("{}|{}", "inspection_date", pl.col("event_type").fill_null("")))
    told = pl.sum_horizontal(
        pl.col(name).is_not_null() for name in ("overall", "protected", "leaders", "publication_date")
    )
    return (
        rows.with_columns(key=key, told=told)
        .sort("told", descending=True, maintain_order=True)
        .unique(["urn", "key"], keep="first", maintain_order=True)
        .drop("key", "told", "as_at")
        .sort("urn", "inspection_date", "event_number")
    )


def _spells(
    sightings: pl.DataFrame, flows: pl.DataFrame, complete: pl.DataFrame, inspections: pl.DataFrame
) -> pl.DataFrame:
    seen = sightings.group_by("urn").agg(
        pl.col("type").last(),
        pl.col("registration_date").drop_nulls().min().alias("registered"),
        pl.col("as_at").min().alias("first_seen"),
        pl.col("as_at").max().alias("last_seen"),
    )
    moved = flows.group_by("urn").agg(
        pl.col("type").first().alias("flow_type"),
        pl.col("became_active").min(),
        pl.col("ended").max(),
        pl.col("end_reason").drop_nulls().last(),
    )
    spells = seen.join(moved, on="urn", how="full", coalesce=True).with_columns(
        type=pl.coalesce("type", "flow_type"), registered=pl.coalesce("registered", "became_active")
    )
    spells = spells.with_columns(
        # an end before the setting was last seen is of an earlier registration under the same number
        ended=pl.when(pl.col("ended") > pl.col("last_seen").fill_null(date.min)).then("ended")
    )
    later = _first_file_without(spells, sightings, complete, inspections)
    before = _last_complete_before(spells, complete)
    spells = spells.join(later, on="urn", how="left").join(before, on="urn", how="left")
    opened = pl.max_horizontal("registered", pl.col("absent_until") + pl.duration(days=1))
    return spells.select(
        "urn",
        "type",
        opened=pl.coalesce(opened, "first_seen"),
        opened_said=pl.col("registered").is_not_null() & (opened == pl.col("registered")),
        closed=pl.coalesce("ended", "missing_on"),
        closed_said=pl.col("ended").is_not_null(),
        end_reason="end_reason",
        first_seen="first_seen",
        last_seen="last_seen",
    ).sort("urn")


def _first_file_without(
    spells: pl.DataFrame, sightings: pl.DataFrame, complete: pl.DataFrame, inspections: pl.DataFrame
) -> pl.DataFrame:
    """
    Return the first file that should have a setting and does not: by then it had closed.

    That is a complete file of its type; for a setting that had been inspected, also one that lists only inspected ones.
    """
    first = inspections.group_by("urn").agg(pl.col("inspection_date").min().alias("inspected"))
    known = spells.select("urn", "type", "last_seen").join(first, on="urn", how="left")
    days = (
        sightings.select("as_at", "type")
        .unique()
        .join(complete.with_columns(whole=True), on=["as_at", "type"], how="left")
    )
    pairs = known.join(days, on="type").filter(
        pl.col("as_at") > pl.col("last_seen"),
        pl.col("whole").fill_null(False) | (pl.col("inspected") <= pl.col("last_seen")),
    )
    return pairs.group_by("urn").agg(pl.col("as_at").min().alias("missing_on"))


def _last_complete_before(spells: pl.DataFrame, complete: pl.DataFrame) -> pl.DataFrame:
    """Return the last complete file that does not yet have a setting although it claims to be registered by then."""
    pairs = spells.select("urn", "type", "first_seen", "registered").join(complete, on="type")
    pairs = pairs.filter(pl.col("as_at") < pl.col("first_seen"), pl.col("as_at") >= pl.col("registered"))
    return pairs.group_by("urn").agg(pl.col("as_at").max().alias("absent_until"))


def _settings_on(register: Register, day: date) -> pl.DataFrame:
    days = register.days
    if not days or day < days[0]:
        first = f"the first is of {days[0]:%d %B %Y}" if days else "none is loaded"
        raise NoRuleInForce(f"No published file tells of {day:%d %B %Y}: {first}. Load one with `kinfold market load`.")
    listed = register.complete.filter(pl.col("as_at") == day)["type"].implode()
    open_then = register.spells.filter(
        (pl.col("opened") <= day)
        & (pl.col("closed").is_null() | (pl.col("closed") > day))
        & ~pl.col("type").is_in(listed)
    ).select("urn")
    of_the_day = register.sightings.filter((pl.col("as_at") == day) & pl.col("type").is_in(listed)).select("urn")
    urns = pl.concat([open_then, of_the_day]).unique().sort("urn")
    rows = urns.join(_nearest(register.sightings, day), on="urn", how="left")
    rows = _filled_from_flows(rows, register.flows)
    return rows.join(
        register.spells.select("urn", "opened", "opened_said", "closed", "closed_said"), on="urn", how="left"
    ).join(latest_judgements(register, day), on="urn", how="left")


def _nearest(sightings: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return for each setting its last sighting by `day`, or else its first one after."""
    past = sightings.filter(pl.col("as_at") <= day).sort("as_at").unique("urn", keep="last")
    coming = sightings.filter(pl.col("as_at") > day).sort("as_at").unique("urn", keep="first")
    return pl.concat([past, coming.join(past, on="urn", how="anti")])


def _filled_from_flows(rows: pl.DataFrame, flows: pl.DataFrame) -> pl.DataFrame:
    """Return rows with what the table of joiners and leavers says of settings that no yearly file ever had."""
    names = ("type", "la_code", "la_name", "region", "sector", "places")
    first = flows.unique("urn", keep="last").select("urn", *(pl.col(name).alias(f"{name}_then") for name in names))
    filled = rows.join(first, on="urn", how="left").with_columns(
        pl.coalesce(name, f"{name}_then").alias(name) for name in names
    )
    return filled.drop(f"{name}_then" for name in names)


_AREAS = ("overall", "protected", "leaders", "outcomes", "quality", "education", "health", "sa_outcome")


def latest_judgements(register: Register, day: date) -> pl.DataFrame:
    """
    Return for each setting its last full inspection by `day`: the judgement of each area, the overall one where there is one.

    On the day of a file that gives them, the file's own; between files, the last one carried out by `day`.
    """
    of_the_day = register.listed.filter(pl.col("as_at") == day)
    full = register.inspections.filter(
        pl.col("event_type").str.starts_with("Full"),
        pl.col("inspection_date") <= day,
        pl.any_horizontal(pl.col(name).is_not_null() for name in ("overall", "protected", "leaders", "sa_outcome")),
    )
    rows = of_the_day if of_the_day.height else full
    latest = rows.sort("inspection_date", "event_number").unique("urn", keep="last")
    return latest.select("urn", "inspection_date", "publication_date", *_AREAS)


def totals(settings: pl.DataFrame) -> list[dict[str, Any]]:
    """
    Return counts of settings and places by type, sector and region, in their order.

    `short_break_only_settings` and `short_break_only_places` are the part of them that is for short breaks only: the
    publisher's headline leaves them out. `places` sums what is published: some types have no places.
    """
    short = pl.col("short_break_only").fill_null(False)
    counted = settings.group_by("type", "sector", "region").agg(
        pl.len().alias("settings"),
        pl.col("places").sum(),
        short.sum().alias("short_break_only_settings"),
        pl.col("places").filter(short).sum().alias("short_break_only_places"),
    )
    return counted.sort("type", "sector", "region", nulls_last=True).to_dicts()
