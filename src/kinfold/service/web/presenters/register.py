"""A child's entry in the register of identity, as tables and as the choices of its form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from kinfold.record.doors import door_label
from kinfold.service.records.reads.register import GoldenValue, Identifier, Mark, Member, Register
from kinfold.service.web.components import Cell, Column, Table, Tag
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.presenters.identity import DECISION_TAGS

DONE = {
    "same": "Joined as the same person. Nothing was moved: you can part them again.",
    "apart": "Marked as two people. They are never put together, unless that is undone.",
    "part": "Parted. Every fact is where it was before the records were joined.",
    "wrong": "Marked as wrong. The record keeps what its sources say.",
}
_SORTS = {"provisional": "Provisional", "national": "NHS number"}
_STATES = {
    "current": Tag("In use", "green"), "yielded": Tag("Gave way", "grey"), "superseded": Tag("Replaced", "grey"),
    "invalid": Tag("Wrong", "red"),
}  # fmt: skip
_STANDINGS = {
    "unverified": "not checked yet", "verified": "checked: the same person", "different": "checked: particulars differ",
    "not_found": "checked: no such entry",
}  # fmt: skip
_REASONS = {
    "unborn": "not born yet",
    "unaccompanied": "unaccompanied, seeking asylum",
    "no_number": "no number is known",
}
_POINTS = {"nhs_number": "NHS number", "birth_date": "date of birth", "given": "given name", "family": "family name"}


def entry_page(found: Register) -> dict[str, Any]:
    """Return the values of the page."""
    return {
        "name": found.name,
        "child": reverse("child", args=[found.uid]),
        "golden": _golden(found.golden),
        "members": _members(found.members),
        "identifiers": _identifiers(found.identifiers),
        "marks": _marks(found.marks),
    }


def choices(found: Register) -> list[tuple[str, str]]:
    """Return what can be done to the entry."""
    said = [("same", "Join another record: it is the same person"), ("apart", "Keep another record apart: two people")]
    said += [
        (f"part:{one.uid}", f"Part again: {one.name} ({_doors(one.doors)})") for one in found.members if not one.kept
    ]
    current = [one for one in found.identifiers if one.state == "current"]
    said += [(f"renew:{one.uid}", f"Replace {one.value} by a new one") for one in current if one.sort == "provisional"]
    said += [(f"wrong:{one.uid}", f"Mark {one.value} as wrong") for one in current if one.sort == "national"]
    return said


def _doors(doors: Sequence[str]) -> str:
    return ", ".join(door_label(door) for door in doors) or "no facts held"


def _golden(values: Sequence[GoldenValue]) -> Table:
    columns = [Column("Point"), Column("What is shown"), Column("Known from"), Column("Said otherwise")]
    lines = [
        [Cell(one.label), Cell(one.value), Cell(_doors(one.doors)),
         Cell(_otherwise(one.other))]
        for one in values
    ]  # fmt: skip
    return Table("Who the child is, over all joined records", columns, lines, empty="Nothing is held of this child.")


def _otherwise(other: Sequence[tuple[str, str]]) -> str:
    """Return each other value once, with every door that says it."""
    doors: dict[str, list[str]] = {}
    for door, value in other:
        doors.setdefault(value or "nothing", []).append(door)
    return "; ".join(f"{value} ({_doors(those)})" for value, those in doors.items())


def _members(members: Sequence[Member]) -> Table:
    columns = [Column("Record"), Column("Known from"), Column("Joined"), Column("Why")]
    lines = [
        [Cell(one.name, href=reverse("child", args=[one.uid])), Cell(_doors(one.doors)),
         Cell("kept" if one.kept else day_words(one.since.date()) if one.since else ""), Cell(one.because)]
        for one in members
    ]  # fmt: skip
    return Table("Records that are this child", columns, lines)


def _identifiers(identifiers: Sequence[Identifier]) -> Table:
    columns = [Column("Identifier"), Column("Sort"), Column("State"), Column("How it stands")]
    lines = [
        [Cell(one.value), Cell(_sort(one)), Cell("", tag=_STATES[one.state]), Cell(_stands(one))] for one in identifiers
    ]
    empty = "No identifier has been issued yet. The register’s daily round does it."
    return Table("Identifiers", columns, lines, empty=empty)


def _sort(one: Identifier) -> str:
    reason = _REASONS.get(one.reason, "")
    return f"{_SORTS[one.sort]}: {reason}" if reason else _SORTS[one.sort]


def _stands(one: Identifier) -> str:
    if one.state != "current":
        return one.ended_because
    asked_in_vain = one.standing == "unverified" and one.checked_at is not None
    said = "checked: not sure enough to say" if asked_in_vain else _STANDINGS[one.standing]
    if one.differing:
        said += f" ({', '.join(_POINTS.get(point, point) for point in one.differing)})"
    if one.check_on:
        said += f"; next looked at on {day_words(one.check_on)}"
    return said


def _marks(marks: Sequence[Mark]) -> Table:
    columns = [Column("Other record"), Column("Decision"), Column("When")]
    lines = [
        [Cell(one.other, href=reverse("pair", args=[one.uid])), Cell("", tag=Tag(*DECISION_TAGS[one.decision])),
         Cell(day_words(one.decided_at.date()) if one.decided_at else "")]
        for one in marks
    ]  # fmt: skip
    return Table("What people have decided", columns, lines, empty="Nobody has decided anything about this child.")
