"""Facts in time: what was known when, and what held on which day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.record.in_time import (
    FactVersion,
    as_known_at,
    current,
    holds_on,
    open_on,
    says_it_is_open,
)


@pytest.mark.parametrize(
    ("kind", "start", "end", "on", "holds"),
    [
        pytest.param("placement", "2025-04-01", "2025-05-01", "2025-04-01", True, id="its first day"),
        pytest.param("placement", "2025-04-01", "2025-05-01", "2025-04-30", True, id="its last day"),
        pytest.param("placement", "2025-04-01", "2025-05-01", "2025-05-01", False, id="the first day after"),
        pytest.param("placement", "2025-04-01", "2025-05-01", "2025-03-31", False, id="the day before"),
        pytest.param("placement", "2025-04-01", None, "2030-01-01", True, id="while it goes on"),
        pytest.param("placement", None, "2025-05-01", "2000-01-01", True, id="a start we were not told"),
        pytest.param("missing", "2025-04-01", "2025-04-01", "2025-04-01", False, id="out and back on one day"),
        pytest.param("contact", "2025-04-01", None, "2025-04-01", True, id="an event on its day"),
        pytest.param("contact", "2025-04-01", None, "2025-04-02", False, id="an event on the next day"),
        pytest.param("note", "2025-04-01", None, "2025-04-02", False, id="a paper on the next day"),
        pytest.param("care_plan", "2025-04-01", None, "2025-04-02", True, id="a plan goes on"),
        pytest.param("person_details", None, None, "2025-04-02", True, id="who somebody is"),
    ],
)
def test_a_fact_holds_on_its_days_and_no_other(fact, kind, start, end, on, holds):
    version = fact(kind, start, end)

    assert holds_on(version, date.fromisoformat(on)) is holds
    assert open_on([version], date.fromisoformat(on)) == ([version] if holds else [])


def test_a_spell_of_one_day_counts_in_no_stock(fact):
    out_and_back = fact("missing", "2025-04-01", "2025-04-01", missing_type="M")

    assert open_on([out_and_back], date(2025, 4, 1)) == []


def test_a_source_that_has_no_field_for_an_end_does_not_say_that_it_goes_on(fact):
    assert says_it_is_open(fact("section_47_enquiry", "2025-04-01", source="daily_feed"))
    assert not says_it_is_open(fact("section_47_enquiry", "2025-04-01", source="cin_census"))
    assert not says_it_is_open(fact("section_47_enquiry", "2025-04-01", "2025-05-01", source="daily_feed"))


def test_a_void_fact_is_told_only_when_asked_for(fact):
    void = replace(fact("contact", "2025-04-01"), status="void")

    assert current([void]) == []
    assert current([void], with_void=True) == [void]


# --- known at ------------------------------------------------------------------------------------

CHANGES = st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["final", "final", "void"])), max_size=25)


def _commit(versions: list[FactVersion], number: int, change: tuple[int, str]) -> list[FactVersion]:
    """Return the store after one more commit: the fact's current version closed, a new one added."""
    which, status = change
    fact = UUID(int=which)
    closed = [replace(v, known_to=number) if v.fact == fact and v.known_to is None else v for v in versions]
    added = FactVersion(id=number, fact=fact, subject=1, kind="contact", known_from=number, status=status)
    return [*closed, added]


@given(changes=CHANGES)
def test_what_was_known_never_moves(changes):
    store: list[FactVersion] = []
    said: dict[int, list[int]] = {0: []}
    for number, change in enumerate(changes, start=1):
        store = _commit(store, number, change)
        said[number] = [version.id for version in as_known_at(store, number)]

    for number, before in said.items():
        assert [version.id for version in as_known_at(store, number)] == before


@given(changes=CHANGES)
def test_now_is_what_is_known_at_the_last_commit(changes):
    store: list[FactVersion] = []
    for number, change in enumerate(changes, start=1):
        store = _commit(store, number, change)

    assert current(store, with_void=True) == as_known_at(store, len(changes), with_void=True)
    assert current(store) == as_known_at(store, len(changes))
    assert len({version.fact for version in current(store)}) == len(current(store)), "one version of a fact"


@given(changes=CHANGES)
def test_each_version_of_a_fact_ends_where_the_next_begins(changes):
    store: list[FactVersion] = []
    for number, change in enumerate(changes, start=1):
        store = _commit(store, number, change)

    for which in range(1, 5):
        history = [version for version in store if version.fact == UUID(int=which)]
        assert [v.known_from for v in history] == [n for n, (fact, _) in enumerate(changes, start=1) if fact == which]
        assert all(earlier.known_to == later.known_from for earlier, later in pairwise(history))
