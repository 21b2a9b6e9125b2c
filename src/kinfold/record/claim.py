"""
What a door hands to the record: deliveries, and in them claims about one person or body at a time.

A door reads files and says nothing of databases. A `Delivery` is one recognised set of files with the
scope it speaks for; it yields `SubjectRecord`s, each with everything the files say of one child (or
worker, or setting), the rows it could not use, and where each claim came from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made_of
from datetime import date, datetime
from typing import Any, NamedTuple


class Key(NamedTuple):
    """
    Who or what a claim is about, as the source names it.

    `sort` is child, person, worker, setting, body or group; `value` the source's own number for it.
    """

    sort: str
    value: str


class KnownSpell(NamedTuple):
    """A spell that the same door stated before: what a claim that begins in the middle may go on with."""

    kind: str
    valid_from: date | None
    valid_to: date | None
    payload: Mapping[str, Any]
    withdrawn: bool = False  # a later file no longer carried it


class Place(NamedTuple):
    """Where in the delivery something was said: the file's position in the delivery, the table and the row."""

    file: int
    table: str
    row: int  # counted as a person opening the file would: the header of a CSV is row 1


@dataclass(slots=True)
class Problem:
    """One row that could not be used: what is wrong and how to put it right."""

    place: Place
    field: str
    code: str  # a stable word for machines: unknown_code, impossible_date, missing, end_before_start, ...
    message: str
    fix: str
    original: Mapping[str, str] = made_of(default_factory=dict)


@dataclass(slots=True)
class Claim:
    """
    One fact as a source states it.

    `natural_key` is what makes it the same fact when the source states it again: unique within the
    door, the subject and the kind. `payload` holds JSON types under the declared field names.
    Days are half-open already: `valid_to` is the first day it no longer held.
    """

    kind: str
    natural_key: str
    valid_from: date | None
    valid_to: date | None
    payload: dict[str, Any]
    places: tuple[Place, ...]
    party: Key | None = None
    ref: str | None = None
    recorded_at: datetime | None = None  # what the source says about when it was recorded
    takes_up: date | None = None  # first day of the spell, told by a later file, that this one turns out to begin


@dataclass(slots=True)
class Purge:
    """The source asks for something it sent before to be removed: a kind's fact, or all when `kind` is None."""

    place: Place
    kind: str | None = None
    natural_key: str | None = None


@dataclass(slots=True)
class SubjectRecord:
    """
    Everything a delivery says of one subject.

    `rows` counts the rows of the files that are this subject's, each once, quarantined rows included.
    `digest` changes when any of those rows changes; a subject whose digest is unchanged is skipped.
    `identifiers` are pairs such as ("upn", "A123456789012"), used to find the person.
    `unreadable_tables` are those with a quarantined row: nothing is withdrawn from them for this subject.
    """

    subject: Key
    rows: int
    digest: bytes
    claims: list[Claim] = made_of(default_factory=list)
    problems: list[Problem] = made_of(default_factory=list)
    purges: list[Purge] = made_of(default_factory=list)
    identifiers: list[tuple[str, str]] = made_of(default_factory=list)

    @property
    def unreadable_tables(self) -> frozenset[str]:
        """Return the tables in which this subject has a row that could not be used."""
        return frozenset(problem.place.table for problem in self.problems)


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """One file of a delivery: its name as given, its SHA-256 and its size in bytes."""

    name: str
    sha256: str
    size: int


@dataclass(slots=True)
class Delivery:
    """
    One recognised set of files, and the scope it speaks for.

    `door` is ssda903, cin_census, daily_feed, standard_safeguarding_dataset or annex_a.
    `collection` names the return ("2025-26") or is empty. `window` is half-open: what the files can
    speak of. A full delivery withdraws what it no longer carries of `kinds` in that window.
    `problems` are rows that belong to no subject; `notes` are sentences about the files as a whole.
    `read` yields the subjects; it may be called again and gives the same answer.
    `going_on` says how claims that begin in the middle of things (a return's first episode) go on with what the
    same door stated before of `going_on_kinds`.
    """

    door: str
    collection: str
    window: tuple[date, date] | None
    kinds: frozenset[str]
    full: bool
    files: tuple[ReceivedFile, ...]
    read: Callable[[], Iterator[SubjectRecord]]
    la_code: str | None = None
    extracted_at: datetime | None = None
    expected_rows: int | None = None
    problems: list[Problem] = made_of(default_factory=list)
    orphan_rows: int = 0  # rows that belong to no subject, each of them in `problems`
    notes: list[str] = made_of(default_factory=list)
    table_of_kind: Mapping[str, frozenset[str]] = made_of(default_factory=dict)
    going_on: Callable[[Iterable[Claim], Sequence[KnownSpell]], list[Claim]] | None = None
    going_on_kinds: frozenset[str] = frozenset()
