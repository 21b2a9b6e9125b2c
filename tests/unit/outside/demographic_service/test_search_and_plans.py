from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.outside.demographic_service.emulator.rules import Problem, question
from kinfold.outside.demographic_service.plans import KINFOLD, PLANS, RULES
from kinfold.outside.demographic_service.search import Asked, Search, prepared

ROSALIND = Asked(
    given="Rosalind", family="Applecote", birth_date=date(2012, 3, 14), gender="F", postcode="zz1 1aa",
    email="applecote@example.org",
)  # fmt: skip
NAMES = st.sampled_from(["", "Anne", "Jo*", "J*", "x" * 36, "O'Neill"])
SEARCHES = st.builds(
    Search,
    given=st.lists(NAMES.filter(bool), max_size=2).map(tuple),
    family=NAMES,
    born=st.sampled_from([(), (date(2012, 3, 14),), (date(2011, 9, 14), date(2012, 9, 14))]),
    gender=st.sampled_from(["", "male", "female"]),
    postcode=st.sampled_from(["", "ZZ1 1AA", "ZZ*", "Z*"]),
    email=st.sampled_from(["", "a@example.org"]),
    fuzzy=st.booleans(),
    exact=st.booleans(),
    history=st.booleans(),
)


@given(SEARCHES)
def test_our_check_of_a_search_refuses_what_the_service_refuses_and_nothing_else(search: Search) -> None:
    try:
        question(search.parameters(), most_allowed=1)
        refused = False
    except Problem:
        refused = True

    assert bool(search.refusal) == refused


@pytest.mark.parametrize(
    ("search", "words"),
    [
        pytest.param(Search(given=("A",), family="B"), "needs a date of birth", id="no day"),
        pytest.param(Search(given=("A",), born=(date(2012, 1, 1),)), "needs a family name", id="no family name"),
        pytest.param(Search(family="B", born=(date(2012, 1, 1),), fuzzy=True), "both names", id="too little for fuzzy"),
        pytest.param(
            Search(given=("An*",), family="B", born=(date(2012, 1, 1),), fuzzy=True), "no wildcard", id="fuzzy wildcard"
        ),
        pytest.param(Search(family="B*", born=(date(2012, 1, 1),)), "after at least two", id="early wildcard"),
    ],
)
def test_a_search_that_would_be_refused_says_why(search: Search, words: str) -> None:
    assert words in search.refusal


def test_a_child_is_prepared_as_the_service_takes_it() -> None:
    said = prepared(Asked(given=" Anna  Maria ", family="Smith (formerly Jones)", gender="2", postcode="zz1  1aa"))

    assert (said.given, said.family, said.gender, said.postcode) == ("Anna Maria", "Smith", "female", "ZZ1 1AA")


def test_what_the_service_does_not_know_as_a_gender_is_left_out() -> None:
    assert prepared(Asked(gender="not known")).gender == ""


def test_our_plan_never_asks_what_the_service_would_refuse_nor_anything_twice() -> None:
    for asked in (ROSALIND, Asked(family="Applecote", birth_date=date(2012, 3, 14)), Asked(given="Rosalind"), Asked()):
        searches = [search for _, search in KINFOLD.searches(asked)]

        assert not any(search.refusal for search in searches)
        assert len(searches) == len(set(searches))


def test_the_pilots_second_and_fifth_strategies_ask_what_the_service_refuses() -> None:
    refused = {
        name: [rule for rule, search in plan.searches(ROSALIND) if search.refusal] for name, plan in PLANS.items()
    }

    assert refused["strategy2"] == ["FuzzyGFDRangePostcodeWildcard"]
    assert refused["strategy5"] == ["FuzzyFDRangePostcode"]
    assert not any(refused[name] for name in ("kinfold", "strategy1", "strategy3", "strategy4"))


def test_each_plan_names_rules_that_exist() -> None:
    assert {rule for plan in PLANS.values() for rule in plan.rules} <= set(RULES)


@pytest.mark.parametrize(
    ("born", "other"),
    [
        pytest.param(date(2012, 3, 4), date(2012, 4, 3), id="day and month exchanged"),
        pytest.param(date(2012, 3, 14), None, id="no fourteenth month"),
        pytest.param(date(2012, 4, 4), None, id="the same day"),
    ],
)
def test_day_and_month_are_exchanged_where_that_is_another_day(born: date, other: date | None) -> None:
    asked = Asked(given="A", family="B", birth_date=born)

    found = [search.born for rule, search in PLANS["strategy1"].searches(asked) if rule == "FuzzyAltDob"]

    assert found == ([(other,)] if other else [])


def test_a_range_is_half_a_year_on_either_side() -> None:
    (search,) = [search for rule, search in PLANS["strategy3"].searches(ROSALIND) if rule == "NonFuzzyGFDRange"]

    assert ("birthdate", "ge2011-09-14") in search.parameters()
    assert ("birthdate", "le2012-09-14") in search.parameters()
