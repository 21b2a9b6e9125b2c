"""Rates drawn together, the scan over all groups, changes of rate, and the order they give. All bodies are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinfold.market.policy import pack
from kinfold.market.signals.notifications import FIELDS, watched
from kinfold.market.signals.rate_change import Tuning, baseline_of, first_alarm, limit_for
from kinfold.market.signals.scan import discoveries, scan
from kinfold.market.signals.shrinkage import Prior, beta_below, fitted, quantile, rate_of
from kinfold.market.signals.triage import triage
from kinfold.market.supply.sheet import Filled, read_filled
from kinfold.terms.errors import InputError

POLICY = pack("england", date(2026, 6, 1))
TUNING = Tuning.of(POLICY)
scanned = partial(scan, **{"shuffles": 999, "at_least": 3, "fdr": 0.1, "critical": 0.05})


@pytest.mark.parametrize(
    ("a", "b", "x", "chance"),
    [(1, 1, 0.3, 0.3), (2, 1, 0.5, 0.25), (2, 3, 0.4, 0.5248), (0.5, 0.5, 0.5, 0.5), (5, 2, 0, 0), (5, 2, 1, 1)],
)
def test_the_beta_distribution_is_the_textbooks(a: float, b: float, x: float, chance: float) -> None:
    assert beta_below(a, b, x) == pytest.approx(chance, abs=6e-4)


@given(st.floats(1, 60), st.floats(1, 60), st.floats(0.01, 0.99))
def test_the_beta_distribution_agrees_with_adding_up_its_density(a: float, b: float, x: float) -> None:
    at = np.linspace(0, 1, 20_001)[1:-1]
    density = np.exp(
        (a - 1) * np.log(at) + (b - 1) * np.log1p(-at) - ((a - 1) * np.log(at) + (b - 1) * np.log1p(-at)).max()
    )

    assert beta_below(a, b, x) == pytest.approx(density[at <= x].sum() / density.sum(), abs=3e-3)


@given(st.floats(0.3, 60), st.floats(0.3, 60), st.floats(0.01, 0.99))
def test_a_quantile_and_its_chance_are_each_others_inverse(a: float, b: float, share: float) -> None:
    assert beta_below(a, b, quantile(a, b, share)) == pytest.approx(share, abs=1e-6)


def test_two_of_two_is_drawn_further_than_forty_of_forty() -> None:
    prior = Prior(1.7, 6.6)
    few, many = rate_of(2, 2, prior, times=1.5, width=0.9), rate_of(40, 40, prior, times=1.5, width=0.9)

    assert prior.mean < few.middle < many.middle < 1
    assert few.high - few.low > many.high - many.low
    assert few.above < many.above


def test_the_prior_that_made_counts_is_found_again() -> None:
    chance = np.random.default_rng(4)
    sizes = chance.integers(1, 30, 800)
    counts = [(int(chance.binomial(n, chance.beta(2, 8))), int(n)) for n in sizes]

    found = fitted(counts)

    assert found.mean == pytest.approx(0.2, abs=0.02)
    assert found.correlation == pytest.approx(1 / 11, abs=0.03)


def test_the_scan_finds_a_planted_group_and_only_it() -> None:
    chance = np.random.default_rng(5)
    groups = [f"G{number}" for number in range(120) for _ in range(5)]
    bad = (chance.random(600) < 0.18).tolist()
    bad[:5] = [True] * 5
    groups += ["G0"] * 4
    bad += [True] * 4

    found = scanned(
        groups, bad, shuffles=2_999
    )  # of 120 chances the smallest must be below a thousandth to be a discovery

    flagged = [group for group, chance_of in zip(found.groups, found.family_chance, strict=True) if chance_of <= 0.05]
    assert flagged == ["G0"]
    assert found.discoveries[found.groups.index("G0")]


def test_by_chance_alone_the_scan_flags_somebody_in_about_one_market_of_twenty() -> None:
    flagged = 0
    for seed in range(60):
        bad = (np.random.default_rng(seed).random(200) < 0.2).tolist()
        found = scanned([f"G{number // 4}" for number in range(200)], bad, shuffles=99, seed=seed)
        flagged += bool((found.family_chance <= 0.05).any())

    assert flagged <= 8  # 3 expected; 9 or more has a chance of less than 1 in 200


def test_a_sector_that_is_worse_as_a_whole_flags_nobody_when_it_is_its_own_stratum() -> None:
    groups = [f"G{number // 5}" for number in range(100)]
    bad = [number >= 80 for number in range(100)]
    sector = ["small" if number >= 80 else "large" for number in range(100)]

    assert (scanned(groups, bad).family_chance < 0.05).any()
    assert not (scanned(groups, bad, strata=sector).family_chance < 0.05).any()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_discoveries_are_the_smallest_chances(chances: list[float]) -> None:
    values = np.array(chances)
    kept = discoveries(values, 0.1)

    if kept.any():
        assert values[kept].max() <= values[~kept].min() if (~kept).any() else True
        assert values[kept].max() <= 0.1


def test_a_quiet_group_rings_about_once_in_a_hundred_years() -> None:
    limit = limit_for(3.0, TUNING)

    assert 2 < limit < 12
    assert limit_for(3.0, replace(TUNING, false_alarms=5.0)) < limit


def test_a_change_of_rate_rings_soon_and_a_steady_rate_does_not() -> None:
    chance = np.random.default_rng(8)
    places = [40.0] * 48
    steady = chance.poisson(2.0, 48).tolist()
    changed = steady[:24] + chance.poisson(6.0, 24).tolist()
    baseline = baseline_of([sum(steady)] * 8, [40.0 * 48] * 8)

    alarm = first_alarm(changed, places, baseline, TUNING)

    assert first_alarm(steady, places, baseline, TUNING) is None
    assert alarm is not None
    assert 24 <= alarm.month <= 27
    assert alarm.seen > alarm.expected


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=3, max_size=20))
def test_a_baseline_is_the_rate_of_all(counts: list[int]) -> None:
    assert baseline_of(counts, [10.0] * len(counts)).mean == pytest.approx((sum(counts) + 0.5) / (10 * len(counts)))


def market(grades: dict[str, list[str]]) -> pl.DataFrame:
    rows = [
        {"urn": f"{owner}{number}", "type": "Children's home", "sector": "Private", "owner": owner, "owner_key": owner.casefold(),
         "overall": grade, "status": "Active"}
        for owner, many in grades.items() for number, grade in enumerate(many)
    ]  # fmt: skip
    return pl.DataFrame(rows)


def test_triage_ranks_says_what_it_cannot_see_and_may_start_nothing() -> None:
    grades = {f"Fine {n}": ["Good"] * 5 for n in range(30)} | {
        "Poor": ["Inadequate"] * 4 + ["Good"],
        "Small": ["Inadequate"] * 2,
    }

    found = triage(market(grades), POLICY, shuffles=99)

    assert found.signals[0].name == "Poor"
    assert "small" not in {one.group for one in found.signals}
    assert found.may_start_a_notice is False
    assert any("judged good have been closed" in text for text in found.cannot_see)
    assert found.signals[0].rate.low < found.signals[0].rate.middle < found.signals[0].rate.high


def test_an_empty_market_has_no_signals() -> None:
    assert triage(market({"A": ["Good"]}).clear(), POLICY).signals == ()


class TestReplayOfAClosureThatJudgementsDidNotForetell:
    """
    Two homes of one company, renamed: judged good in March 2019 and 2020, suspended in March 2021.

    The shape of the judgements is published; every notification is invented.
    """

    HOMES = 69

    def test_judgements_alone_give_no_warning(self) -> None:
        chance = np.random.default_rng(6)
        others = {f"Other {n}": chance.choice(["Good"] * 4 + ["Inadequate"], 4).tolist() for n in range(60)}
        found = triage(market(others | {"Wrenfold Residential": ["Good", "Good"]}), POLICY, at_least=2, shuffles=99)
        ours = next(one for one in found.signals if one.name == "Wrenfold Residential")

        assert ours.family_chance > 0.5
        assert ours.rate.middle < found.prior.mean
        assert not ours.discovery

    def test_with_invented_notifications_there_are_at_least_six_months(self) -> None:
        chance = np.random.default_rng(11)
        months = 26  # January 2019 to February 2021
        usual = 0.05 * self.HOMES
        counts = chance.poisson(usual, months)
        counts[14:] = chance.poisson(usual * 2.5, months - 14)  # from March 2020
        others = [int(chance.poisson(usual * months)) for _ in range(30)]

        alarm = first_alarm(
            counts.tolist(), [float(self.HOMES)] * months, baseline_of(others, [self.HOMES * months] * 30), TUNING
        )

        assert alarm is not None
        assert months - alarm.month >= 6


def notified(**months: list[int]) -> Filled:
    rows = ["Group,Month,Notifications,Places"]
    rows += [
        f"{group},{2024 + place // 12}-{place % 12 + 1:02d}-01,{count},40"
        for group, counts in months.items() for place, count in enumerate(counts)
    ]  # fmt: skip
    return read_filled("\n".join(rows).encode(), name="notified.csv", fields=FIELDS, today=date(2026, 6, 1))


def test_a_file_of_notifications_names_the_group_whose_rate_changed_and_since_when() -> None:
    chance = np.random.default_rng(8)
    steady = {f"Steady{number}": chance.poisson(2.0, 24).tolist() for number in range(8)}
    found = watched(notified(Changed=[*chance.poisson(2.0, 12).tolist(), *[8] * 12], **steady), POLICY)

    assert found[0].group == "Changed"
    assert found[0].alarm is not None
    assert date(2025, 1, 1) <= found[0].alarm <= date(2025, 4, 1)
    assert [one.group for one in found if one.alarm] == ["Changed"]
    assert len(found) == 9


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("Group,Month,Notifications,Places\nA,2024-01-01,2,40\nA,2024-03-01,2,40", "one row for each month"),
        ("Group,Month,Notifications,Places\nA,2024-01-01,two,40", "row 2, Notifications"),
        ("Group,Month,Notifications,Places\nA,2024-01-01,2,0", "no group with places"),
        ("Group,Month\nA,2024-01-01", "no column"),
    ],
)
def test_a_file_of_notifications_that_does_not_fit_says_what_to_put_right(content: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        watched(read_filled(content.encode(), name="a.csv", fields=FIELDS, today=date(2026, 6, 1)), POLICY)
