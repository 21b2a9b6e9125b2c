"""Those who work in homes as pages show them: by region, sector, group and home for officers; with small numbers hidden for everybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from kinfold.market.policy import Pack
from kinfold.market.supply.suppression import suppressed
from kinfold.market.supply.workforce import FIELDS, Home, Summed, by, summed, to_look_at
from kinfold.service.records.reads.market_workforce import Workforce
from kinfold.service.web.components import Cell, Column, FigureItem, SummaryRow, Table, Tag
from kinfold.service.web.drawings.bars import Amount, BarChart
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.market_forms import Ask
from kinfold.service.web.presenters.market_cases import Lines
from kinfold.service.web.presenters.services import crumbs

TITLE = "Those who work in homes"
RATES = (
    ("Homes with a manager in post", "Manager in post", "manager_share"), ("Staff with Level 3", "Level 3", "qualified_share"),
    ("Turnover in twelve months", "Turnover", "turnover"), ("Vacant posts", "Vacant posts", "vacancy"), ("Agency workers", "Agency", "agency"),
)  # fmt: skip
HEADINGS = ("Home (URN)", "Name", "Group", "Region", "Sector", *(one.heading for one in FIELDS[1:]), "Vacant posts, %", "Turnover, %",
            "Staff with Level 3, %", "To ask about")  # fmt: skip
PUBLISHED = (
    "By",
    "Name",
    "Homes that answered",
    "With a manager in post",
    "Staff",
    "With Level 3",
    "Vacant posts",
    "Left in twelve months",
)
_COUNTS = ("homes", "managers", "staff", "level_3", "vacant", "left")
_WHOLES = {"managers": "homes", "level_3": "staff"}
MOST_GROUPS, MOST_ASKS = 60, 30


def list_page(found: Workforce, policy: Pack) -> dict[str, Any]:
    """Return the page for officers: rates as a picture first, what to ask about, then regions, sectors and groups."""
    every = summed("All homes that answered", found.homes)
    asks = sorted(
        ((one, words) for one in found.homes if (words := to_look_at(one, policy))),
        key=lambda one: (one[1][0] != "No manager in post", one[0].urn),
    )
    groups = sorted(by("group", found.homes), key=lambda one: (-one.counts["staff"], one.name))
    return {
        "title": TITLE, "empty": not found.homes, "said": _said(found), "chart": _chart(every),
        "figures": [
            FigureItem(f"{every.homes:,}", "homes answered"), FigureItem(f"{every.homes - every.managers:,}", "without a manager in post"),
            FigureItem(f"{every.counts['staff']:,}", "staff"), FigureItem(f"{every.counts['vacant']:,}", "vacant posts"),
        ],
        "asks": _asks(asks[:MOST_ASKS]), "more_asks": max(len(asks) - MOST_ASKS, 0), "regions": _table("By region", "Region", [every, *by("region", found.homes)]), "sectors": _table("By sector", "Sector", by("sector", found.homes)),
        "groups": _table("By group, the largest first", "Group", groups[:MOST_GROUPS], {one.group: one.owner for one in found.homes}), "more": max(len(groups) - MOST_GROUPS, 0),
        "old": _old(found, policy), "source": f"{policy.values['workforce_manager_years'].source} ({policy.values['workforce_manager_years'].certainty})",
        "crumbs": crumbs((TITLE, "")),
    }  # fmt: skip


def _said(found: Workforce) -> str:
    if not found.homes or found.latest is None:
        return "No home has answered yet. Take a census file in, or wait for what providers send."
    share = len(found.homes) / found.registered if found.registered else 0.0
    return (f"{len(found.homes):,} of {found.registered:,} children’s homes of the register have answered ({share:.0%}); the last census day is "
            f"{day_words(found.latest)}. What follows is of those homes alone.")  # fmt: skip


def _old(found: Workforce, policy: Pack) -> str:
    allowed = int(policy["workforce_census_age"])
    count = sum((found.today - one.day).days > allowed for one in found.homes)
    return f"What {count:,} of them said is older than {allowed} days." if count else ""


def _chart(one: Summed) -> BarChart:
    amounts = [
        Amount(label, share * 100) if (share := getattr(one, name)) is not None else Amount(label, None, "not said")
        for label, _, name in RATES
    ]
    return BarChart("Managers, qualifications, turnover and vacancies", amounts, unit="%", decimals=1, what="What")


def percent(share: float | None) -> str:
    """Return a share in hundredths, or that it cannot be said."""
    return "Not said" if share is None else f"{share:.0%}"


def _table(title: str, name: str, found: Sequence[Summed], owners: Mapping[str, str] | None = None) -> Table:
    columns = [Column(name), Column("Homes", True), Column("Manager in post", True), Column("Staff", True), Column("Level 3", True),
               Column("Vacant posts", True), Column("Turnover", True), Column("Agency", True)]  # fmt: skip
    lines: Lines = [
        [Cell(owners[one.name], reverse("workforce_group", args=[one.name])) if owners else one.name, f"{one.homes:,}", percent(one.manager_share),
         f"{one.counts['staff']:,}", percent(one.qualified_share), percent(one.vacancy), percent(one.turnover), percent(one.agency)]
        for one in found
    ]  # fmt: skip
    return Table(title, columns, lines, empty="No home has answered yet.")


def _asks(asks: Sequence[tuple[Home, Sequence[str]]]) -> Table:
    columns = [Column("Home"), Column("Group"), Column("Census day"), Column("To ask about")]
    lines: Lines = [
        [Cell(one.urn, reverse("market_setting", args=[one.urn])), Cell(one.owner, reverse("workforce_group", args=[one.group])), day_words(one.day),
         Cell("; ".join(words), tag=Tag("Ask", "orange"))]
        for one, words in asks
    ]  # fmt: skip
    return Table(
        "Homes to ask about", columns, lines, empty="Every home that answered has a registered manager in post."
    )


def group_page(found: Workforce, homes: Sequence[Home], policy: Pack) -> dict[str, Any]:
    """Return a group's page: its rates beside all homes', as a picture first, then home by home."""
    own, every = summed(homes[0].owner, homes), summed("All homes that answered", found.homes)
    amounts = [
        Amount(f"{label}: {who}", None if share is None else share * 100, "not said", focus=one is own)
        for _, label, name in RATES for who, one in (("group", own), ("all", every)) for share in [getattr(one, name)]
    ]  # fmt: skip
    columns = [Column("Home"), Column("Census day"), Column("Manager"), Column("Staff", True), Column("Level 3", True), Column("Vacant posts", True),
               Column("Turnover", True), Column("To ask about")]  # fmt: skip
    lines: Lines = []
    for one in homes:
        alone, words = summed(one.urn, [one]), to_look_at(one, policy)
        lines.append([
            Cell(one.urn, reverse("market_setting", args=[one.urn])), day_words(one.day), _manager(one.said), alone.counts["staff"],
            percent(alone.qualified_share), percent(alone.vacancy), percent(alone.turnover),
            Cell("; ".join(words), tag=Tag("Ask", "orange")) if words else "",
        ])  # fmt: skip
    return {
        "title": homes[0].owner, "chart": BarChart("The group beside all homes that answered", amounts, unit="%", decimals=1, what="What"),
        "table": Table("Its homes", columns, lines), "summary": _table("The group", "Group", [own, every]),
        "crumbs": crumbs((TITLE, reverse("workforce")), (homes[0].owner, "")),
    }  # fmt: skip


def _manager(said: Mapping[str, Any]) -> str:
    if not said.get("manager"):
        return "None"
    since = f"since {said['manager_since'][:4]}" if said.get("manager_since") else "in post"
    return f"{since}{'' if said.get('manager_registered') in (True, None) else ', not registered'}".capitalize()


def rows_of(homes: Sequence[Home], policy: Pack) -> list[list[Any]]:
    """Return every home as a file holds it; counts are exact: the file is for officers."""
    rows = []
    for one in homes:
        alone = summed(one.urn, [one])
        shares = [
            None if share is None else round(share * 100, 1)
            for share in (alone.vacancy, alone.turnover, alone.qualified_share)
        ]
        rows.append([one.urn, one.name, one.owner, one.region, one.sector, *(one.said.get(field.name) for field in FIELDS[1:]), *shares,
                     "; ".join(to_look_at(one, policy))])  # fmt: skip
    return rows


def published_page(found: Workforce, policy: Pack) -> dict[str, Any]:
    """Return the published table by region and sector, small numbers hidden."""
    least = int(policy["suppression"])
    value = policy.values["suppression"]
    return {
        "title": TITLE, "said": _said(found), "tables": [_published(title, field, found.homes, least) for title, field in (("By region", "region"), ("By sector", "sector"))],
        "least": least, "source": f"{value.source} ({value.certainty})", "empty": not found.homes, "crumbs": crumbs(("Register of providers", reverse("market")), (TITLE, "")),
    }  # fmt: skip


def published_counts(
    homes: Sequence[Home], field: str, least: int
) -> tuple[list[str], list[dict[str, int | None]], dict[str, int | None]]:
    """Return names, rows and totals of the published table by a field, hidden counts as None."""
    found = by(field, homes)
    counts = [
        {
            "homes": one.homes,
            "managers": one.managers,
            **{name: one.counts[name] for name in ("staff", "level_3", "vacant", "left")},
        }
        for one in found
    ]
    return [one.name for one in found], *suppressed(counts, least=least, wholes=_WHOLES)


def _published(title: str, field: str, homes: Sequence[Home], least: int) -> Table:
    names, rows, totals = published_counts(homes, field, least)
    columns = [Column(title.removeprefix("By ").capitalize()), *(Column(label, True) for label in PUBLISHED[2:])]
    lines: Lines = (
        [
            [name, *(_shown(row[one]) for one in _COUNTS)]
            for name, row in zip([*names, "All"], [*rows, totals], strict=True)
        ]
        if names
        else []
    )
    return Table(title, columns, lines, empty="No home has answered yet.")


def _shown(count: int | None) -> str:
    return "Hidden" if count is None else f"{count:,}"


def published_rows(found: Workforce, policy: Pack) -> list[list[Any]]:
    """Return the published tables as a file holds them: a hidden count is “c”."""
    rows: list[list[Any]] = []
    for field in ("region", "sector"):
        names, lines, totals = published_counts(found.homes, field, int(policy["suppression"]))
        rows += [
            [field, name, *("c" if line[one] is None else line[one] for one in _COUNTS)]
            for name, line in zip([*names, "All"], [*lines, totals], strict=True)
        ]
    return rows


def workforce_rows(home: Home | None) -> list[SummaryRow]:
    """Return those who work in a home as lines of the home's page; nothing where nothing was said."""
    if home is None:
        return []
    alone = summed(home.urn, [home])
    note = f"{alone.counts['staff']} staff, {percent(alone.qualified_share)} with Level 3; {percent(alone.vacancy)} of posts vacant; turnover {percent(alone.turnover)}."
    return [SummaryRow("Manager, as its provider says", _manager(home.said), note=f"{note} On {day_words(home.day)}.")]


