"""
The shapes that a declaration is made of: the seven words, sensitivity, end dates, fields and kinds.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

Payload = dict[str, Any]
Upcast = Callable[[Payload], Payload]


class Word(StrEnum):
    """The seven words. Every fact is one of them."""

    PERSON = "person"
    TIE = "tie"
    BODY = "body"
    SPELL = "spell"
    EVENT = "event"
    PLAN = "plan"
    PAPER = "paper"


class Sensitivity(StrEnum):
    """Who may read a field, before labels subtract: `access/` reads this."""

    HEADLINE = "headline"  # that it exists, when, which kind: a partner agency in scope may read it
    ORDINARY = "ordinary"  # the practitioners of the case
    NARRATIVE = "narrative"  # free text about a person: never in lists, exports of facts, or logs
    ADDRESS = "address"  # where somebody lives: masked when concealed
    LEGAL = "legal"  # legal advice: lawyers and those who instruct them
    HEALTH = "health"  # health partners and the practitioners of the case
    IDENTIFIER = "identifier"  # a number or name by which a person is known


class EndDate(StrEnum):
    """What a source means by an end date. Inside Kinfold it is always the first day after."""

    FIRST_DAY_AFTER = "first day after"
    LAST_DAY = "last day"

    def to_half_open(self, day: date | None) -> date | None:
        """Return the first day on which the period no longer held."""
        if day is None or self is EndDate.FIRST_DAY_AFTER:
            return day
        return day + timedelta(days=1)

    def from_half_open(self, day: date | None) -> date | None:
        """Return the day as the source writes it; the inverse of `to_half_open`."""
        if day is None or self is EndDate.FIRST_DAY_AFTER:
            return day
        return day - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Field:
    """One declared field of a kind."""

    name: str
    type: str  # text, whole number, number, yes or no, date, moment, codes (a list of codes), parts (a list of tables)
    meaning: str
    codes: str | None = None  # a dated code set of `terms`: unknown codes are kept as reported, with a finding
    choices: tuple[str, ...] = ()  # our own short closed list, where no source has a code set: others are refused
    unit: str | None = None
    required: bool = False
    sensitivity: Sensitivity = Sensitivity.ORDINARY
    names: Mapping[str, str] = dataclasses.field(default_factory=dict)
    longest: int | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One declared kind: what it means, where it comes from and what its payload holds."""

    name: str
    word: Word
    label: str
    plural: str
    meaning: str
    source: str
    family: str
    fields: Mapping[str, Field]
    cls: type
    version: int = 1
    changes: str = ""
    upcasts: Mapping[int, Upcast] = dataclasses.field(default_factory=dict)
    parent: str | None = None
    subject: str = "person"  # person, group or body
    party: str | None = None  # what the envelope's `party` is for this kind
    ref: str | None = None  # what the envelope's `ref` is for this kind: a field's name
    inverse: str | None = None  # a tie's label as read from its party's side ("child of" for "mother of")
    dates: Mapping[str, tuple[str | None, str | None]] = dataclasses.field(default_factory=dict)
    # ^ door: the source's names for the first day and for the end (None: the source has no such field)
    ends: Mapping[str, EndDate] = dataclasses.field(default_factory=dict)
    same_when: tuple[str, ...] = ("valid_from",)  # facts of two doors are one when these agree
    tiles: bool = False  # spells of this kind are expected to follow one another without gap or overlap
    one_open: bool = False  # at most one open at a time is expected
    label_default: str = "open"
