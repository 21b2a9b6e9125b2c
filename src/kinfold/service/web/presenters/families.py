"""The page of a family, made from what the reader may see of its children."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from kinfold.casework import Form
from kinfold.service.records.reads.casework import by_stage
from kinfold.service.records.reads.casework_letters import value_words
from kinfold.service.records.reads.families import LEAD, OPEN_NOW, OneFamily
from kinfold.service.records.reads.person import Entry, Whole
from kinfold.service.web.components import Cell, Column, Link, SummaryRow, Table
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.presenters.child import heading

# What a plan says, in the order in which a family reads it.
PLAN = (
    ("goals", "What the family hope for"), ("actions", "Who does what, by when"),
    ("contingency", "If it does not work"), ("view_of_family", "What the family say of it"),
    ("agreed_by", "Who agreed"), ("agreed_date", "Agreed on"),
)  # fmt: skip
# The forms that go on with Family Help, in the order of the work.
PLAN_FORM = "family_plan"
STEPS = ("family_help", "plan_review", "step_up", "step_down_to_family_help", "end_family_help")


def page_of(
    family: OneFamily, offered: Sequence[Form], *, may_allocate: bool, corrects: bool = False
) -> dict[str, Any]:
    """
    Return everything the page of a family shows; `offered` are the forms the reader records for several children.

    `corrects` says whether the reader wrote the plan and may still put it right.
    """
    help_now = family.first("family_help")
    steps = [form for name in STEPS for form in offered if form.name == name and _fits(name, bool(help_now))]
    others = [form for form in offered if form.name not in (*STEPS, PLAN_FORM)]
    return {
        "family": family,
        "crumbs": [Link("Home", reverse("home")), Link(family.name, "")],
        "facts": _facts(family, help_now),
        "allocate_href": _allocate(family) if may_allocate else "",
        "plan": plan_rows(family.plans[0]) if family.plans else [],
        "since": family.plans[0].since if family.plans else None,
        "earlier": [(f"From {day_words(one.since) if one.since else 'a day not known'}", plan_rows(one))
                    for one in family.plans[1:]],
        "words": [(child.name, entry) for child in family.children if (entry := _said(child)) is not None],
        "children": _children(family),
        "steps": [_link(family, form) for form in steps],
        "write_plan": next((_link(family, form).href for form in offered if form.name == PLAN_FORM), ""),
        "versions_href": reverse("fact", args=["plan", family.plans[0].fact]) if family.plans else "",
        "correct_href": reverse("family_plan_correct", args=[family.group.uid, family.plans[0].fact]) if corrects else "",
        "copy_href": reverse("casework_letter", args=[family.children[0].uid, "family_plan_document"]) if family.plans else "",
        "stages": [
            {"label": label, "forms": [_link(family, form) for form in forms]}
            for label, forms in by_stage(others).items()
        ],
    }  # fmt: skip


def _fits(name: str, helped: bool) -> bool:
    """Return whether a step makes sense: what begins help where there is none, what goes on with it where there is."""
    return helped == (name not in ("family_help", "step_down_to_family_help"))


def _link(family: OneFamily, form: Form) -> Link:
    href = reverse("casework_form", args=[family.children[0].uid, form.name])
    return Link(form.title, f"{href}?also=all")


def _facts(family: OneFamily, help_now: Entry | None) -> list[SummaryRow]:
    leads = [f"{one.party_name or 'A worker'}, from {day_words(one.since)}" for one in family.leads if one.since]
    since = f"Since {day_words(help_now.since)}" if help_now and help_now.since else "Not now"
    came = str(help_now.values.get("stepped_from") or "") if help_now else ""
    return [
        SummaryRow("Family Help", since, note=f"Came from: {came}" if came else ""),
        SummaryRow("Lead practitioner", leads or "Nobody yet"),
    ]


def _allocate(family: OneFamily) -> str:
    asked = [*(("child", child.uid) for child in family.children), ("role", LEAD)]
    return f"{reverse('allocate')}?{urlencode(asked)}"


def plan_rows(plan: Entry) -> list[SummaryRow]:
    """Return what a family's plan says, part by part; parts nobody filled are left out."""
    rows = [(label, value_words(name, plan.kind, plan.values.get(name))) for name, label in PLAN]
    return [SummaryRow(label, words.splitlines()) for label, words in rows if words]


def _said(child: Whole) -> str | None:
    """Return what a child said last, in their own words."""
    said = child.of("childs_own_words")
    return value_words("sections", said[-1].kind, said[-1].values.get("sections")) or None if said else None


def _children(family: OneFamily) -> Table:
    rows = [
        [
            Cell(child.name or "Name not known", href=reverse("child", args=[child.uid])), Cell(heading(child)["age"]),
            Cell(", ".join(words for kind, words in OPEN_NOW if child.now(kind)) or "Nothing"),
            Cell("What is due", href=reverse("child_clocks", args=[child.uid]), about=f"for {child.name}"),
        ]
        for child in family.children
    ]  # fmt: skip
    rows += [[Cell(name or "Name not known"), Cell(""), Cell("You do not work with this child"), Cell("")]
             for name in family.others]  # fmt: skip
    columns = [Column("Child"), Column("Age"), Column("Open now"), Column("Due")]
    return Table("Children of the family", columns, rows)
