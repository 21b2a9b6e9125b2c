"""
One duty of the catalogue, as it is read from its file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from kinfold.duties.pattern import FieldTest, Pattern
from kinfold.duties.rule import Amount, Rule


class Commencement(StrEnum):
    """Whether a duty is law, and of what sort."""

    IN_FORCE = "in force"
    NOT_COMMENCED = "enacted, not commenced"
    LOCAL = "local"
    GUIDANCE = "guidance"
    COURT = "court"


class Sureness(StrEnum):
    """How far the wording behind a duty has been read."""

    PRIMARY = "primary text read"
    CONFIRMED = "confirmed by another source"
    CORRECTED = "corrected against a source"
    SECONDARY = "secondary source read"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Requirement:
    """
    One thing that must be so on the trigger day for a duty to apply.

    `when` is open (a spell holds that day), ever (any time up to that day) or never. With `because` a duty that
    fails shows as not applicable, with that reason; without it no clock is shown at all.
    """

    because: str = ""
    pattern: Pattern | None = None
    when: str = "open"
    age_at_least: int | None = None
    age_below: int | None = None
    test: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a duty comes from: the title, and a link to the text where there is a public one."""

    title: str
    href: str = ""


@dataclass(frozen=True)
class Duty:
    """
    One duty. What follows from its fields is worked out once: it is asked for each clock of each child.

    `completion` maps a part's name to the patterns that meet it; the key "" serves every part without its own.
    `conditions` says what the bracketed names of the rule mean, as tests on the trigger fact.
    `counts_from` is trigger, or event when the first interval runs from the first event held.
    `also_from` is an earlier event from which the same limit is counted as well; the earlier date makes it amber.
    `extension` is the fact that lengthens the limit to the `ext` part; `extension_added` when that is added to it.
    """

    id: str
    label: str
    domain: str
    force: str
    commencement: Commencement
    mark: str
    applies_to: str
    who: str
    escalation: tuple[str, ...]
    trigger: tuple[Pattern, ...]
    rule: Rule
    deadline: str
    completion: Mapping[str, tuple[Pattern, ...]]
    source: Source
    since: date | None
    since_note: str
    until: date | None
    calendar: str
    calendar_note: str
    sureness: Sureness
    verified: str
    edge_cases: str
    confidence: str
    requires: tuple[Requirement, ...] = ()
    ends: tuple[Pattern, ...] = ()
    gates: tuple[Pattern, ...] = ()
    approved_by: tuple[str, ...] = ()
    conditions: Mapping[str, tuple[FieldTest, ...]] = field(default_factory=dict)
    open_conditions: Mapping[str, Pattern] = field(default_factory=dict)  # true while such a spell holds
    not_recorded: tuple[str, ...] = ()  # conditions that no field records: never taken to be true
    milestone: tuple[Pattern, ...] = ()
    counts_from: str = "trigger"
    second_from: str = "trigger"
    opens_part: str = ""
    roll: str = ""
    amber: Amount | None = None
    extension: tuple[Pattern, ...] = ()
    extension_added: bool = False
    pauses: tuple[Pattern, ...] = ()
    also_from: tuple[Pattern, ...] = ()
    also_label: str = ""
    also_within: Amount | None = None  # how long before the trigger the earlier event may lie
    also_beginning_with: bool = False
    backwards: bool = False  # the amount is counted back from the trigger
    until_age: int | None = None
    years_from_death: int | None = None  # for someone who died before 18: so many years beginning with that day instead
    after_death: bool = False
    outlives_trigger: bool = False
    gate_stands_alone: bool = False  # the decision is blocked even when nothing on record came before it
    returns_count: str = ""  # how the Department's own checks count, where that differs
    file: str = ""
    line: int = 0

    @cached_property
    def is_gate(self) -> bool:
        """Return whether the duty blocks a decision until it is met."""
        return self.rule.one("gate") is not None

    @cached_property
    def is_reform(self) -> bool:
        """Return whether the duty waits for a commencement date."""
        return self.commencement is Commencement.NOT_COMMENCED

    @cached_property
    def kinds_that_meet(self) -> frozenset[str]:
        """Return the kinds of fact that may meet any part of the duty."""
        return frozenset(pattern.kind for several in self.completion.values() for pattern in several)

    @cached_property
    def runs_from_its_own_event(self) -> bool:
        """Return whether each event that meets the duty is itself the trigger of the next."""
        return {pattern.kind for pattern in self.completions("every")} <= {pattern.kind for pattern in self.trigger}

    def completions(self, part: str) -> tuple[Pattern, ...]:
        """Return the patterns that meet the part called `part`."""
        return self.completion.get(part) or self.completion.get("", ())

    def patterns(self) -> tuple[Pattern, ...]:
        """Return every pattern the duty names, for the check that each names a declared kind."""
        met = tuple(pattern for several in self.completion.values() for pattern in several)
        needed = tuple(need.pattern for need in self.requires if need.pattern is not None)
        needed += tuple(self.open_conditions.values())
        rest = self.ends + self.gates + self.milestone + self.extension + self.pauses + self.also_from
        return self.trigger + met + needed + rest
