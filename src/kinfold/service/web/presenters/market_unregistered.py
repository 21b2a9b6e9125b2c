"""Unregistered settings as their pages show them: the list with its figures, and the sections of a case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from kinfold.market.cases.unregistered import CouncilClock, Working, council_clocks, recommendation
from kinfold.market.policy import JURISDICTION, pack
from kinfold.market.unregistered import figures
from kinfold.service.records.reads.market_cases import CasePage
from kinfold.service.records.reads.market_operators import Connected
from kinfold.service.web.components import Cell, Column, FigureItem, Link, SummaryRow, Table, Tag
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.presenters.market_cases import Lines, Section, address, day_of_text, state_cell
from kinfold.service.web.presenters.market_ownership import address as ownership_address
from kinfold.service.web.presenters.services import crumbs
from kinfold.service.web.steps_unregistered import council_name
from kinfold.terms.working_days import bank_holidays

HEADINGS = ("Case", "Setting", "Operator", "Area", "State", "Determination", "Children", "Nights", "Route")


def list_page(cases: Sequence[CasePage], today: date) -> dict[str, Any]:
    """Return the list of cases: figures of those opened and of those determined, the cases, and the councils that placed."""
    counted = figures({"determination": one.working.determined or None} for one in cases)
    children = sum(_children(one.working) for one in cases)
    return {
        "figures": [
            FigureItem(counted["opened"], "opened"), FigureItem(counted["determined"], "determined"),
            FigureItem(_share(counted["of_opened"]), f"of those opened should be registered ({counted['registrable']} of {counted['opened']})"),
            FigureItem(_share(counted["of_determined"]), f"of those determined should be registered ({counted['registrable']} of {counted['determined']})"),
            FigureItem(children, "children"), FigureItem(f"{sum(one.working.nights(today) for one in cases):,}", "nights"),
        ],
        "table": _cases(cases, today), "councils": _councils(cases, today), "crumbs": crumbs(("Unregistered settings", "")),
    }  # fmt: skip


def _share(share: float | None) -> str:
    return "None" if share is None else f"{share:.0%}"


def _children(working: Working) -> int:
    return len({(one.child, one.council) for one in working.children()})


def rows_of(cases: Sequence[CasePage], today: date) -> list[list[Any]]:
    """Return the list as a file holds it."""
    return [
        [one.row.reference, one.row.name, one.working.opened.said.get("operator", ""), one.working.opened.said.get("area", ""),
         one.state, one.working.determined, _children(one.working), one.working.nights(today),
         one.working.choice.chosen if one.working.choice else ""]
        for one in cases
    ]  # fmt: skip


def _cases(cases: Sequence[CasePage], today: date) -> Table:
    columns = [Column("Case"), Column("Setting"), Column("State"), Column("Determination"), Column("Children", True),
               Column("Nights", True), Column("Councils told")]  # fmt: skip
    lines = [
        [Cell(one.row.reference, address(one.row)), one.row.name, state_cell(one), one.working.determined or "None yet",
         _children(one.working), one.working.nights(today), _told(clocks_of(one))]
        for one in cases
    ]  # fmt: skip
    return Table("Cases", columns, lines, empty="No case yet. Record intelligence to open the first.")


def clocks_of(page: CasePage) -> list[CouncilClock]:
    """Return the clocks of the councils that placed a child there."""
    year = page.today.year
    return council_clocks(
        page.working, today=page.today, holidays=bank_holidays(year - 1, year + 1), pack=pack(JURISDICTION, page.today)
    )


def _told(clocks: Sequence[CouncilClock]) -> Cell:
    if not clocks:
        return Cell("No child recorded")
    late = any(one.told_late for one in clocks)
    told = sum(one.told_on is not None for one in clocks)
    return Cell(f"{told} of {len(clocks)}", tag=Tag("Late", "red") if late else None)


def _councils(cases: Sequence[CasePage], today: date) -> Table:
    found: dict[str, list[int]] = {}
    for one in cases:
        for council in {stay.council for stay in one.working.children()}:
            stays = [stay for stay in one.working.children() if stay.council == council]
            had = found.setdefault(council, [0, 0, 0])
            nights = sum(((stay.ended or today) - stay.begun).days for stay in stays)
            found[council] = [had[0] + 1, had[1] + len({stay.child for stay in stays}), had[2] + nights]
    lines: Lines = [
        [council_name(code), *counts] for code, counts in sorted(found.items(), key=lambda item: (-item[1][2], item[0]))
    ]
    columns = [
        Column("Council that placed"),
        Column("Settings", True),
        Column("Children", True),
        Column("Nights", True),
    ]
    return Table(
        "By the council that placed", columns, lines, empty="No child has been recorded in any of these settings."
    )


def sections(page: CasePage, connected: Sequence[Connected]) -> list[Section]:
    """Return the parts of a case about an unregistered setting; `connected` are the other cases of its operator."""
    working: Working = page.working
    return [
        _setting(page, working),
        _operator(working, connected),
        _children_there(page, working),
        _determination(working),
        _visits(working),
        _route(page, working),
    ]


def _setting(page: CasePage, working: Working) -> Section:
    said = working.opened.said
    lines = [
        [day_of_text(one.said.get("received_on")), one.said["source"], one.said["hint"], one.name]
        for one in working.intelligence
    ]
    rows = [
        SummaryRow("Area", council_name(said["area"]) if said.get("area") else "Not known"),
        SummaryRow("Immediate risk", working.immediate_risk.reasons if working.immediate_risk else "None recorded at triage",
                   note="Tell the council and the police today." if working.immediate_risk and not working.told else ""),
    ]  # fmt: skip
    columns = [Column("Received"), Column("From"), Column("What was said"), Column("Recorded by")]
    return Section("Intelligence", rows=rows, tables=[Table("What was received", columns, lines)])


def _operator(working: Working, connected: Sequence[Connected]) -> Section:
    decided = working.operator
    rows = [SummaryRow("Said to be run by", working.opened.said.get("operator") or "Not known")]
    if decided is not None:
        links = [Link("Who owns it", ownership_address(decided.said["entity"]))] if decided.said["entity"] else []
        rows.append(SummaryRow("Decided", decided.said["called"], links, note=f"{decided.name}: {decided.reasons}"))
    columns = [Column("Case"), Column("Setting"), Column("How they are connected"), Column("Operators"), Column("State"),
               Column("Determination")]  # fmt: skip
    lines: Lines = [
        [Cell(one.row.reference, address(one.row)), one.row.name, one.words, "Certain" if one.sure else Cell("", tag=Tag("By name alone", "yellow")),
         one.state, one.determined or "None yet"]
        for one in connected
    ]  # fmt: skip
    words = "A connection is a reason to look. It does not show that the same person ran both." if connected else ""
    table = Table("Other settings of the same or a connected operator", columns, lines,
                  empty="No other case is known whose operator is the same or connected through ownership.")  # fmt: skip
    return Section("Who runs it, and its other settings", words=words, rows=rows, tables=[table])


def _children_there(page: CasePage, working: Working) -> Section:
    columns = [Column("Child"), Column("Council"), Column("From"), Column("Until"), Column("Nights", True), Column("Fee a week"),
               Column("Deprived of liberty"), Column("Why there")]  # fmt: skip
    lines = [
        [stay.child, council_name(stay.council), day_words(stay.begun), day_words(stay.ended) if stay.ended else "still there",
         ((stay.ended or page.today) - stay.begun).days, f"£{line.said['fee'] / 100:,.0f}" if line.said.get("fee") else "Not known",
         "Yes" if line.said.get("deprivation_of_liberty") else "No", line.said.get("reason", "")]
        for stay, line in zip(working.children(), working.stays, strict=True)
    ]  # fmt: skip
    return Section(
        "Children there", words=f"{_children(working)} children, {working.nights(page.today)} nights up to {day_words(page.today)}.",
        tables=[Table("Stays", columns, lines, empty="No child has been recorded. Record each one by a letter."), _clock_table(page)],
    )  # fmt: skip


def _clock_table(page: CasePage) -> Table:
    columns = [Column("Council"), Column("Children", True), Column("To be told by"), Column("Told"), Column("To answer by"),
               Column("Answered")]  # fmt: skip
    lines: Lines = [
        [council_name(one.council), one.children, day_words(one.tell_by), _state(one.told_on, one.told_late),
         day_words(one.answer_by) if one.answer_by else "when it has been told", _state(one.answered_on, one.answer_late)]
        for one in clocks_of(page)
    ]  # fmt: skip
    return Table(
        "The councils that placed, and their clocks",
        columns,
        lines,
        empty="No council is known to have placed a child here.",
    )


def _state(done: date | None, late: bool | None) -> Cell:
    tag = Tag("Late", "red") if late else None
    return Cell(day_words(done) if done else "Not yet", tag=tag)


def _visits(working: Working) -> Section:
    columns = [Column("On"), Column("Who"), Column("Children seen", True), Column("Found")]
    lines = [[day_of_text(one.said["on"]), one.said.get("who", ""), one.said.get("children_seen") or 0, one.said["found"]]
             for one in working.visits]  # fmt: skip
    return Section(
        "Visits", tables=[Table("Visits", columns, lines, quiet_caption=True, empty="Nobody has visited yet.")]
    )


def _determination(working: Working) -> Section:
    if working.determination is None:
        return Section(
            "Determination", words="Not yet determined. An enquiry comes first, and a second officer agrees."
        )
    said = working.determination.said
    rows = [SummaryRow("Determination", working.determined.capitalize(), note=said.get("category") or ""),
            SummaryRow("The statutory test", said.get("test", "")), SummaryRow("Reasons", working.determination.reasons)]  # fmt: skip
    return Section("Determination", rows=rows)


def _route(page: CasePage, working: Working) -> Section:
    if working.outcome is None or working.choice is None:
        return Section("The ladder", words="No further action, warning, caution, civil penalty, prosecution. It recommends; an officer "
                       "chooses and a second one agrees. Departing from it needs reasons.")  # fmt: skip
    choice, said = working.choice, working.outcome.said
    rows = [
        SummaryRow("Recommended", recommendation(working.outcome).capitalize(),
                   note=f"Harm {said['harm']}; {said['now']}; {'repeated' if said['repeat'] else 'first'}."),
        SummaryRow("Chosen", choice.chosen.capitalize(), note=f"Departs from the ladder: {choice.reasons}" if choice.chosen != choice.recommended else ""),
        SummaryRow("Reasons", working.outcome.reasons),
    ]  # fmt: skip
    links = []
    if choice.chosen == "civil penalty" and page.may_write:
        links = [Link("Open a case about the penalty", f"{reverse('penalty_open')}?from={page.row.uid}")]
    return Section("The ladder", rows=rows, links=links)
