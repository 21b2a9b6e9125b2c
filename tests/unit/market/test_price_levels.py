"""Fee, cost and margin of one return, from a placement by home and company to the group. All is invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.market.prices import company_levels, home_levels, placement_levels
from kinfold.market.profit import WEEKS_IN_A_YEAR

OWNERS = {"SC1": "Tarn North Ltd", "SC2": "Tarn North Ltd", "SC3": "Tarn South Ltd"}


def said(**more: object) -> dict[str, object]:
    homes = [{"urn": urn, "children": children, "costs": weekly * children * WEEKS_IN_A_YEAR} for urn, children, weekly in (("SC1", 2, 4_000), ("SC2", 1, 7_000), ("SC3", 1, 5_000))]  # fmt: skip
    fees = [("SC1", "330", 5_000.0), ("SC1", "352", 11_000.0), ("SC2", "330", 7_000.0), ("SC3", "380", 5_500.0)]
    return {
        "homes": homes,
        "placements": [{"urn": urn, "council": council, "fee": fee} for urn, council, fee in fees],
    } | more


def test_placements_stand_dearest_first_with_the_cost_of_their_home() -> None:
    found = placement_levels(said())

    assert [(one.urn, one.council, one.level.fee, one.level.cost) for one in found][:2] == [("SC1", "352", 11_000, 4_000), ("SC2", "330", 7_000, 7_000)]  # fmt: skip
    assert found[0].level.margin == pytest.approx(7 / 11)


def test_a_company_is_the_mean_of_its_homes_by_their_children() -> None:
    north, south = company_levels(said(), OWNERS)

    assert (north.name, north.children, north.fee, north.cost) == ("Tarn North Ltd", 3, pytest.approx((16_000 + 7_000) / 3), pytest.approx(5_000))  # fmt: skip
    assert south.margin == pytest.approx(1 - 5_000 / 5_500)
    assert company_levels(said(), {"SC1": "Tarn North Ltd"})[0].children == 2


def test_a_home_that_does_not_say_its_costs_leaves_its_companys_unknown() -> None:
    told = said()
    told["homes"][1]["costs"] = None  # type: ignore[index]

    assert company_levels(told, OWNERS)[0].cost is None


@given(st.lists(st.tuples(st.sampled_from(sorted(OWNERS)), st.floats(0, 30_000)), max_size=12))
def test_a_company_lies_between_its_homes(rows: list[tuple[str, float]]) -> None:
    told = said(placements=[{"urn": urn, "council": "330", "fee": fee} for urn, fee in rows])
    fees = {one.name: one.fee for one in home_levels(told)}

    for company in company_levels(told, OWNERS):
        own = [fees[urn] for urn, name in OWNERS.items() if name == company.name]
        known = [fee for fee in own if fee is not None]
        if company.fee is None:
            assert None in own
        else:
            assert min(known) - 1e-6 <= company.fee <= max(known) + 1e-6