SORTS = {"yes_no": "yes_no", "number": "number", "day": "day"}


def answer_asks(said: Mapping[str, Any], today: date) -> tuple[Ask, ...]:
    """Return the questions of the census for one home; what was said last stands in them."""
    known = {"day": today.isoformat(), **said}
    found = []
    for one in FIELDS[1:]:
        value = known.get(one.name)
        shown = (
            {True: "yes", False: "no"}.get(value)
            if one.sort == "yes_no" and value is not None
            else date.fromisoformat(value)
            if one.sort == "day" and value
            else value
        )
        found.append(Ask(one.name, one.heading, SORTS[one.sort], required=one.needed, hint=one.about, value=shown))
    return tuple(found)


def own_homes(homes: Sequence[Mapping[str, Any]], said: Mapping[str, Any]) -> Table:
    """Return a provider's homes with what it said last of those who work there, each with the way to answer."""
    columns = [
        Column("Home"),
        Column("Last said for"),
        Column("Manager"),
        Column("Staff", True),
        Column("Vacant posts", True),
    ]
    lines: Lines = []
    for one in homes:
        last = said.get(one["urn"])
        told = last.said if last else {}
        lines.append([
            Cell(one["urn"], reverse("provider_workforce_home", args=[one["urn"]]), about="answer for this home"),
            day_words(last.day) if last else Cell("", tag=Tag("Not said", "yellow")), _manager(told) if last else "",
            told.get("staff", ""), told.get("vacant", ""),
        ])  # fmt: skip
    return Table("Your homes: choose one to answer for it", columns, lines)
