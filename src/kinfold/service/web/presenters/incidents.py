"""Serious incidents as lists, one case, its letters and its files show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from kinfold.care.case import Step, StepState
from kinfold.care.incidents import DELAYED, REPLY, REVIEW, IncidentState
from kinfold.care.learning import RecommendationState
from kinfold.service.records.reads.incidents import Incident, IncidentPage
from kinfold.service.web.components import Cell, Column, FigureItem, Link, SummaryRow, Table, Tag
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.presenters.services import Task, crumbs, filters, moment_words, said_rows, task, when_words

COLOURS = {
    IncidentState.CRITERIA: "yellow", IncidentState.SUBMISSION: "orange", IncidentState.NOTIFICATION: "orange",
    IncidentState.RAPID_REVIEW: "blue", IncidentState.DECISION: "blue", IncidentState.PRACTICE_REVIEW: "purple",
    IncidentState.PUBLICATION: "purple", IncidentState.RECOMMENDATIONS: "teal", IncidentState.CLOSED: "green",
    IncidentState.NOT_NOTIFIABLE: "grey",
}  # fmt: skip
RECOMMENDATION_COLOURS = {
    RecommendationState.OVERDUE: "red", RecommendationState.NO_ANSWER: "yellow", RecommendationState.ACCEPTED: "blue",
    RecommendationState.DONE: "green", RecommendationState.REFUSED: "purple",
}  # fmt: skip
HEADINGS = ("Child", "Became aware", "State", "Next due", "Overdue")
# The step of the task list and the address of its form.
FORMS = {
    "criteria": "criteria", "submission": "submission", "partners": "partners", "rapid_review": "rapid-review",
    "decision": "decision", "practice_review": "practice-review", "report_sent": "sent", "publication": "published",
    "recommendations": "recommendation",
}  # fmt: skip


def tag(state: IncidentState) -> Tag:
    """Return the tag of a state."""
    return Tag(state.value.capitalize(), COLOURS[state])


def recommendation_tag(state: RecommendationState) -> Tag:
    """Return the tag of a recommendation's state."""
    return Tag(state.value.capitalize(), RECOMMENDATION_COLOURS[state])


def overdue_words(one: Incident) -> str:
    """Return what is overdue in a case, in words."""
    return "; ".join(step.label for step in one.case.overdue)


def rows_of(found: Sequence[Incident]) -> list[list[Any]]:
    """Return the list as a file holds it."""
    return [
        [one.who.name, when_words(one.case.aware), one.case.state.value, one.case.next_due, overdue_words(one)]
        for one in found
    ]


def chosen(found: Sequence[Incident], asked: Mapping[str, str]) -> list[Incident]:
    """Return the incidents that the filter leaves."""
    state = asked.get("state", "")
    return [one for one in found if not state or one.case.state.value == state]


def table(found: Sequence[Incident], *, caption: str, empty: str) -> Table:
    """Return incidents as a table, in their order."""
    rows = [
        [
            Cell(one.who.name, href=reverse("incident_case", args=[one.who.uid, one.case.incident.fact])),
            Cell(when_words(one.case.aware), order=str(one.case.aware)), Cell("", tag=tag(one.case.state)),
            Cell(day_words(one.case.next_due) if one.case.is_open else "", order=str(one.case.next_due or "9999")),
            Cell(overdue_words(one), tag=Tag("Overdue", "red") if one.case.overdue else None),
        ]
        for one in found
    ]  # fmt: skip
    columns = [Column(HEADINGS[0], sort="none"), Column(HEADINGS[1], sort="none"), Column(HEADINGS[2]),
               Column(HEADINGS[3], sort="none"), Column(HEADINGS[4])]  # fmt: skip
    return Table(caption, columns, rows, empty=empty)


def list_page(found: Sequence[Incident], asked: Mapping[str, str]) -> dict[str, Any]:
    """Return the list: figures, filter, table."""
    states = [state for state in IncidentState if any(one.case.state is state for one in found)]
    return {
        "figures": figures(found),
        "table": table(chosen(found, asked), caption="Serious incidents, what needs doing first",
                       empty="No serious incident is recorded. Whoever works with the child records one here."),
        "sections": filters(asked, "state", [state.value for state in states], reverse("incidents")),
        "crumbs": crumbs(("Serious incidents", "")),
        "query": f"&state={asked['state'].replace(' ', '+')}" if asked.get("state") else "",
    }  # fmt: skip


