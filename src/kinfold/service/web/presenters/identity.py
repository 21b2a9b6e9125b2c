"""Pairs of records, as tables and as one drawing of the reasons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from kinfold.identity.score import Contribution
from kinfold.record.doors import door_label
from kinfold.service.records.reads.identity import Queue, Side, SideBySide, Waiting
from kinfold.service.web.components import Cell, Column, Table, Tag
from kinfold.service.web.drawings.bars import Amount, BarChart
from kinfold.service.web.drawings.words import day_words
from kinfold.terms.codes import code_set

DECIDED = {
    "same": "Joined as the same person. Nothing was moved: you can undo it.",
    "apart": "Marked as two people. They are never put together again, unless you undo it.",
    "unsure": "Put aside as not to be told yet. It is kept in the list.",
}
DECISION_TAGS = {
    "same": ("Same person", "green"),
    "apart": ("Two people", "blue"),
    "unsure": ("Not to be told yet", "grey"),
}
POINTS = {
    "given": "Given name", "family": "Family name", "middle": "Middle name", "born": "Date of birth", "place": "Postcode",
    "sex": "Sex", "nhs": "NHS number", "address": "House and street", "pattern": "All of it together", "names": "Both names together",
}  # fmt: skip
_NUMBERS = {
    "la_child_id": "Council’s number",
    "nhs_number": "NHS number",
    "upn": "Pupil number",
    "former_upn": "Former pupil number",
}
# A reason that weighs less than this says nothing either way and is left out of the drawing.
LEAST_DRAWN = 0.25


def after(uid: str, before: str, *, keys: bool = False) -> str:
    """Return the address of a pair that remembers the one decided before it, if one was, to undo."""
    return address(uid, keys=keys, **({"after": before} if before else {}))


def address(uid: str, *, keys: bool = False, **more: str) -> str:
    """Return the address of a pair; with `keys` a single key decides there."""
    asked = more | ({"keys": "1"} if keys else {})
    return f"{reverse('pair', args=[uid])}{'?' if asked else ''}{urlencode(asked)}"


def list_address(before: str, *, keys: bool = False) -> str:
    """Return the address of the list after the last pair, which remembers the one decided, to undo."""
    asked = ({"after": before} if before else {}) | ({"keys": "1"} if keys else {})
    return f"{reverse('pairs')}{'?' if asked else ''}{urlencode(asked)}"


def queue_page(found: Queue, *, undo: str = "", keys: bool = False) -> dict[str, Any]:
    """Return the values of the list. `undo` is the pair decided before it."""
    return {
        "waiting": _waiting(found.waiting),
        "aside": _decided("Put aside: cannot be told yet", found.aside) if found.aside else None,
        "decided": _decided("Decided lately", found.decided),
        "more": found.more,
        "first": found.first,
        "undo": undo if _is_uid(undo) else "",
        "keys": keys,
    }


def _waiting(rows: Sequence[Waiting]) -> Table:
    columns = [Column("Two records"), Column("Born"), Column("How likely one person", numeric=True), Column("Why")]
    lines = [
        [Cell(_both(row), href=reverse("pair", args=[row.uid])), Cell(_births(row)),
         Cell(_share(row.probability), order=f"{row.probability:.6f}"), Cell(row.why)]
        for row in rows
    ]  # fmt: skip
    empty = "No two records wait for you. When files have come in, look for pairs again."
    return Table("Waiting for a decision, the likeliest first", columns, lines, empty=empty)


def _decided(title: str, rows: Sequence[Waiting]) -> Table:
    columns = [Column("Two records"), Column("Decision"), Column("By"), Column("When")]
    lines = [
        [Cell(_both(row), href=reverse("pair", args=[row.uid])), Cell("", tag=Tag(*DECISION_TAGS[row.decision])), Cell(row.by),
         Cell(day_words(row.decided_at.date()) if row.decided_at else "")]
        for row in rows
    ]  # fmt: skip
    return Table(title, columns, lines, empty="Nothing has been decided yet.")


def _both(row: Waiting) -> str:
    return f"{row.names[0]} and {row.names[1]}"


def _births(row: Waiting) -> str:
    words = [day_words(born) if born else "not known" for born in row.born]
    return words[0] if words[0] == words[1] else " and ".join(words)


def _share(probability: float) -> str:
    return "over 99%" if probability > 0.99 else f"{probability:.0%}"


def pair_page(found: SideBySide, *, undo: str = "", keys: bool = False) -> dict[str, Any]:
    """Return the values of one pair side by side. `undo` is the pair decided before it; `keys` lets one key decide."""
    return {
        "keys": keys,
        "switch": address(found.uid, keys=not keys, **({"after": undo} if _is_uid(undo) else {})),
        "uid": found.uid,
        "compared": _compared(found.sides),
        "sides": [
            {
                "href": reverse("child", args=[side.uid]),
                "register": reverse("register", args=[side.uid]),
                "name": _first(side.names),
            }
            for side in found.sides
        ],
        "likely": _share(found.probability),
        "sentence": found.sentence,
        "chart": _chart(found.reasons),
        "decision": Tag(*DECISION_TAGS[found.decision]) if found.decision in DECISION_TAGS else None,
        "waiting": found.waiting,
        "next_uid": found.next_uid,
        "undo": undo if _is_uid(undo) else "",
    }


def _is_uid(text: str) -> bool:
    return len(text) == 36 and set(text) <= set("0123456789abcdef-")


def _first(texts: Sequence[str]) -> str:
    return texts[0] if texts else "Name not known"


def _compared(sides: tuple[Side, Side]) -> Table:
    """Return the two records as a table: each point that either has, a record in each column, a mark where they differ."""
    points = zip(_points(sides[0]), _points(sides[1]), strict=True)
    lines = [
        [Cell(label), Cell(one or "not known"), Cell(two or "not known"), _mark(one, two)]
        for (label, one), (_, two) in points
        if one or two
    ]
    told = zip(_told(sides[0]), _told(sides[1]), strict=True)
    lines += [[Cell(label), Cell(one), Cell(two), Cell("")] for (label, one), (_, two) in told]
    columns = [Column("Point"), Column("First record"), Column("Second record"), Column("Same or not")]
    return Table("The two records side by side", columns, lines, quiet_caption=True)


def _mark(one: str, two: str) -> Cell:
    if not one or not two:
        return Cell("one record alone")
    return Cell("", tag=Tag("Same", "green")) if one == two else Cell("", tag=Tag("Differs", "orange"))


def _told(side: Side) -> list[tuple[str, str]]:
    """Return what is said of a record itself, which no two need have alike."""
    return [
        ("Known from", ", ".join(door_label(door) for door in sorted(side.doors))),
        ("Facts held", f"{side.facts}"),
        ("Latest of them", day_words(side.latest) if side.latest else "no day"),
    ]


def _points(side: Side) -> list[tuple[str, str]]:
    numbers: dict[str, list[str]] = {}
    for sort, value in side.numbers:
        numbers.setdefault(sort, []).append(value)
    return [
        ("Name", _first(side.names) if side.names else ""),
        ("Other names", ", ".join(side.names[1:])),
        ("Born", day_words(side.born) if side.born else ""),
        ("Died", day_words(side.died) if side.died else ""),
        ("Sex", _label("sex", side.sex)),
        ("Ethnicity", _label("ethnicity", side.ethnicity)),
        ("Postcodes", ", ".join(side.homes)),
        *[(label, ", ".join(numbers.get(sort, []))) for sort, label in _NUMBERS.items()],
    ]


def _label(name: str, code: str) -> str:
    return code_set(name).label(code) if code else ""


def _chart(reasons: Sequence[Contribution]) -> BarChart | None:
    said = [one for one in reasons if one.level != "missing" and abs(one.weight) >= LEAST_DRAWN]
    if not said:
        return None
    amounts = [Amount(POINTS.get(one.comparison, one.comparison), round(one.weight, 1)) for one in said]
    return BarChart("What speaks for one person (to the right) and against", amounts, decimals=1, what="Point")
