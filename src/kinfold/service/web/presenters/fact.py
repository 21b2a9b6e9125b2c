"""A fact's page, made from its history."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from kinfold.service.records.reads.fact import FactHistory, Told
from kinfold.service.records.reads.person import in_words
from kinfold.service.web.components import Cell, Column, Link, Table
from kinfold.service.web.presenters.child import DOORS


def page_of(history: FactHistory) -> dict[str, Any]:
    """Return everything the page shows: the newest version's fields first, then the versions."""
    newest = history.versions[0]
    return {
        "history": history,
        "title": history.kind.label,
        "newest": newest,
        "fields": _fields(history, newest),
        "versions": _versions(history),
        "crumbs": [Link("Home", reverse("home")), Link("The child", reverse("child", args=[history.person])),
                   Link(history.kind.label)],
    }  # fmt: skip


def _value(history: FactHistory, name: str, value: Any) -> str:
    return in_words(name, history.kind, value) if name in history.kind.fields else str(value)


def _fields(history: FactHistory, told: Told) -> Table:
    columns = [Column("What"), Column("Value"), Column("The source calls it")]
    rows = [[Cell(f.meaning), Cell(_value(history, f.field, f.value)), Cell(f.source_name)] for f in told.fields]
    return Table("What it says", columns, rows, empty="This version says nothing that you can see.")


def _versions(history: FactHistory) -> Table:
    columns = [Column("Known from"), Column("Until"), Column("By"), Column("From"), Column("State"), Column("Why")]
    rows = [
        [
            Cell(f"{t.known_from:%d %B %Y, %H:%M}" if t.known_from else ""),
            Cell(f"{t.known_to:%d %B %Y, %H:%M}" if t.known_to else "now"),
            Cell(t.by),
            Cell(_where(t)),
            Cell(t.version.status),
            Cell(t.reason),
        ]
        for t in history.versions
    ]
    return Table("Every version, newest first", columns, rows)


def _where(told: Told) -> str:
    door = DOORS.get(told.version.source, told.version.source)
    if told.version.place is None:
        return door
    return f"{door}: {told.file}, {told.version.place.table} row {told.version.place.row}"
