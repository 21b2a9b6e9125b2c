"""The diversity of supply as its page shows it: sectors, who joined and left, how concentrated ownership is by area."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kinfold.market.diversity import CANNOT_SEE, Area, Sector, areas, sectors, whole
from kinfold.market.policy import JURISDICTION, pack
from kinfold.service.records.reads.market import Shelf
from kinfold.service.web.components import Cell, Column, Table
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.presenters.market import ATTRIBUTION
from kinfold.service.web.presenters.services import crumbs

HEADINGS = (
    "Level",
    "Area",
    "Homes",
    "Places",
    "Owners",
    "Index of concentration (0 to 1)",
    "Largest owner's share",
    "Share that is its owner's only home",
)
SHOWN = 25
Lines = list[list[Cell | str | int | float]]


def diversity_page(held: Shelf) -> dict[str, Any]:
    """Return the page."""
    found, england = sectors(held.settings, held.register.flows, held.day), whole(held.settings, "All areas")
    largest = found[0] if found else None
    least = int(pack(JURISDICTION, held.day)["diversity_least_homes"])
    listed = [one for one in areas(held.settings, "la_name") if one.homes >= least]
    return {
        "day": day_words(held.day), "cannot_see": CANNOT_SEE, "attribution": ATTRIBUTION,
        "summary": f"{largest.name} homes are {largest.homes_share:.1%} of homes and {largest.places_share:.1%} of places." if largest else "",
        "sectors": _sectors(found),
        "regions": _areas("By region", [england, *areas(held.settings, "region")]),
        "authorities": _areas(f"The {SHOWN} most concentrated authorities with {least} homes or more", listed[:SHOWN]),
        "crumbs": crumbs(("Diversity of supply", "")),
    }  # fmt: skip


def rows_of(held: Shelf) -> list[list[Any]]:
    """Return every area as a file holds it."""
    levels = (("all", [whole(held.settings, "All areas")]), ("region", areas(held.settings, "region")),
              ("authority", areas(held.settings, "la_name")))  # fmt: skip
    return [
        [level, one.name, one.homes, one.places, one.owners, round(one.hhi, 5), round(one.largest_share, 4), round(one.single_share, 4)]
        for level, many in levels for one in many
    ]  # fmt: skip


def _sectors(found: Sequence[Sector]) -> Table:
    columns = [Column("Sector"), Column("Homes", True), Column("Of homes", True), Column("Places", True), Column("Of places", True),
               Column("Joined in the year", True), Column("Left in the year", True), Column("Net", True)]  # fmt: skip
    lines: Lines = [
        [one.name, f"{one.homes:,}", f"{one.homes_share:.1%}", f"{one.places:,}", f"{one.places_share:.1%}", _flow(one.joined),
         _flow(one.left), (f"{one.net:+d}" if one.net else "0") if one.net is not None else "Not published"]
        for one in found
    ]  # fmt: skip
    return Table("By sector", columns, lines, empty="There is no children’s home on this day.")


def _flow(count: int | None) -> str:
    return "Not published" if count is None else f"{count:,}"


def _areas(title: str, found: Sequence[Area]) -> Table:
    columns = [Column("Area"), Column("Homes", True), Column("Places", True), Column("Owners", True), Column("Index", True),
               Column("Largest owner", True), Column("Owner’s only home", True)]  # fmt: skip
    lines: Lines = [
        [one.name, f"{one.homes:,}", f"{one.places:,}", f"{one.owners:,}", f"{one.hhi:.3f}", f"{one.largest_share:.0%}", f"{one.single_share:.0%}"]
        for one in found
    ]  # fmt: skip
    return Table(title, columns, lines, empty="No area has so many homes.")
