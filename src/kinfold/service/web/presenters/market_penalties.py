"""Monetary penalties as their pages show them: the list with its figures, and the sections of a case."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any

from django.urls import reverse

from kinfold.market.cases.notices import pounds
from kinfold.market.cases.penalty import Working
from kinfold.market.penalties import Grid
from kinfold.market.policy import JURISDICTION, pack
from kinfold.service.records.reads.market_cases import CasePage
from kinfold.service.web.components import Cell, Column, FigureItem, Link, SummaryRow, Table
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.presenters.market_cases import Section, address, day_of_text, state_cell
from kinfold.service.web.presenters.services import crumbs

HEADINGS = (
    "Case",
    "Person",
    "Act",
    "Ground",
    "State",
    "Amount in pounds",
    "Notice of intention",
    "Final notice",
    "Paid in pounds",
)


def list_page(cases: Sequence[CasePage], grid: Grid | None) -> dict[str, Any]:
    """Return the list of penalties with its figures, and whether amounts have been supplied."""
    final = [one.working for one in cases if "final notice" in one.working.days]
    took = [
        (one.days["final notice"] - one.days["intention served"]).days
        for one in final
        if "intention served" in one.days
    ]
    paid = sum(line.said["pence"] for one in cases for line in one.working.paid)
    return {
        "figures": [
            FigureItem(len(cases), "opened"), FigureItem(len(final), "imposed"),
            FigureItem(sum(one.state == "dropped" or "dropped" in one.working.days for one in cases), "dropped"),
            FigureItem(pounds(paid), "paid"),
            FigureItem(f"{median(took):.0f}" if took else "–", "days from intention to final notice, in the middle"),
        ],
        "table": _cases(cases), "grid": grid, "crumbs": crumbs(("Penalties", "")),
    }  # fmt: skip


def _cases(cases: Sequence[CasePage]) -> Table:
    columns = [
        Column("Case"),
        Column("Person"),
        Column("Ground"),
        Column("State"),
        Column("Amount", True),
        Column("Next day that counts"),
    ]
    lines = [
        [Cell(one.row.reference, address(one.row)), one.row.name, one.working.case.proposal.ground, state_cell(one),
         pounds(one.working.pence) if one.working.pence is not None else "Not worked out", _next_day(one.working)]
        for one in cases
    ]  # fmt: skip
    return Table("Cases", columns, lines, empty="No penalty has been opened. One begins from a case, or by itself.")


def _next_day(working: Working) -> str:
    if working.state == "intention served":
        return f"{day_words(working.case.representations_until)}: last day for representations"
    if working.state == "final notice":
        return f"{day_words(working.case.appeal_until)}: last day to appeal"
    return ""


def rows_of(cases: Sequence[CasePage]) -> list[list[Any]]:
    """Return the list as a file holds it."""
    return [
        [one.row.reference, one.row.name, one.working.case.proposal.act.reference, one.working.case.proposal.ground, one.state,
         None if one.working.pence is None else one.working.pence / 100, one.working.days.get("intention served"),
         one.working.days.get("final notice"), sum(line.said["pence"] for line in one.working.paid) / 100]
        for one in cases
    ]  # fmt: skip


def sections(page: CasePage, grid: Grid | None) -> list[Section]:
    """Return the parts of a case about a penalty."""
    working: Working = page.working
    return [_act(page), _guards(working), _amount(working, grid), _notices(page, working), _heard(working)]


def _act(page: CasePage) -> Section:
    working: Working = page.working
    proposal, ground = working.case.proposal, working.ground
    in_force = ground.commencement(pack(JURISDICTION, page.today))
    rows = [
        SummaryRow("Person", working.opened.said["name"]), SummaryRow("Act or omission", proposal.act.reference),
        SummaryRow("Ground", proposal.ground.capitalize(), note=f"Care Standards Act 2000, {ground.section}. {in_force}."),
        SummaryRow("Whose power", ground.authority), SummaryRow("Standard of proof", ground.standard.capitalize()),
    ]  # fmt: skip
    return Section("The act", rows=rows)


def _guards(working: Working) -> Section:
    against = working.obstacles()
    rows = [
        SummaryRow("Known of the act elsewhere", working.act_line.reasons if working.act_line else "Nobody has asked yet",
                   note=", ".join(name for name in ("convicted", "proceedings_pending", "acquitted")
                                  if working.act_line and working.act_line.said.get(name)).replace("_", " ")),
        SummaryRow("Evidence", f"{working.signed.name}: {working.signed.reasons}" if working.signed else "A second officer has not signed"),
    ]  # fmt: skip
    columns = [Column("What stands against it")]
    table = Table("What stands against a penalty", columns, [[one] for one in against], quiet_caption=True,
                  empty="Nothing stands against a penalty.")  # fmt: skip
    return Section("Guards: nobody is punished twice for one act", rows=rows, tables=[table])


def _amount(working: Working, grid: Grid | None) -> Section:
    columns = [Column("What"), Column("Amount", True), Column("It rests on")]
    lines: list[list[Any]] = [[one["what"], pounds(one["pence"]), one["rests_on"]] for one in working.amount]
    if lines:
        lines.append(
            [
                "Total",
                pounds(sum(one["pence"] for one in working.amount)),
                working.amount_line.said["source"] if working.amount_line else "",
            ]
        )
    words = "" if grid or lines else (
        "No amounts have been supplied, so none can be worked out. Whoever runs this installation supplies them with "
        "“kinfold market penalty-grid FILE”.")  # fmt: skip
    if working.varied is not None:
        words = f"The tribunal set {pounds(working.varied)}."
    return Section(
        "The amount",
        words=words,
        tables=[Table("Line by line", columns, lines, empty="It has not been worked out yet.")],
    )


def _notices(page: CasePage, working: Working) -> Section:
    case = working.case
    rows, links = [], []
    if case.intention_served:
        rows.append(SummaryRow("Notice of intention served", day_words(case.intention_served),
                               note=f"Representations until the end of {day_words(case.representations_until)}."))  # fmt: skip
        links.append(Link("The notice of intention", reverse("penalty_notice", args=[page.row.uid, "intention"])))
    if "final notice" in working.days:
        rows.append(SummaryRow("Final notice served", day_words(working.days["final notice"]),
                               note=f"An appeal may be made until the end of {day_words(case.appeal_until)}."))  # fmt: skip
        links.append(Link("The final notice", reverse("penalty_notice", args=[page.row.uid, "final"])))
    for line in working.paid:
        rows.append(SummaryRow("Paid", pounds(line.said["pence"]), note=day_of_text(line.said.get("on"))))
    if not links and working.amount:
        links.append(
            Link(
                "Look at the notice of intention as it would be today",
                reverse("penalty_notice", args=[page.row.uid, "intention"]),
            )
        )
    return Section("Notices and payment", words="" if rows else "Nothing has been served.", rows=rows, links=links)


def _heard(working: Working) -> Section:
    columns = [Column("Received"), Column("What the person says")]
    lines = [[day_of_text(one.said.get("received_on")), one.said["representations"]] for one in working.representations]
    return Section("Representations", tables=[Table("Representations", columns, lines, quiet_caption=True,
                                                    empty="None have been received.")])  # fmt: skip
