"""The capital programme as its pages show it: places by how they stand, every project, and one project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kinfold.market.cases.journal import day_said
from kinfold.market.cases.notices import pounds
from kinfold.market.cases.project import BARRIERS, KINDS, MILESTONES, MONEY, MONEY_STATES, Working
from kinfold.market.policy import Pack
from kinfold.market.supply.programme import (
    DELIVERED,
    LATE,
    LOST,
    ON_TRACK,
    STANDINGS,
    TO_COME,
    Slip,
    Standing,
    slips,
    standing,
    tally,
)
from kinfold.market.supply.programme_file import FIELDS, row_of
from kinfold.service.records.reads.market_cases import CasePage
from kinfold.service.web.components import Cell, Column, FigureItem, SummaryRow, Table, Tag
from kinfold.service.web.drawings.bars import Amount, BarChart
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.presenters.market_cases import Lines, Section, address
from kinfold.service.web.presenters.services import crumbs
from kinfold.service.web.steps_unregistered import council_name

TITLE = "Capital programme"
COLOURS = {DELIVERED: "green", ON_TRACK: "blue", LATE: "red", TO_COME: "grey", LOST: "purple"}
HEADINGS = (*(one.heading for one in FIELDS), "Stands", "Opens", "Days later than planned", "Overdue")
_ORDER = {LATE: 0, ON_TRACK: 1, TO_COME: 2, DELIVERED: 3, LOST: 4}


@dataclass(frozen=True, slots=True)
class Seen:
    """A project with where it stands today."""

    page: CasePage
    standing: Standing


def seen(cases: Sequence[CasePage], pack: Pack, today: date) -> list[Seen]:
    """Return the projects with where they stand: those that are late first, the latest of them first."""
    found = [Seen(one, standing(one.working, today=today, pack=pack)) for one in cases]
    return sorted(
        found, key=lambda one: (_ORDER[one.standing.standing], -(one.standing.slip or 0), one.page.row.reference)
    )


def list_page(projects: Sequence[Seen], pack: Pack, today: date) -> dict[str, Any]:
    """Return the programme: the places as a picture first, then by kind against what is to be made, then every project."""
    counts = tally(one.standing for one in projects)
    totals = {name: sum(kind[name] for kind in counts.values()) for name in STANDINGS}
    grant = sum(one.page.working.said.get("grant") or 0 for one in projects)
    return {
        "title": TITLE, "said": _said(totals, today), "empty": not projects,
        "figures": [
            FigureItem(f"{totals[DELIVERED]:,}", "places delivered"), FigureItem(f"{totals[ON_TRACK]:,}", "on track"),
            FigureItem(f"{totals[LATE]:,}", "late"), FigureItem(f"{totals[TO_COME]:,}", "to come"), FigureItem(f"£{grant / 1e8:,.1f}m", "of grant"),
        ],
        "chart": BarChart("Places by how they stand", [Amount(name.capitalize(), totals[name], focus=name == DELIVERED) for name in STANDINGS],
                          unit="places", what="How places stand"),
        "kinds": _kinds(counts, pack), "projects": _projects(projects), "slip": int(pack["capital_slip"]),
        "source": pack.values["capital_slip"].source, "crumbs": crumbs((TITLE, "")),
    }  # fmt: skip


def _said(totals: Mapping[str, int], today: date) -> str:
    coming = sum(totals[name] for name in (ON_TRACK, LATE, TO_COME))
    return (
        f"On {day_words(today)}, {totals[DELIVERED]:,} places are delivered and {coming:,} are still to be: {totals[ON_TRACK]:,} on track, "
        f"{totals[LATE]:,} late, {totals[TO_COME]:,} without a home that was secured yet. {totals[LOST]:,} will not come."
    )


def _kinds(counts: Mapping[str, Mapping[str, int]], pack: Pack) -> Table:
    columns = [
        Column("Kind"),
        *(Column(name.capitalize(), True) for name in STANDINGS),
        Column("To be made by the programme", True),
    ]
    lines: Lines = [
        [label, *(counts[kind][name] for name in STANDINGS), pack[f"capital_places_{kind}"]]
        for kind, label in KINDS.items()
    ]
    every = [sum(kind[name] for kind in counts.values()) for name in STANDINGS]
    lines.append(["All places", *every, sum(pack[f"capital_places_{kind}"] for kind in KINDS)])
    return Table("Places by kind", columns, lines)


def _projects(projects: Sequence[Seen]) -> Table:
    columns = [Column("Project"), Column("Council"), Column("Places", True), Column("Reached"), Column("Opens"), Column("Against the plan"),
               Column("Stands")]  # fmt: skip
    lines: Lines = [
        [Cell(one.page.row.name, address(one.page.row), about=one.page.row.reference), council_name(one.page.working.said["council"]),
         sum(one.page.working.places.values()), one.page.state.capitalize(), day_words(one.standing.opens) if one.standing.opens else "Not known",
         slip_words(one.standing.slip) if one.standing.standing != LOST else "", _tag(one.standing)]
        for one in projects
    ]  # fmt: skip
    return Table(
        "Every project, late ones first", columns, lines, empty="No project yet. Record one, or take in a file of them."
    )


def _tag(found: Standing) -> Cell:
    said = f"{found.overdue} overdue" if found.overdue and found.standing != LOST else ""
    return Cell(said, tag=Tag(found.standing.capitalize(), COLOURS[found.standing]))


def slip_words(days: int | None) -> str:
    """Return how much later or earlier than planned something is."""
    if days is None:
        return "Nothing planned"
    if days == 0:
        return "As planned"
    return f"{abs(days)} day{'' if abs(days) == 1 else 's'} {'later' if days > 0 else 'earlier'}"


def rows_of(projects: Sequence[Seen]) -> list[list[Any]]:
    """Return every project as a file holds it: the file that is taken in, and where each stands."""
    found = []
    for one in projects:
        row = row_of(one.page.working)
        row["council"] = council_name(row["council"])
        found.append([
            *(_cell(row.get(name.name)) for name in FIELDS), one.standing.standing, one.standing.opens, one.standing.slip, one.standing.overdue,
        ])  # fmt: skip
    return found


def _cell(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def sections(page: CasePage, pack: Pack) -> list[Section]:
    """Return the parts of a project's page."""
    working: Working = page.working
    return [
        _stands(page, working, pack), _milestones(working, page.today), _what_stands_in_the_way(working), _money(working),
    ]  # fmt: skip


