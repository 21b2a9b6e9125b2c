"""Sealed records and requests about them, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone

from kinfold.access.adoption import BASES
from kinfold.service.records.reads.sealed import Sealed, ToSeal, Waiting
from kinfold.service.web.components import Cell, Column, Table
from kinfold.service.web.drawings.words import day_words


def page_of(waiting: Sequence[Waiting], sealed: Sequence[Sealed], to_seal: Sequence[ToSeal]) -> dict[str, Any]:
    """Return the values of the page."""
    return {"waiting": _waiting(waiting), "sealed": _sealed(sealed), "to_seal": _to_seal(to_seal)}


def question(one: Waiting) -> str:
    """Return what a second person is asked to agree to, in words."""
    basis = f" Basis: {BASES[one.basis]}." if one.basis else ""
    order = f" Adoption order of {day_words(one.order_date)}." if one.order_date else ""
    return f"The record of {one.name or 'a child whose name is not known'}. {one.asked_by} asked for this on {day_words(one.asked_at.date())}.{order}{basis} {one.purpose}"


def _waiting(rows: Sequence[Waiting]) -> Table:
    columns = [Column("Record"), Column("Asked"), Column("By"), Column("Why"), Column("Answer", quiet=True)]
    lines = [
        [Cell(row.name or "Name not known"), Cell(row.act), Cell(row.asked_by), Cell(row.purpose),
         Cell("Somebody else must answer") if row.own
         else Cell("Answer", reverse("seal_request", args=[row.uid]), about=f"about {row.name}")]
        for row in rows
    ]  # fmt: skip
    return Table("Waits for a second person", columns, lines, empty="Nothing waits for a second person.")


def _sealed(rows: Sequence[Sealed]) -> Table:
    columns = [Column("Name before the order"), Column("Born"), Column("Kept until"), Column("Open", quiet=True)]
    lines = [
        [Cell(row.name or "Name not known"), Cell(day_words(row.born, unknown="not known")),
         Cell(day_words(row.kept_until, unknown="100 years from the order, whose day is not known"),
              order=str(row.kept_until or "")), _opening(row)]
        for row in rows
    ]  # fmt: skip
    return Table("Sealed records", columns, lines, empty="No sealed record is yours to keep.")


def _opening(row: Sealed) -> Cell:
    if row.open_until is None:
        return Cell("Ask to open", reverse("unseal", args=[row.uid]), about=f"the record of {row.name}")
    until = timezone.localtime(row.open_until)
    return Cell(f"Open until {until:%d %B %H:%M}", reverse("child", args=[row.uid]), about=f"the record of {row.name}")


def _to_seal(rows: Sequence[ToSeal]) -> Table:
    columns = [Column("Child"), Column("Born"), Column("Seal", quiet=True)]
    lines = [
        [Cell(row.name or "Name not known", reverse("child", args=[row.uid])),
         Cell(day_words(row.born, unknown="not known")),
         Cell("Seal after an order", reverse("seal", args=[row.uid]), about=f"for {row.name}")]
        for row in rows
    ]  # fmt: skip
    return Table("Placed for adoption, or to be", columns, lines,
                 empty="No child of yours has a decision or a placement for adoption.")  # fmt: skip
