"""
Who holds what about a child: whom to ask, and in which state each organisation is.

Each custodian ends in a state of its own. Silence is not "nothing", a fault is not "nothing", and an organisation that
may not tell us looks, to whoever asks, exactly as one that holds nothing: what is denied leaves no trace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from kinfold.sharing.agreements import Mode, OrganisationSort, Purpose, RecordType, Request
from kinfold.terms.law import DatedValue, load_law

TIMES: Mapping[str, DatedValue] = MappingProxyType(dict(load_law(Path(__file__).with_name("times.toml"))))


class Outcome(StrEnum):
    """How a custodian answered. Those that are faults are never taken for "holds nothing"."""

    RECORDS = "records"
    NONE = "none"
    TEMPORARY_ERROR = "temporary_error"
    PERMANENT_ERROR = "permanent_error"


class State(StrEnum):
    """Where one custodian stands in one ask."""

    NOT_ASKED = "not_asked"
    WAITING = "waiting"
    WORKING = "working"
    RECORDS = "records"
    NONE = "none"
    TEMPORARY_ERROR = "temporary_error"
    PERMANENT_ERROR = "permanent_error"
    NO_RESPONSE = "no_response"
    STOPPED = "stopped"


ENDED = frozenset(State) - {State.WAITING, State.WORKING}


@dataclass(frozen=True, slots=True)
class Custodian:
    """An organisation that may be asked, and the sorts of record it can hold."""

    code: str
    name: str
    sort: OrganisationSort
    record_types: frozenset[RecordType]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What is known of one custodian's piece of work."""

    outcome: Outcome | None
    stopped: bool
    leased_until: datetime | None
    attempts: int
    until: datetime


def number(name: str, day: date) -> int:
    """Return a number of times.toml in force on `day`. Raises NoRuleInForce where there is none."""
    return int(TIMES[name].on(day))


def allowed_types(
    allows: Callable[[Request], bool], custodian: Custodian, *, asker: str, mode: Mode, purpose: Purpose, on: date,
    wanted: Iterable[RecordType] | None = None,
) -> frozenset[RecordType]:  # fmt: skip
    """Return the sorts of record about which the custodian's agreement lets it tell `asker`, among those wanted."""
    types = custodian.record_types if wanted is None else custodian.record_types & frozenset(wanted)
    return frozenset(
        one
        for one in types
        if allows(
            Request(holder=custodian.code, asker=asker, mode=mode, record_type=one, purpose=purpose, on=on)
        )
    )  # fmt: skip


def state_of(progress: Progress | None, now: datetime) -> State:
    """Return the state of a custodian; None is one that was not asked, because no agreement lets it be."""
    if progress is None:
        return State.NOT_ASKED
    if progress.stopped:
        return State.STOPPED
    if progress.outcome is not None:
        return State(progress.outcome.value)
    leased = progress.leased_until is not None and progress.leased_until > now
    if leased:
        return State.WORKING
    spent = progress.attempts >= number("most_attempts", now.date())
    return State.NO_RESPONSE if spent or now >= progress.until else State.WAITING


def lease_end(now: datetime, *, first_leased: datetime | None = None) -> datetime:
    """
    Return until when a lease taken or renewed now lasts: always from now, never on top of what was left.

    Renewals end with the longest time that one custodian may keep a piece of work, from `first_leased`.
    """
    end = now + timedelta(minutes=number("lease_minutes", now.date()))
    if first_leased is None:
        return end
    return min(end, first_leased + timedelta(minutes=number("lease_longest_minutes", now.date())))