def _stands(page: CasePage, working: Working, pack: Pack) -> Section:
    found, said = standing(working, today=page.today, pack=pack), working.said
    places = ", ".join(f"{count} ({KINDS[kind].casefold()})" for kind, count in working.places.items())
    opened = ", ".join(f"{count} ({KINDS[kind].casefold()})" for kind, count in working.opened_places.items())
    rows = [
        SummaryRow("Stands", found.standing.capitalize(), note=f"Late is more than {pack['capital_slip']} days after the plan at the grant. {pack.values['capital_slip'].source}."),
        SummaryRow("Places", places, note=f"Opened: {opened}." if opened else ""),
        SummaryRow("Opens", day_words(found.opens) if found.opens else "Not known", note=slip_words(found.slip)),
        SummaryRow("Council", council_name(said["council"])),
        SummaryRow("Run by", said.get("provider") or "Not said", note=(said.get("sector") or "").capitalize()),
        SummaryRow("Grant", pounds(said["grant"]) if said.get("grant") is not None else "Not said",
                   note=_per_place(said.get("grant"), sum(working.places.values()))),
        SummaryRow("Match funding", pounds(said["match"]) if said.get("match") is not None else "None said"),
        SummaryRow("Reference", working.opened.said["project"], note=said.get("round") or ""),
    ]  # fmt: skip
    if said.get("cost") is not None:
        gap = said["cost"] - (said.get("grant") or 0) - (said.get("match") or 0)
        rows.insert(
            7,
            SummaryRow(
                "Whole cost",
                pounds(said["cost"]),
                note=f"{pounds(gap)} from neither grant nor match funding." if gap > 0 else "",
            ),
        )
    if said.get("urn"):
        rows.append(SummaryRow("Number", said["urn"]))
    return Section("Where it stands", rows=rows)


def _per_place(pence: int | None, places: int) -> str:
    return f"{pounds(round(pence / places))} a place." if pence and places else ""


def _milestones(working: Working, today: date) -> Section:
    columns = [
        Column("Milestone"),
        Column("Planned at the grant"),
        Column("Reached"),
        Column("Expected"),
        Column("Against the plan"),
    ]
    lines: Lines = [
        [MILESTONES[one.milestone], day_words(one.planned) if one.planned else "Not planned", day_words(one.done) if one.done else "",
         "" if one.done else day_words(one.expected) if one.expected else "Not known", _against(one)]
        for one in slips(working, today=today)
    ]  # fmt: skip
    return Section("Milestones", tables=[Table("Planned and actual", columns, lines, quiet_caption=True)])


def _against(one: Slip) -> Cell:
    return Cell(slip_words(one.days), tag=Tag("Overdue", "red") if one.overdue else None)


def _what_stands_in_the_way(working: Working) -> Section:
    columns = [Column("What"), Column("Since"), Column("What happened"), Column("Overcome")]
    lines: Lines = []
    for one in reversed(working.barriers):
        over = working.overcome.get(one.number)
        said = (
            f"{day_words(day_said(over))}: {over.said['how']}"
            if over
            else Cell("", tag=Tag("Stands in the way", "orange"))
        )
        lines.append([BARRIERS[one.said["barrier"]], day_words(day_said(one)), one.said["what"], said])
    rows = []
    if working.end is not None:
        rows = [
            SummaryRow(
                "Ended by",
                BARRIERS[working.end.said["because"]],
                note=f"{day_words(day_said(working.end))}. {working.end.reasons}",
            )
        ]
    return Section(
        "What stood in its way",
        rows=rows,
        tables=[Table("Barriers", columns, lines, quiet_caption=True, empty="Nothing was recorded.")],
    )


def _money(working: Working) -> Section:
    columns = [Column("Source"), Column("What came of it"), Column("Amount", True), Column("Day"), Column("Terms")]
    lines: Lines = [
        [MONEY[one.said["source"]], MONEY_STATES[one.said["status"]], pounds(one.said["amount"]), day_words(day_said(one)), one.said.get("terms") or ""]
        for one in reversed(working.money)
    ]  # fmt: skip
    return Section(
        "Start-up and social finance",
        tables=[Table("Money", columns, lines, quiet_caption=True, empty="None was recorded.")],
    )
