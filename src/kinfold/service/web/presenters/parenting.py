"""Corporate parenting by public bodies: the list, one body, the yearly report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from kinfold.care.corporate_parenting import Answers, BodyYear, Year, parts_of_the_duty
from kinfold.service.records.reads.parenting import Body, by_part
from kinfold.service.web.components import Cell, Column, FigureItem, Link, Table, Tag
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.presenters.services import Task, crumbs, not_in_force

SWITCH = "corporate_parenting"
HEADINGS = (
    "Body",
    "What it is",
    "Parts of the duty recorded",
    "Offers",
    "People reached",
    "Report",
    "Not recorded yet",
)


def rows_of(found: Sequence[Body]) -> list[list[Any]]:
    """Return the list as a file holds it."""
    return [
        [one.name, one.sort, len(one.year.met), len(one.year.offers), one.year.people_reached,
         one.year.report.valid_from if one.year.report else None, "; ".join(one.year.missing)]
        for one in found
    ]  # fmt: skip


def _notice(law: date | None, today: date) -> str:
    return not_in_force(SWITCH, in_force=law is not None and law <= today)


def list_page(
    found: Sequence[Body], year: Year, years: Sequence[Link], *, law: date | None, today: date, may_write: bool
) -> dict[str, Any]:
    """Return the bodies with their year, those with least recorded first."""
    parts = len(parts_of_the_duty())
    rows = [
        [
            Cell(one.name, href=f"{reverse('parenting_body', args=[one.uid])}?year={year.name}"), Cell(one.sort),
            Cell(f"{len(one.year.met)} of {parts}", order=str(len(one.year.met))), Cell(len(one.year.offers)),
            Cell(one.year.people_reached),
            Cell("", tag=Tag("Published", "green") if one.year.report else Tag("To come", "yellow")),
        ]
        for one in found
    ]  # fmt: skip
    columns = [Column("Body", sort="none"), Column("What it is"), Column("Parts of the duty"), Column("Offers", numeric=True),
               Column("People reached", numeric=True), Column("Report")]  # fmt: skip
    return {
        "year": year, "sections": years, "may_write": may_write, "notice": _notice(law, today),
        "figures": [FigureItem(len(found), "public bodies"),
                    FigureItem(sum(not one.year.missing for one in found), "with every part recorded"),
                    FigureItem(sum(one.year.report is not None for one in found), "reports published")],
        "table": Table("Public bodies", columns, rows,
                       empty="No public body is recorded. Add the first: a health board, a department, a regulator."),
        "crumbs": crumbs(("Corporate parenting", "")),
    }  # fmt: skip


def body_page(one: Body, year: Year, years: Sequence[Link], *, law: date | None, today: date,
              may_write: bool) -> dict[str, Any]:  # fmt: skip
    """Return one body: each part of the duty as a task, what it offers, its report."""
    where = f"?year={year.name}"
    action = reverse("parenting_record", args=[one.uid, "action"])
    tasks = [
        Task(part.capitalize(), Tag("Recorded", "green") if part in one.year.met else Tag("Nothing recorded", "yellow"),
             what_was_done(one.year, part), f"{action}{where}&duty={number}" if may_write else "", f"part{number}")
        for number, part in enumerate(parts_of_the_duty())
    ]  # fmt: skip
    report = one.year.report
    tasks.append(
        Task(f"Report of {year.name}", Tag("Published", "green") if report else Tag("To come", "yellow"),
             f"Published on {day_words(report.valid_from)}." if report else "",
             "" if report or not may_write else reverse("parenting_record", args=[one.uid, "report"]) + where, "report")
    )  # fmt: skip
    return {
        "name": one.name, "year": year, "tasks": tasks, "sections": years, "table": offers_table(one.year), "may_write": may_write,
        "offer_href": reverse("parenting_record", args=[one.uid, "offer"]) + where, "notice": _notice(law, today),
        "crumbs": crumbs(("Corporate parenting", reverse("parenting")), (one.name, "")),
    }  # fmt: skip


def offers_table(year: BodyYear) -> Table:
    """Return what a body offers in a year."""
    rows = [
        [Cell(o.payload.get("service") or ""), Cell(o.payload.get("for_whom") or ""),
         Cell(o.payload.get("how_to_reach") or ""), Cell(day_words(o.valid_from))]
        for o in year.offers
    ]  # fmt: skip
    columns = [Column("What"), Column("For whom"), Column("How to reach it"), Column("Since")]
    return Table("What it offers", columns, rows, empty="No offer is recorded.")


def what_was_done(year: BodyYear, part: str) -> str:
    """Return what is recorded for one part of the duty, each with its day."""
    done = [fact for fact in year.actions if fact.payload.get("duty") == part]
    return " ".join(
        f"{day_words(fact.valid_from)}: {str(fact.payload.get('what_was_done')).rstrip('.')}." for fact in done
    )


def report_page(
    found: Sequence[Body],
    offers: Sequence[Answers],
    year: Year,
    years: Sequence[Link],
    *,
    law: date | None,
    today: date,
) -> dict[str, Any]:
    """Return the yearly report: by part of the duty, by body, and what care leavers were offered."""
    counts = by_part(found)
    return {
        "year": year, "sections": years, "notice": _notice(law, today),
        "parts": [
            Table("Parts of the duty", [Column("Part"), Column("Bodies that recorded it", numeric=True)],
                  [[Cell(part.capitalize()), Cell(f"{counts.get(part, 0)} of {len(found)}")]
                   for part in parts_of_the_duty()]),
            Table("Public bodies", [Column("Body"), Column("Recorded"), Column("Not recorded yet")],
                  [[Cell(one.name), Cell(one.year.state), Cell("; ".join(one.year.missing))] for one in found],
                  empty="No public body is recorded."),
            Table("Offers made to care leavers", [Column("What"), Column("Made", numeric=True),
                                                  Column("Accepted", numeric=True), Column("Declined", numeric=True)],
                  [[Cell(o.offer.capitalize()), Cell(o.made), Cell(o.accepted), Cell(o.declined)] for o in offers],
                  empty="No offer to a care leaver is recorded for this year."),
        ],
        "crumbs": crumbs(("Corporate parenting", reverse("parenting")), ("Yearly report", "")),
    }  # fmt: skip
