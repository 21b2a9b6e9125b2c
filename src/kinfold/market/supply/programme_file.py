"""The capital programme as a file: one row a project; what a row says of one that is new, and of one that is known already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kinfold.market.cases.project import AGREED_AT_GRANT, KINDS, MILESTONES, SECTORS, Working
from kinfold.market.supply.sheet import Field

FIELDS = (
    Field("project", "Reference", needed=True, about="The same in every file: a project is known by it."),
    Field("name", "Home or project", needed=True),
    Field("council", "Council", "council", needed=True),
    Field("provider", "Provider"), Field("sector", "Sector", "one", choices=SECTORS), Field("round", "Round"),
    Field("urn", "Number (URN)", "urn", about="Once it is registered."),
    Field("grant", "Grant", "pounds", needed=True), Field("match", "Match funding", "pounds"), Field("cost", "Whole cost", "pounds"),
    *(Field(f"places_{kind}", f"Places: {label}", "number") for kind, label in KINDS.items()),
    *(
        Field(f"{name}_{when}", f"{label}: {when}", "day")
        for name, label in MILESTONES.items() for when in ("planned", "expected", "actual")
    ),
)  # fmt: skip
_PLAIN = ("council", "provider", "sector", "round", "urn", "grant", "match", "cost")


def facts_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a row says of a project's facts, as its first line keeps them."""
    places = {kind: row[f"places_{kind}"] for kind in KINDS if row.get(f"places_{kind}")}
    planned = {name: row[f"{name}_planned"] for name in MILESTONES if row.get(f"{name}_planned")}
    return {name: row[name] for name in _PLAIN if row.get(name) is not None} | {"places": places, "planned": planned}


def lines_of(row: Mapping[str, Any], working: Working | None) -> list[tuple[str, dict[str, Any]]]:
    """
    Return the lines that a row adds to a project (`working`, None for a new one), as sort and what it says.

    Only what differs from what is held: the same file again adds nothing. A cell left empty says nothing.
    """
    found: list[tuple[str, dict[str, Any]]] = []
    if working is not None and (changed := _changed(row, working)):
        found.append(("change", changed))
    done, expected = (working.done, working.expected) if working else ({}, {})
    for name in MILESTONES:
        actual, told = row.get(f"{name}_actual"), row.get(f"{name}_expected")
        if actual:
            if name not in done or done[name].isoformat() != actual:
                found.append(("progress", {"milestone": name, "done_on": actual}))
        elif told and name not in done and (name not in expected or expected[name].isoformat() != told):
            found.append(("progress", {"milestone": name, "expected_on": told}))
    return found


def _changed(row: Mapping[str, Any], working: Working) -> dict[str, Any]:
    told = {name: value for name, value in facts_of(row).items() if value not in (None, {})}
    if "planned" in told:  # days that the file leaves out stay as they were agreed
        told["planned"] = {**working.said.get("planned", {}), **told["planned"]}
    return {name: value for name, value in told.items() if value != working.said.get(name)}


def row_of(working: Working) -> dict[str, Any]:
    """Return a project as a row of the file, amounts in pounds, so that what is exported can be filled in and taken in again."""
    said = working.said
    row: dict[str, Any] = {"project": working.opened.said["project"], "name": working.opened.said["name"]}
    row |= {name: said.get(name) for name in _PLAIN}
    row |= {
        name: said[name] / 100
        for name in AGREED_AT_GRANT
        if name in ("grant", "match", "cost") and said.get(name) is not None
    }
    row |= {f"places_{kind}": count for kind, count in working.places.items()}
    for name in MILESTONES:
        row[f"{name}_planned"] = said["planned"].get(name)
        row[f"{name}_expected"] = working.expected[name].isoformat() if name in working.expected else None
        row[f"{name}_actual"] = working.done[name].isoformat() if name in working.done else None
    return row
