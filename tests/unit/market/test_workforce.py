"""Those who work in homes: what does not fit in an answer, rates, small numbers hidden; and the policy packs. All is invented."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.market.policy import pack
from kinfold.market.supply.invented_workforce import invented_census
from kinfold.market.supply.sheet import Filled, FilledRow
from kinfold.market.supply.suppression import suppressed
from kinfold.market.supply.workforce import Home, by, checked, summed, to_look_at
from tests.unit.market.supply import PACK, TODAY

GOOD: dict[str, Any] = {
    "urn": "SC012345", "day": "2026-03-31", "manager": True, "manager_registered": True, "manager_since": "2024-01-01", "manager_qualified": True,
    "staff": 8, "level_3": 5, "studying": 2, "vacant": 2, "joined": 3, "left": 1, "agency": 2,
}  # fmt: skip


def faults(*rows: Mapping[str, Any], own: list[str] | None = None) -> list[tuple[int, str, str]]:
    file = Filled("census.csv", [FilledRow(number, row) for number, row in enumerate(rows, start=2)])
    found = checked(file, today=TODAY, own=own, known=["SC012345", "SC000002"]).refusals
    return [(one.row, one.field, one.message) for one in found]


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"level_3": 7}, "Of them with Level 3", "more than 8 staff"), ({"joined": 10}, "Joined in twelve months", "leaves more than 8 staff"),
        ({"manager": False, "manager_registered": False, "manager_qualified": False}, "Manager since", "no manager in post"),
        ({"manager_since": "2026-04-01"}, "Manager since", "after the census day"), ({"day": "2027-01-01"}, "Census day", "still to come"),
        ({"urn": "SC999999"}, "Home (URN)", "no children’s home of the register"),
    ],
)  # fmt: skip
def test_what_does_not_fit_in_an_answer_is_named_by_row_and_field(
    changed: dict[str, Any], field: str, words: str
) -> None:
    found = faults(GOOD, {**GOOD, "urn": "SC000002", **changed})

    assert [(row, name) for row, name, _ in found] == [(3, field)]
    assert words in found[0][2]


def test_a_provider_speaks_for_its_own_homes_and_a_home_stands_once() -> None:
    assert faults(GOOD, own=["SC000002"])[0][2] == "SC012345 is not one of your homes."
    assert "stands in row 2 already" in faults(GOOD, GOOD)[0][2]
    assert faults(GOOD, {**GOOD, "day": "2025-03-31", "manager_since": "2024-01-01"}) == []


def a_home(urn: str = "SC012345", group: str = "tarn", **said: Any) -> Home:
    return Home(urn, "", group, group.title(), "North West", "Private", {**GOOD, **said})


def test_rates_are_of_the_people_they_are_said_to_be_of() -> None:
    one = summed("Tarn", [a_home(), a_home(staff=2, level_3=1, vacant=0, joined=0, left=2, agency=0, manager=False)])

    assert (one.homes, one.manager_share) == (2, 0.5)
    assert one.qualified_share == 6 / 10
    assert one.vacancy == 2 / 12
    assert one.turnover == 3 / ((10 + (10 - 3 + 3)) / 2)
    assert one.agency == 2 / 12


def test_where_there_is_nobody_a_rate_is_not_said() -> None:
    one = summed("Nobody", [a_home(staff=0, level_3=0, studying=0, vacant=0, joined=0, left=0, agency=0)])

    assert (one.qualified_share, one.vacancy, one.turnover, one.agency) == (None, None, None, None)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, []), ({"manager": False}, ["No manager in post"]), ({"manager_registered": False}, ["Manager not registered"]),
        ({"manager_qualified": False}, []),  # in post since January 2024: the three years are not over
        ({"manager_qualified": False, "manager_since": "2023-01-01"}, ["Manager without Level 5 after 3 years"]),
    ],
)  # fmt: skip
def test_what_to_ask_about_follows_the_regulations(said: dict[str, Any], words: list[str]) -> None:
    assert to_look_at(a_home(**said), PACK) == words


def test_the_invented_census_fits() -> None:
    rows = invented_census([f"SC0{number:05d}" for number in range(200)], day=date(2026, 3, 31))
    file = checked(Filled("a.csv", rows), today=TODAY, own=None, known=[row.said["urn"] for row in rows])

    assert file.refusals == ()
    assert (
        sum(
            one.homes
            for one in by("group", [a_home(row.said["urn"], f"g{number % 7}") for number, row in enumerate(rows)])
        )
        == 100
    )


ROWS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda two: {"homes": max(two), "managers": min(two)}),
    max_size=8,
)


@given(ROWS)
def test_no_small_number_is_shown_or_can_be_worked_out_of_a_column(rows: list[dict[str, int]]) -> None:
    shown, totals = suppressed(rows, least=6, wholes={"managers": "homes"})

    for row, seen in zip(rows, shown, strict=True):
        for name, value in seen.items():
            assert value is None or value == row[name]
            assert value is None or not 0 < value < 6
        if seen["homes"] is not None and seen["managers"] is not None:
            assert not 0 < seen["homes"] - seen["managers"] < 6
    for name, total in totals.items():
        hidden = [row[name] for row, seen in zip(rows, shown, strict=True) if seen[name] is None]
        assert total is None or not 0 < total < 6
        assert total is None or len(hidden) != 1  # a total beside one hidden count would tell it


# --- policy packs


def test_every_value_of_every_pack_says_its_unit_source_and_how_sure_it_is() -> None:
    for name in ("england", "wales"):
        for one in pack(name, TODAY).values.values():
            assert one.label, one.name
            assert one.unit, one.name
            assert one.source, one.name
            assert one.certainty, one.name
