"""What the tests of the duties room share: a way to write an invented person's facts in one line each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from kinfold.duties import Calendars, Catalogue, Clock, calendars_known_on, clocks, duty_catalogue
from kinfold.record.in_time import FactVersion

Fact = Callable[..., FactVersion]


@pytest.fixture
def fact() -> Fact:
    """Return a maker of facts: `fact("placement", "2026-11-12", to="2027-01-01", regulation="24")`."""
    numbers = count(1)

    def make(kind: str, start: str | None = None, *, to: str | None = None, **given: Any) -> FactVersion:
        number = next(numbers)
        envelope = {
            name: given.pop(name)
            for name in ("subject", "ref", "party", "known_from", "known_to", "status", "fact", "source")
            if name in given
        }
        envelope.setdefault("subject", 1)
        envelope.setdefault("fact", UUID(int=number))
        payload = {name: value.isoformat() if isinstance(value, date) else value for name, value in given.items()}
        return FactVersion(
            id=number,
            kind=kind,
            valid_from=date.fromisoformat(start) if start else None,
            valid_to=date.fromisoformat(to) if to else None,
            payload=payload,
            **envelope,
        )

    return make


@pytest.fixture(scope="session")
def calendars() -> Calendars:
    return calendars_known_on(None)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return duty_catalogue()


def only(found: Iterable[Clock], duty: str) -> list[Clock]:
    """Return the clocks of one duty."""
    return [clock for clock in found if clock.duty.id == duty]


@pytest.fixture
def read(catalogue: Catalogue, calendars: Calendars) -> Callable[..., list[Clock]]:
    """Return a function: facts, a day and a duty in, its clocks out."""

    def clocks_on(facts: Iterable[FactVersion], day: str, duty: str, **more: Any) -> list[Clock]:
        return only(clocks(facts, catalogue, calendars, today=date.fromisoformat(day), **more), duty)

    return clocks_on
