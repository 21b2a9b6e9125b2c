"""Profit and price as their pages show them: every group with a return, one group's levels, bases and screens, and a cap tried on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse

from kinfold.market.policy import Pack
from kinfold.market.prices import (
    Level,
    Placement,
    Screen,
    Tried,
    company_levels,
    group_level,
    home_levels,
    placement_levels,
)
from kinfold.market.profit import WEEKS_IN_A_YEAR, price_tail
from kinfold.service.records.reads.market_cases import CasePage
from kinfold.service.web.components import Cell, Column, FigureItem, Link, SummaryRow, Table, Tag
from kinfold.service.web.drawings.bars import Amount, BarChart
from kinfold.service.web.numbers_asked import Number
from kinfold.service.web.presenters.market_cases import Lines, address, day_of_text
from kinfold.service.web.presenters.market_ratios import value_words
from kinfold.service.web.presenters.services import crumbs
from kinfold.service.web.steps_unregistered import council_name

FORMS = {"margin": "Profit as a share of the price, at most", "cost_plus": "Profit as a share of cost, at most",
         "per_week": "Profit a week, at most", "return_on_capital": "Return on capital, at most"}  # fmt: skip
BASES = {
    "before_tax": "Profit before tax", "ebit": "Operating profit", "ebitda": "Operating profit before depreciation",
    "ebitdar": "The same before rent", "adjusted_operating": "Adjusted operating profit: with what goes to owners under other names",
}  # fmt: skip
LEVEL_HEADINGS = ("Level", "Children", "Fee a week, £", "Cost a week, £", "Margin")
PLACEMENT_HEADINGS = ("Group", "Return to", "Home", "Council that placed", "Fee a week, £", "Fee a year, £", "Cost of a child and week in the home, £",
                      "Margin", "In the tail by week", "In the tail by year")  # fmt: skip
MOST_HOMES, MOST_PLACEMENTS = 60, 15


def numbers() -> list[Number]:
    """Return what a cap is tried with."""
    return [
        Number("level", "Level of the cap", 0, 100_000, 10, "% or £ a week", 0, "In hundredths, or in pounds for a cap a week."),
        Number("response", "Places that go for each 1% off the price", 0, 1, 0.3, "%", 0.05, "An assumption: 0 is none, 0.6 is much."),
        Number("suitability", "Free places that suit", 10, 100, 25, "%", 5, "For the exit: the nearest point of its curve."),
    ]  # fmt: skip


def all_page(cases: Sequence[CasePage], policy: Pack) -> dict[str, Any]:
    """Return the page of every group with a return, and the price tail over all their placements."""
    known = [one for one in cases if one.working.latest is not None]
    fees = {
        f"{one.row.pk}-{number}": placement["fee"]
        for one in known for number, placement in enumerate(one.working.latest.said.get("placements", ())) if placement["fee"] is not None
    }  # fmt: skip
    week, year = policy["price_tail_week"], policy["price_tail_year"]
    tail = price_tail(fees, a_week=week, a_year=year)
    return {
        "figures": [
            FigureItem(f"{tail['placements']:,.0f}", "placements in the returns"),
            FigureItem(f"{tail['over_a_week']:,.0f}", f"cost £{week:,} a week or more"),
            FigureItem(f"{tail['over_a_year']:,.0f}", f"cost £{year:,} a year or more"),
            FigureItem(f"£{tail['highest']:,.0f}", "a week is the highest"),
            FigureItem(f"{tail['share_of_spending']:.0%}", f"of all fees are for those at £{week:,} or more"),
        ],
        "table": _groups(known), "crumbs": crumbs(("Profit and price", "")),
    }  # fmt: skip


def group_rows(cases: Sequence[CasePage]) -> list[list[Any]]:
    """Return every group and home as a file holds it."""
    rows = []
    for one in cases:
        if one.working.latest is not None:
            said = one.working.latest.said
            for level in (group_level(said), *home_levels(said)):
                name = one.row.name if level.name == "The group" else f"{one.row.name}: {level.name}"
                rows.append(
                    [name, level.children, _rounded(level.fee), _rounded(level.cost), _rounded(level.margin, 4)]
                )
    return rows


def placement_rows(cases: Sequence[CasePage], policy: Pack) -> list[list[Any]]:
    """Return every placement of the last returns as a file holds it, each group's dearest first."""
    rows = []
    for one in cases:
        if one.working.latest is not None:
            said = one.working.latest.said
            for placement in placement_levels(said):
                level = placement.level
                year = None if level.fee is None else level.fee * WEEKS_IN_A_YEAR
                rows.append([
                    one.row.name, said["period_end"], placement.urn, council_name(placement.council), _rounded(level.fee), _rounded(year), _rounded(level.cost),
                    _rounded(level.margin, 4), (level.fee or 0) >= policy["price_tail_week"], (year or 0) >= policy["price_tail_year"],
                ])  # fmt: skip
    return rows


def _rounded(value: float | None, places: int = 0) -> float | None:
    return None if value is None else round(value, places)


def _groups(cases: Sequence[CasePage]) -> Table:
    columns = [
        Column("Group"),
        Column("Return to"),
        Column("Children", True),
        Column("Fee a week", True),
        Column("Cost a week", True),
        Column("Margin", True),
    ]
    lines = []
    for one in cases:
        level = group_level(one.working.latest.said)
        lines.append(
            [
                Cell(one.row.name, f"?group={one.row.uid}"),
                day_of_text(one.working.latest.said["period_end"]),
                *_level(level),
            ]
        )
    return Table(
        "Groups with a return",
        columns,
        lines,
        empty="No return has come. Take one in on a group’s page, and it stands here.",
    )


