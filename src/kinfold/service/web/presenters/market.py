"""The register of providers, as pages show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

import polars as pl
from django.urls import reverse

from kinfold.service.web.components import Cell, Column, FigureItem, Link, SummaryRow, Table, Tag, pages
from kinfold.service.web.drawings.map import AreaMap
from kinfold.service.web.drawings.words import day_words
from kinfold.terms.places import OUTLINES_NOTE, authorities, authority_outlines, demo_authorities, is_demo_code

FILTERS = ("q", "type", "sector", "region", "area")
SIZE = 50
COLOURS = {
    "Outstanding": "green",
    "Good": "teal",
    "Requires improvement to be good": "orange",
    "Adequate": "yellow",
    "Inadequate": "red",
}
# The areas that an inspection judges, and those that are shown though none has a judgement.
AREAS = {"overall": "Overall", "protected": "Help and protection", "leaders": "Leaders and managers", "outcomes": "Outcomes", "quality": "Quality of care",
         "education": "Education", "health": "Health", "sa_outcome": "Supported accommodation"}  # fmt: skip
ALWAYS = frozenset({"overall", "protected", "leaders"})
ATTRIBUTION = "Contains public sector information licensed under the Open Government Licence v3.0."


def overview_page(found: Mapping[str, Any], days: Sequence[date], day: date) -> dict[str, Any]:
    """Return the front page: figures, a table by type and sector, by region, and homes by authority on a map."""
    rows = found["totals"]
    homes = [row for row in rows if row["type"] == "Children's home"]
    share = found["concentration"]
    return {
        "day": day_words(day),
        "days": [Link(day_words(one), f"?on={one.isoformat()}", current=one == day) for one in days],
        "figures": [
            FigureItem(f"{_sum(homes, 'settings'):,}", "children’s homes", _list(day, type="Children's home")),
            FigureItem(f"{_sum(homes, 'places'):,}", "places in them"),
            FigureItem(f"{_sum(rows, 'settings'):,}", "settings of all types", _list(day)),
            FigureItem(
                f"{share['top_10_share']}%", "of private homes belong to ten owners, by name", reverse("market_groups")
            ),
        ],
        "by_type": _by("type", rows, "By type", found, day),
        "by_sector": _by("sector", homes, "Children’s homes by sector", None, day),
        "by_region": _by("region", homes, "Children’s homes by region", None, day),
        "map": _map(found["homes_by_area"], day),
        "attribution": ATTRIBUTION,
    }


def _sum(rows: Iterable[Mapping[str, Any]], name: str) -> int:
    return sum(row[name] for row in rows)


def _list(day: date, **asked: str) -> str:
    return f"{reverse('market_settings')}?{urlencode({**asked, 'on': day.isoformat()})}"


def _by(name: str, rows: Sequence[Mapping[str, Any]], title: str, moved: Mapping[str, Any] | None, day: date) -> Table:
    values = sorted({row[name] or "Not published" for row in rows})
    columns = [
        Column(title.removeprefix("By ").capitalize() if moved else name.capitalize()),
        Column("Settings", True),
        Column("Places", True),
    ]
    if moved is not None:
        columns += [Column("Opened in twelve months", True), Column("Closed in twelve months", True)]
    lines = []
    for value in values:
        part = [row for row in rows if (row[name] or "Not published") == value]
        line: list[Cell | str | int | float] = [
            Cell(value, href=_list(day, **{name: value} | ({} if moved else {"type": "Children's home"}))),
            f"{_sum(part, 'settings'):,}",
            f"{_sum(part, 'places'):,}",
        ]
        if moved is not None:
            line += [f"{moved['opened'].get(value, 0):,}", f"{moved['closed'].get(value, 0):,}"]
        lines.append(line)
    return Table(title, columns, lines)


def _map(by_area: Mapping[str, int], day: date) -> AreaMap:
    """Return the map of children's homes; invented authorities are drawn on the ground they stand on."""
    outlines = authority_outlines()
    if any(is_demo_code(code) for code in by_area):
        stands = {one.la_code: one.stands_on for one in demo_authorities()}
        names = {one.stands_on: one.name for one in demo_authorities()}
        amounts = {stands[code]: float(count) for code, count in by_area.items() if code in stands}
    else:
        names = {one.la_code: one.name for one in authorities()}
        amounts = {code: float(count) for code, count in by_area.items()}
    return AreaMap(
        f"Children’s homes by authority, {day_words(day)}", outlines, {**dict.fromkeys(outlines, 0.0), **amounts}, names,
        unit="homes", source=OUTLINES_NOTE,
    )  # fmt: skip


