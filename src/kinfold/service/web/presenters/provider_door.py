"""A provider's own page: what waits for it first, then its notices, its plans, its homes and their vacancies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse

from kinfold.market.cases.journal import Line, day_said
from kinfold.market.oversight.case import PROPOSED
from kinfold.service.records.actions.market_notices import NOTICES
from kinfold.service.records.reads.provider_door import Door, Served, Vacancy
from kinfold.service.web.components import Cell, Column, Link, SummaryRow, Table, Tag
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.market_forms import Ask
from kinfold.service.web.presenters.market_oversight import TITLES_OF_NOTICES

WHICH = {to: which for which, to in NOTICES.items()}
TITLES = {**TITLES_OF_NOTICES, "notice served": "Improvement plan notice", "intention served": "Notice of intention to impose a penalty",
          "final notice": "Final notice of a penalty"}  # fmt: skip
PLAN_STATES = {"plan submitted": "Received; not yet decided", "plan approved": "Approved", "plan rejected": "Not approved: send another",
               "notice served": "Waited for", "plan overdue": "Overdue", "implementing": "Approved, being carried out",
               "withdrawn": "The notice was withdrawn", "quashed": "The notice was quashed", "appealed": "Appealed",
               "completed": "Carried out"}  # fmt: skip
HEADINGS = ("Number", "Type", "Authority", "Places", "Free places", "Said on", "Said by")
Lines = list[list[Cell | str | int | float]]


def door_page(page: Door) -> dict[str, Any]:
    """Return a provider's own page."""
    return {
        "name": page.name, "waits": [link for one in page.served for link in _waits(one)],
        "notices": _notices(page.served), "plans": _plans(page.served), "represented": _represented(page.served),
        "homes": _homes(page), "day": day_words(page.day) if page.day else "",
        "may_keep": any(one["places"] is not None for one in page.homes),
    }  # fmt: skip


def _waits(one: Served) -> list[Link]:
    """Return what the provider can do about a case now, with its last day."""
    if one.may_represent_until is not None:
        href = reverse("provider_representations", args=[one.row.uid])
        return [
            Link(
                f"Make representations on {one.row.reference} by the end of {day_words(one.may_represent_until)}", href
            )
        ]
    if one.may_send_a_plan:
        due = one.working.due
        late = " (overdue)" if due is not None and one.today > due else ""
        by = f" by the end of {day_words(due)}{late}" if due is not None else ""
        return [
            Link(f"Send the improvement plan for {one.row.reference}{by}", reverse("provider_plan", args=[one.row.uid]))
        ]
    return []


def _notices(served: Sequence[Served]) -> Table:
    columns = [Column("Notice"), Column("Case"), Column("Served on"), Column("What it asks, by when")]
    lines: Lines = [
        [Cell(title_of(line), reverse("provider_notice", args=[one.row.uid, WHICH[line.said["serves"]]]), about=f"of {one.row.reference}"),
         one.row.reference, day_words(day_said(line, "served_on")), _asks(one, line)]
        for one in served for line in reversed(one.notices)
    ]  # fmt: skip
    return Table("Notices served on you", columns, lines, empty="No notice has been served on you.")


def title_of(line: Line) -> str:
    """Return what a notice is called."""
    return TITLES[str(line.said["serves"])]


def _asks(one: Served, line: Line) -> str:
    to = line.said["serves"]
    if to in PROPOSED:
        until = one.working.representations_until
        return f"Representations by the end of {day_words(until)}" if until else "Representations"
    if to in PROPOSED.values():
        return "You may appeal to the First-tier Tribunal, as it says"
    if to == "notice served" and one.is_copy:
        return "A copy: your parent undertaking sends the plan"
    if to == "notice served":
        return (
            f"An improvement plan by the end of {day_words(one.working.due)}"
            if one.working.due
            else "An improvement plan"
        )
    if to == "intention served":
        until = one.working.case.representations_until
        return f"Representations by the end of {day_words(until)}" if until else "Representations"
    until = one.working.case.appeal_until
    return f"To be paid; an appeal by the end of {day_words(until)}" if until else "To be paid"


