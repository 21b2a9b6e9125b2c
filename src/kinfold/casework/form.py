"""
What a form is: questions about declared kinds, as data.

A form holds no rule of its own. Its questions are fields of declared kinds in plain English; its `writes` say which
facts are made of the answers. The files are in `forms/`, one a stage of the work (form_file.py reads them).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from kinfold.record.declare import KINDS, Field, Kind, Word
from kinfold.terms.codes import CodeSet, code_set
from kinfold.terms.errors import StructureBroken

# More than this that is not already known makes a form long (the requirement for every form).
MOST_QUESTIONS = 7

# The order in which a line of a list with parts is read, by the field that holds the list.
PARTS_OF: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "goals": ("words", "how_known"),
        "actions": ("what", "who", "by"),
        "needs": ("domain", "level"),
    }
)

Raw = Mapping[str, Sequence[str]]  # what was typed or ticked, by question: a day is three parts


def in_order(field_name: str, part: Mapping[str, Any]) -> list[str]:
    """
    Return the parts of one line of a list in the order in which they are written; others follow.

    A database need not keep the order of an object's names: PostgreSQL does not.
    """
    first = [name for name in PARTS_OF.get(field_name, ()) if name in part]
    return [str(part[name]) for name in (*first, *sorted(set(part) - set(first))) if part[name] not in (None, "")]


class Shape(StrEnum):
    """How a question is answered."""

    DAY = "day"  # three parts: day, month, year
    MOMENT = "moment"  # a day and an hour in England, such as 2026-03-04T14:05
    YES_NO = "yes or no"  # "yes" or "no"
    ONE = "one"  # one of the options
    MANY = "many"  # any of the options
    NUMBER = "number"
    MONEY = "money"  # pounds and pence, kept as pence
    SHORT = "short"  # one line
    LONG = "long"  # several lines
    LINES = "lines"  # a list, one on a line
    PARTS = "parts"  # a list with parts, one on a line
    WHO = "who"  # somebody of the record, by public id
    WHICH = "which"  # which of several facts under way, by public id


class How(StrEnum):
    """What a form does to the record."""

    NEW = "new"  # a new fact
    CHANGE = "change"  # more about a fact on record
    END = "end"  # the last day, and why, of something that lasts


class Each(StrEnum):
    """Which answers each child of a family gives for themselves when one form is about several of them."""

    SHARED = ""  # one answer for all
    OWN = "own"  # asked of each, with nothing in it
    SAME = "same"  # asked of each, with the first child's answer in it


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds when a question's answer is one of `values`."""

    question: str
    values: frozenset[str]

    def holds(self, raw: Raw) -> bool:
        """Return whether the answers given so far meet it."""
        return bool(self.values & set(raw.get(self.question, ())))


@dataclass(frozen=True, slots=True)
class Writes:
    """
    One fact that a form makes, changes or ends; `set` are values that the form itself says.

    With `unless_open` a new spell is not begun where one of its kind goes on already.
    """

    kind: str
    how: How = How.NEW
    set: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    when: Condition | None = None
    unless_open: bool = False

    @property
    def declared(self) -> Kind:
        """Return the declared kind."""
        return KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class Question:
    """
    One question. `targets` are the (kind, field) pairs that the answer fills.

    `known` says where the record has the answer already: "today", "me", or "kind.field" of the fact under way.
    """

    name: str
    ask: str
    shape: Shape
    targets: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    required: bool = False
    required_when: Condition | None = None
    known: str = ""
    codes: str = ""
    options: tuple[tuple[str, str], ...] = ()
    longest: int | None = None
    past: bool = False  # a day that cannot be in the future
    people: str = ""  # for WHO: family, worker, setting, hub, organisation, team or child protection team
    each: Each = Each.SHARED

    @property
    def code_set(self) -> CodeSet | None:
        """Return the dated list that the answer is chosen from, if there is one."""
        return code_set(self.codes) if self.codes else None


@dataclass(frozen=True, slots=True)
class Approval:
    """That somebody else must agree first: which decision of roles.toml it is, and the approval that is recorded."""

    decision: str
    regulation: str


@dataclass(frozen=True, slots=True)
class Most:
    """
    The most that a number may come to, with what is on record already, and why: a bursary is 2,000 pounds in all.

    It counts the form's first kind, where the question of `when` was answered the same.
    """

    question: str
    total: int
    when: Condition
    because: str


@dataclass(frozen=True, slots=True)
class Form:
    """
    One form. `stage` groups it; `next` are the forms it leads to; `about` is child or adult.

    With `together` it may be filled once for several children of a family. With `family` its first fact is kept once
    for the family as a whole, and what the children say with each of them. `ends_first` are kinds that must have ended
    before: a case is not closed over a child protection plan.
    """

    name: str
    title: str
    stage: str
    why: str
    writes: tuple[Writes, ...]
    questions: tuple[Question, ...]
    next: tuple[str, ...] = ()
    approval: Approval | None = None
    decides: bool = False
    about: str = "child"
    source: str = ""
    together: bool = False
    family: bool = False
    ends_first: tuple[str, ...] = ()
    most: tuple[Most, ...] = ()

    @property
    def kinds(self) -> frozenset[str]:
        """Return every kind that the form can write."""
        return frozenset(one.kind for one in self.writes)

    @property
    def not_known(self) -> tuple[Question, ...]:
        """Return the questions that the record cannot answer."""
        return tuple(one for one in self.questions if not one.known and one.shape is not Shape.WHICH)

    def question(self, name: str) -> Question:
        """Return a question by name. Raises StructureBroken when the form asks no such thing."""
        for one in self.questions:
            if one.name == name:
                return one
        raise StructureBroken(f"The form {self.name} asks no question called {name}")

    def main(self) -> Writes:
        """Return the first thing that the form writes: what it is about."""
        return self.writes[0]


def shape_of(spec: Field, kind: Kind) -> Shape:
    """Return how a declared field is asked."""
    if spec.type == "text" and spec.codes:
        return Shape.ONE
    if spec.type == "text" and spec.choices:
        return Shape.ONE
    match spec.type:
        case "codes":
            return Shape.MANY if spec.codes or spec.choices else Shape.LINES
        case "parts":
            return Shape.LONG if kind.word is Word.PAPER else Shape.PARTS
        case "date":
            return Shape.DAY
        case "moment":
            return Shape.MOMENT
        case "yes or no":
            return Shape.YES_NO
        case "whole number" | "number":
            return Shape.MONEY if (spec.unit or "").startswith("pence") else Shape.NUMBER
    return Shape.LONG if spec.sensitivity.value in ("narrative", "legal") else Shape.SHORT