def _level(one: Level) -> list[str | int]:
    return [
        one.children,
        _pounds(one.fee),
        _pounds(one.cost),
        "Not known" if one.margin is None else f"{one.margin:.1%}",
    ]


def _pounds(value: float | None) -> str:
    return "Not known" if value is None else value_words(value, "pounds")


def group_page(
    page: CasePage, *, bases: Mapping[str, float | None], screens: Sequence[Screen], form: str, asked: Sequence[Number], tried: Tried | None,
    because: str, exit_words: str, owners: Mapping[str, str],
) -> dict[str, Any]:  # fmt: skip
    """Return one group's page (`owners`: its companies by number of a home): levels, bases side by side, screens, and the cap in the order in which it must be read."""
    said = page.working.latest.said
    homes = home_levels(said)
    return {
        "title": page.row.name, "caption": f"The return for the period to {day_of_text(said['period_end'])}",
        "levels": _levels(group_level(said), company_levels(said, owners), homes), "losing": _losing(homes), "dearest": _dearest(placement_levels(said)),
        "bases": _bases(bases), "chart": _chart(bases),
        "screens": _screens(screens), "forms": [Link(label, name, current=name == form) for name, label in FORMS.items()], "numbers": asked,
        "steps": _steps(tried, exit_words) if tried else None, "because": because, "back": address(page.row), "uid": page.row.uid,
        "crumbs": crumbs(("Profit and price", reverse("market_price")), (page.row.name, "")),
    }  # fmt: skip


def _dearest(placements: Sequence[Placement]) -> Table:
    columns = [
        Column("Home"),
        Column("Council that placed"),
        Column("Fee a week", True),
        Column("Cost in the home", True),
        Column("Margin", True),
    ]
    lines: Lines = [
        [one.urn, council_name(one.council), *_level(one.level)[1:]] for one in placements[:MOST_PLACEMENTS]
    ]
    return Table("The dearest placements", columns, lines, empty="The return has no placement.")


def _levels(group: Level, companies: Sequence[Level], homes: Sequence[Level]) -> Table:
    columns = [
        Column("Level"),
        Column("Children", True),
        Column("Fee a week", True),
        Column("Cost a week", True),
        Column("Margin", True),
    ]
    lines = [
        ["The group’s children’s homes", *_level(group)],
        *([one.name, *_level(one)] for one in companies),
        *([one.name, *_level(one)] for one in homes[:MOST_HOMES]),
    ]
    return Table("Fee, cost and margin for a child and week", columns, lines)


def _losing(homes: Sequence[Level]) -> str:
    known = [one for one in homes if one.margin is not None]
    losing = sum((one.margin or 0) < 0 for one in known)
    return f"{losing} of {len(known)} homes whose fee and cost are known cost more than they take." if known else ""


def _bases(bases: Mapping[str, float | None]) -> Table:
    lines = [[label, _pounds(bases[name])] for name, label in BASES.items()]
    capital = bases["return_on_capital"]
    lines.append(
        [
            "Adjusted operating profit over tangible assets and working capital",
            "Not known" if capital is None else f"{capital:.1%}",
        ]
    )
    return Table("Profit on each base, side by side", [Column("Base"), Column("In the return", True)], lines)


def _chart(bases: Mapping[str, float | None]) -> BarChart:
    amounts = [
        Amount(label, None if bases[name] is None else (bases[name] or 0) / 1000) for name, label in BASES.items()
    ]
    return BarChart("Profit on each base", amounts, unit="thousand pounds", what="Base")


def _screens(found: Sequence[Screen]) -> Table:
    tags = {True: Tag("Look at it", "orange"), False: Tag("No", "green"), None: Tag("Cannot be told", "grey")}
    lines: Lines = [
        [one.what, _screen(one.value, one.unit), _screen(one.limit, one.unit), Cell(one.because, tag=tags[one.raised])]
        for one in found
    ]
    columns = [Column("Screen"), Column("Value", True), Column("Looked at from", True), Column("Why, and whether")]
    return Table("Screens for profit under another name", columns, lines)


def _screen(value: float | None, unit: str) -> str:
    if value is None:
        return "Not known"
    return f"{value:.0%}" if unit == "share" else f"{value:.2f} times"


def _cover(value: float | None) -> str:
    return "It has no interest to pay" if value is None else f"{value:.2f}"


def _steps(one: Tried, exit_words: str) -> list[SummaryRow]:
    effect = one.effect
    able = (
        "It could go on"
        if effect.viable
        else "It could not go on: its places may go"
        if effect.saving
        else "It cannot go on as it is, without a cap"
    )
    return [
        SummaryRow("Price a week", f"£{effect.price:,.0f} at most", note=f"£{effect.saving:,.0f} less a year for councils, if nothing else changed."),
        SummaryRow("1. Viability", able, note=f"Operating profit over interest: {_cover(effect.cover_before)} today, {_cover(effect.cover_after)} at the cap."),
        SummaryRow("2. Exit", f"£{effect.exit_cost:,.0f} in the first year" if effect.exit_cost else "No exit is counted", note=exit_words),
        SummaryRow("3. Fewer places", f"{one.fewer:,.0f} children’s places go", note=f"£{one.supply_cost:,.0f} to move those children."),
        SummaryRow("What is left", _left(one), note="The first year. A return of one provider: never a figure for England."),
    ]  # fmt: skip


def _left(one: Tried) -> str:
    if one.left < 0:
        return f"A loss of £{-one.left:,.0f} for councils"
    return f"£{one.left:,.0f} saved" if one.left else "Nothing: the price is below the cap already"
