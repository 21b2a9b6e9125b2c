"""
What every case of the regulator has, whatever it is about: how its lines are taken one after another, evidence, two officers.

A sort of case says which lines it takes and what each does (`Course`); beginning, refusing what may not stand, and the rule that
nobody agrees to their own proposal are here, once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from kinfold.market.cases.journal import (
    AGREED,
    DECLINED,
    EVIDENCE,
    OPENED,
    PROPOSAL,
    Line,
    Waiting,
    answered,
    check_cited,
    check_evidence,
    needed,
)
from kinfold.terms.errors import InputError


@dataclass(slots=True, kw_only=True)
class CaseSoFar(ABC):
    """What a journal has made of a case up to a line; `second_officer` is the proposal that waits for one, None where none does."""

    opened: Line
    second_officer: Waiting | None = None
    journal: list[Line] = field(default_factory=list)

    @property
    @abstractmethod
    def state(self) -> str:
        """Return the state the case is in."""


Made = TypeVar("Made", bound=CaseSoFar)


@dataclass(frozen=True, slots=True)
class Course(Generic[Made]):
    """
    How a sort of case takes its lines: what each sort of line does, and what a second officer's answer does.

    `name` is what the case is, as a refusal says it; `closed` is said where it is closed, when only `still_taken` may be added.
    `propose` checks a proposal, `agree` lets happen what was agreed to (the proposal's line and the second officer's).
    `after` is done after every line.
    """

    name: str
    closed: str
    takes: Mapping[str, Callable[[Made, Line], None]]
    propose: Callable[[Made, Line], None]
    agree: Callable[[Made, Line, Line], None]
    still_taken: frozenset[str] = frozenset()
    after: Callable[[Made], None] | None = None

    def worked(self, made: Made, journal: Sequence[Line]) -> Made:
        """Return a case that has begun (`beginning`) with every later line taken. Raises InputError at one that may not stand."""
        made.journal.append(made.opened)
        for line in journal[1:]:
            self.take(made, line)
        return made

    def take(self, made: Made, line: Line) -> None:
        """Let one more line happen to a case. Raises InputError, saying why, where it may not."""
        step = self.takes.get(line.sort) or self._of_every_case(line.sort)
        if step is None:
            raise InputError(f"{self.name} has no line of the sort {line.sort}.")
        if made.state == "closed" and line.sort not in self.still_taken:
            raise InputError(self.closed)
        step(made, line)
        made.journal.append(line)
        if self.after is not None:
            self.after(made)

    def _of_every_case(self, sort: str) -> Callable[[Made, Line], None] | None:
        steps: Mapping[str, Callable[[Made, Line], None]] = {
            EVIDENCE: _evidence, PROPOSAL: self._proposed, AGREED: self._answered, DECLINED: self._answered,
        }  # fmt: skip
        return steps.get(sort)

    def _proposed(self, made: Made, line: Line) -> None:
        if made.second_officer is not None:
            raise InputError(f"A proposal waits already for a second officer: {made.second_officer.to}.")
        if not line.reasons:
            raise InputError("Write the reasons: the second officer, and whom it concerns, will read them.")
        self.propose(made, line)
        check_cited(made.journal, line.said.get("evidence", []))
        made.second_officer = Waiting(line)

    def _answered(self, made: Made, line: Line) -> None:
        proposal = answered(made.second_officer, line)
        made.second_officer = None
        if line.sort == AGREED:
            self.agree(made, proposal, line)


def _evidence(made: CaseSoFar, line: Line) -> None:
    check_evidence(line)


def beginning(journal: Sequence[Line], *names: str, begins_with: str) -> Line:
    """Return the line that a case begins with, which says these things. Raises InputError where it is not there or silent."""
    if not journal or journal[0].sort != OPENED:
        raise InputError(f"A case begins with {begins_with}.")
    needed(journal[0], *names)
    return journal[0]
