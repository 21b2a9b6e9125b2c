"""Invented facts for the tests of the record."""

from __future__ import annotations

from datetime import date
from itertools import count
from uuid import UUID

import pytest

from kinfold.record.declare import encode
from kinfold.record.in_time import FactVersion


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.fixture
def fact():
    """Return a maker of current facts: `fact("placement", "2025-04-01", None, placement_type="U4", source="ssda903")`."""
    numbers = count(1)

    def make(kind, start=None, end=None, *, source="kinfold", subject=1, party=None, ref=None, label="open", **values):
        number = next(numbers)
        return FactVersion(
            id=number,
            fact=UUID(int=number),
            subject=subject,
            party=party,
            kind=kind,
            valid_from=day(start),
            valid_to=day(end),
            payload=encode(kind, values),
            ref=ref,
            known_from=number,
            source=source,
            label=label,
        )

    return make
