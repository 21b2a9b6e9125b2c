"""Putting the family's plan right: a corrected version of the same plan, by who wrote it. What it said before is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from kinfold.access.words import Verb
from kinfold.record.declare import KINDS
from kinfold.service.records.actions import facts
from kinfold.service.records.actions.recording import checked
from kinfold.service.records.reads.family_plan import PlanToCorrect
from kinfold.service.records.reads.papers import thing_of_kind
from kinfold.service.records.reads.person import find_person
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import EditConflict


def correct_plan(reader: Reader, found: PlanToCorrect, *, values: Mapping[str, Any], day: date, made_from: str) -> None:
    """
    Write the family's plan as its author puts it right; `made_from` is the mark of the version it was made from.

    The reader must be able to write about every child of the family. Raises EditConflict where somebody was first.
    """
    kind = KINDS["family_plan"]
    for child in found.family.children:
        thing = thing_of_kind(reader.thing(find_person(child.uid)), kind, kind.label_default)
        reader.insist(Verb.WRITE, thing, action="correct family_plan")
    kept = {name: value for name, value in found.plan.version.version.payload.items() if name not in found.asked}
    said = checked(kind, {**kept, **values}, valid_from=day, valid_to=None, changed=frozenset(values))
    if made_from != found.mark:
        raise EditConflict("Somebody else changed the plan first. Look at what it says now, and put it right again.")
    with as_system():
        facts.correct_fact(
            word="plan", fact=str(found.plan.fact), made_from=found.plan.version.version.id, values=said, by=str(reader.account.uid),
            because="the family's plan put right", valid_from=day, valid_to=found.plan.until,
        )  # fmt: skip
