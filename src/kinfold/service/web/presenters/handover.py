"""The night team's handover, made from what was read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from kinfold.service.records.reads.handover import Handover, Told
from kinfold.service.web.components import Cell, Column, FigureItem, Table, Tag
from kinfold.service.web.drawings.words import age_words, day_words
from kinfold.service.web.presenters.tonight import HOME_LABELS, home_of, sections
from kinfold.terms.codes import code_set


def called(told: Told) -> str:
    """Return how a child is named in a list."""
    return told.name or told.la_child_id or "Name withheld"


def children(found: Handover) -> list[tuple[str, str]]:
    """Return the children on the page, each once, for choosing one."""
    seen = {told.uid: called(told) for told in found.lines}
    return sorted(seen.items(), key=lambda one: (one[1].casefold(), one[0]))


def _child(told: Told, day: date) -> Cell:
    age = age_words(told.birth_date, day)
    return Cell(f"{called(told)}, {age}" if age else called(told), href=reverse("child", args=[told.uid]))


def _detail(told: Told) -> str:
    if told.kind == "placement":
        code = told.detail.get("placement_type")
        home = HOME_LABELS[home_of(code)] if code else "Home not shown"
        parts = [home, f"URN {told.detail['urn']}" if told.detail.get("urn") else "", told.detail.get("postcode") or ""]
        return ", ".join(part for part in parts if part)
    if told.kind == "missing":
        code = told.detail.get("missing_type")
        return code_set("missing_type").label(code) if code else ""
    return ""


def _what(told: Told) -> Cell:
    return Cell("", tag=Tag("Missing", "red")) if told.kind == "missing" and not told.until else Cell(told.words)


def _table(title: str, lines: Sequence[Told], day: date, *, empty: str, when: str = "Since") -> Table:
    rows = [
        [_child(told, day), _what(told),
            Cell(_detail(told)), Cell(day_words(told.since))]
        for told in lines
    ]  # fmt: skip
    return Table(title, [Column("Child"), Column("What"), Column("More"), Column(when)], rows, empty=empty)


def page_of(found: Handover) -> dict[str, Any]:
    """Return everything the page shows."""
    day = found.day
    return {
        "found": found,
        "sections": sections("handover"),
        "figures": [
            FigureItem(len(found.missing), "missing now"), FigureItem(len(found.at_risk), "at risk by an open fact"),
            FigureItem(len(found.began), "moved in today"), FigureItem(len(found.ended), "moved out today"),
        ],
        "tables": [
            _table("Missing now", found.missing, day, empty="Nobody you may see is recorded as missing."),
            _table("Back today", found.back, day, empty="Nobody is recorded as having come back today."),
            _table("At risk", found.at_risk, day, empty="No open fact of risk is recorded."),
            _table("New placements today", found.began, day, empty="No placement began today.", when="From"),
            _table("Placements ended today", found.ended, day, empty="No placement ended today.", when="Had begun"),
            _table("Came into care today", found.came, day, empty="Nobody came into care today.", when="From"),
            _table("Left care today", found.left, day, empty="Nobody left care today.", when="Had begun"),
        ],
    }  # fmt: skip
