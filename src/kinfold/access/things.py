"""
The values that the rule of access takes and gives back.

Nothing here reads a table. The service fills an `Actor` once a request and a `Thing` for whatever is
opened; `policy.may` answers with a `Decision`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from kinfold.access.words import Installation, Label, Mark, Mask, ReachSort, Sort, Verb
from kinfold.record.declare import Sensitivity
from kinfold.terms.errors import InputError

LONDON = ZoneInfo("Europe/London")


def day_of(now: datetime) -> date:
    """Return the day in England on which `now` falls. Raises InputError if `now` names no time zone."""
    if now.tzinfo is None:
        raise InputError("The moment must say its time zone, such as 2026-03-04T09:00:00+00:00")
    return now.astimezone(LONDON).date()


@dataclass(frozen=True, slots=True)
class Reach:
    """
    One row of the reach table: `actor` may reach `person` of `holder` from `since` until `until`.

    `person` None is everybody whom the holder keeps a record of. The period is half-open; `until` None is open.
    `because` finishes the sentence "You can open this because".
    """

    holder: int
    actor: int
    person: int | None
    sort: ReachSort
    since: date
    until: date | None
    because: str

    def holds_on(self, day: date) -> bool:
        """Return whether the row is in force on `day`."""
        return self.since <= day and (self.until is None or day < self.until)


class GrantSort(StrEnum):
    """What a grant gives."""

    ACCESS = "access"  # named people, for a time and a reason
    BREAK_GLASS = "break_glass"  # one person, a few hours, told to others at once
    DELEGATION = "delegation"  # one role's decision, lent and recorded
    SECOND_PERSON = "second_person"  # another person's agreement to an act that needs two
    IMPACT_ASSESSMENT = "impact_assessment"  # a data protection impact assessment covers the work


@dataclass(frozen=True, slots=True)
class Grant:
    """
    Something given for a time and a reason. Half-open: it is spent at `until`.

    `persons` None is every person of the holder. `labels` are those it opens: only `restricted` can be.
    `subject` is the decision (delegation), the verb (second person) or the reason's code (break-glass).
    """

    sort: GrantSort
    holder: int
    actor: int
    persons: frozenset[int] | None
    since: datetime
    until: datetime
    granted_by: int
    reason: str
    labels: frozenset[Label] = frozenset()
    subject: str = ""

    def holds_at(self, now: datetime) -> bool:
        """Return whether the grant is in force: begun, not spent, with a reason, and not given to oneself."""
        to_oneself = self.granted_by == self.actor and self.sort is not GrantSort.BREAK_GLASS
        return self.since <= now < self.until and bool(self.reason.strip()) and not to_oneself

    def covers(self, person: int | None) -> bool:
        """Return whether the grant speaks of `person`."""
        return self.persons is None or person in self.persons


ReachMap = Mapping[tuple[int, int | None], Sequence[Reach]]
ReachLookup = Callable[[int, int | None], Iterable[Reach]]


def reach_map(rows: Iterable[Reach]) -> ReachMap:
    """Return reach rows keyed by (holder, person); a row for the whole council is under (holder, None)."""
    found: dict[tuple[int, int | None], list[Reach]] = {}
    for row in rows:
        found.setdefault((row.holder, row.person), []).append(row)
    return found


@dataclass(frozen=True)
class Actor:
    """
    Whoever asks: a signed-in person, or an organisation's token.

    `person` is the actor's own record if Kinfold holds one. `holders` are the councils or bodies whose
    data they may ask about. `reach` is a mapping from `reach_map`, or a function of holder and person.
    `family` are persons tied to them. `reason` is what they said when asked why. `organisation` is their
    employer's number.
    """

    id: int
    roles: frozenset[str]
    holders: frozenset[int]
    person: int | None = None
    organisation: int | None = None
    reach: ReachMap | ReachLookup = field(default_factory=dict)
    grants: tuple[Grant, ...] = ()
    family: frozenset[int] = frozenset()
    installation: Installation = Installation.COUNCIL
    reason: str = ""

    def reach_rows(self, holder: int, person: int | None) -> list[Reach]:
        """Return the rows about `person` and those about everybody of `holder`, in force or not."""
        keys = [(holder, None)] if person is None else [(holder, person), (holder, None)]
        if isinstance(self.reach, Mapping):
            found = [row for key in keys for row in self.reach.get(key, ())]
        else:
            found = [row for key in keys for row in self.reach(*key)]
        return [row for row in found if row.actor == self.id]


@dataclass(frozen=True)
class Thing:
    """
    Whatever is asked about.

    `labels` are today's labels of the thing and of the person it is about, together. `named` are the
    actors on the named list; `address_named` those to whom a protected address may be shown;
    `concealed_from` the persons from whom it is kept. `family` are persons tied to the one it is about.
    `written_by` is the actor whose work it is. `slice` is the part of the work it belongs to, a name from
    slices.toml. `name` is which decision, export or route. `ask` is who can say more about a restricted
    record. `beneficiary` is the actor who would gain by it.
    """

    sort: Sort
    held_by: int | None
    person: int | None = None
    labels: frozenset[Label] = frozenset()
    slice: str = "casework"
    sensitivity: Sensitivity | None = None
    family: frozenset[int] = frozenset()
    named: frozenset[int] = frozenset()
    address_named: frozenset[int] = frozenset()
    concealed_from: frozenset[int] = frozenset()
    written_by: int | None = None
    organisation: int | None = None
    name: str = ""
    ask: str = ""
    marks: frozenset[Mark] = frozenset()
    beneficiary: int | None = None
    on_behalf_of: str = ""


# Rules whose reason would itself tell that a record exists, so the page says no more than for one that does not.
REVEALING = frozenset(
    {"restricted", "sealed", "lado_vault", "void_wrong_person", "privileged", "police_marked", "other_holder"}
)


@dataclass(frozen=True, slots=True)
class Decision:
    """
    The answer. `because` is a sentence to the actor, kept in the audit; `rule` its stable name.

    `masks` is what stays hidden of a thing that may be opened. `role` is the role that opened it.
    """

    allowed: bool
    because: str
    rule: str
    masks: frozenset[Mask] = frozenset()
    role: str = ""

    def __bool__(self) -> bool:
        """Return whether it is allowed."""
        return self.allowed

    @property
    def shown(self) -> str:
        """Return what may be said on the page: nothing that would reveal a record the actor may not know of."""
        return "There is nothing here that you can open." if self.rule in REVEALING else self.because


@dataclass(frozen=True)
class Question:
    """One question as one role of the actor puts it, with what is in force at `now` already picked out."""

    actor: Actor
    verb: Verb
    thing: Thing
    now: datetime
    reach: tuple[Reach, ...]
    grants: tuple[Grant, ...]

    @property
    def reach_sorts(self) -> frozenset[ReachSort]:
        """Return the sorts of reach by which the person is reached."""
        return frozenset(row.sort for row in self.reach)
