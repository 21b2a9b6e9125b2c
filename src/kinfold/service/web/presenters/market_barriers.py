"""Where projects fail and why, as a page shows it: barriers, areas, stages, and start-up and social finance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from kinfold.market.cases.notices import pounds
from kinfold.market.cases.project import BARRIERS, MONEY, MONEY_STATES, Working
from kinfold.market.supply.programme import Met, Place, barriers_met, by_area, by_stage, money_by_source
from kinfold.service.web.components import Column, Table
from kinfold.service.web.drawings.bars import Amount, BarChart
from kinfold.service.web.presenters.market_cases import Lines
from kinfold.service.web.presenters.services import crumbs
from kinfold.service.web.steps_unregistered import council_name
from kinfold.terms.places import authorities, demo_authorities

HEADINGS = (
    "By",
    "Name",
    "Projects",
    "Places",
    "Met a barrier",
    "Ended",
    "Places that will not come",
    "What ends or holds most",
)
UNKNOWN = "Not known"


def barriers_page(projects: Sequence[Working]) -> dict[str, Any]:
    """Return the page: what ended projects and stands in their way as a picture first."""
    met = barriers_met(projects)
    return {
        "chart": BarChart("Projects that met each barrier", [Amount(BARRIERS[one.barrier], one.projects, _note(one)) for one in met],
                          what="Barrier: how many projects met it") if met else None,
        "barriers": _barriers(met), "regions": _places("By region", "Region", by_area((region_of(one), one) for one in projects)),
        "councils": _places("By council", "Council", by_area((council_name(one.said["council"]), one) for one in projects)),
        "stages": _places("Where projects ended", "After which milestone", by_stage(projects)), "money": _money(projects),
        "crumbs": crumbs(("Capital programme", reverse("capital")), ("What stands in the way", "")),
    }  # fmt: skip


def _note(one: Met) -> str:
    return f"{one.ended} ended" if one.ended else ""


def region_of(working: Working) -> str:
    """Return the region of a project's council."""
    return _regions().get(working.said["council"], UNKNOWN)


def _regions() -> dict[str, str]:
    return {one.la_code: one.region for one in authorities()} | {one.la_code: one.region for one in demo_authorities()}


def _barriers(met: Sequence[Met]) -> Table:
    columns = [Column("What stood in the way"), Column("Projects", True), Column("Stands still", True), Column("Overcome", True),
               Column("Days until overcome, in the middle", True), Column("Ended the project", True), Column("Places that will not come", True)]  # fmt: skip
    lines: Lines = [
        [BARRIERS[one.barrier], one.projects, one.open, one.overcome, "None yet" if one.days is None else f"{one.days:,.0f}", one.ended, one.places_ended]
        for one in met
    ]  # fmt: skip
    return Table(
        "What stood in the way",
        columns,
        lines,
        empty="Nothing was recorded. Open a project to record what stands in its way.",
    )


def _places(title: str, name: str, found: Sequence[Place]) -> Table:
    columns = [Column(name), Column("Projects", True), Column("Places", True), Column("Met a barrier", True), Column("Ended", True),
               Column("Places that will not come", True), Column("What ends or holds most")]  # fmt: skip
    lines: Lines = [
        [one.name, one.projects, one.places, one.with_barrier, one.ended, one.places_ended, _why(one)] for one in found
    ]
    return Table(
        title, columns, lines, empty="No project has ended." if name.startswith("After") else "No project yet."
    )


def _why(one: Place) -> str:
    return "; ".join(BARRIERS[why] for why in one.why) or "Nothing"


def _money(projects: Sequence[Working]) -> Table:
    found = money_by_source(projects)
    columns = [Column("Source"), *(Column(label, True) for label in MONEY_STATES.values())]
    lines: Lines = [
        [label, *(_times(*found[source].get(state, (0, 0))) for state in MONEY_STATES)]
        for source, label in MONEY.items()
        if source in found
    ]
    return Table(
        "Start-up and social finance",
        columns,
        lines,
        empty="No money but the grant and the match funding was recorded.",
    )


def _times(times: int, pence: int) -> str:
    return f"{times}: {pounds(pence).removesuffix('.00')}" if times else "0"


def rows_of(projects: Sequence[Working]) -> list[list[Any]]:
    """Return every area and stage as a file holds it."""
    parts = (
        ("region", by_area((region_of(one), one) for one in projects)),
        ("council", by_area((council_name(one.said["council"]), one) for one in projects)), ("stage", by_stage(projects)),
    )  # fmt: skip
    return [
        [level, one.name, one.projects, one.places, one.with_barrier, one.ended, one.places_ended, _why(one)]
        for level, found in parts
        for one in found
    ]
