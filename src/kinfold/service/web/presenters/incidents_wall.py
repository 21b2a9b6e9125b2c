"""The director's wall, the search of learning, and the partnership's yearly report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from django.urls import reverse

from kinfold.care.learning import RecommendationState
from kinfold.duties import Clock
from kinfold.duties.clock import STATE_WORDS
from kinfold.service.records.reads.clock_wall import Line
from kinfold.service.records.reads.incidents_learning import Learned, YearlyReport
from kinfold.service.records.reads.incidents_wall import Death, Wall
from kinfold.service.web.components import Cell, Column, FigureItem, Link, Table, Tag
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.presenters import incidents as present
from kinfold.service.web.presenters.due import COLOURS
from kinfold.service.web.presenters.services import crumbs, filters, when_words


def wall_page(wall: Wall) -> dict[str, Any]:
    """Return the wall: numbers, incidents that are open, deaths, pressing clocks of children at risk."""
    open_now = [one for one in wall.incidents if one.case.is_open]
    late_deaths = sum(clock.is_overdue for death in wall.deaths for clock in death.applying)
    return {
        "today": wall.today,
        "figures": [
            *present.figures(wall.incidents), FigureItem(late_deaths, "notices of a death overdue"),
            FigureItem(wall.children, "children with an open enquiry or protection plan"),
            FigureItem(wall.at_risk.overdue, "of their clocks overdue"),
        ],
        "incidents": present.table(open_now, caption="Open incidents",
                                   empty="No incident is open. A new one stands here as soon as it is recorded."),
        "deaths": _deaths(wall.deaths), "at_risk": _at_risk(wall), "more": wall.at_risk.overdue + wall.at_risk.soon - len(wall.at_risk.lines),
        "crumbs": crumbs(("Safety wall", "")),
    }  # fmt: skip


def _clock_tag(clock: Clock | Line) -> Tag:
    return Tag(STATE_WORDS[clock.state], COLOURS[clock.state])


def _deaths(found: Sequence[Death]) -> Table:
    rows = []
    for one in found:
        for clock in one.applying or one.clocks[:1]:
            rows.append(
                [
                    Cell(one.who.name, href=reverse("death_notice", args=[one.who.uid])),
                    Cell(day_words(one.known_on), order=str(one.known_on)), Cell(clock.duty.label),
                    Cell(when_words(clock.due)), Cell("", tag=_clock_tag(clock)),
                ]
            )  # fmt: skip
    columns = [Column("Who"), Column("Became known", sort="none"), Column("Duty"), Column("By"), Column("State")]
    return Table("Deaths of children, looked-after children and care leavers to 25", columns, rows,
                 empty="No death became known in the past year.")  # fmt: skip


def _at_risk(wall: Wall) -> Table:
    rows = [
        [
            Cell(one.name, href=reverse("child_clocks", args=[one.uid])), Cell(one.duty.label),
            Cell(when_words(one.due), order=str(one.due)), Cell("", tag=_clock_tag(one)),
        ]
        for one in wall.at_risk.lines
    ]  # fmt: skip
    columns = [Column("Child", sort="none"), Column("What"), Column("By", sort="none"), Column("State")]
    return Table("Children at risk: clocks that are overdue or due soon", columns, rows,
                 empty="No clock of a child with an open enquiry or plan is pressing.")  # fmt: skip


def death_page(death: Death) -> dict[str, Any]:
    """Return one death with each duty that was asked about, and why it applies or not."""
    rows = [
        [Cell(clock.duty.label), Cell(when_words(clock.due)), Cell("", tag=_clock_tag(clock)), Cell(clock.because)]
        for clock in death.clocks
    ]
    columns = [Column("Duty"), Column("By"), Column("State"), Column("Why, and the source")]
    return {
        "name": death.who.name, "table": Table("Notices", columns, rows, empty="No duty starts from what is recorded."),
        "crumbs": crumbs(("Safety wall", reverse("safety_wall")), (death.who.name, "")),
    }  # fmt: skip


def learning_page(found: Sequence[Learned], asked: Mapping[str, str], themes: Sequence[str]) -> dict[str, Any]:
    """Return the search of learning and recommendations."""
    rows = [
        [
            Cell(one.words, href=reverse("incident_case", args=[one.uid, one.incident]) if one.uid else ""),
            Cell(one.theme), Cell(one.source), Cell(day_words(one.on), order=str(one.on)),
            Cell("", tag=_state_tag(one.state)), Cell(one.what_changed),
        ]
        for one in found
    ]  # fmt: skip
    columns = [Column("What was learned or recommended"), Column("Theme", sort="none"), Column("Where from"),
               Column("Day", sort="none"), Column("State"), Column("What changed")]  # fmt: skip
    states = ["learned", *(state.value for state in RecommendationState)]
    return {
        "table": Table("What was found", columns, rows,
                       empty="Nothing holds these words. Take one away, or choose another theme."),
        "q": asked.get("q", ""), "theme": asked.get("theme", ""), "themes": themes,
        "sections": filters(asked, "state", states, reverse("learning")), "count": len(found),
        "crumbs": crumbs(("Learning", "")),
    }  # fmt: skip


def _state_tag(state: str) -> Tag:
    known = {one.value: one for one in RecommendationState}
    return present.recommendation_tag(known[state]) if state in known else Tag(state.capitalize(), "grey")


def learning_rows(found: Sequence[Learned]) -> list[list[Any]]:
    """Return what was found as a file holds it: nobody is named."""
    return [[one.words, one.theme, one.source, one.on, one.state, one.due, one.what_changed] for one in found]


LEARNING_HEADINGS = ("What was learned or recommended", "Theme", "Where from", "Day", "State", "By", "What changed")


def report_page(report: YearlyReport, years: Sequence[Link]) -> dict[str, Any]:
    """Return the yearly report: its figures by part, and what was learned."""
    parts = [
        Table(part, [Column("What"), Column("How many", numeric=True)],
              [[Cell(line.label), Cell(line.words)] for line in lines])
        for part, lines in ((name, list(group)) for name, group in groupby(report.lines, lambda line: line.part))
    ]  # fmt: skip
    return {
        "report": report, "parts": parts, "sections": years,
        "learned": Table("What was learned in the year", [Column("What"), Column("Theme"), Column("Where from")],
                         [[Cell(one.words), Cell(one.theme), Cell(one.source)] for one in report.learned],
                         empty="No learning is recorded for this year. Record it on the page of learning."),
        "crumbs": crumbs(("Learning", reverse("learning")), ("Yearly report", "")),
    }  # fmt: skip


REPORT_HEADINGS = ("Part", "What", "How many", "Of")


def report_rows(report: YearlyReport) -> list[list[Any]]:
    """Return the report as a file holds it, one row a figure."""
    return [[line.part, line.label, line.value, line.of] for line in report.lines]
