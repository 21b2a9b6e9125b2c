"""Requests to home educate, as pages, files and letters show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from kinfold.care.home_education import HomeEducationState
from kinfold.duties import GateState
from kinfold.service.records.reads.home_education import SWITCH, Request, RequestPage
from kinfold.service.web.components import Cell, Column, FigureItem, SummaryRow, Table, Tag
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.presenters.services import Task, crumbs, filters, not_in_force, said_rows, task

COLOURS = {
    HomeEducationState.LEFT_WITHOUT_CONSENT: "red", HomeEducationState.UNDER_REVIEW: "orange",
    HomeEducationState.DECIDE_AGAIN: "orange", HomeEducationState.TO_DECIDE: "yellow",
    HomeEducationState.NOT_NEEDED: "grey", HomeEducationState.REFUSED: "purple", HomeEducationState.UPHELD: "purple",
    HomeEducationState.GRANTED: "green", HomeEducationState.LEFT: "green", HomeEducationState.WITHDRAWN: "grey",
}  # fmt: skip
HEADINGS = ("Child", "Asked on", "Days since", "Grounds", "State")
# The step of the task list a form stands behind: its address, and the states in which it can be done.
FORMS = {"grounds": "grounds", "decision": "decision", "told": "told", "review": "review", "removal": "removal"}
REVIEW_ROUTE = (
    "You may ask the director of children's services to look at this decision again. The Act also gives a way to the "
    "Secretary of State. Ask the officer named below and they will tell you how."
)

UNTIL_THEN = (
    " Until then the law is this: a school that hears from a parent in writing that a pupil will be taught at home "
    "takes the name off its roll and must tell the council. It needs nobody's consent, unless it is a special school "
    "where the council placed the child (School Attendance (Pupil Registration) (England) Regulations 2024)."
)


def notice_of(*, in_force: bool) -> str:
    """Return what to say while consent is not law: that it is coming, and what holds until then."""
    said = not_in_force(SWITCH, in_force=in_force)
    return said + UNTIL_THEN if said else ""


def tag(state: HomeEducationState) -> Tag:
    """Return the tag of a state."""
    return Tag(state.value.capitalize(), COLOURS[state])


def _grounds(one: Request) -> str:
    return "; ".join(g.name + ("" if g.certain else " (uncertain)") for g in one.case.grounds) or "none"


def rows_of(found: Sequence[Request]) -> list[list[Any]]:
    """Return the list as a file holds it."""
    return [
        [one.who.name, one.case.request.valid_from, one.case.waiting_days, _grounds(one), one.case.state.value]
        for one in found
    ]


def chosen(found: Sequence[Request], asked: Mapping[str, str]) -> list[Request]:
    """Return the requests that the filter leaves."""
    state = asked.get("state", "")
    return [one for one in found if not state or one.case.state.value == state]


def list_page(found: Sequence[Request], asked: Mapping[str, str], *, law: date | None, today: date) -> dict[str, Any]:
    """Return the list: figures, filter, table."""
    rows = [
        [
            Cell(one.who.name, href=reverse("home_education_case", args=[one.who.uid, one.case.request.fact])),
            Cell(day_words(one.case.request.valid_from), order=str(one.case.request.valid_from)),
            Cell(one.case.waiting_days if one.case.is_open else ""), Cell(_grounds(one)),
            Cell("", tag=tag(one.case.state)),
        ]
        for one in chosen(found, asked)
    ]  # fmt: skip
    columns = [Column(HEADINGS[0], sort="none"), Column(HEADINGS[1], sort="none"), Column(HEADINGS[2], numeric=True),
               Column(HEADINGS[3]), Column(HEADINGS[4])]  # fmt: skip
    states = [state for state in HomeEducationState if any(one.case.state is state for one in found)]
    in_force = law is not None and law <= today
    return {
        "figures": [FigureItem(sum(one.case.state is state for one in found), state.value) for state in
                    (HomeEducationState.TO_DECIDE, HomeEducationState.UNDER_REVIEW,
                     HomeEducationState.LEFT_WITHOUT_CONSENT)],
        "table": Table("Requests, what needs doing first", columns, rows,
                       empty="Nobody has asked to home educate. Whoever works with the child records a request here."),
        "sections": filters(asked, "state", [state.value for state in states], reverse("home_education")),
        "notice": notice_of(in_force=in_force), "crumbs": crumbs(("Home education", "")),
        "query": f"&state={asked['state'].replace(' ', '+')}" if asked.get("state") else "",
    }  # fmt: skip


def case_page(page: RequestPage, *, what_if: date | None) -> dict[str, Any]:
    """Return one request: its steps, what was asked, the grounds and the gate."""
    case, who = page.case, page.opened.who
    return {
        "page": page, "name": who.name, "tag": tag(case.state), "tasks": [_task(page, one) for one in case.steps],
        "said": said_rows(page.opened, case.request),
        "grounds": [SummaryRow(g.name.capitalize(), g.because, note="" if g.certain else
                               "This limb of the Act was not read in full: check it before you rely on it.")
                    for g in case.grounds],
        "decision": said_rows(page.opened, case.decision) if case.decision else [],
        "review": said_rows(page.opened, case.review, leave_out=("step",)) if case.review else [],
        "gates": [(g.because, Tag(*_gate_tag(g.state))) for g in page.gates],
        "notice": notice_of(in_force=case.in_force), "what_if": what_if,
        "may_withdraw": page.may_write and case.state in (HomeEducationState.TO_DECIDE, HomeEducationState.NOT_NEEDED,
                                                          HomeEducationState.DECIDE_AGAIN),
        "child_href": reverse("child", args=[who.uid]),
        "crumbs": crumbs(("Home education", reverse("home_education")), (who.name, "")),
    }  # fmt: skip


def _gate_tag(state: GateState) -> tuple[str, str]:
    return {GateState.MET: ("Met", "green"), GateState.OVERRIDDEN: ("Overridden", "purple")}.get(
        state, ("Not met", "red")
    )


def _task(page: RequestPage, step: Any) -> Task:
    """Return a step with its form's address where it can be done now."""
    name = FORMS.get(step.name, "")
    if step.name == "review" and page.case.state is HomeEducationState.REFUSED:
        name = "review-asked"
    elif step.is_finished or (step.state.value == "cannot start yet" and step.name != "removal"):
        name = ""
    may = page.may_write or step.name == "review"
    href = reverse("home_education_step", args=[page.opened.who.uid, page.fact, name]) if name and may else ""
    return task(step, href=href)


def letter(page: RequestPage, *, holder: str, today: date) -> dict[str, Any]:
    """Return the letter that tells the parent the decision, its reasons and the way to a review."""
    decision = page.case.decision
    said = page.opened.values(decision) if decision else {}
    refused = said.get("decision") == "refused"
    paragraphs = [
        f"You asked on {day_words(page.case.request.valid_from)} to take {page.opened.who.name} off the school roll to "
        "educate them at home.",
        f"On {day_words(decision.valid_from if decision else None)} we decided: consent is {said.get('decision', '')}.",
        f"Our reasons: {said.get('reasons') or 'not shown to you'}",
    ]
    return {
        "title": "Our decision on home education", "holder": holder, "today": today,
        "paragraphs": [*paragraphs, *([REVIEW_ROUTE] if refused else [])],
        "signed": said.get("decided_by") or "", "back": reverse("home_education_case", args=[page.opened.who.uid, page.fact]),
        "crumbs": crumbs(("Home education", reverse("home_education")), ("Letter", "")),
    }  # fmt: skip
