"""
Which duties a reader is shown: all of them, those of their own part of the work, or none.

Source: the project's table of roles, the column on clocks. A virtual school head sees what is due on education, the manager of
the partnership what is due on incidents; who sees no clocks sees none on any page.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache
from typing import Any, Protocol, TypeVar

from kinfold.access.roles import ROLES, Chronology, Clocks
from kinfold.access.slices import slice_of
from kinfold.duties import Duty, duty_catalogue
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.sight import Sight, index_rows


class OnDuty(Protocol):
    """A clock, or a line of a wall: it says on which duty."""

    @property
    def duty(self) -> Duty:
        """Return the duty."""


T = TypeVar("T", bound=OnDuty)
WITHHELD = "Name withheld"
NOT_ALL = frozenset({Clocks.NONE, Clocks.SLICE})


def duties_seen(reader: Reader) -> frozenset[str] | None:
    """Return the duties whose clocks the reader is shown; None for all of them."""
    return _seen(frozenset(name for name in reader.role_names if name in ROLES))


@cache
def _seen(names: frozenset[str]) -> frozenset[str] | None:
    roles = [ROLES[name] for name in names]
    if any(role.clocks not in NOT_ALL for role in roles):
        return None
    theirs = [role for role in roles if role.clocks is Clocks.SLICE]
    return frozenset(
        duty
        for duty, slices in slices_of_duties().items()
        if any(role.reads_slice(one) or role.writes_slice(one) for role in theirs for one in slices)
    )


@cache
def slices_of_duties() -> dict[str, frozenset[str]]:
    """Return the parts of the work that each duty belongs to: those of the kinds that start it and that meet it."""
    return {
        duty.id: frozenset(
            slice_of(one.kind) for several in (duty.trigger, *duty.completion.values()) for one in several
        )
        for duty in duty_catalogue()
    }


def names_withheld(reader: Reader, persons: Collection[int]) -> frozenset[int]:
    """Return those of some persons whose names the reader is not shown: nobody's, but to roles that read without names."""
    if not persons or all(
        ROLES[name].chronology is not Chronology.FACTS for name in reader.role_names if name in ROLES
    ):
        return frozenset()
    sight = Sight(reader, index_rows(list(persons)))
    return frozenset(person for person in persons if not sight.shows_name(person))


def kept_seen(reader: Reader) -> dict[str, Any]:
    """Return what narrows kept clocks to those that the reader is shown, for a filter; empty where all are."""
    seen = duties_seen(reader)
    return {} if seen is None else {"duty__in": seen}


def only_seen(reader: Reader, clocks: Iterable[T]) -> list[T]:
    """Return those of some clocks, or lines of a wall, that the reader is shown."""
    seen = duties_seen(reader)
    return [one for one in clocks if seen is None or one.duty.id in seen]
