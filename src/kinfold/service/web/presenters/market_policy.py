"""The policy packs as a page shows them: what is not known to be in force first, then every value with what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from kinfold.market.policy import Pack
from kinfold.service.web.components import Cell, Column, Table, Tag
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.presenters.market_cases import Lines
from kinfold.service.web.presenters.services import crumbs
from kinfold.terms.errors import NoRuleInForce
from kinfold.terms.law import DatedValue

TITLE = "Rules and forms of words"
HEADINGS = ("Pack", "Key", "What", "Value", "Unit", "Since", "Rests on", "How sure", "Note")
NAMES = {"england": "England", "wales": "Wales"}
SURE = {"verified": "green", "primary text read": "green", "source text read": "green", "secondary source": "blue", "from memory": "yellow",
        "not re-read": "yellow", "uncertain": "orange"}  # fmt: skip
FAST_TRACK = frozenset({"opens", "needs", "fitness"})


def rules_page(packs: Sequence[Pack], day: date) -> dict[str, Any]:
    """Return the page of the packs as they stand on a day."""
    england = packs[0]
    values = england.values.values()
    own = [one for one in values if one.certainty.startswith("uncertain")]
    return {
        "title": TITLE, "day": day_words(day), "on": day.isoformat(), "count": len(values), "own": len(own),
        "commencement": _table("Is it in force?", (one for one in values if _is(one, "commencement_")), day),
        "numbers": _table("Thresholds, periods and amounts in England", (one for one in values if _is_number(one)), day),
        "fast_track": _table("Rules of the fast track in England", (one for one in values if one.unit in FAST_TRACK), day),
        "words": _table("Forms of words in England", (one for one in values if _is(one, "words_")), day),
        "others": [_table(NAMES.get(one.jurisdiction, one.jurisdiction), one.values.values(), day) for one in packs[1:]],
        "crumbs": crumbs(("Register of providers", reverse("market")), (TITLE, "")),
    }  # fmt: skip


def _is(one: DatedValue, beginning: str) -> bool:
    return one.name.startswith(beginning)


def _is_number(one: DatedValue) -> bool:
    return not (_is(one, "commencement_") or _is(one, "words_") or one.unit in FAST_TRACK)


def _table(title: str, values: Iterable[DatedValue], day: date) -> Table:
    columns = [Column("What"), Column("Value"), Column("Since"), Column("Rests on"), Column("How sure")]
    lines: Lines = [
        [one.label, _value(one, day), _since(one, day), one.source + (f" {one.note}" if one.note else ""), _sure(one)]
        for one in values
    ]
    return Table(title, columns, lines)


def _in_force(one: DatedValue, day: date) -> Any:
    try:
        return one.on(day)
    except NoRuleInForce:
        return None


def _value(one: DatedValue, day: date) -> str:
    value = _in_force(one, day)
    if value is None:
        return "Not in force on this day"
    if isinstance(value, tuple):
        return " ".join(map(str, value)) if one.name.startswith("words_") else "; ".join(map(str, value))
    if one.unit == "share" and not isinstance(value, bool):
        return f"{value:.1%}"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return (
        str(value)
        if one.unit in ("words", "measure")
        else f"{value:,} {one.unit}"
        if isinstance(value, int | float)
        else str(value)
    )


def _since(one: DatedValue, day: date) -> str:
    held = [step.valid_from for step in one.steps if step.valid_from <= day]
    return day_words(held[-1]) if held else ""


def _sure(one: DatedValue) -> Cell:
    colour = next((colour for words, colour in SURE.items() if one.certainty.startswith(words)), "grey")
    own = one.certainty.startswith("uncertain") and "default of this project" in one.source.casefold()
    return Cell("", tag=Tag("Default of this project" if own else one.certainty.capitalize(), colour))


def rows_of(packs: Sequence[Pack], day: date) -> list[list[Any]]:
    """Return every value of every pack as a file holds it."""
    return [
        [pack.name, one.name, one.label, _value(one, day), one.unit, _since(one, day), one.source, one.certainty, one.note]
        for pack in packs for one in pack.values.values()
    ]  # fmt: skip