def _plans(served: Sequence[Served]) -> Table:
    columns = [Column("Case"), Column("Plan"), Column("Senior manager"), Column("Where it stands")]
    lines: Lines = []
    for one in served:
        if not one.is_oversight or one.is_copy:
            continue
        plans = one.working.plans
        decided = [made for made in one.working.case.decisions if made.to in ("plan approved", "plan rejected")]
        said = PLAN_STATES.get(one.working.state, one.working.state.capitalize())
        why = (
            f" ({decided[-1].reasons})"
            if decided and one.working.state in ("plan approved", "plan rejected", "implementing")
            else ""
        )
        actions = "; ".join(plans[-1].said["actions"]) if plans else "None sent yet"
        lines.append([one.row.reference, actions, plans[-1].said["manager"] if plans else "Not named", f"{said}{why}"])
    return Table("Your improvement plans", columns, lines, empty="No improvement plan has been asked of you.")


def _represented(served: Sequence[Served]) -> Table | None:
    lines: Lines = [
        [one.row.reference, day_words(day_said(line, "received_on")), line.said["representations"]]
        for one in served for line in one.working.representations
    ]  # fmt: skip
    columns = [Column("Case"), Column("Received"), Column("What you said")]
    return Table("Your representations", columns, lines) if lines else None


def home_rows(page: Door) -> list[list[Any]]:
    """Return the homes as a file holds them."""
    return [
        [one["urn"], one["type"], one["la_name"], one["places"], said.places if said else None,
         said.at.date() if said else None, said.name if said else None]
        for one in page.homes for said in [page.vacancies.get(one["urn"])]
    ]  # fmt: skip


def _homes(page: Door) -> Table:
    columns = [Column("Number"), Column("Type"), Column("Authority"), Column("Places", True), Column("Free places", True),
               Column("Said")]  # fmt: skip
    lines: Lines = []
    for one in page.homes:
        said = page.vacancies.get(one["urn"])
        free = said.places if said else Cell("", tag=Tag("Not said", "yellow"))
        lines.append([
            Cell(one["urn"], reverse("market_setting", args=[one["urn"]]), about=one["name"] or ""), one["type"] or "Not published",
            one["la_name"] or "Not published", "Not published" if one["places"] is None else one["places"], free,
            f"{day_words(said.at.date())} by {said.name}" if said else "",
        ])  # fmt: skip
    return Table("Your homes and their free places", columns, lines,
                 empty="The register has no setting under your organisation’s name. If that is wrong, tell the officer who gave you this account.")  # fmt: skip


def workforce_words(page: Door, said: Mapping[str, Any]) -> str:
    """Return of how many of its homes the provider has said who works there, and for which census day."""
    homes = [one for one in page.homes if one["places"] is not None]
    if not said:
        return "nothing sent yet"
    return f"sent for {len(said)} of {len(homes)} homes, last for {day_words(max(one.day for one in said.values()))}"


def vacancy_row(said: Vacancy | None) -> list[SummaryRow]:
    """Return what a home's provider said last of its free places, as a line of the home's page; nothing where it said nothing."""
    if said is None:
        return []
    note = f"{said.name}, {day_words(said.at.date())}.{' ' + said.note if said.note else ''}"
    return [SummaryRow("Free places, as its provider says", said.places, note=note)]


def vacancy_asks(page: Door) -> tuple[Ask, ...]:
    """Return one question for each home with places: how many are free."""
    return (
        *(Ask(one["urn"], f"{one['urn']}{', ' + one['name'] if one['name'] else ''}: free places of {one['places']}", "number", required=False,
              value=page.vacancies[one["urn"]].places if one["urn"] in page.vacancies else None)
          for one in page.homes if one["places"] is not None),
        Ask("note", "Anything to add", required=False, hint="Such as from when. The regulator’s officers read it. Never name a child."),
    )  # fmt: skip
