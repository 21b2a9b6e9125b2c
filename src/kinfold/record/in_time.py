"""
Facts in time: which version of a fact was held true when, and on which days a fact itself held.

Two times, never mixed. *Known*: a version is held from commit `known_from` up to, not including, commit
`known_to`; commits are counted by one counter a holder, so yesterday's answer never changes. *Valid*: a
fact holds from `valid_from` up to, not including, `valid_to`. A spell that begins and ends on one day
counts among those that began and ended, and in no count at a date.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from kinfold.record.declare import Word, kind

VOID = "void"
_MOMENTARY = frozenset({Word.EVENT, Word.PAPER})


@dataclass(frozen=True, slots=True, kw_only=True)
class FactVersion:
    """
    One version of one fact, as the store holds it. Nothing of it is ever changed but `known_to`, once.

    `fact` is the fact's random public identifier, the same on all its versions; `id` is the version's own.
    `status` is draft, submitted, returned, final or void; `label` is access's. `source` names the door,
    or is `kinfold` for what was typed in. `place` is where in the load it stood: file, table and row.
    """

    id: int
    fact: UUID
    subject: int
    kind: str
    kind_version: int = 1
    party: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    ref: str | None = None
    known_from: int = 0
    known_to: int | None = None
    source: str = "kinfold"
    label: str = "open"
    status: str = "final"
    supersedes: int | None = None
    source_extracted_at: datetime | None = None
    source_recorded_at: datetime | None = None
    held_by: int = 0
    recorded_by: int | None = None
    load: int | None = None
    place: Any = None


class Dated(Protocol):
    """A fact, or a claim of one, as far as what it says and when it held."""

    @property
    def kind(self) -> str: ...
    @property
    def valid_from(self) -> date | None: ...
    @property
    def valid_to(self) -> date | None: ...
    @property
    def payload(self) -> Mapping[str, Any]: ...


class Stated(Dated, Protocol):
    """What combining reads of one version of a fact; `FactVersion` has it."""

    @property
    def id(self) -> int: ...
    @property
    def held_by(self) -> int: ...
    @property
    def subject(self) -> int: ...
    @property
    def kind_version(self) -> int: ...
    @property
    def label(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def party(self) -> int | None: ...
    @property
    def ref(self) -> str | None: ...


def as_known_at(versions: Iterable[FactVersion], commit_number: int, *, with_void: bool = False) -> list[FactVersion]:
    """
    Return the versions held true once the commit `commit_number` was made, one a fact, in order of `id`.

    Later commits cannot change the answer: they only add versions and close older ones at their own number.
    A void version says that the fact is not held true, so it is left out unless `with_void`.
    """
    held = [
        version
        for version in versions
        if version.known_from <= commit_number and (version.known_to is None or version.known_to > commit_number)
    ]
    return _told(held, with_void=with_void)


def current(versions: Iterable[FactVersion], *, with_void: bool = False) -> list[FactVersion]:
    """Return the versions held true now, one a fact, in order of `id`; void ones only if `with_void`."""
    return _told([version for version in versions if version.known_to is None], with_void=with_void)


def _told(versions: list[FactVersion], *, with_void: bool) -> list[FactVersion]:
    return sorted((v for v in versions if with_void or v.status != VOID), key=lambda v: v.id)


def holds_on(version: FactVersion, day: date) -> bool:
    """
    Return whether a fact held on `day`.

    Events and papers hold on their own day. Everything else holds from its first day up to, not including,
    its end; with no first day we have not been told when it began, and it is taken to have begun.
    """
    if kind(version.kind).word in _MOMENTARY:
        return version.valid_from == day
    begun = version.valid_from is None or version.valid_from <= day
    return begun and (version.valid_to is None or version.valid_to > day)


def open_on(versions: Iterable[FactVersion], day: date) -> list[FactVersion]:
    """Return the versions whose fact held on `day`, in the order given. Hand in `current` or `as_known_at`."""
    return [version for version in versions if holds_on(version, day)]


def says_it_is_open(version: Stated) -> bool:
    """
    Return whether an empty end means that the fact goes on.

    The census, for one, has no field for the end of a section 47 enquiry: its silence is not a statement.
    """
    return version.valid_to is None and version.source not in silent_doors(version.kind)


def silent_doors(kind_name: str) -> tuple[str, ...]:
    """Return the doors that have no field for the end of a kind: they never say that it goes on."""
    return tuple(door for door, (_, end) in kind(kind_name).dates.items() if end is None)