def settings_page(every: pl.DataFrame, rows: pl.DataFrame, day: date, asked: Mapping[str, str]) -> dict[str, Any]:
    """Return a page of the list of settings, with its filters."""
    number = asked.get("page", "")
    page = max(1, int(number)) if number.isdecimal() and len(number) < 6 else 1
    kept = {name: asked.get(name, "") for name in FILTERS if asked.get(name)} | {"on": day.isoformat()}
    page = min(page, max(1, -(-rows.height // SIZE)))
    shown = rows.slice((page - 1) * SIZE, SIZE).to_dicts()
    return {
        "day": day_words(day),
        "on": day.isoformat(),
        "q": asked.get("q", ""),
        "filters": [
            (name, sorted(every[name].drop_nulls().unique().to_list()), asked.get(name, ""))
            for name in ("type", "sector", "region")
        ],
        "area": asked.get("area", ""),
        "table": settings_table("Settings", shown, "No setting fits. Take a filter away."),
        "pages": pages(
            page=page,
            size=SIZE,
            total=rows.height,
            address=lambda n: f"?{urlencode({**kept, 'page': n})}",
            noun="settings",
        ),
    }


def settings_table(title: str, rows: Sequence[Mapping[str, Any]], empty: str) -> Table:
    """Return settings as a table, each linked to its page."""
    columns = [
        Column("Number"),
        Column("Type"),
        Column("Authority"),
        Column("Owner"),
        Column("Places", True),
        Column("Overall judgement"),
    ]
    return Table(title, columns, [_line(row) for row in rows], empty=empty)


def _line(row: Mapping[str, Any]) -> list[Cell | str | int | float]:
    name = row["name"] or "name not published"
    return [
        Cell(row["urn"], href=reverse("market_setting", args=[row["urn"]]), about=name),
        row["type"] or "Not published",
        row["la_name"] or "Not published",
        Cell(row["owner"], href=group_address(row["owner_key"])) if row["owner_key"] else "Not published",
        "Not published" if row["places"] is None else row["places"],
        _judged(row["overall"], "None published"),
    ]


def _judged(grade: str | None, none: str) -> Cell:
    return Cell("", tag=Tag(grade, COLOURS.get(grade, "grey"))) if grade else Cell(none)


def group_address(key: str) -> str:
    """Return the address of a group's page."""
    return reverse("market_group", args=[key])


def setting_page(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return a setting's page: what it is, what changed from year to year, and its inspections."""
    now, spell = found["now"], found["spell"]
    closed = spell["closed"]
    ended = (
        "Open"
        if closed is None
        else day_words(closed)
        if spell["closed_said"]
        else f"by {day_words(closed)}, when the register no longer had it"
    )
    opened = day_words(spell["opened"]) if spell["opened_said"] else f"by {day_words(spell['opened'])}"
    return {
        "urn": now["urn"],
        "name": now["name"],
        "rows": [
            SummaryRow("Type", now["type"]),
            SummaryRow("Authority", now["la_name"] or "Not published", note=now["region"] or ""),
            SummaryRow("Sector", now["sector"] or "Not published"),
            SummaryRow("Owner", now["owner"] or "Not published",
                       [Link("See the owner’s settings", group_address(now["owner_key"]))] if now["owner_key"] else ()),
            SummaryRow("Places", "Not published" if now["places"] is None else now["places"]),
            SummaryRow("Registered", opened),
            SummaryRow("Closed", ended),
            SummaryRow("Status when last seen", now["status"] or "Not published", note=day_words(now["as_at"])),
            SummaryRow("For short breaks only", "Yes" if now["short_break_only"] else "No, or not published"),
        ],
        "seen": _seen(found["seen"]),
        "inspections": inspections_table(found["inspections"]),
        "attribution": ATTRIBUTION,
    }  # fmt: skip


def in_the_register(found: Mapping[str, Any] | None, *, since: date | None = None) -> list[SummaryRow]:
    """
    Return what the register says of a setting, for a page about something else; nothing where it has no such setting.

    With `since`, the day on which a placement there began, also whether it was registered then, who owned it and how it was judged.
    """
    if found is None:
        return []
    now, spell = found["now"], found["spell"]
    judged, day = _judged_by(found["inspections"], None)
    rows = [
        SummaryRow("In the register of providers", now["type"] or "Not published",
                   [Link("All its inspections", reverse("market_setting", args=[now["urn"]]), about=f"of {now['urn']}")],
                   note=f"{now['owner'] or 'Owner not published'}; {(now['status'] or 'status not published').lower()}, as published on {day_words(now['as_at'])}."),
        SummaryRow("Registered", _registered_words(spell)),
        SummaryRow("Last full inspection", judged, note=day),
    ]  # fmt: skip
    return [*rows, _when_it_began(found, since)] if since is not None else rows


def _registered_words(spell: Mapping[str, Any]) -> str:
    opened = f"{'since' if spell['opened_said'] else 'by'} {day_words(spell['opened'])}"
    if spell["closed"] is None:
        return opened.capitalize()
    return (
        f"{opened}, until {'' if spell['closed_said'] else 'some day before '}{day_words(spell['closed'])}".capitalize()
    )


def _judged_by(inspections: Sequence[Mapping[str, Any]], day: date | None) -> tuple[list[str] | str, str]:
    """Return the judgements of the last full inspection, up to a day where one is given, and its date as a note."""
    full = [
        one
        for one in inspections
        if (one["event_type"] or "").startswith("Full") and (day is None or one["inspection_date"] <= day)
    ]
    if not full:
        return (
            "None has been published in the files that were loaded"
            if day is None
            else "Not inspected by then, as far as is published",
            "",
        )
    parts = (("overall", "overall"), ("protected", "help and protection"), ("leaders", "leaders and managers"))
    said = [f"{full[0][name]} ({label})" for name, label in parts if full[0][name]]
    return said or ["No judgement published"], day_words(full[0]["inspection_date"])


def _when_it_began(found: Mapping[str, Any], since: date) -> SummaryRow:
    spell, seen = found["spell"], [one for one in found["seen"] if one["as_at"] <= since]
    owner = (seen[0] if seen else found["seen"][-1])["owner"] or "owner not published"
    judged, day = _judged_by(found["inspections"], since)
    lines = [
        *([judged] if isinstance(judged, str) else judged),
        f"Owner: {owner}" + ("" if seen else ", as first published later"),
    ]
    if spell["closed"] is not None and spell["closed"] <= since and spell["closed_said"]:
        lines.insert(
            0,
            f"Not registered: its registration had ended on {day_words(spell['closed'])}. Ask the home, and tell Ofsted.",
        )
    elif spell["opened_said"] and since < spell["opened"]:
        lines.insert(
            0, f"Not registered yet: it was registered on {day_words(spell['opened'])}. Ask the home, and tell Ofsted."
        )
    return SummaryRow(
        f"When the placement began, {day_words(since)}", lines, note=f"Inspected on {day}." if day else ""
    )


def _seen(rows: Sequence[Mapping[str, Any]]) -> Table:
    columns = [Column("On"), Column("Status"), Column("Sector"), Column("Owner"), Column("Places", True)]
    lines = [
        [day_words(row["as_at"]), row["status"] or "Not published", row["sector"] or "Not published", row["owner"] or "Not published",
         "Not published" if row["places"] is None else row["places"]]
        for row in rows
    ]  # fmt: skip
    return Table("As published each year", columns, lines)


def inspections_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    """Return a setting's inspections, with the areas that any of them judges."""
    shown = [name for name in AREAS if name in ALWAYS or any(row[name] for row in rows)]
    columns = [Column("Inspected"), Column("Kind"), *(Column(AREAS[name]) for name in shown)]
    lines = [
        [day_words(row["inspection_date"]), row["event_type"] or "Not published",
         *(_judged(row[name], "None published") for name in shown)]
        for row in rows
    ]  # fmt: skip
    return Table(
        "Inspections",
        columns,
        lines,
        empty="No inspection of this setting has been published in the files that were loaded.",
    )


def groups_named(found: Sequence[Mapping[str, Any]], asked: Mapping[str, str]) -> list[Mapping[str, Any]]:
    """Return the owners whose name has the words that were asked for; all without any."""
    words = asked.get("q", "").strip().casefold()
    return [row for row in found if words in row["group"].casefold() or words in row["key"]]


def groups_page(found: Mapping[str, Any], asked: Mapping[str, str]) -> dict[str, Any]:
    """Return a page of the list of owners."""
    words = asked.get("q", "").strip()
    rows = groups_named(found["groups"], asked)
    number = asked.get("page", "")
    page = min(max(1, int(number)) if number.isdecimal() and len(number) < 6 else 1, max(1, -(-len(rows) // SIZE)))
    kept = {"on": found["on"]} | ({"q": words} if words else {})
    columns = [Column("Owner"), Column("Settings", True), Column("Children’s homes", True), Column("Places", True),
               Column("Authorities", True), Column("Below good, of those judged", True)]  # fmt: skip
    lines: list[list[Cell | str | int | float]] = [
        [Cell(row["group"], href=group_address(row["key"])), row["settings"], row["homes"], f"{row['places']:,}", row["authorities"],
         f"{row['below_good']} of {row['judged']}"]
        for row in rows[(page - 1) * SIZE : page * SIZE]
    ]  # fmt: skip
    return {
        "day": day_words(date.fromisoformat(found["on"])),
        "on": found["on"],
        "q": words,
        "cannot_see": found["cannot_see"],
        "brought_together": found["brought_together"],
        "table": Table("Owners", columns, lines, empty="No owner has these words in its name. Try fewer."),
        "pages": pages(
            page=page, size=SIZE, total=len(rows), address=lambda n: f"?{urlencode({**kept, 'page': n})}", noun="owners"
        ),
    }


def group_page(rows: pl.DataFrame, day: date, asked: Mapping[str, str]) -> dict[str, Any]:
    """Return an owner's page: figures, judgements with their denominators, and its settings."""
    judged = rows.filter(pl.col("overall").is_not_null())
    counts = dict(judged.group_by("overall").len().rows())
    number = asked.get("page", "")
    page = min(max(1, int(number)) if number.isdecimal() and len(number) < 6 else 1, max(1, -(-rows.height // SIZE)))
    names = sorted(rows["owner"].drop_nulls().unique().to_list())
    return {
        "name": names[0],
        "names": names[1:],
        "day": day_words(day),
        "figures": [
            FigureItem(f"{rows.height:,}", "settings"),
            FigureItem(f"{rows['places'].sum():,}", "places published"),
            FigureItem(f"{rows['la_code'].drop_nulls().n_unique():,}", "authorities"),
            FigureItem(f"{judged.height:,}", "with an overall judgement"),
        ],
        "grades": Table(
            "Overall judgements", [Column("Judgement"), Column("Settings", True), Column("Of those judged", True)],
            [[grade, counts.get(grade, 0), f"{counts.get(grade, 0) / judged.height:.0%}"] for grade in COLOURS if judged.height and (grade in counts or grade != "Adequate")],
            empty="None of its settings has an overall judgement.",
        ),
        "table": settings_table("Settings", rows.slice((page - 1) * SIZE, SIZE).to_dicts(), "It has no setting on this day."),
        "pages": pages(page=page, size=SIZE, total=rows.height, address=lambda n: f"?{urlencode({'on': day.isoformat(), 'page': n})}", noun="settings"),
        "attribution": ATTRIBUTION,
    }  # fmt: skip
