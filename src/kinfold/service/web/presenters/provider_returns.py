"""A provider's own returns: what is waited for first, then what it sent with receipts, and its plans."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from kinfold.market.cases.journal import Line, day_said
from kinfold.market.policy import JURISDICTION, pack
from kinfold.service.records.reads.provider_returns import Scheme
from kinfold.service.web.components import Cell, Column, SummaryRow, Table, Tag
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.market_forms import Ask
from kinfold.service.web.presenters.market_cases import Lines, day_of_text
from kinfold.service.web.steps_finance import plan_asks

HOME = "Your returns"
SEES = (
    "What you send is read by the Department’s officers of financial oversight, and by nobody else: no council, no other provider and not "
    "Ofsted. A page of yours shows what you sent, never how it is judged."
)


def scheme_page(found: Scheme | None, name: str) -> dict[str, Any]:
    """Return a provider's page of its returns; `found` is None where it is not in the scheme."""
    if found is None:
        return {"name": name, "in_scheme": False}
    return {
        "name": name, "in_scheme": True, "rows": _rows(found), "returns": _returns(found), "plans": _plans(found), "sees": SEES,
        "may_send": not found.working.ended,
    }  # fmt: skip


def _rows(found: Scheme) -> list[SummaryRow]:
    waits, working = found.waits, found.working
    return [
        SummaryRow("In the scheme", f"Since {day_words(working.determined)}" if waits else "You have left the scheme", note=f"Your case is {found.row.reference}."),
        *([SummaryRow("The next return", _waits(waits, found.today), note=f"Due {found.policy['return_due']} days after the period has ended.")] if waits else []),
        SummaryRow("Who answers for it at yours", working.manager or "Not recorded", note="If that has changed, write to the Department."),
    ]  # fmt: skip


def _waits(waits: tuple[date, date], today: date) -> str:
    period, due = waits
    late = " It is overdue." if today > due else ""
    return f"For the period to {day_words(period)}, by the end of {day_words(due)}.{late}"


def _returns(found: Scheme) -> Table:
    columns = [
        Column("Period to"), Column("Received"), Column("Version", True), Column("Audited"), Column("Workbook"), Column("Receipt"),
    ]  # fmt: skip
    lines: Lines = []
    for line in found.sent:
        late = found.days_late(line)
        period = day_of_text(line.said["period_end"])
        file = (
            Cell("Take it", reverse("provider_returns_file", args=[line.number]), about=f"for the period to {period}")
            if line.content_sha256
            else "None"
        )
        lines.append([
            period, Cell(day_of_text(line.said["received_on"]), tag=Tag(f"{_days(late)} late", "orange") if late else None), found.version(line),
            "Yes" if line.said.get("audited") else "No", file,
            Cell("Receipt", reverse("provider_returns_receipt", args=[line.number]), about=f"for the period to {period}, version {found.version(line)}"),
        ])  # fmt: skip
    empty = "You have sent no return yet. Take the workbook, fill it in, and send it here."
    return Table("Returns that were received, the last one first", columns, lines, empty=empty)


def _days(count: int) -> str:
    return f"{count} day" if count == 1 else f"{count} days"


def _plans(found: Scheme) -> Table:
    columns = [Column("Plan"), Column("Version", True), Column("Received")]
    rows: Lines = []
    for title, lines in (("Contingency plan", found.working.contingency), ("Recovery plan", found.working.recovery)):
        for number, line in reversed(list(enumerate(lines, start=1))):
            rows.append([title, number, day_of_text(line.said["received_on"])])
    return Table("Plans that were received", columns, rows, empty="You have sent no plan yet.")


def receipt(found: Scheme, line: Line) -> list[str]:
    """Return the paragraphs of the receipt for a return: what came, when, in time or not, and how its file is known again."""
    late = found.days_late(line)
    due = day_said(line, "period_end").toordinal() + int(found.policy["return_due"])
    kept = [
        f"We received from {found.row.name} the financial return for the period to {day_of_text(line.said['period_end'])}, version "
        f"{found.version(line)}, on {day_of_text(line.said['received_on'])}.",
        f"It was due by the end of {day_words(date.fromordinal(due))}. "
        + (f"It came {_days(late)} late." if late else "It came in time."),
        "Its figures fit one another. That is no view of the figures themselves.",
        f"It is line {line.number} of case {found.row.reference}.",
    ]
    if line.content_sha256:
        kept.append(f"File: {line.said.get('file_name', 'workbook')}. SHA-256 of the file: {line.content_sha256}.")
    return [*kept, f"Seal of the line: {line.seal}."]


def asks_of_plan(sort: str, today: date) -> tuple[Ask, ...]:
    """Return what a plan is asked for: the questions of the policy, and the plan itself as a file."""
    return (
        *plan_asks(sort, pack(JURISDICTION, today)),
        Ask("file", "The plan as a file", "file", required=False, hint="PDF or Word. Never name a child."),
    )
