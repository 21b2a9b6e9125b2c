"""Learning the weights, on choices small enough to be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from kinfold.identity.compare import COMPARISONS
from kinfold.identity.fitting import SIZES, alone_in_the_lead, calibrated, choices_of, fit
from kinfold.identity.train import fill_unseen

NOTHING = tuple(0 for _ in COMPARISONS)


def with_born(level: str) -> tuple[int, ...]:
    place = next(number for number, one in enumerate(COMPARISONS) if one.name == "born")
    levels = list(NOTHING)
    levels[place] = COMPARISONS[place].level(level)
    return tuple(levels)


def test_what_the_child_has_weighs_more_than_what_the_others_have() -> None:
    same, other = with_born("same"), with_born("other")
    queries = [[(same, True), (other, False)]] * 90 + [[(other, False)]] * 60 + [[(same, False)]] * 10

    start, weights = fit(choices_of(queries))

    born = weights[next(n for n, one in enumerate(COMPARISONS) if one.name == "born")]
    agree, differ = with_born("same"), with_born("other")
    place = next(n for n, one in enumerate(COMPARISONS) if one.name == "born")
    assert born[agree[place]] > 0 > born[differ[place]]
    rest = start + sum(float(one[0]) for n, one in enumerate(weights) if n != place)
    odds = rest + float(born[agree[place]])
    # of a hundred queries with one who agrees, ninety were the child
    assert 1 / (1 + np.exp(-odds)) == pytest.approx(0.9, abs=0.06)


def test_a_rival_in_the_same_query_is_no_evidence_against_a_level() -> None:
    """Twins of whom one is asked for: both agree in all but one point, and that point decides."""
    same, other = with_born("same"), with_born("digit")
    alone, _ = fit(choices_of([[(same, True)]] * 50 + [[(other, False)]] * 50)), None
    beside, _ = fit(choices_of([[(same, True), (other, False)]] * 50 + [[(other, False)]] * 50)), None

    place = next(n for n, one in enumerate(COMPARISONS) if one.name == "born")
    assert beside[1][place][same[place]] == pytest.approx(alone[1][place][same[place]], abs=0.6)


def test_each_comparison_gets_a_weight_for_each_level() -> None:
    _, weights = fit(choices_of([[(NOTHING, True)], [(NOTHING, False)]]))

    assert [len(one) for one in weights] == SIZES


def test_only_the_best_of_a_query_with_a_lead_is_calibrated() -> None:
    choices = choices_of(
        [[(NOTHING, True), (NOTHING, False)], [(NOTHING, True)], [(NOTHING, True), (NOTHING, False)], []]
    )

    lead = alone_in_the_lead(choices, np.array([5.0, 1.0, 3.0, 2.0, 1.5]), lead=2.0)

    assert lead.tolist() == [True, False, True, False, False]


def test_calibration_rises_and_pools_what_falls() -> None:
    totals = np.repeat(np.array([-4.0, 0.5, 1.5, 6.5]), 100)
    truth = np.concatenate([np.arange(100) < share for share in (2, 60, 40, 99)])

    knots = calibrated(totals, truth)

    assert [x for x, _ in knots] == sorted(x for x, _ in knots)
    assert [y for _, y in knots] == sorted(y for _, y in knots)
    assert len(knots) == 3 + 2


def test_rarer_names_than_any_here_weigh_as_much_as_the_rarest_here() -> None:
    given, names = COMPARISONS[0], next(one for one in COMPARISONS if one.name == "names")
    place = COMPARISONS.index(names)
    common, alone = [0] * len(COMPARISONS), [0] * len(COMPARISONS)
    common[place], alone[place] = names.level("ten"), names.level("nobody")
    common[0] = alone[0] = given.level("same_4")
    choices = choices_of([[(tuple(common), True)], [(tuple(alone), True)]])
    weights = [np.zeros(len(comparison.levels)) for comparison in COMPARISONS]
    weights[0][given.level("same_4")], weights[place][names.level("nobody")] = 3.0, 2.0

    fill_unseen(weights, choices)

    assert weights[0][given.level("same_5")] == 3.0
    assert weights[place][names.level("uncounted")] == 1.0
