"""The policy packs as a page shows them: what is not known to be in force first, then every value with what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from kinfold.market.policy import Pack, topics_of
from kinfold.service.web.components import Cell, Column, Table, Tag
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.presenters.market_cases import Lines
from kinfold.service.web.presenters.services import crumbs
from kinfold.terms.law import DatedValue

TITLE = "Rules and forms of words"
HEADINGS = ("Pack", "Key", "What", "Value", "Unit", "Since", "Rests on", "How sure", "Note")
NAMES = {"england": "England", "wales": "Wales"}
SURE = {"verified": "green", "primary text read": "green", "source text read": "green", "secondary source": "blue", "from memory": "yellow",
        "not re-read": "yellow", "uncertain": "orange"}  # fmt: skip
# The tables of the page, by the file that each topic of a jurisdiction stands in; a file that is not here comes last, by its own name.
TOPICS = {
    "commencement": "Is it in force?", "england": "Notices, plans and unregistered settings", "penalties": "Grounds for a penalty",
    "ladder": "The ladder of measures against unregistered settings", "signals": "Signals about groups", "ownership": "Ownership and control",
    "finances": "Financial oversight", "plans": "What a contingency and a recovery plan must say", "prices": "Prices and profit",
    "exits": "If a group closed", "registration": "Applications to register", "fast_track": "Rules of the fast track",
    "supply": "Supply of homes", "words": "Forms of words",
}  # fmt: skip


def rules_page(packs: Sequence[Pack], day: date) -> dict[str, Any]:
    """Return the page of the packs as they stand on a day."""
    england = packs[0]
    values = england.values.values()
    own = [one for one in values if one.certainty.startswith("uncertain")]
    return {
        "title": TITLE, "day": day_words(day), "on": day.isoformat(), "count": len(values), "own": len(own),
        "tables": [
            *_by_topic(england),
            *(_table(NAMES[one.jurisdiction], one.jurisdiction, one.values.values(), day) for one in packs[1:]),
        ],
        "crumbs": crumbs(("Register of providers", reverse("market")), (TITLE, "")),
    }  # fmt: skip


def _by_topic(pack: Pack) -> list[Table]:
    topics = topics_of(pack.jurisdiction)
    order = [*(one for one in TOPICS if one in topics), *(one for one in topics if one not in TOPICS)]
    country = NAMES[pack.jurisdiction]
    return [
        _table(f"{country}: {TOPICS.get(one, one)}", f"{pack.jurisdiction}-{one}", topics[one].values(), pack.day)
        for one in order
    ]


def _table(title: str, key: str, values: Iterable[DatedValue], day: date) -> Table:
    columns = [Column("What"), Column("Value"), Column("Since"), Column("Rests on"), Column("How sure")]
    lines: Lines = [
        [one.label[:1].upper() + one.label[1:], _value(one, day), _since(one, day), _rests_on(one), _sure(one)]
        for one in values
    ]
    return Table(title, columns, lines, key=key)


def _rests_on(one: DatedValue) -> str:
    return f"{one.source}. {one.note}" if one.note else one.source


def _value(one: DatedValue, day: date) -> str:
    if not one.is_in_force(day):
        return "Not in force on this day"
    value = one.on(day)
    several = value if isinstance(value, tuple) else (value,)
    said = (" " if one.unit == "paragraphs" else "; ").join(_plain(part, one.unit) for part in several)
    return said if one.unit == "share" or not _is_number(several[0]) else f"{said} {one.unit}"


def _plain(part: Any, unit: str) -> str:
    if isinstance(part, bool):
        return "Yes" if part else "No"
    if _is_number(part):
        return f"{part:.1%}" if unit == "share" else f"{part:,}".replace("-", "−")
    return str(part)


def _is_number(part: Any) -> bool:
    return isinstance(part, int | float) and not isinstance(part, bool)


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
