"""Which weights may be put to use: the limits, twins, and nobody left behind by the origin of their name."""

from __future__ import annotations

from typing import Any

import pytest

from kinfold.identity.release import held_back, origins_behind
from kinfold.identity.score import shipped_model

GOOD = {
    "queries": 5000,
    "match_precision": 1.0,
    "candidate_recall": 0.999,
    "match_recall": 0.96,
    "twin_false_matches": 0.001,
}


def report(**few: Any) -> dict[str, Any]:
    return {"test": {"wide": GOOD, "narrow": GOOD | few}}


def test_the_weights_that_kinfold_comes_with_may_be_used() -> None:
    assert held_back(shipped_model().report) == []


@pytest.mark.parametrize(
    ("few", "says"),
    [
        pytest.param({}, None, id="good in everything"),
        pytest.param({"match_precision": 0.9985}, "of the matches said, right 99.85%", id="wrong too often"),
        pytest.param({"queries": 500}, "look-ups in the test: 500; at least 2,000 is asked", id="too few to tell"),
        pytest.param({"candidate_recall": 0.99}, "found among the candidates 99.00%", id="not found"),
        pytest.param({"twin_false_matches": 0.02}, "at most 1.50% is allowed", id="twins taken for one another"),
        pytest.param({"match_recall": float("nan")}, "matched without a person nan%", id="a figure that is none"),
        pytest.param({"by_origin": {"tamil": 0.90}, "origin_queries": {"tamil": 4000}}, "children of tamil names",
                     id="an origin behind, surely"),
        pytest.param({"by_origin": {"tamil": 0.90}, "origin_queries": {"tamil": 40}}, None,
                     id="an origin behind, perhaps by chance"),
        pytest.param({"by_origin": {"tamil": 0.90}}, "children of tamil names", id="how many is not said"),
        pytest.param({"by_origin": {"tamil": 0.94}}, None, id="an origin a little behind"),
    ],
)  # fmt: skip
def test_what_holds_a_version_back_is_said_in_a_sentence(few: dict[str, Any], says: str | None) -> None:
    found = held_back(report(**few))

    assert len(found) == (says is not None)
    assert says is None or (says in found[0] and found[0].startswith("name, day, sex and postcode alone"))


def test_a_version_that_was_not_tested_is_held_back() -> None:
    assert held_back({}) == [
        "It was not tested on full records or name, day, sex and postcode alone. Test it with `kinfold retrain`."
    ]


def test_origins_are_listed_furthest_behind_first() -> None:
    figures = {"match_recall": 0.95, "by_origin": {"irish": 0.94, "somali": 0.90, "british": 0.96}}

    assert list(origins_behind(figures)) == ["somali", "irish"]
