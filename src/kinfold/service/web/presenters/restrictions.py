"""The restriction on a record and the list of restricted records, as their pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from kinfold.access.restrictions import (
    REASONS,
    appointed_in_any_case,
    due_soon,
    masked_in_any_case,
    open_in_any_case,
)
from kinfold.access.things import day_of
from kinfold.service.records.reads.restrictions import Held, Power, Restricted, Wanted
from kinfold.service.web.components import Cell, Column, Link, SummaryRow, Table, Tag
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.templatetags.kinfold import moment

NOT_SAID = "not recorded"


def in_any_case() -> list[tuple[str, list[str]]]:
    """Return which roles open a restricted record without being named, and how far: a heading and roles each."""
    return [
        ("Open it in any case", open_in_any_case()),
        ("Open it where they are appointed to the child", appointed_in_any_case()),
        ("See a part of it, and nothing that people wrote, where they work with the child", masked_in_any_case()),
    ]


def rows_of(held: Held, *, today: date) -> list[SummaryRow]:
    """Return what a restriction in force says."""
    return [
        SummaryRow("Why", [REASONS.get(held.reason, NOT_SAID), held.because]),
        SummaryRow("Who may open it", list(held.named) or ["Nobody is named"]),
        SummaryRow("Since", moment(held.since)),
        SummaryRow("Put on by", held.by),
        SummaryRow("Look at it again by", day_words(held.review_date) if held.review_date else NOT_SAID,
                   note=due_words(held.review_date, today)),
    ]  # fmt: skip


def due_words(review_date: date | None, today: date) -> str:
    """Return how pressing a review is, in words; nothing where it is not."""
    if review_date is None or review_date < today:
        return "Overdue. The restriction holds until somebody takes it off."
    return "Due soon" if due_soon(review_date, today) else ""


def asked_rows(wanted: Wanted) -> list[SummaryRow]:
    """Return what a request for a restriction says."""
    return [
        SummaryRow("Why", [REASONS.get(wanted.reason, wanted.reason), wanted.because]),
        SummaryRow("Who could still open it", list(wanted.named) or ["Nobody is named"]),
        SummaryRow("Look at it again by", day_words(wanted.review_date)),
        SummaryRow("Asked by", f"{wanted.asked_by}, {moment(wanted.asked_at)}"),
    ]


def said_rows(said: dict[str, Any], offered: Sequence[tuple[str, str]]) -> list[SummaryRow]:
    """Return what was filled in, to be checked before it is done."""
    words = dict(offered)
    return [
        SummaryRow("Why", [REASONS[said["reason"]], said["because"]]),
        SummaryRow("Who may still open it", [words[uid] for uid in said["named"] if uid in words] or ["Nobody is named"]),
        SummaryRow("Look at it again by", day_words(said["review_date"])),
    ]  # fmt: skip


def history(held: Sequence[Held]) -> Table:
    """Return the restrictions that are over."""
    columns = [
        Column("From"),
        Column("Until"),
        Column("Why"),
        Column("Put on by"),
        Column("Ended by"),
        Column("Because"),
    ]
    rows = [
        [moment(one.since), moment(one.until), REASONS.get(one.reason, NOT_SAID), one.by, one.ended_by, one.ended_because]
        for one in held
    ]  # fmt: skip
    return Table("Earlier restrictions", columns, rows, empty="This record has not been restricted before.")


def list_of(records: Sequence[Restricted], *, today: date) -> Table:
    """Return the restricted records, the first to be looked at again first."""
    columns = [Column("Record"), Column("Why"), Column("Since", sort="none"), Column("Look again by", sort="ascending"),
               Column("State"), Column("Named", numeric=True, sort="none")]  # fmt: skip
    rows = [
        [Cell(one.name or "Name not known", href=reverse("restriction", args=[one.uid])),
         Cell(REASONS.get(one.held.reason, NOT_SAID)),
         Cell(day_words(day_of(one.held.since)), order=day_of(one.held.since).isoformat()),
         Cell(day_words(one.held.review_date) if one.held.review_date else NOT_SAID,
              order=str(one.held.review_date or "0000")),
         Cell("", tag=_state(one.held.review_date, today)), Cell(len(one.held.named))]
        for one in records
    ]  # fmt: skip
    return Table("Restricted records", columns, rows, empty="No record that you could restrict is restricted.")


def _state(review_date: date | None, today: date) -> Tag:
    if review_date is None or review_date < today:
        return Tag("Overdue", "red")
    return Tag("Due soon", "orange") if due_soon(review_date, today) else Tag("Holds", "grey")


def requests(waiting: Sequence[Wanted]) -> Table:
    """Return the requests that wait for an answer."""
    columns = [Column("Record"), Column("Why"), Column("Asked by"), Column("When"), Column("You can", quiet=True)]
    rows = [
        [Cell(one.name or "Name not known", href=reverse("restriction", args=[one.person])),
         Cell(REASONS.get(one.reason, one.reason)), Cell(one.asked_by), Cell(moment(one.asked_at)),
         Cell("Waits for an answer") if one.own
         else Cell("Answer", reverse("restriction_request", args=[one.uid]), about=f"about {one.name}")]
        for one in waiting
    ]  # fmt: skip
    return Table("Restrictions asked for", columns, rows, empty="Nobody waits for an answer.")


def buttons(uid: str, power: Power, *, held: bool, waiting: bool) -> list[Link]:
    """Return what somebody may do on the page of a restriction."""
    if power is Power.ASKS:
        words = "Ask for a change of the restriction" if held else "Ask for a restriction"
        return [] if waiting else [Link(words, reverse("restriction_put", args=[uid]))]
    if not held:
        return [Link("Restrict this record", reverse("restriction_put", args=[uid]))]
    return [Link("Keep it, or change it", reverse("restriction_put", args=[uid])),
            Link("Take it off", reverse("restriction_end", args=[uid]))]  # fmt: skip
