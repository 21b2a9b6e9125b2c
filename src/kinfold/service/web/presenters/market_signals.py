"""Signals and figures as the Department's analyst reads them: nothing here opens a case or names a child."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from kinfold.market.signals.triage import Triage
from kinfold.market.unregistered_published import PublishedYear
from kinfold.service.web.components import Cell, Column, Table
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.presenters.market import group_address
from kinfold.service.web.presenters.market_cases import Lines
from kinfold.service.web.presenters.market_oversight import SHOWN, interval_words
from kinfold.service.web.presenters.services import crumbs

NOT_PUBLISHED = "Not published"


def signals_page(listed: Triage | None, day: date | None, years: Sequence[PublishedYear]) -> dict[str, Any]:
    """Return the page: the groups to look at first, and the published figures of unregistered settings."""
    return {
        "listed": listed, "day": day_words(day) if day else "", "table": _signals(listed),
        "years": _years(years), "notes": [f"{one.year}: {one.note}" for one in years if one.note],
        "crumbs": crumbs(("Signals about groups", "")),
    }  # fmt: skip


def _signals(listed: Triage | None) -> Table:
    columns = [Column("Group"), Column("Below good, of those judged"), Column("Expected", True), Column(interval_words(listed)),
               Column("Chance that it is well above", True), Column("By chance alone", True), Column("Not judged", True),
               Column("Suspended", True)]  # fmt: skip
    lines: Lines = [
        [Cell(one.name, group_address(one.group)), f"{one.rate.k} of {one.rate.n}", f"{one.rate.expected:.1f}",
         f"{one.rate.low:.0%} to {one.rate.high:.0%}", f"{one.rate.above:.0%}", f"{one.family_chance:.2f}", one.not_judged, one.suspended]
        for one in (listed.signals[:SHOWN] if listed else ())
    ]  # fmt: skip
    return Table("Groups to look at first", columns, lines, empty="No group has enough judged homes to be compared.")


def _years(years: Sequence[PublishedYear]) -> Table:
    columns = [Column("Year"), Column("Opened", True), Column("Determined", True), Column("Should be registered", True),
               Column("Of those opened", True), Column("Of those determined", True), Column("Source")]  # fmt: skip
    lines: Lines = [
        [one.year, _count(one.opened), _count(one.determined), _count(one.registrable), _share(one.of_opened), _share(one.of_determined),
         one.source if one.certainty == "read" else f"{one.source} ({one.certainty})"]
        for one in reversed(years)
    ]  # fmt: skip
    return Table("Published figures, England", columns, lines)


def _count(count: int | None) -> str:
    return NOT_PUBLISHED if count is None else f"{count:,}"


def _share(share: float | None) -> str:
    return NOT_PUBLISHED if share is None else f"{share:.0%}"
