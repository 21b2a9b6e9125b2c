"""The council as a corporate parent: its principles as tasks, its offers, and its own report from first word to publication."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from kinfold.care.case import day_in
from kinfold.care.corporate_parenting import (
    APPROVED,
    COUNCILS_REPORT,
    PARTS_OF_REPORT,
    RETURNED,
    WAITING,
    WRITING,
    Answers,
    Year,
    councils_principles,
)
from kinfold.record.declare import KINDS
from kinfold.service.records.reads.parenting_council import OurYear
from kinfold.service.web.components import Cell, Column, Link, Table, Tag
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.presenters.parenting import offers_table, what_was_done
from kinfold.service.web.presenters.services import Task, crumbs

TITLE = "Our council as a corporate parent"
ASKS = {name: KINDS[COUNCILS_REPORT].fields[name].meaning for name in PARTS_OF_REPORT}
TAGS = {"": Tag("Not begun", "yellow"), WRITING: Tag("Being written", "blue"), WAITING: Tag("With the director", "purple"),
        RETURNED: Tag("Returned", "orange"), APPROVED: Tag("Approved", "green")}  # fmt: skip


def page(ours: OurYear, year: Year, years: Sequence[Link]) -> dict[str, Any]:
    """Return the council's year: each principle as a task, its offers, its report."""
    where = f"?year={year.name}"
    action = reverse("parenting_council_record", args=["action"])
    tasks = [
        Task(part[:1].upper() + part[1:], Tag("Recorded", "green") if part in ours.year.met else Tag("Nothing recorded", "yellow"),
             what_was_done(ours.year, part), f"{action}{where}&duty={number}" if ours.may_write else "", f"part{number}")
        for number, part in enumerate(councils_principles())
    ]  # fmt: skip
    tasks.append(Task(f"Report of {year.name}", _tag(ours), _next(ours),
                      reverse("parenting_council_report") + where, "report"))  # fmt: skip
    return {
        "title": TITLE, "name": ours.name, "year": year, "sections": years, "tasks": tasks, "may_write": ours.may_write,
        "table": offers_table(ours.year), "offer_href": reverse("parenting_council_record", args=["offer"]) + where,
        "crumbs": crumbs(("Corporate parenting", reverse("parenting")), (ours.name, "")),
    }  # fmt: skip


def _tag(ours: OurYear) -> Tag:
    return Tag("Published", "green") if ours.year.report is not None else TAGS[ours.step]


def _next(ours: OurYear) -> str:
    if ours.year.report is not None:
        return f"Published on {day_words(ours.year.report.valid_from)}."
    return {
        "": "Those who work with care leavers write it; the director approves it; then it is published.",
        WRITING: "It goes to the director when every part is written.",
        WAITING: "The director approves it or returns it with reasons.",
        RETURNED: "It is to be put right and sent again.",
        APPROVED: "Keep it as PDF, put it where people can read it, and record that it is published.",
    }[ours.step]


def report_page(ours: OurYear, offers: Sequence[Answers], year: Year, years: Sequence[Link]) -> dict[str, Any]:
    """Return the council's report: its words, then the figures that the record gives; and what may be done next."""
    said = ours.report.payload if ours.report is not None and ours.shows_report else {}
    where = f"?year={year.name}"
    return {
        "title": f"Corporate parenting report of {year.name}", "name": ours.name, "year": year, "sections": years,
        "tag": _tag(ours), "next": _next(ours), "parts": [(ASKS[name], str(said[name])) for name in PARTS_OF_REPORT if said.get(name)],
        "reasons": said.get("reasons") if ours.step == RETURNED else "", "who": _who(ours) if said else "",
        "address": str(ours.year.report.payload.get("address") or "") if ours.year.report is not None else "",
        "tables": [_principles(ours), offers_table(ours.year), answers_table(offers)],
        "write_href": reverse("parenting_council_write") + where if ours.may_write and ours.step in ("", WRITING, RETURNED) else "",
        "decide_href": reverse("parenting_council_decide") + where if ours.may_decide else "",
        "publish_href": _publish(ours, where), "pdf_href": f"{where}&as=pdf" if ours.step == APPROVED else "",
        "crumbs": crumbs(("Corporate parenting", reverse("parenting")), (ours.name, reverse("parenting_council") + where), ("Report", "")),
    }  # fmt: skip


def _publish(ours: OurYear, where: str) -> str:
    open_now = ours.may_write and ours.step == APPROVED and ours.year.report is None
    return reverse("parenting_council_record", args=["publish"]) + where if open_now else ""


def _who(ours: OurYear) -> str:
    said = ours.report.payload if ours.report is not None else {}
    written = f"Written by {said.get('written_by')}." if said.get("written_by") else ""
    if ours.step == APPROVED:
        return f"{written} Approved by {said.get('decided_by')} on {day_words(day_in(said, 'decided_date'))}.".strip()
    return written


def _principles(ours: OurYear) -> Table:
    rows = [
        [Cell(part[:1].upper() + part[1:]), Cell(what_was_done(ours.year, part) or "Nothing recorded")]
        for part in ours.year.parts
    ]
    return Table("What was done, by principle", [Column("Principle"), Column("What is recorded")], rows)


def answers_table(offers: Sequence[Answers]) -> Table:
    """Return the offers made to care leavers with their answers, counted; nobody is named."""
    rows = [[Cell(o.offer.capitalize()), Cell(o.made), Cell(o.accepted), Cell(o.declined)] for o in offers]
    columns = [
        Column("What"),
        Column("Made", numeric=True),
        Column("Accepted", numeric=True),
        Column("Declined", numeric=True),
    ]
    return Table(
        "Offers made to care leavers", columns, rows, empty="No offer to a care leaver is recorded for this year."
    )
