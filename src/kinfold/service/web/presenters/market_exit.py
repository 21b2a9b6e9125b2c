"""The exit of a group as pages show it: how many have no place, as a curve over how many free places suit; distance and cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse

from kinfold.market.exits.cost import Costs, cost_of_exit
from kinfold.service.records.reads.market_exits import OwnChildren
from kinfold.service.web.components import Cell, Column, FigureItem, SummaryRow, Table
from kinfold.service.web.drawings.bars import LineChart, Series
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.numbers_asked import Number
from kinfold.service.web.presenters.market_cases import Lines
from kinfold.service.web.presenters.services import crumbs
from kinfold.service.web.presenters.staff import setting_page

OUTCOMES = ("same_authority", "near", "same_region", "further", "unplaced")
KEPT = {"groups": "Groups of brothers and sisters", "together": "Groups kept together", "schooled": "Could keep their school", "schools_kept": "Keep their school",
        "complex_needs": "Needs few homes meet", "complex_unplaced": "Needs few homes meet, without a place"}  # fmt: skip


def outcome_words(found: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what becomes of children in words, in the order of OUTCOMES; how near is near is not in those kept with early warnings."""
    return (
        "In the same area",
        f"Within {found['near_miles']:g} miles" if "near_miles" in found else "Near",
        "In the same region",
        "Further away",
        "Without a place",
    )