def figures(found: Sequence[Incident]) -> list[FigureItem]:
    """Return the numbers that head the list and the wall."""
    late = [step.name for one in found for step in one.case.overdue]
    return [
        FigureItem(sum(one.case.state is IncidentState.SUBMISSION for one in found), "wait for the director"),
        FigureItem(late.count("notification"), "notifications overdue"),
        FigureItem(late.count("rapid_review"), "rapid reviews overdue"),
        FigureItem(sum(one.case.state is IncidentState.PRACTICE_REVIEW for one in found), "practice reviews under way"),
        FigureItem(late.count("recommendations"), "late on what a review asked"),
    ]


def case_page(page: IncidentPage) -> dict[str, Any]:
    """Return one incident: its steps, what happened, what was said to whom, recommendations."""
    case, who = page.case, page.opened.who
    return {
        "page": page, "name": who.name, "tag": tag(case.state),
        "tasks": [_task(page, one) for one in case.steps],
        "said": said_rows(page.opened, case.incident),
        "parts": [(_title(one), said_rows(page.opened, one, leave_out=("step", "matter", "regulation")))
                  for one in case.facts if one.kind != "recommendation"],
        "recommendations": recommendations(page), "links": _links(page),
        "crumbs": crumbs(("Serious incidents", reverse("incidents")), (who.name, "")),
    }  # fmt: skip


def _title(fact: Any) -> str:
    said = fact.payload.get("step") or fact.payload.get("matter") or fact.payload.get("regulation")
    name = said or fact.payload.get("notification_type") or fact.kind.replace("_", " ")
    return f"{str(name)[:1].upper()}{str(name)[1:]}, {day_words(fact.valid_from)}"


def _task(page: IncidentPage, step: Step) -> Task:
    """Return a step with its form's address where it can be done now by this reader."""
    name = FORMS.get(step.name, "")
    open_now = step.state in (StepState.TO_DO, StepState.OVERDUE)
    may = page.may_submit if step.name == "submission" else page.may_write
    if step.name == "notification" and open_now:
        return task(step)
    if step.name == "practice_review" and any(one.kind == "practice_review" for one in page.case.facts):
        name = "final"
    href = reverse("incident_step", args=[page.opened.who.uid, page.fact, name]) if name and may and open_now else ""
    return task(step, href=href)


def _links(page: IncidentPage) -> list[Link]:
    """Return what can be taken away or done beside the steps."""
    at = [page.opened.who.uid, page.fact]
    found = [Link("The notification as a letter", reverse("incident_notice", args=at))]
    if page.case.incident.payload.get("notifiable") and page.case.step("notification").is_finished:
        found.append(Link("The case as a signed file for the Panel", reverse("incident_message", args=at)))
        if page.may_write:
            found.append(Link("Read in the Panel's reply", reverse("incident_reply", args=at)))
    commissioned = any(one.payload.get("choice") == REVIEW for one in page.case.facts if one.kind == "decision")
    if page.may_write and commissioned:
        found.append(Link("Record a recommendation", reverse("incident_step", args=[*at, "recommendation"])))
        if any(one.kind == "practice_review" for one in page.case.facts) and not _published(page):
            found.append(Link("Plan the day of publication",
                              reverse("incident_step", args=[*at, "planned"])))  # fmt: skip
        if not _published(page):
            found.append(Link("Tell the Panel why the report takes longer",
                              reverse("incident_step", args=[*at, "delayed"])))  # fmt: skip
    return found


def _published(page: IncidentPage) -> bool:
    return page.case.step("publication").is_finished


