"""A group in financial oversight: when it came into the scheme, and which return is waited for then. All is invented."""

from __future__ import annotations

from datetime import date

import pytest

from kinfold.market.cases import financial
from kinfold.terms.errors import InputError
from tests.unit.market.supply import PACK, TODAY, Journal


def determined(on: str | None) -> Journal:
    """Return the journal of a group that two officers determined on a day; today where none is said."""
    journal = Journal(financial, group="tarn", name="Tarn", conditions=["homes"])
    journal.write("manager", manager="Jon Ames")
    journal.write("proposal", to=financial.STANDARD, reasons="It meets a condition by its size")
    journal.write("agreed", "ben", of=3, **({"on": on} if on else {}))
    return journal


@pytest.mark.parametrize(
    ("on", "since", "period"),
    [
        (None, TODAY, date(2026, 6, 30)),
        ("2026-06-01", TODAY, date(2026, 6, 30)),
        ("2025-12-01", date(2025, 12, 1), date(2026, 3, 31)),
    ],
)
def test_a_group_is_in_the_scheme_since_its_determination_and_owes_the_quarters_that_end_after_it(
    on: str | None, since: date, period: date
) -> None:
    working = determined(on).working

    assert (working.determined, working.days[financial.STANDARD]) == (since, since)
    waited = financial.waited_for(working, today=TODAY, pack=PACK)
    assert waited is not None
    assert waited[0] == period


def test_nothing_is_decided_on_a_day_to_come() -> None:
    with pytest.raises(InputError, match="must be today or in the past"):
        determined("2026-06-02")