def headings(found: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the headings of the simulation as a file."""
    return ("Suitable free places", "Children displaced", *(f"{label}: {part}" for label in outcome_words(found) for part in ("low", "middle", "high")),
            "Miles on average: low", "Miles on average: middle", "Miles on average: high", "Cost of moving, £", "Cost a year of the distance, £",
            *(f"{label}: middle" for label in KEPT.values()))  # fmt: skip


def numbers(occupancy: float) -> list[Number]:
    """Return what a reader may ask of a simulation."""
    return [
        Number("occupancy", "Places that are filled", 10, 100, round(occupancy * 100, 1), "%", 1, "Assumed: it is not published."),
        Number("furthest", "No move further than", 0, 600, 0, "miles", 5, "0: as far as needed."),
    ]  # fmt: skip


def exit_page(
    found: Mapping[str, Any], asked: Sequence[Number], costs: Costs, *, homes: Sequence[Mapping[str, Any]], own: Sequence[OwnChildren] | None,
    today: Any,
) -> dict[str, Any]:  # fmt: skip
    """Return the page of a group's exit; `own` are the children of the reader's council there, None outside a council's installation."""
    policy = _at_policy(found)
    context = {
        "title": found["group"], "caption": f"If it closed, by the register of {day_words_of(found['on'])}", "numbers": asked,
        "figures": [
            FigureItem(f"{policy['displaced']['middle']:,.0f}", "children would have to move"),
            FigureItem(f"{policy['unplaced']['middle']:,.0f}", f"have no place, where {policy['suitability']:.0%} of free places suit"),
            FigureItem(f"{policy['none_near']['middle']:,.0f}", f"have none in their area or within {found['near_miles']:g} miles"),
            FigureItem(f"{found['homes_leaving']}", "homes would close"),
        ],
        "chart": curve_chart(found), "words": curve_words(found), "curve": curve_table(found), "where": _where(found), "cost": _cost(found, costs),
        "together": _together(found), "together_words": _together_words(found), "areas": _areas(homes), "cannot_see": found["cannot_see"], "said_free": free_words(found["said_free"]), "costs": costs_rows(costs), "own": None,
        "crumbs": crumbs(("Owners", reverse("market_groups")), (found["group"], reverse("market_group", args=[homes[0]["key"]])), ("If it closed", "")),
    }  # fmt: skip
    if own is not None:
        tables = [_own_table(one, today) for one in own]
        count = sum(one.page.setting.now for one in own)
        context |= {"own": tables, "own_words": _own_words(count, len(own))}
        context["figures"].insert(0, FigureItem(count, "of our own children live there now"))
    return context


def free_words(said: Mapping[str, Any]) -> str:
    """Return how far free places are what providers have said, and how old that is."""
    old = (
        f" What was said of {said['too_old']:,} homes is older than {said['allowed_days']} days and is not used."
        if said["too_old"]
        else ""
    )
    homes = said["homes_leaving"] + said["homes_staying"]
    if not homes:
        return (
            f"No provider has said lately how many places are free, so that occupancy is assumed for every home.{old}"
        )
    theirs = "No home that stays has said lately how many places are free"
    if said["homes_staying"]:
        theirs = f"Of the homes that stay, {said['homes_staying']:,} have {said['places_free']:,} places free, as their providers say"
    ours = f"; of those that close, {said['homes_leaving']:,} have said how many are" if said["homes_leaving"] else ""
    age = (
        "today"
        if said["oldest_days"] == 0
        else f"{_days(said['newest_days'])} to {_days(said['oldest_days'])} ago, in the middle {_days(said['middle_days'])}"
    )
    return f"{theirs}{ours}. That was said {age}. For every other home occupancy is assumed.{old}"


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"


def day_words_of(text: str) -> str:
    """Return a day that is kept as text, in words."""
    from datetime import date

    return day_words(date.fromisoformat(text))


def _own_words(count: int, homes: int) -> str:
    if not count:
        return "None of the children whom you may list lives in one of its homes now."
    return f"{count} of our children live in {homes} of its homes. You see those whom your role lets you list."


def _own_table(one: OwnChildren, today: Any) -> Table:
    table: Table = setting_page(one.page, today=today)["now"]
    return Table(f"{one.urn}, {one.la_name}", table.columns, table.rows, table.empty)


def _at_policy(found: Mapping[str, Any]) -> Mapping[str, Any]:
    asked = found["suitability_of_the_policy"]
    row: Mapping[str, Any] = min(found["curve"], key=lambda one: abs(one["suitability"] - asked))
    return row


def curve_chart(found: Mapping[str, Any]) -> LineChart:
    """Return the curve: children without a place, over how many free places suit, with the range of the draws."""
    steps = [f"{row['suitability']:.0%}" for row in found["curve"]]
    series = [
        Series(label, [row["unplaced"][part] for row in found["curve"]])
        for part, label in (("middle", "No place: middle"), ("low", "No place: low"), ("high", "No place: high"))
    ]
    if _says_near(
        found
    ):  # a place at the other end of the country is none that suits: without this a curve may say that all is well
        series.append(
            Series(
                f"None near: middle ({found['near_miles']:g} miles)",
                [row["none_near"]["middle"] for row in found["curve"]],
            )
        )
    return LineChart("Children without a place, by the share of free places that suit", steps, series, unit="children")


def _says_near(found: Mapping[str, Any]) -> bool:
    """Return whether a simulation says who has no place near; those kept with earlier warnings do not."""
    return "near_miles" in found and all("none_near" in row for row in found["curve"])


def curve_words(found: Mapping[str, Any]) -> str:
    """Return the curve in a sentence."""
    best, policy, worst = found["curve"][0], _at_policy(found), found["curve"][-1]
    said = [f"where {row['suitability']:.0%} suit, {range_words(row['unplaced'])}" for row in (best, policy, worst)]
    near = (
        f"None in their area or within {found['near_miles']:g} miles have, where {policy['suitability']:.0%} suit, {range_words(policy['none_near'])}. "
        if _says_near(found) else ""
    )  # fmt: skip
    return (f"About {policy['displaced']['middle']:,.0f} children would have to move. Without a place stay: {'; '.join(said)}. {near}"
            "How many free places suit is not known, so there is no one answer.")  # fmt: skip


def range_words(one: Mapping[str, float], decimals: int = 0) -> str:
    """Return the middle of a range with its low and high, which are left out where they are the same."""
    if round(one["low"], decimals) == round(one["high"], decimals):
        return f"{one['middle']:,.{decimals}f}"
    return f"{one['middle']:,.{decimals}f} ({one['low']:,.{decimals}f} to {one['high']:,.{decimals}f})"


def curve_table(found: Mapping[str, Any]) -> Table:
    """Return the curve as a table."""
    shown = {"displaced": "Have to move", "unplaced": "Without a place"}
    if _says_near(found):
        shown["none_near"] = f"None in their area or within {found['near_miles']:g} miles"
    shown["mean_miles"] = "Miles on average"
    columns = [Column("Free places that suit"), *(Column(label, True) for label in shown.values())]
    lines: Lines = [
        [f"{row['suitability']:.0%}", *(range_words(row[name]) for name in shown)] for row in found["curve"]
    ]
    return Table("The middle of the draws, and 5 to 95 in a hundred of them", columns, lines)


def _where(found: Mapping[str, Any]) -> Table:
    columns = [Column("Free places that suit"), *(Column(label, True) for label in outcome_words(found))]
    lines = [[f"{row['suitability']:.0%}", *(range_words(row[name]) for name in OUTCOMES)] for row in found["curve"]]
    return Table("Where the others would go", columns, lines)


def _together_words(found: Mapping[str, Any]) -> str:
    row = _at_policy(found)
    weeks = found["weeks_to_move"]
    return (f"Where {row['suitability']:.0%} of free places suit: of {row['groups']['middle']:,.0f} groups of brothers and sisters {row['together']['middle']:,.0f} stay together; "
            f"of {row['schooled']['middle']:,.0f} children who could keep their school {row['schools_kept']['middle']:,.0f} keep it; "
            f"{row['complex_unplaced']['middle']:,.0f} of {row['complex_needs']['middle']:,.0f} children whose needs few homes can meet have no place. "
            f"At {found['moves_a_week']:g} moves a week from each area the homes must go on for {weeks} week{'' if weeks == 1 else 's'} ({weeks * 7} days).")  # fmt: skip


def _together(found: Mapping[str, Any]) -> Table:
    columns = [Column("Free places that suit"), Column("Groups of brothers and sisters", True), Column("Kept together", True), Column("Could keep their school", True),
               Column("Keep it", True), Column("Needs few homes meet", True), Column("Of these without a place", True)]  # fmt: skip
    lines = [[f"{row['suitability']:.0%}", *(range_words(row[name]) for name in KEPT)] for row in found["curve"]]
    return Table("Brothers and sisters, school and needs", columns, lines)


def _cost(found: Mapping[str, Any], costs: Costs) -> Table:
    columns = [Column("Free places that suit"), Column("Moving them, once", True), Column("The distance, a year", True)]
    rows = [cost_of_exit(row, costs) for row in found["curve"]]
    lines = [
        [f"{row['suitability']:.0%}", f"£{one.moving:,.0f}", f"£{one.distance:,.0f}"]
        for row, one in zip(found["curve"], rows, strict=True)
    ]
    return Table("What it would cost councils", columns, lines)


def costs_rows(costs: Costs) -> list[SummaryRow]:
    """Return what the costs assume."""
    return [
        SummaryRow("One child moved in an emergency", f"£{costs.move:,.0f}", note=costs.move_source),
        SummaryRow("A mile further, a week", f"£{costs.mile:,.2f}", note=costs.mile_source),
    ]  # fmt: skip


def _areas(homes: Sequence[Mapping[str, Any]]) -> Table:
    found: dict[str, list[int]] = {}
    for home in homes:
        had = found.setdefault(home["la_name"] or "Not published", [0, 0])
        found[home["la_name"] or "Not published"] = [had[0] + 1, had[1] + int(home["places"] or 0)]
    lines: list[list[Cell | str | int | float]] = [
        [name, *counts] for name, counts in sorted(found.items(), key=lambda one: (-one[1][1], one[0]))
    ]
    return Table("Its homes by area", [Column("Area"), Column("Homes", True), Column("Places", True)], lines)


def curve_rows(found: Mapping[str, Any], costs: Costs) -> list[list[Any]]:
    """Return the simulation as a file holds it."""
    rows = []
    for row in found["curve"]:
        cost = cost_of_exit(row, costs)
        parts = [row[name][part] for name in OUTCOMES for part in ("low", "middle", "high")]
        rows.append([row["suitability"], row["displaced"]["middle"], *parts, *(row["mean_miles"][part] for part in ("low", "middle", "high")),
                     round(cost.moving), round(cost.distance), *(row[name]["middle"] for name in KEPT)])  # fmt: skip
    return rows