def recommendations(page: IncidentPage) -> Table:
    """Return the recommendations of a case with their states."""
    rows = [
        [
            Cell(f"{one.number or ''} {one.words}".strip(),
                 href=reverse("incident_recommendation", args=[page.opened.who.uid, page.fact, one.fact.fact])
                 if page.may_write else ""),
            Cell(one.theme), Cell(day_words(one.due), order=str(one.due or "9999")),
            Cell("", tag=recommendation_tag(one.state)), Cell(one.what_changed),
        ]
        for one in page.case.recommendations
    ]  # fmt: skip
    columns = [Column("What is recommended"), Column("Theme"), Column("By", sort="none"), Column("State"),
               Column("What changed")]  # fmt: skip
    return Table("Recommendations", columns, rows, empty="No recommendation is recorded yet.")


def notice(page: IncidentPage, *, holder: str, today: date) -> dict[str, Any]:
    """Return the notification's text from the record: a letter to the Panel, without the child's name."""
    said = page.opened.values(page.case.incident)
    sent = [one for one in page.case.facts if one.payload.get("notification_type") == "serious incident"]
    content = page.opened.values(sent[-1]).get("content") if sent else ""
    rows = [
        SummaryRow("Reference", page.fact), SummaryRow("Sex of the child", page.opened.who.sex or "Not recorded"),
        SummaryRow("When the council became aware", moment_words(said.get("aware_at")) or "Not recorded"),
        *(row for row in said_rows(page.opened, page.case.incident, leave_out=("aware_at",))),
    ]  # fmt: skip
    state = "It was sent" if sent else "It has not been sent: the director submits it"
    return {
        "title": "Serious incident notification", "holder": holder, "today": today, "rows": rows,
        "paragraphs": [
            "To the Child Safeguarding Practice Review Panel.",
            "The council notifies this incident under section 16C(1) of the Children Act 2004. "
            f"{state}{' on ' + day_words(sent[-1].valid_from) if sent else ''}.",
            *([content] if content else []),
        ],
        "signed": "Director of Children's Services", "back": reverse("incident_case", args=[page.opened.who.uid, page.fact]),
        "crumbs": crumbs(("Serious incidents", reverse("incidents")), ("Notification", "")),
    }  # fmt: skip


def panel_list(found: Sequence[tuple[Incident, str]]) -> dict[str, Any]:
    """Return what the Panel received, as its list."""
    rows = [
        [
            Cell(f"{council}: case {one.who.uid[:8]}", href=reverse("panel_case", args=[one.who.uid, one.case.incident.fact])),
            Cell(when_words(one.case.aware), order=str(one.case.aware)), Cell("", tag=tag(one.case.state)),
            Cell("", tag=_replied(one)), Cell(day_words(one.case.next_due) if one.case.is_open else ""),
        ]
        for one, council in found
    ]  # fmt: skip
    columns = [Column("Case", sort="none"), Column("Council became aware", sort="none"), Column("State"),
               Column("Reply"), Column("Next due")]  # fmt: skip
    return {
        "table": Table("What councils have notified", columns, rows,
                       empty="Nothing has been received. Read in a council's file above."),
        "crumbs": crumbs(("What was notified", "")),
    }  # fmt: skip


def _replied(one: Incident) -> Tag:
    done = any(fact.payload.get("step") == REPLY for fact in one.case.facts)
    return Tag("Replied", "green") if done else Tag("No reply yet", "yellow")


def panel_case(page: IncidentPage, council: str) -> dict[str, Any]:
    """Return one case as the Panel sees it: documents as they were submitted, and the reply."""
    context = case_page(page)
    return {
        **context, "name": f"{council}: case {page.opened.who.uid[:8]}", "council": council,
        "tasks": [task(one) for one in page.case.steps],
        "recommendations": Table(
            "Recommendations", [Column("What is recommended"), Column("Theme"), Column("State")],
            [[Cell(one.words), Cell(one.theme), Cell("", tag=recommendation_tag(one.state))]
             for one in page.case.recommendations],
            empty="The council has sent no recommendation.",
        ),
        "replied": any(one.payload.get("step") == REPLY for one in page.case.facts),
        "delayed": any(one.payload.get("step") == DELAYED for one in page.case.facts),
        "crumbs": crumbs(("What was notified", reverse("panel")), (council, "")),
    }  # fmt: skip
