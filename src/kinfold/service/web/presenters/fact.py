"""A fact's page, made from its history."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from kinfold.record.doors import door_label
from kinfold.service.records.reads.fact import FactHistory, Told
from kinfold.service.records.reads.person import in_words, plain_words
from kinfold.service.web.components import Cell, Column, Link, Table
from kinfold.service.web.presenters.child import BEHIND
from kinfold.service.web.templatetags.kinfold import moment

STATES = {"final": "as recorded", "void": "withdrawn", "draft": "a draft"}


def page_of(history: FactHistory) -> dict[str, Any]:
    """Return everything the page shows: the newest version's fields first, then the versions."""
    newest = history.versions[0]
    return {
        "history": history,
        "title": history.kind.label,
        "newest": newest,
        "fields": _fields(history, newest),
        "versions": _versions(history),
        "erase": reverse("erase_fact", args=[history.person, history.kind.word.value, newest.version.fact]),
        "crumbs": [Link("Home", reverse("home")), Link("The child", reverse("child", args=[history.person])),
                   Link(history.kind.label)],
    }  # fmt: skip


def shown_urn(history: FactHistory) -> str:
    """Return the number of the setting that the newest version names, empty where it is none or kept from the reader."""
    return next((str(one.value or "") for one in history.versions[0].fields if one.field == "urn"), "")


def _value(history: FactHistory, name: str, value: Any) -> str:
    return in_words(name, history.kind, value) if name in history.kind.fields else plain_words(value)


def _fields(history: FactHistory, told: Told) -> Table:
    shown = [field for field in told.fields if field.field not in BEHIND]
    columns = [Column("What"), Column("It says")]
    rows = [[Cell(field.meaning), Cell(_value(history, field.field, field.value))] for field in shown]
    if any(field.source_name for field in shown):  # what was typed in has no other name
        columns.append(Column("The source calls it"))
        rows = [[*row, Cell(field.source_name)] for row, field in zip(rows, shown, strict=True)]
    return Table("What it says", columns, rows, empty="This version says nothing that you can see.")


def _versions(history: FactHistory) -> Table:
    columns = [Column("Known from"), Column("Until"), Column("By"), Column("From"), Column("State"), Column("Why")]
    rows = [
        [
            Cell(moment(told.known_from)),
            Cell(moment(told.known_to, "now")),
            Cell(told.by),
            Cell(_where(told)),
            Cell(STATES.get(told.version.status, told.version.status)),
            Cell(told.reason),
        ]
        for told in history.versions
    ]
    return Table("Every version, newest first", columns, rows)


def _where(told: Told) -> str:
    door = door_label(told.version.source)
    if told.version.place is None:
        return door
    return f"{door}: {told.file}, {told.version.place.table} row {told.version.place.row}"
