"""What the pages of the three services share: the task list of a case, tags of states, a table as a file's rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from kinfold.access.matrix import may_reach, route_rule
from kinfold.access.things import Actor
from kinfold.care.case import Step, StepState, When, day_of
from kinfold.duties.commencement import switches
from kinfold.record.declare import KINDS
from kinfold.service.records.reads.clocks import catalogue
from kinfold.service.records.reads.person import in_words
from kinfold.service.records.reads.services import Opened
from kinfold.service.web.components import Link, SummaryRow, Tag
from kinfold.service.web.drawings.words import day_words

COLOURS = {
    StepState.DONE: "green", StepState.DONE_LATE: "purple", StepState.TO_DO: "blue", StepState.OVERDUE: "red",
    StepState.NOT_YET: "grey", StepState.NOT_NEEDED: "grey",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Task:
    """One line of a task list: what, its state, the words below it, and where to do it."""

    label: str
    tag: Tag
    words: str
    href: str = ""
    key: str = ""


def when_words(when: When | None) -> str:
    """Return a day, or a moment's day, in words; empty where there is none."""
    return day_words(day_of(when)) if when is not None else ""


def moment_words(text: str | None) -> str:
    """Return a stored moment such as "23 December 2026 at 15:10"."""
    if not text:
        return ""
    moment = datetime.fromisoformat(text)
    return f"{when_words(moment)} at {moment:%H:%M}"


def task(step: Step, *, href: str = "") -> Task:
    """Return a step as a line of the task list."""
    words = []
    if step.done_on is not None:
        words.append(f"Done on {when_words(step.done_on)}.")
    elif step.due is not None and not step.is_finished:
        also = f", or by {when_words(step.also_due)} counted from becoming aware" if step.also_due else ""
        words.append(f"Due by {when_words(step.due)}{also}.")
    if step.because:
        words.append(step.because)
    if step.duty:
        duty = catalogue().duty(step.duty)
        words.append(f"Source: {duty.source.title}" + (" (not checked against the instrument)." if
                     duty.sureness.value == "uncertain" else "."))  # fmt: skip
    return Task(step.label, Tag(step.state.value.capitalize(), COLOURS[step.state]), " ".join(words), href, step.name)


def said_rows(opened: Opened, fact: Any, *, leave_out: Sequence[str] = ()) -> list[SummaryRow]:
    """Return what a fact says, one row a field that the reader may see."""
    kind = KINDS[fact.kind]
    rows = []
    for name, value in opened.values(fact).items():
        if name in kind.fields and name not in (*leave_out, "concerns") and value not in (None, "", []):
            text = moment_words(value) if kind.fields[name].type == "moment" else in_words(name, kind, value)
            rows.append(SummaryRow(kind.fields[name].meaning, text))
    return rows


def not_in_force(switch: str, *, in_force: bool) -> str:
    """Return what to say of law that is enacted and not in force; empty once it is."""
    if in_force:
        return ""
    found = switches()[switch]
    return (
        f"Enacted, not in force: {found.provision}. {found.certainty}. It is recorded here already; only the day of "
        "commencement changes what must be done."
    )


def crumbs(*links: tuple[str, str]) -> list[Link]:
    """Return the breadcrumbs: home, then each (text, address)."""
    return [Link("Home", reverse("home")), *(Link(text, href) for text, href in links)]


def filters(asked: Mapping[str, str], name: str, values: Sequence[str], href: str) -> list[Link]:
    """Return one link a value of a filter, the one chosen marked; the first takes the filter away."""
    now = asked.get(name, "")
    return [Link("All", href, current=not now)] + [
        Link(value[:1].upper() + value[1:], f"{href}?{name}={value.replace(' ', '+')}", current=now == value)
        for value in values
    ]


def reaches(actor: Actor, *routes: str) -> dict[str, bool]:
    """Return whether the reader may use each page, as `may_<route>`: a link to a page that refuses is not shown."""
    return {f"may_{route}": bool(may_reach(actor, route_rule(f"web:{route}"))) for route in routes}
