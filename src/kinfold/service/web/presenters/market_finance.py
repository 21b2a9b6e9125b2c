"""Financial oversight as its pages show it: the groups that meet a condition, and the sections of a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from kinfold.market.cases.financial import (
    CONTINGENCY,
    DETERMINING,
    ENDED,
    FORMAL,
    RECOVERY,
    STAGES,
    UPDATED,
    Working,
    is_late,
    overdue,
    plan_questions,
    shares_of,
    suggested,
)
from kinfold.market.cases.journal import Line, day_said
from kinfold.market.exits.replaceable import Thresholds
from kinfold.market.financial.workbook import Return
from kinfold.market.policy import JURISDICTION, Pack, pack, pack_said
from kinfold.service.records.reads.market_cases import CasePage
from kinfold.service.records.reads.market_warnings import Receipt, receipts
from kinfold.service.web.components import Cell, Column, FigureItem, Link, SummaryRow, Table, Tag
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.numbers_asked import Number
from kinfold.service.web.presenters.market_cases import Lines, Section, address, day_of_text
from kinfold.service.web.presenters.services import crumbs
from kinfold.service.web.steps_finance import stage_words

SHOWN = 60
CONDITIONS = {
    "national": "share of England",
    "regional": "share of a region",
    "authorities": "spread over areas",
    "homes": "homes",
}
HEADINGS = ("Group", "Children’s homes", "Places", "Share of England’s places", "Largest share of a region", "Areas in which it is large",
            "Conditions met", "Nearest condition, 1 is on the line")  # fmt: skip


def numbers(policy: Thresholds) -> list[Number]:
    """Return the thresholds that can be moved, each as the policy pack has it."""
    return [
        Number("national", "Share of England’s places", 0, 20, policy.national * 100, "%", 0.1),
        Number("regional", "Share of a region’s places", 0, 50, policy.regional * 100, "%", 0.5),
        Number("authority", "Share of an area’s places", 0.5, 100, policy.authority * 100, "%", 0.5, "Counts an area towards the next."),
        Number("authorities", "Areas in which it has that share", 0, 150, policy.authorities, "", 1),
        Number("homes", "Number of children’s homes", 0, 500, policy.homes, "", 1),
    ]  # fmt: skip


def thresholds(said: Mapping[str, float]) -> Thresholds:
    """Return the thresholds that were asked for."""
    return Thresholds(
        said["national"] / 100,
        said["regional"] / 100,
        said["authority"] / 100,
        int(said["authorities"]),
        int(said["homes"]),
    )


def list_page(
    found: Mapping[str, Sequence[Mapping[str, Any]]], asked: Sequence[Number], cases: Sequence[CasePage], *, day: date, today: date,
    may_open: bool,
) -> dict[str, Any]:  # fmt: skip
    """Return the page of groups that meet a condition, who falls in or out against the policy pack, and the cases."""
    known = {one.row.about: one for one in reversed(cases)}
    moved = any(abs(one.value - one.default) > 1e-9 for one in asked)
    open_ = [one for one in cases if one.state not in ENDED]
    return {
        "day": day_words(day), "numbers": asked, "moved": moved, "source": _in_force(pack(JURISDICTION, today)),
        "figures": [
            FigureItem(len(found["now"]), "groups meet a condition"),
            *([FigureItem(len(found["in"]), "fall in"), FigureItem(len(found["out"]), "fall out")] if moved else []),
            *([FigureItem(len(open_), "cases"), FigureItem(sum(_overdue(one, today) is not None for one in open_), "returns overdue")] if may_open else []),
        ],
        "groups": _groups("Groups that meet a condition", found["now"], known, may_open, "No group meets a condition at these thresholds. Lower one."),
        "fall_in": _groups("Groups that fall in", found["in"], known, may_open, "None."),
        "fall_out": _groups("Groups that fall out", found["out"], known, may_open, "None."),
        "cases": _cases(cases, today) if may_open else None, "may_open": may_open, "more": max(0, len(found["now"]) - SHOWN),
        "crumbs": crumbs(("Financial oversight", "")),
    }  # fmt: skip


def _groups(
    title: str, rows: Sequence[Mapping[str, Any]], known: Mapping[str, CasePage], may_open: bool, empty: str
) -> Table:
    columns = [Column("Group"), Column("Homes", True), Column("Places", True), Column("Of England", True), Column("Of a region, at most", True),
               Column("Areas", True), Column("Meets"), Column("Nearest, 1 is on the line", True), *([Column("Case")] if may_open else []),
               Column("If it closed", quiet=True)]  # fmt: skip
    lines = [
        [Cell(row["group"], reverse("market_group", args=[row["owner_key"]])), row["homes"], row["places"], f"{row['national_share']:.2%}",
         f"{row['top_region_share'] or 0:.1%}", row["authorities"], ", ".join(CONDITIONS[one] for one in row["conditions"]) or "Nothing",
         f"{row['margin']:.2f}", *([_case(row, known)] if may_open else []),
         Cell("Exit", reverse("market_exit", args=[row["owner_key"]]), about=f"of {row['group']}")]
        for row in rows[:SHOWN]
    ]  # fmt: skip
    return Table(title, columns, lines, empty=empty)


def _case(row: Mapping[str, Any], known: Mapping[str, CasePage]) -> Cell:
    if row["owner_key"] in known:
        case = known[row["owner_key"]]
        return Cell(case.row.reference, address(case.row))
    return Cell("Open a case", reverse("finance_open", args=[row["owner_key"]]), about=f"about {row['group']}")


def _overdue(one: CasePage, today: date) -> date | None:
    return overdue(one.working, today=today, pack=pack(JURISDICTION, today))


def _cases(cases: Sequence[CasePage], today: date) -> Table:
    columns = [
        Column("Case"),
        Column("Group"),
        Column("Stage"),
        Column("Last return"),
        Column("Suggested"),
        Column("Waits"),
    ]
    lines: Lines = []
    for one in cases:
        working: Working = one.working
        late = _overdue(one, today)
        hints = suggested(working, pack(JURISDICTION, today))
        last = day_of_text(working.latest.said["period_end"]) if working.latest else "None yet"
        lines.append([
            Cell(one.row.reference, address(one.row)), one.row.name, Cell("", tag=stage_tag(working.stage)),
            Cell(last, tag=Tag("Overdue", "red") if late else None), stage_words(hints[0].stage).capitalize() if hints else "Nothing",
            "For a second officer" if working.second_officer else "",
        ])  # fmt: skip
    return Table("Cases", columns, lines, empty="No case is open. Choose a group below and open the first.")


def stage_tag(stage: str) -> Tag:
    """Return a stage as a tag, redder the graver it is."""
    number = STAGES.get(stage, 0)
    colour = {1: "grey", 2: "green", 3: "yellow", 4: "orange", 5: "red", 6: "red"}.get(number, "grey")
    return Tag(stage_words(stage).capitalize(), colour)


def group_rows(rows: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """Return every group as a file holds it."""
    return [
        [row["group"], row["homes"], row["places"], round(row["national_share"], 5), round(row["top_region_share"] or 0, 5),
         row["authorities"], ", ".join(CONDITIONS[one] for one in row["conditions"]), row["margin"]]
        for row in rows
    ]  # fmt: skip


def open_page(row: Mapping[str, Any] | None, name: str, policy: Pack) -> dict[str, Any]:
    """Return what a group meets by the policy pack, above the form that opens a case."""
    met = [CONDITIONS[one] for one in row["conditions"]] if row else []
    rows = [
        SummaryRow("Meets", ", ".join(met).capitalize() or "No condition", note=f"By the policy pack {policy.name}. {policy['commencement_s16']}."),
        *([SummaryRow("Children’s homes", f"{row['homes']} with {row['places']} places"),
           SummaryRow("Share of places", f"{row['national_share']:.2%} of England, at most {row['top_region_share'] or 0:.1%} of a region")] if row else []),
    ]  # fmt: skip
    return {"title": name, "rows": rows, "crumbs": crumbs(("Financial oversight", reverse("finance")), (name, ""))}


def sections(page: CasePage) -> list[Section]:
    """Return the parts of a case of financial oversight."""
    working: Working = page.working
    policy = pack(JURISDICTION, page.today)
    return [
        _stage(page, working, policy),
        *_warning(page, working),
        _returns(page, working, policy),
        _plans(working),
        _decisions(working),
    ]


def _stage(page: CasePage, working: Working, policy: Pack) -> Section:
    hints = suggested(working, policy)
    late = overdue(working, today=page.today, pack=policy)
    rows = [
        SummaryRow("Stage", stage_words(working.stage).capitalize(), note=f"Since {day_words(working.days.get(working.stage))}. Moved by decisions alone."),
        SummaryRow("What the last return suggests", [f"{stage_words(one.stage).capitalize()}: {one.because}" for one in hints] or "Nothing",
                   note="A suggestion. Nothing follows from it by itself."),
        SummaryRow("Who answers for it", working.manager or "Not recorded"),
        SummaryRow("Conditions when the case was opened", ", ".join(CONDITIONS.get(one, one) for one in working.opened.said.get("conditions", [])) or "None"),
        *([SummaryRow("Overdue", f"The return for the period to {day_words(late)}", note=f"Due {policy['return_due']} days after it.")] if late else []),
        *(SummaryRow("Not followed", one.said["instead"], note=f"{one.name}, {day_words(one.day)}: {one.reasons}") for one in working.overrides),
    ]  # fmt: skip
    group = working.opened.said["group"]
    links = [Link("Its settings and judgements", reverse("market_group", args=[group])),
             Link("What would become of the children if it closed", reverse("market_exit", args=[group]))]  # fmt: skip
    if page.may_write and working.stage != DETERMINING:
        links.append(Link("Open a case about a monetary penalty", f"{reverse('penalty_open')}?from={page.row.uid}"))
    return Section("Where it stands", rows=rows, links=links)


def _returns(page: CasePage, working: Working, policy: Pack) -> Section:
    columns = [Column("Period to"), Column("Received"), Column("Audited"), Column("Version", True), Column("Turnover", True), Column("Occupancy", True),
               Column("File")]  # fmt: skip
    lines = [
        [day_of_text(one.said["period_end"]), Cell(day_of_text(one.said["received_on"]), tag=Tag("Late", "orange") if is_late(one, policy) else None),
         "Yes" if one.said.get("audited") else "No", working.versions(one.said["period_end"]).index(one) + 1,
         f"£{one.said['figures'].get('turnover', 0):,.0f}", _percent(shares_of(one.said)["occupancy"]), _file(page, one)]
        for one in reversed(working.returns)
    ]  # fmt: skip
    links = []
    if page.may_write and not working.ended:
        links.append(Link("Take in a return", reverse("finance_return", args=[page.row.uid])))
    if working.latest is not None:
        links += [Link("Every ratio with its arithmetic, and the score", reverse("finance_ratios", args=[page.row.uid])),
                  Link("Stress and reverse stress", reverse("finance_stress", args=[page.row.uid])),
                  Link("Profit, price and caps", f"{reverse('market_price')}?group={page.row.uid}")]  # fmt: skip
    links.append(Link("The return as a workbook to fill in", f"{reverse('finance_template')}?group={page.row.uid}"))
    empty = "No return has come. Send the group the workbook, and take it in when it comes back."
    return Section(
        "Returns",
        tables=[Table("Returns, the last one first", columns, lines, empty=empty, quiet_caption=True)],
        links=links,
    )


def refusals(read: Return, title: str) -> Table:
    """Return what must be put right in a return, by sheet and cell."""
    columns = [Column("Sheet"), Column("Cell"), Column("What to do")]
    return Table(title, columns, [[one.sheet, one.cell, one.message] for one in read.refusals])


def _file(page: CasePage, line: Line) -> Cell | str:
    if not line.content_sha256:
        return "None"
    return Cell(
        line.said.get("file_name", "File"),
        reverse("finance_exhibit", args=[page.row.uid, line.number]),
        about=f"of line {line.number}",
    )


def _percent(value: float | None) -> str:
    return "Not known" if value is None else f"{value:.0%}"


def _in_force(policy: Pack) -> str:
    return f"{policy.values['commencement_s16'].label}. {policy['commencement_s16']}."


def _plans(working: Working) -> Section:
    tables = []
    for sort, lines in ((CONTINGENCY, working.contingency), (RECOVERY, working.recovery)):
        if lines:
            last = lines[-1]
            questions = plan_questions(sort, pack_said(last.said, last.day))
            rows = [[label, str(last.said[name])] for name, label in questions.items()]
            tables.append(
                Table(
                    f"{sort.capitalize()}, version {len(lines)}, received {day_of_text(last.said['received_on'])}",
                    [Column("What it says of"), Column("It says")],
                    rows,
                )
            )
    reviews = [
        [
            one.sort.capitalize(),
            one.said["who"],
            day_of_text(one.said["on"]),
            one.said.get("found") or one.said.get("question"),
        ]
        for one in working.reviews
    ]
    if reviews:
        tables.append(
            Table(
                "Independent business review", [Column("What"), Column("By"), Column("Day"), Column("About")], reviews
            )
        )
    return Section("Plans and reviews", words="" if tables else "No plan and no review yet.", tables=tables)


def _warning(page: CasePage, working: Working) -> list[Section]:
    if not working.warned:
        return []
    if working.warning is None:
        return [Section("Advance warning", words="The warning was withdrawn: none is in force.")]
    proposal, agreed = next(
        (one, other) for one, other in reversed(working.decisions) if one.said["to"] in (FORMAL, UPDATED)
    )
    rows = [
        SummaryRow("In force since", day_words(working.days[FORMAL]), note=f"Updated on {day_words(agreed.day)}." if len(working.warned) > 1 else ""),
        SummaryRow("Care may stop", f"{day_of_text(proposal.said['begins'])} to {day_of_text(proposal.said['ends'])}"),
        SummaryRow("Why", proposal.said["basis"]), SummaryRow("What is asked", proposal.said["actions"]),
    ]  # fmt: skip
    found = receipts(page.row, working)
    missing = sum(one.opened_at is None and not one.elsewhere for one in found)
    words = (
        f"{missing} of {len(found)} have not received it yet: tell them another way, and record it."
        if missing
        else "Everybody has received it."
    )
    return [Section("Advance warning", words=words, rows=rows, tables=[_receipts(found)])]


def _receipts(found: Sequence[Receipt]) -> Table:
    columns = [
        Column("Recipient"),
        Column("Children placed", True),
        Column("Homes in its area", True),
        Column("Told in the service", True),
        Column("Received"),
    ]
    lines = [
        [one.name, "Not told" if one.children is None else one.children, one.homes, f"{one.told} people" if one.told != 1 else "1 person", _received(one)]
        for one in found
    ]  # fmt: skip
    return Table("Receipts", columns, lines)


def _received(one: Receipt) -> Cell:
    if one.opened_at:
        return Cell(f"{one.opened_by}, {day_words(one.opened_at.date())}", tag=Tag("Opened", "green"))
    if one.elsewhere:
        return Cell(one.elsewhere, tag=Tag("Told another way", "green"))
    return Cell("Nobody there has an account" if not one.told else "", tag=Tag("Not yet", "red"))


def _decisions(working: Working) -> Section:
    lines = [
        [day_words(day_said(agreed)), stage_words(proposal.said["to"]).capitalize(), f"{proposal.name} and {agreed.name}", proposal.reasons,
         agreed.said.get("pack", "")]
        for proposal, agreed in reversed(working.decisions)
    ]  # fmt: skip
    columns = [Column("Day"), Column("Decided"), Column("By"), Column("Why"), Column("Policy pack")]
    empty = "Nothing has been decided yet." if working.stage == DETERMINING else "None."
    return Section(
        "Decisions", tables=[Table("Decisions, the last one first", columns, lines, empty=empty, quiet_caption=True)]
    )
