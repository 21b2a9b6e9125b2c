"""The pages of multi-agency child protection teams: the list, one team, one decision with each agency's view."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.urls import reverse

from kinfold.care.case import Fact
from kinfold.care.child_protection_team import (
    DECISION,
    DISAGREES,
    Composition,
    Seat,
    agencies_without_view,
    seats,
    views_of,
)
from kinfold.record.declare import KINDS
from kinfold.service.records.reads.child_protection_teams import Decided, DecisionPage, Supported, Team
from kinfold.service.records.reads.person import in_words
from kinfold.service.web.components import Cell, Column, Link, SummaryRow, Table, Tag
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.presenters.services import Task, crumbs, not_in_force

SWITCH = "multi_agency_child_protection_team"
TITLE = "Multi-agency child protection teams"
HEADINGS = (
    "Team",
    "Set up",
    "Agency",
    "Practitioner",
    "Works for",
    "Nominated by",
    "In the team since",
    "Last day or missing",
)
WORDS = {"matter": "What it is about", "choice": "What was decided",
         "contribution_only": "One agency’s contribution, with nothing decided"}  # fmt: skip
CHILD_STATES = {"section_47_enquiry": "Section 47 enquiry", "child_protection_plan": "Child protection plan"}


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def state_of(members: Composition) -> Tag:
    """Return whether a team has everybody the law wants in it: in words, with a colour that only helps."""
    if members.is_whole:
        return Tag("Complete", "green")
    return Tag(f"Missing: {_and([seat.label.lower() for seat in members.missing])}", "red")


def list_page(found: Sequence[Team], *, commenced: bool, may_keep: bool) -> dict[str, Any]:
    """Return the teams, those with somebody missing first."""
    rows = [
        [Cell(one.name, href=reverse("protection_team", args=[one.uid])), Cell(day_words(one.since) if one.since else ""),
         Cell(len(one.members.members)), Cell("", tag=state_of(one.members))]
        for one in found
    ]  # fmt: skip
    empty = "No team is set up. " + ("Set up the first with the button." if may_keep else "A team manager sets one up.")
    return {
        "title": TITLE, "notice": not_in_force(SWITCH, in_force=commenced), "may_keep": may_keep, "seats": seats(),
        "table": Table("Teams", [Column("Team"), Column("Set up"), Column("Members", numeric=True), Column("Who must be in it")],
                       rows, empty=empty, quiet_caption=True),
        "crumbs": crumbs((TITLE, "")),
    }  # fmt: skip


def file_rows(found: Sequence[Team]) -> list[list[Any]]:
    """Return every team as a file holds it: one row a member, and one for each place that nobody fills."""
    rows: list[list[Any]] = []
    for one in found:
        for member in (*one.members.members, *one.members.past):
            said = member.payload
            rows.append([one.name, one.since, said.get("agency"), said.get("practitioner"), said.get("organisation") or "",
                         said.get("nominated_by") or "", member.valid_from, _last(member)])  # fmt: skip
        rows += [[one.name, one.since, seat.agency, "", "", "", None, "missing"] for seat in one.members.missing]
    return rows


def _last(member: Fact) -> str:
    return "" if member.valid_to is None else (member.valid_to - timedelta(days=1)).isoformat()


def team_page(one: Team, made: Sequence[Decided], children: Supported, *, commenced: bool,
              may_keep: bool) -> dict[str, Any]:  # fmt: skip
    """Return one team: each place the law wants filled, the others, who left, what it decided, whom it supports."""
    return {
        "name": one.name, "tag": state_of(one.members), "notice": not_in_force(SWITCH, in_force=commenced),
        "since": day_words(one.since) if one.since else "", "may_keep": may_keep,
        "tasks": [_seat_task(one, seat, may_keep=may_keep) for seat in seats()],
        "members": _members_table(one, may_keep=may_keep), "past": _past_table(one) if one.members.past else None,
        "decisions": _decisions_table(made), "children": _children_table(children),
        "add_href": reverse("protection_team_member_new", args=[one.uid]),
        "crumbs": crumbs((TITLE, reverse("protection_teams")), (one.name, "")),
    }  # fmt: skip


def _seat_task(one: Team, seat: Seat, *, may_keep: bool) -> Task:
    who = one.members.seated.get(seat.agency, ())
    names = _and([str(member.payload.get("practitioner")) for member in who]) if who else ""
    asked = f"{seat.who[:1].upper()}{seat.who[1:]}, nominated by {seat.nominated_by}. {seat.source}."
    href = f"{reverse('protection_team_member_new', args=[one.uid])}?agency={seat.agency.replace(' ', '+')}"
    return Task(seat.label, Tag("Filled", "green") if who else Tag("Nobody", "red"), f"{names}. {asked}" if names else asked,
                href if may_keep and not who else "", seat.agency.replace(" ", "-"))  # fmt: skip


def _members_table(one: Team, *, may_keep: bool) -> Table:
    columns = [Column("Practitioner"), Column("Agency"), Column("Works for"), Column("Nominated by"), Column("Since", sort="none"),
               *([Column("End", quiet=True)] if may_keep else [])]  # fmt: skip
    rows = [
        [Cell(str(m.payload.get("practitioner") or "")), Cell(_agency(m)), Cell(m.payload.get("organisation") or ""),
         Cell(m.payload.get("nominated_by") or ""), Cell(day_words(m.valid_from), order=str(m.valid_from)),
         *([Cell("End", href=reverse("protection_team_member_end", args=[one.uid, m.fact]),
                 about=f"the membership of {m.payload.get('practitioner')}")] if may_keep else [])]
        for m in one.members.members
    ]  # fmt: skip
    return Table("Members today", columns, rows, empty="Nobody is in the team yet.")


def _past_table(one: Team) -> Table:
    rows = [
        [Cell(str(m.payload.get("practitioner") or "")), Cell(_agency(m)), Cell(day_words(m.valid_from)),
         Cell(_last_words(m)), Cell(m.payload.get("end_reason") or "")]
        for m in one.members.past
    ]  # fmt: skip
    columns = [Column("Practitioner"), Column("Agency"), Column("Since"), Column("Last day"), Column("Why they left")]
    return Table("Who was in it before", columns, rows)


def _last_words(member: Fact) -> str:
    return "" if member.valid_to is None else day_words(member.valid_to - timedelta(days=1))


def _agency(member: Fact) -> str:
    text = str(member.payload.get("agency") or "")
    return text[:1].upper() + text[1:]


def _decisions_table(made: Sequence[Decided]) -> Table:
    rows = [
        [Cell(one.who.name, href=reverse("team_decision", args=[one.who.uid, one.decision.fact]),
              about=f"decision of {day_words(one.decision.valid_from)}"),
         Cell(day_words(one.decision.valid_from), order=str(one.decision.valid_from)),
         Cell(str(one.decision.payload.get("matter") or "")), Cell("", tag=_agreement(one.decision))]
        for one in made
    ]  # fmt: skip
    empty = "No decision about a child you may open. Record one from the child’s page, under Child protection."
    columns = [Column("Child"), Column("Decided", sort="none"), Column("What it is about"), Column("Agencies")]
    return Table("What the team decided", columns, rows, empty=empty)


def _agreement(decision: Fact) -> Tag:
    if decision.payload.get("contribution_only") is True:
        return Tag("Contribution", "grey")
    against = decision.payload.get("agencies_against") or ()
    if against:
        return Tag(f"Dissent: {_and([str(one) for one in against])}", "orange")
    return Tag("No dissent", "green") if decision.payload.get("agencies_for") else Tag("Views to come", "yellow")


def _children_table(children: Supported) -> Table:
    rows = [
        [Cell(who.name, href=reverse("child", args=[who.uid])), Cell("; ".join(CHILD_STATES[kind] for kind in kinds)),
         Cell("Record a decision", href=reverse("casework_form", args=[who.uid, DECISION]), about=f"about {who.name}")]
        for who, kinds in children.shown
    ]  # fmt: skip
    empty = "No child whom you may list is in an open enquiry or on a plan."
    columns = [Column("Child"), Column("Why the team supports them"), Column("Decision", quiet=True)]
    some = f": {len(rows)} of {children.total}, by name" if children.total > len(rows) else ""
    return Table(f"Children in an open enquiry or on a plan{some}", columns, rows, empty=empty)


def decision_page(page: DecisionPage, *, may_write: bool) -> dict[str, Any]:
    """Return one decision: what was decided, then each agency's view with its reasons, dissent before the rest."""
    said, kind = page.opened.values(page.decision), KINDS[DECISION]
    here = [page.opened.who.uid, page.decision.fact]
    shown = {**WORDS, **({} if said.get("views") else {"dissent": "Who disagreed, and why"})}
    rows = [SummaryRow(words, in_words(name, kind, said[name])) for name, words in shown.items() if said.get(name)]
    wanted = agencies_without_view(page.decision, page.members)
    return {
        "name": page.opened.who.name, "tag": _agreement(page.decision), "rows": rows,
        "day": day_words(page.decision.valid_from), "team": page.team_name,
        "team_href": reverse("protection_team", args=[page.team.uid]) if page.team is not None and page.team_name else "",
        "wanted": f"No view is kept yet of {_and([one.lower() for one in wanted])}." if wanted else "",
        "views": _views_table(page) if "views" in said or not page.decision.payload.get("views") else None,
        "give": _who_may_speak(page) if may_write else [], "give_href": reverse("team_decision_view", args=here),
        "fact_href": reverse("fact", args=["event", page.decision.fact]),
        "crumbs": crumbs((page.opened.who.name, reverse("child", args=[page.opened.who.uid])), ("Decision of the team", "")),
    }  # fmt: skip


def _views_table(page: DecisionPage) -> Table:
    views = sorted(views_of(page.decision), key=lambda one: one.view != DISAGREES)
    colours = {"agrees": "green", "disagrees": "orange"}
    rows = [
        [Cell(one.of_whom), Cell(one.practitioner),
         Cell("", tag=Tag(one.view.capitalize(), colours.get(one.view, "grey"))), Cell(one.reasons)]
        for one in views
    ]  # fmt: skip
    columns = [Column("Agency"), Column("Who said it"), Column("View"), Column("Reasons")]
    return Table("Each agency’s view", columns, rows, empty="No agency’s view is kept yet. Add the first below.")


def _who_may_speak(page: DecisionPage) -> list[Link]:
    """Return a link for each member of that day whose view may be added, and one for an agency outside the team."""
    href = reverse("team_decision_view", args=[page.opened.who.uid, page.decision.fact])
    members = [
        Link(f"{_agency(one)}: {one.payload.get('practitioner')}", f"{href}?of={one.fact}")
        for one in page.members.members
    ]
    return [*members, Link("Another agency, such as the child’s school", href)]
