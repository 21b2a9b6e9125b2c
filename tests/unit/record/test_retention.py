"""How long a record is kept: the longest rule decides, and an open case has no end."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.record.retention import Held, is_due, keep_until, rules_for, schedule, years_after

BORN, TODAY = date(2008, 2, 29), date(2026, 11, 20)
CARE = Held("care_period", date(2015, 1, 1), date(2018, 6, 1))
ADOPTED = Held("care_period", date(2015, 1, 1), date(2018, 6, 1), "E12")
PLAN = Held("child_protection_plan", date(2012, 1, 1), date(2013, 3, 1))
REFERRED = Held("referral_episode", date(2012, 1, 1), date(2013, 4, 1))
OPEN = Held("referral_episode", date(2025, 1, 1), None)


@pytest.mark.parametrize(
    ("facts", "rule", "until"),
    [
        pytest.param([CARE], "looked_after_from_birth", date(2083, 3, 1), id="looked after: the 75th birthday"),
        pytest.param([ADOPTED], "adoption_from_order", date(2118, 6, 1), id="adopted: 100 years from the order"),
        pytest.param([PLAN, REFERRED], "child_protection_from_closure", date(2038, 4, 1), id="a plan: 25 years"),
        pytest.param([REFERRED], "contact_from_last", date(2019, 4, 1), id="a referral alone: 6 years"),
        pytest.param([CARE, PLAN], "looked_after_from_birth", date(2083, 3, 1), id="the longest decides"),
        pytest.param([PLAN, OPEN], "child_protection_from_closure", None, id="an open case has no end yet"),
        pytest.param([], None, None, id="nothing known, nothing said"),
    ],
)
def test_the_longest_rule_decides(facts: list[Held], rule: str | None, until: date | None) -> None:
    rules = rules_for(facts, born=BORN, died=None, today=TODAY)

    assert (rules[0].rule if rules else None) == rule
    assert keep_until(rules) == until


def test_a_looked_after_child_who_died_young_is_kept_for_15_years() -> None:
    rules = rules_for([CARE], born=BORN, died=date(2020, 5, 5), today=TODAY)

    assert keep_until(rules) == date(2035, 5, 5)


def test_a_birth_that_is_not_known_keeps_the_record() -> None:
    assert not is_due(rules_for([CARE, REFERRED], born=None, died=None, today=TODAY), date(2300, 1, 1))


def test_a_record_is_due_when_every_rule_is_over() -> None:
    assert is_due(rules_for([REFERRED], born=BORN, died=None, today=TODAY), TODAY)


def test_every_rule_says_its_source_and_how_well_it_was_read() -> None:
    assert all(value.source and value.certainty for value in schedule().values())


@given(st.dates(date(1950, 1, 1), date(2026, 1, 1)), st.integers(0, 100))
def test_years_later_is_the_same_day_or_the_first_of_march(day: date, years: int) -> None:
    later = years_after(day, years)

    assert later.year == day.year + years
    assert (later.month, later.day) in {(day.month, day.day), (3, 1)}
