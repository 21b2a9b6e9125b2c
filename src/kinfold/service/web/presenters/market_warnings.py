"""Advance warnings as their recipients' pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from kinfold.service.records.reads.market_warnings import Received
from kinfold.service.web.components import Cell, Column, Table, Tag
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.presenters.market_exit import curve_chart, curve_table, curve_words
from kinfold.service.web.presenters.services import crumbs

COLOURS = {"in force": "red", "updated since": "grey", "withdrawn": "green"}


def list_page(found: Sequence[Received]) -> dict[str, Any]:
    """Return the list of warnings, the newest first."""
    lines = [
        [Cell(one.group, one.href), day_words(one.issued.date()), "Update" if one.number > 1 else "Warning", Cell("", tag=_tag(one))]
        for one in found
    ]  # fmt: skip
    columns = [Column("Group"), Column("Issued"), Column("What"), Column("State")]
    empty = "No warning has been sent to your organisation. You are told here when one is."
    return {
        "table": Table("Advance warnings", columns, lines, empty=empty, quiet_caption=True),
        "crumbs": crumbs(("Advance warnings", "")),
    }


def _tag(one: Received) -> Tag:
    return Tag(one.state.capitalize(), COLOURS[one.state])


def warning_page(found: Received) -> dict[str, Any]:
    """Return one warning with the counts of the exit simulation that was attached to it."""
    context: dict[str, Any] = {
        "title": found.group, "paragraphs": found.text, "tag": _tag(found), "chart": None,
        "crumbs": crumbs(("Advance warnings", reverse("market_warnings")), (found.group, "")),
    }  # fmt: skip
    if found.exit:
        context |= {
            "chart": curve_chart(found.exit),
            "curve": curve_table(found.exit),
            "words": curve_words(found.exit),
        }
    return context
