"""Invented facts and the time limits of the real duty catalogue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from kinfold.care.case import Due, When
from kinfold.duties import calendars_known_on
from kinfold.duties import due as due_of


@dataclass(frozen=True)
class Said:
    """A fact as a test says it."""

    kind: str
    valid_from: date | None
    valid_to: date | None = None
    payload: dict[str, Any] = field(default_factory=dict)
    fact: str = field(default_factory=lambda: str(uuid4()))


def say(kind: str, valid_from: date, valid_to: date | None = None, **payload: Any) -> Said:
    """Return a fact of a kind."""
    return Said(kind, valid_from, valid_to, payload)


@pytest.fixture(scope="session")
def due() -> Due:
    """Return the catalogue's own time limits."""
    calendars = calendars_known_on(None)

    def answer(duty: str, trigger: When) -> When:
        return due_of(duty, trigger=trigger, calendars=calendars).due

    return answer


Say = Callable[..., Said]
