"""Ratios, checks of submissions, the scorecard, caps on profit. All firms are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.market.financial.arithmetic import ratios, z_double_prime
from kinfold.market.financial.measures import calibration_error, measured
from kinfold.market.financial.scorecard import score, shifted, shipped_card
from kinfold.market.financial.scoring import score_document
from kinfold.market.financial.submission import faults, figures_of, viability_grade
from kinfold.market.policy import pack
from kinfold.market.profit import (
    Adjustments,
    Cap,
    Provider,
    effect_of,
    price_tail,
    profit_bases,
)
from kinfold.terms.errors import InputError

CARD = shipped_card()
POLICY = pack("england", date(2026, 6, 1))
SOUND = {
    "turnover": 1000.0, "turnover_last_year": 900.0, "operating_costs": 700.0, "rent": 60.0, "depreciation": 40.0, "interest": 50.0,
    "tax": 30.0, "net_profit": 120.0, "dividends": 20.0, "fixed_assets": 800.0, "current_assets": 300.0, "stock": 0.0, "cash": 120.0,
    "short_term_liabilities": 150.0, "long_term_liabilities": 450.0, "debt": 500.0, "equity": 500.0, "equity_last_year": 400.0,
    "cash_last_year": 100.0, "cash_from_operations": 150.0, "cash_from_investing": -60.0, "cash_from_financing": -70.0,
}  # fmt: skip


def test_figures_that_fit_have_no_fault() -> None:
    assert faults(SOUND, {"homes": 800, "fostering": 200}) == []


@pytest.mark.parametrize(
    ("field", "check"),
    [
        ("equity", "balance sheet"),
        ("net_profit", "profit"),
        ("dividends", "change of equity"),
        ("cash_from_investing", "cash bridge"),
    ],
)
def test_a_figure_that_does_not_fit_is_named_by_its_check(field: str, check: str) -> None:
    found = faults({**SOUND, field: SOUND[field] + 10})

    assert check in {one.check for one in found}
    assert all("£10" in one.message for one in found)


def test_segments_must_add_up_and_costs_are_not_negative() -> None:
    assert [one.check for one in faults(SOUND, {"homes": 700})] == ["segments"]
    assert "sign" in {one.check for one in faults({**SOUND, "rent": -60.0})}


@given(st.dictionaries(st.sampled_from(sorted(SOUND)), st.floats(-1e9, 1e9)))
def test_any_figures_give_ratios_and_never_an_error(figures: dict[str, float]) -> None:
    assert all(value is None or isinstance(value, float) for value in ratios(figures).values())
    faults(figures)


@pytest.mark.parametrize(
    ("name", "value"),
    [("current_ratio", 2.0), ("ebitda_margin", 0.24), ("interest_cover", 4.0), ("rent_and_interest_cover", 300 / 110),
     ("gearing", 380 / 240), ("lease_adjusted_gearing", (380 + 480) / 300), ("turnover_growth", 1000 / 900),
     ("equity_to_assets", 500 / 1100)],
)  # fmt: skip
def test_ratios_by_hand(name: str, value: float) -> None:
    assert ratios(SOUND)[name] == pytest.approx(value)


def test_a_missing_figure_and_a_divisor_of_nothing_give_no_ratio() -> None:
    without = {name: value for name, value in SOUND.items() if name != "interest"}

    assert ratios(without)["interest_cover"] is None
    assert ratios({**SOUND, "interest": 0.0})["interest_cover"] is None


def test_a_field_that_is_not_known_or_no_number_is_refused() -> None:
    with pytest.raises(InputError, match="goodwill_of_all"):
        figures_of({"goodwill_of_all": 1})
    with pytest.raises(InputError, match="Turnover must be a number"):
        figures_of({"turnover": "12"})


@pytest.mark.parametrize(
    ("days", "cover", "grade"),
    [(5, 3, 4), (0, 2.5, 4), (-1, 2.5, 4), (-7, 1.75, 3), (-14, 1.25, 2), (-15, 1.0, 1), (-15, 3, 3)],
)
def test_the_viability_grade_is_a_table(days: float, cover: float, grade: int) -> None:
    assert viability_grade(days_of_cash=days, service_cover=cover, policy=POLICY) == grade


def test_z_by_hand() -> None:
    assert z_double_prime(working_capital=0.1, retained=0.2, ebit=0.1, equity_to_liabilities=0.8) == pytest.approx(2.82)


names = [one.name for one in CARD.ratios]
values = st.dictionaries(st.sampled_from(names), st.floats(-50, 500), min_size=1)


@given(values, st.sampled_from(names), st.floats(0, 100))
def test_a_safer_value_never_loses_points(given_ratios: dict[str, float], name: str, step: float) -> None:
    better = next(one.better for one in CARD.ratios if one.name == name)
    start = given_ratios.get(name, 0.0)
    before = score({**given_ratios, name: start}, CARD, base_rate=0.02)
    after = score({**given_ratios, name: start + (step if better == "higher" else -step)}, CARD, base_rate=0.02)

    assert after.points >= before.points


@given(values)
def test_leaving_a_figure_out_gains_nothing_over_the_middle_and_reasons_are_points_lost(
    given_ratios: dict[str, float],
) -> None:
    found = score(given_ratios, CARD, base_rate=0.02)

    assert found.low <= found.points <= found.high
    assert all(one.missing <= 0 for one in CARD.ratios)
    assert all(one.lost > 0 for one in found.reasons)
    assert set(found.missing) == set(names) - set(given_ratios)


@given(values)
def test_a_change_that_is_promised_moves_the_band(given_ratios: dict[str, float]) -> None:
    for one in score(given_ratios, CARD, base_rate=0.02).changes:
        beyond = one.at + 1e-6 if one.direction == "above" else one.at
        changed = score({**given_ratios, one.ratio: beyond}, CARD, base_rate=0.02)
        assert ["red", "amber", "green"].index(changed.band) >= ["red", "amber", "green"].index(one.band)


@given(st.floats(0.001, 0.999), st.floats(0.01, 0.5), st.floats(0.01, 0.5))
def test_a_moved_chance_keeps_its_odds_and_comes_back(chance: float, learnt: float, base: float) -> None:
    there = shifted(chance, learnt=learnt, base=base)

    assert (there > chance) == (base > learnt) or there == pytest.approx(chance)
    assert shifted(there, learnt=base, base=learnt) == pytest.approx(chance, rel=1e-5)


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"interest_cover": None},
        {"luck": 1.0},
        {"interest_cover": "high"},
        {"interest_cover": True},
        {"interest_cover": float("nan")},
    ],
)
def test_what_cannot_be_scored_is_refused(told: dict[str, float]) -> None:
    with pytest.raises(InputError):
        score(told, CARD, base_rate=0.02)


def test_a_submission_is_checked_and_scored() -> None:
    found, checks = score_document({"figures": {**SOUND, "equity": 510.0}}, base_rate=0.02)

    assert found.band in ("green", "amber", "red")
    assert {one["check"] for one in checks} == {"balance sheet", "change of equity"}


def test_measures_of_a_perfect_and_a_useless_score() -> None:
    truth = np.array([False] * 90 + [True] * 10)
    perfect, useless = measured(truth.astype(float), truth), measured(np.full(100, 0.1), truth)

    assert (perfect.area, perfect.brier, perfect.caught_in_top_tenth, perfect.average_precision) == (1, 0, 1, 1)
    assert useless.area == 0.5
    assert calibration_error(np.full(100, 0.3), truth, bins=1) == pytest.approx(0.2)


@pytest.mark.parametrize(("margin", "price"), [(0.15, 3488), (0.10, 3294), (0.08, 3222), (0.05, 3120)])
def test_a_capped_price_by_hand(margin: float, price: int) -> None:
    assert round(Cap("margin", margin).price_for(3830 * (1 - 0.226))) == price


@given(st.floats(100, 20_000), st.floats(0, 0.9))
def test_a_cap_at_the_margin_that_is_taken_changes_nothing(price: float, margin: float) -> None:
    cost = price * (1 - margin)

    assert Cap("margin", margin).price_for(cost) == pytest.approx(price)
    provider = Provider(price, cost, 1000, 0, 0.09)
    assert effect_of(Cap("margin", margin), provider, least_cover=1, exit_cost=0).saving == pytest.approx(
        0, abs=price * 1e-6
    )


@given(
    st.floats(100, 20_000), st.floats(0.0, 0.6), st.sampled_from(["margin", "cost_plus", "per_week"]), st.floats(0, 0.9)
)
def test_a_saving_is_never_negative_and_an_exit_is_set_against_it(
    price: float, margin: float, form: str, level: float
) -> None:
    provider = Provider(price, price * (1 - margin), 5_000, price * 2_000, 0.09)
    found = effect_of(Cap(form, level), provider, least_cover=1.0, exit_cost=1e6)

    assert found.saving >= 0
    assert found.price <= price
    assert found.net_saving == pytest.approx(found.saving - (0 if found.viable else 1e6))


@pytest.mark.parametrize(("leverage", "before", "after"), [(4, 2.41, 0.92), (6, 1.61, 0.61)])
def test_cover_falls_by_the_formula(leverage: float, before: float, after: float) -> None:
    """A firm with 22.6 % operating margin and 26 % before depreciation, its net debt so many times that, at 9 %, and a cap of 10 %."""
    provider = Provider(price=1, cost=1 - 0.226, weeks_sold=1, net_debt=leverage * 0.26, interest_rate=0.09)
    found = effect_of(Cap("margin", 0.10), provider, least_cover=1, exit_cost=0)

    assert (round(found.cover_before or 0, 2), round(found.cover_after or 0, 2)) == (before, after)


def test_profit_bases_side_by_side() -> None:
    found = profit_bases(turnover=1000, operating_costs=700, rent=60, depreciation=40, interest=50, tangible_assets=800, working_capital=200,
                         adjustments=Adjustments(related_party_interest_above_market=20, management_fees=30))  # fmt: skip

    assert found == {
        "before_tax": 150,
        "ebit": 200,
        "ebitda": 240,
        "ebitdar": 300,
        "adjusted_operating": 250,
        "return_on_capital": 0.25,
    }


def test_a_cap_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="no form of cap"):
        Cap("hope", 0.1).price_for(100)
    with pytest.raises(InputError, match="below 1 for a margin"):
        replace(Cap("margin", 0.1), level=1.0).price_for(100)


def test_the_price_tail_counts_by_week_and_year() -> None:
    found = price_tail({"a": 4_000, "b": 9_700, "c": 12_000, "d": 63_000}, a_week=10_000, a_year=500_000)

    assert (found["over_a_week"], found["over_a_year"], found["highest"]) == (2, 3, 63_000)
    assert price_tail({}, a_week=10_000, a_year=500_000)["share_of_spending"] == 0
