"""The pages of forms: what may be recorded, one form, its answers to check, two versions side by side, approvals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from kinfold.casework import Answers, Form, KnownFact, Question, Raw, Shape, form_named
from kinfold.casework.known import LONDON
from kinfold.duties.gates import PlaceOfPlacement
from kinfold.record.declare import KINDS
from kinfold.service.records.reads.casework import Written, by_stage
from kinfold.service.records.reads.casework_filling import Filling
from kinfold.service.records.reads.casework_gates import StillOpen
from kinfold.service.records.reads.casework_together import Part
from kinfold.service.records.reads.person import Whole, in_words
from kinfold.service.web.components import Cell, Column, Link, SummaryRow, Table
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.presenters.casework_form import Choices, asked_of, options_of
from kinfold.service.web.presenters.child import heading

NOT_ANSWERED = "Not answered"


def list_page(
    document: Whole, offered: Sequence[Form], due: Mapping[str, str], begun: Sequence[Written]
) -> dict[str, Any]:
    """Return the page on which one chooses what to record: what is due first, then every stage."""
    uid = document.uid
    now = [(form, due[form.name]) for form in offered if form.name in due]
    return {
        **heading(document),
        "due": [{"link": _link(uid, form), "duty": duty} for form, duty in now],
        "stages": [
            {"key": forms[0].stage, "label": label, "forms": [{"link": _link(uid, f), "why": f.why} for f in forms]}
            for label, forms in by_stage(offered).items()
        ],
        "begun": [
            {"link": _link(uid, form_named(one.form)), "one": one, "forgotten": one.forgotten_on} for one in begun
        ],
    }


def _link(uid: str, form: Form) -> Link:
    return Link(form.title, reverse("casework_form", args=[uid, form.name]))


def choices_of(
    form: Form, open_facts: Sequence[KnownFact], people: Mapping[str, Choices]
) -> dict[str, list[tuple[str, str]]]:
    """Return what may be chosen where the record itself gives the choices: people, and what is under way."""
    found = {name: list(those) for name, those in people.items()}
    for question in form.questions:
        if question.shape is Shape.WHICH:
            found[question.name] = [(one.fact, fact_words(one)) for one in open_facts]
    return found


def fact_words(one: KnownFact) -> str:
    """Return a fact in a line that tells it from others of its kind."""
    kind = KINDS[one.kind]
    said = [in_words(name, kind, value) for name, value in one.values.items()
            if name in kind.fields and (kind.fields[name].codes or kind.fields[name].choices or kind.ref == name)]  # fmt: skip
    since = f"from {day_words(one.since)}" if one.since else "day not known"
    return f"{since}: {', '.join(said[:2])}" if said else f"{kind.label} {since}"


def answer_rows(
    form: Form, answers: Answers, choices: Mapping[str, Choices], today: date, *, href: str = "", of: str = ""
) -> list[SummaryRow]:
    """Return every question with its answer in words; `href` is where it may be changed, `of` names a further child."""
    rows = []
    for question in form.questions:
        ask = asked_of(question, of)
        words = answer_words(question, answers.values.get(question.name), choices, today)
        change = [Link("Change", f"{href}#id_{question.name}", about=ask)] if href else []
        rows.append(SummaryRow(ask, words, actions=change))
    return rows


def answer_words(question: Question, value: Any, choices: Mapping[str, Choices], today: date) -> Any:
    """Return one answer as a person reads it."""
    if value in (None, "", []):
        return NOT_ANSWERED
    match question.shape:
        case Shape.DAY:
            return day_words(date.fromisoformat(value))
        case Shape.MOMENT:
            moment = datetime.fromisoformat(value).astimezone(LONDON)
            return f"{day_words(moment.date())} at {moment:%H:%M}"
        case Shape.YES_NO:
            return "Yes" if value else "No"
        case Shape.MONEY:
            return f"£{value / 100:,.2f}"
        case Shape.ONE | Shape.WHO | Shape.WHICH:
            return dict([*options_of(question, today), *choices.get(question.name, ())]).get(value, str(value))
        case Shape.MANY:
            words = dict(options_of(question, today))
            return [words.get(one, one) for one in value]
        case Shape.PARTS:
            return ["; ".join(str(text) for text in one.values()) for one in value]
        case Shape.LONG:
            return value.splitlines()
    return value


def raw_rows(form: Form, raw: Raw, choices: Mapping[str, Choices], today: date) -> list[SummaryRow]:
    """Return what somebody typed, question by question, as far as they got."""
    rows = []
    for question in form.questions:
        given = [text for text in raw.get(question.name, ()) if text]
        if not given:
            continue
        words = dict([*options_of(question, today), *choices.get(question.name, ()), ("yes", "Yes"), ("no", "No")])
        text = " ".join(given) if question.shape is Shape.DAY else ", ".join(words.get(one, one) for one in given)
        rows.append(SummaryRow(question.ask, text.splitlines() or ""))
    return rows


def form_page(document: Whole, form: Form, *, written: Written | None, web_form: Any, version: int) -> dict[str, Any]:
    """Return the page of one form."""
    uid = document.uid
    return {
        **heading(document), "asked": form, "form": web_form, "written": written, "version": version,
        "draft_href": reverse("casework_draft", args=[uid, form.name]),
        "list_href": reverse("record_something", args=[uid]),
    }  # fmt: skip


def part_rows(part: Part, choices: Mapping[str, Choices], *, href: str = "") -> list[SummaryRow]:
    """Return what a further child answers themselves; `href` is where it may be changed."""
    return answer_rows(part.asked, part.answers, choices, part.filling.today, href=href, of=part.name)


def gate_rows(gates: Sequence[Any], *, of: str = "") -> list[dict[str, Any]]:
    """
    Return gates as the page shows them: the sentence, whether it blocks, who may decide all the same.

    `of` names the child, where the form is about several.
    """
    return [
        {"of": of, "id": gate.duty.id, "label": gate.duty.label, "because": gate.because, "blocks": gate.blocks,
         "authority": ", ".join(gate.authority), "href": reverse("duty", args=[gate.duty.id])}
        for gate in gates
    ]  # fmt: skip


def open_rows(opened: Sequence[tuple[Filling, StillOpen]]) -> list[dict[str, str]]:
    """Return what goes on and should have ended first: of whom, what, since when, and where it is ended."""
    return [
        {"of": one.document.name, "label": row.label, "since": day_words(row.since) if row.since else "",
         "href": reverse("casework_form", args=[one.document.uid, row.ends_with]) if row.ends_with else ""}
        for one, row in opened
    ]  # fmt: skip


def place_rows(place: PlaceOfPlacement | None) -> list[SummaryRow]:
    """Return where a home lies by law and by the measure of the statistics, side by side and never mixed."""
    if place is None:
        return []
    miles = "Not known: a postcode is missing." if place.miles is None else f"{place.miles:g} miles from home."
    return [
        SummaryRow("In law", place.because),
        SummaryRow(
            "In the statistics", miles, note="Over 20 miles is counted by the Department. It has no effect in law."
        ),
    ]


def queue_table(rows: Sequence[Any]) -> Table:
    """Return the forms that wait for the reader's approval."""
    columns = [Column("Child"), Column("Form"), Column("Asked by"), Column("Since", sort="none")]
    told = [
        [Cell(one.name, href=reverse("casework_approval", args=[one.written.uid])), Cell(one.form.title),
         Cell(one.written.asked_by),
         Cell(day_words(one.written.asked_at.date()) if one.written.asked_at else "", order=str(one.written.asked_at))]
        for one in rows
    ]  # fmt: skip
    empty = "There is nothing now. A form that needs you comes here when its author has finished it."
    return Table("Waiting for your approval", columns, told, empty=empty)
