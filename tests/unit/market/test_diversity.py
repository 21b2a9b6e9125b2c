"""Sectors, flows and concentration of an invented market, and of the published register where it is at hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from kinfold.market.diversity import HOME, areas, sectors, whole
from kinfold.market.invented import Invented, invented_register
from kinfold.market.reading import FLOW_COLUMNS, read_delivery
from kinfold.market.register import build

DATA = Path(__file__).resolve().parents[3] / ".." / "shared" / "data"
FILES = ("providers_panel.parquet", "providers_places.csv", "providers_joiners_leavers.csv")
DAY = date(2025, 3, 31)


def market() -> pl.DataFrame:
    rows = [("Private", "a", "North", "Quillmere", 4, False), ("Private", "a", "North", "Quillmere", 4, False),
            ("Private", "b", "North", "Fennick", 2, False), ("Voluntary", "c", "South", "Tarnholt", 10, None),
            ("Local Authority", None, "South", "Tarnholt", 5, False), ("Private", "d", "South", "Tarnholt", 9, True)]  # fmt: skip
    frame = pl.DataFrame(
        rows, schema=["sector", "owner_key", "region", "la_name", "places", "short_break_only"], orient="row"
    )
    return frame.with_columns(type=pl.lit(HOME))


def flows() -> pl.DataFrame:
    rows = [
        ("2024-25", "Private", True, False),
        ("2024-25", "Private", True, True),
        ("2024-25", "Voluntary", False, True),
        ("2023-24", "Private", True, False),
    ]
    moved = pl.DataFrame(rows, schema=["year", "sector", "joiner", "leaver"], orient="row").with_columns(
        type=pl.lit(HOME)
    )
    return moved


def test_sectors_have_shares_of_homes_and_places_and_the_years_flows() -> None:
    found = {one.name: one for one in sectors(market(), flows(), DAY)}

    assert [one.name for one in sectors(market(), flows(), DAY)] == ["Private", "Local Authority", "Voluntary"]
    assert (
        found["Private"].homes,
        found["Private"].places,
        found["Private"].homes_share,
        found["Private"].places_share,
    ) == (3, 10, 0.6, 0.4)
    assert [(one.joined, one.left, one.net) for one in found.values()] == [(2, 1, 1), (0, 0, 0), (0, 1, -1)]
    assert sectors(market(), flows(), date(2020, 3, 31))[0].net is None
    assert sectors(market(), pl.DataFrame(schema=FLOW_COLUMNS), DAY)[0].joined is None
    assert sectors(market(), flows(), date(2025, 3, 30))[0].joined == 1  # the year before: this one has not ended


def test_concentration_is_by_owner_and_an_owner_not_published_counts_alone() -> None:
    found = {one.name: one for one in areas(market(), "region")}

    assert round(found["North"].hhi, 4) == round(5 / 9, 4)
    assert (found["North"].owners, round(found["North"].largest_share, 4), round(found["North"].single_share, 4)) == (
        2,
        0.6667,
        0.3333,
    )
    assert (found["South"].homes, found["South"].hhi) == (2, 0.5)
    assert next(one.name for one in areas(market(), "la_name")) == "Quillmere"
    assert whole(market(), "All").homes == 5
    assert whole(market().clear(), "All").homes == 0


@pytest.mark.skipif(
    not all((DATA / one).exists() for one in FILES), reason="the publisher's provider files are not in ../shared/data"
)
def test_march_2023_has_the_published_shares_and_flows() -> None:
    register = build(read_delivery([DATA / one for one in FILES]))
    day = date(2023, 3, 31)
    found = {one.name: one for one in sectors(register.on(day), register.flows, day)}
    said = {
        name: (round(100 * one.homes_share, 1), round(100 * one.places_share, 1), one.joined, one.left, one.net)
        for name, one in found.items()
    }

    assert said["Private"] == (85.1, 81.3, 335, 86, 249)
    assert said["Local Authority"] == (11.0, 13.3, 29, 19, 10)
    assert said["Voluntary"] == (3.9, 5.4, 6, 14, -8)


def test_an_invented_register_tells_of_those_who_joined_as_of_those_who_left() -> None:
    homes = [Invented(f"SC9{n:04d}", HOME, "Private", f"Tarn {n % 9} Ltd", "990", "Quillmere", "North West", 4) for n in range(200)]  # fmt: skip
    register = build(invented_register(homes, last_year=2025, seed=3))
    opened = register.spells.filter((pl.col("opened") > date(2024, 3, 31)) & (pl.col("opened") <= DAY)).height
    closed = register.spells.filter((pl.col("closed") > date(2024, 3, 31)) & (pl.col("closed") <= DAY)).height

    (found,) = sectors(register.on(DAY), register.flows, DAY)

    assert (found.joined, found.left) == (opened, closed)
    assert opened > 0
    assert closed > 0
