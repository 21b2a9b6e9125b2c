"""
How diverse the supply of children's homes is on a day: sectors, who joined and left, and how concentrated ownership is by area.

Homes for short breaks only are left out, as the publisher's headline does. Owners are those of the column `owner_key`; concentration
is a floor where names hide who owns whom. The register says nothing of needs, prices or who lives where: no measure of them is here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from kinfold.market.owners import concentration

HOME = "Children's home"
CANNOT_SEE = (
    "The register does not say for which needs a home cares, what it charges or which children live there: diversity by need and "
    "price is not shown."
)


@dataclass(frozen=True, slots=True)
class Sector:
    """A sector's homes and places with their shares, and who joined and left in the year; None where no file tells of flows."""

    name: str
    homes: int
    homes_share: float
    places: int
    places_share: float
    joined: int | None
    left: int | None

    @property
    def net(self) -> int | None:
        """Return how many more joined than left."""
        return None if self.joined is None or self.left is None else self.joined - self.left


@dataclass(frozen=True, slots=True)
class Area:
    """How concentrated homes of an area are: `hhi` from 0 to 1, the largest owner's share, and the share of owners' only homes."""

    name: str
    homes: int
    places: int
    owners: int
    hhi: float
    largest_share: float
    single_share: float


def homes_of(settings: pl.DataFrame) -> pl.DataFrame:
    """Return the children's homes of a day without those for short breaks only."""
    return settings.filter(pl.col("type") == HOME, ~pl.col("short_break_only").fill_null(False))


def sectors(settings: pl.DataFrame, flows: pl.DataFrame, day: date) -> list[Sector]:
    """Return the sectors of a day, the one with the most homes first; flows are those of the year to 31 March that ends by the day."""
    homes = homes_of(settings).with_columns(pl.col("sector").fill_null("Not published"))
    places = homes["places"].sum()
    year = _year_of(flows, day)
    found = []
    for name, count, own in homes.group_by("sector").agg(pl.len(), pl.col("places").sum()).iter_rows():
        moved = year.filter(pl.col("sector") == name) if year is not None else None
        found.append(
            Sector(name, count, count / homes.height, own, own / places if places else 0.0,
                   None if moved is None else int(moved["joiner"].sum()), None if moved is None else int(moved["leaver"].sum()))
        )  # fmt: skip
    return sorted(found, key=lambda one: (-one.homes, one.name))


def _year_of(flows: pl.DataFrame, day: date) -> pl.DataFrame | None:
    """Return the flows of homes in the year to the last 31 March by a day; None where no file has that year."""
    ends = day.year if (day.month, day.day) >= (3, 31) else day.year - 1
    label = f"{ends - 1}-{ends % 100:02d}"
    found = flows.filter((pl.col("year") == label) & (pl.col("type") == HOME))
    return found if found.height else None


def areas(settings: pl.DataFrame, by: str) -> list[Area]:
    """Return the areas of a day by a column (`region` or `la_name`), the most concentrated first; those not published are left out."""
    homes = homes_of(settings).filter(pl.col(by).is_not_null())
    found = [_area(str(name), part) for (name,), part in homes.group_by([by], maintain_order=True)]
    return sorted(found, key=lambda one: (-one.hhi, -one.homes, one.name))


def whole(settings: pl.DataFrame, name: str) -> Area:
    """Return how concentrated all homes of a day are."""
    return _area(name, homes_of(settings))


def _area(name: str, homes: pl.DataFrame) -> Area:
    said = concentration(homes, "owner_key")
    sizes = homes.filter(pl.col("owner_key").is_not_null()).group_by("owner_key").len()["len"]
    largest = int(sizes.max() or (1 if homes.height else 0))  # type: ignore[arg-type]
    total = homes.height or 1
    return Area(name, homes.height, int(homes["places"].sum()), said["owners"], said["hhi"] or 0.0, largest / total,
                said["single_home_owners"] / total)  # fmt: skip
