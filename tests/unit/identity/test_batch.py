"""Splink ranks and scores pairs as a look-up does, and files come through whole."""

from __future__ import annotations

import math
from pathlib import Path
from random import Random

import numpy as np
import polars as pl
import pytest

from kinfold.identity import blocking
from kinfold.identity.batch import OnDuckDB, records, scored
from kinfold.identity.blocking import pairs_within
from kinfold.identity.bulk import dedupe_all, match_all, prior_shift
from kinfold.identity.columns import columns_of
from kinfold.identity.compare import levels_of
from kinfold.identity.generator import Plan, duplicated, invent, stock_from
from kinfold.identity.index import Register
from kinfold.identity.pairwise import fields_of, levels_of_pairs, scores_of
from kinfold.identity.score import shipped_model

NAMES = Path(__file__).resolve().parents[3] / "src" / "kinfold" / "synthetic" / "names.toml"
ONE_THREAD = OnDuckDB(threads=1)


@pytest.fixture(scope="module")
def people() -> pl.DataFrame:
    stock = stock_from(NAMES, wide=False, seed=41)
    return duplicated(Plan(3_000, 0, seed=41, wide=False, duplicates=0.3, errors=2.0), stock)


@pytest.fixture(scope="module")
def register(people: pl.DataFrame) -> Register:
    return Register(columns_of(people))


def test_batch_and_look_up_give_every_pair_the_same_score_and_rank(register: Register) -> None:
    model = shipped_model()
    pairs = pairs_within(register, least_shared=1)

    by_splink = scored(records(register), pairs, model, engine=ONE_THREAD)
    in_arrays = scores_of(fields_of(register), pairs, model)

    left, right = register.seen(pairs[0].tolist()), register.seen(pairs[1].tolist())
    by_hand = np.array([model.calibrated(model.raw(levels_of(one, two))) for one, two in zip(left, right, strict=True)])
    assert len(by_hand) > 2_000
    for found in (by_splink, in_arrays):
        assert np.abs(found - by_hand).max() < 1e-6
        assert (np.argsort(np.round(found, 6), kind="stable") == np.argsort(np.round(by_hand, 6), kind="stable")).all()


def test_arrays_find_the_level_that_a_look_up_finds_for_whatever_people_write() -> None:
    chance = Random(7)
    written = {
        "given": ["Ella", "Bella", "Noah", "Rose", "Smith", "Baby", "E", "Oluwaseun", "Amellia", "Gracie", "Grace", ""],
        "middle": ["Rose", "R", "Ella Noah", ""],
        "family": ["Smith", "Smyth", "Smith-Hart", "Hart Jones-Lee", "Ella", "Ogunbanjo", ""],
        "dob": ["2014-05-06", "2014-06-05", "2014-01-01", "2014-05-07", "2014-05-60", "2003-11-23", "2014", "05/2014", ""],
        "sex": ["F", "M", ""],
        "postcode": ["LS1 1AA", "LS1 1AB", "LS1 1BA", "LS2 1AA", "4223", "4232", ""],
        "postcode_prev": ["LS1 1AA", "YO1 7HH", ""],
        "nhs": ["9000000009", "9000000017", ""],
        "address": ["12 High Street", "Flat 2, 12 High St", ""],
    }  # fmt: skip
    rows = [{name: chance.choice(values) for name, values in written.items()} for _ in range(120)]
    register = Register(columns_of(pl.DataFrame(rows)))
    left, right = (places.astype(np.int64) for places in np.triu_indices(len(rows), 1))

    levels = np.stack(levels_of_pairs(fields_of(register), left, right), axis=1).tolist()

    people = register.seen(range(len(rows)))
    by_hand = [list(levels_of(people[one], people[two])) for one, two in zip(left, right, strict=True)]
    assert levels == by_hand


def test_a_file_in_many_stretches_gives_the_pairs_of_one(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = pairs_within(register)
    monkeypatch.setattr(blocking, "AT_ONCE", 500)

    parts = list(blocking.stretches_within(register))

    assert len(parts) > 5
    for side in (0, 1):
        assert np.concatenate([part[side] for part in parts]).tolist() == whole[side].tolist()


def test_pairs_are_those_that_share_keys_once_each(register: Register) -> None:
    left, right = pairs_within(register, least_shared=1)
    fewer, _ = pairs_within(register, least_shared=2)

    assert (left < right).all()
    assert len(np.unique(left << 32 | right)) == len(left)
    assert 0 < len(fewer) < len(left)


@pytest.mark.parametrize("engine", [None, ONE_THREAD], ids=["in arrays", "by Splink"])
def test_a_file_with_people_in_it_twice_comes_apart_into_people(people: pl.DataFrame, engine: OnDuckDB | None) -> None:
    found = dedupe_all(people, shipped_model(), engine=engine)

    joined = found.clusters.with_columns(truth=people["truth"])
    both = _pairs(joined.group_by("cluster_id", "truth").len())
    said, true = _pairs(joined.group_by("cluster_id").len()), _pairs(joined.group_by("truth").len())
    precision, recall = both / said, both / true
    assert 2 * precision * recall / (precision + recall) > 0.93
    assert precision > 0.99
    assert found.counts["rows"] == people.height
    assert found.counts["people"] == found.clusters["cluster_id"].n_unique()


def _pairs(groups: pl.DataFrame) -> int:
    return int((groups["len"].cast(pl.Int64) * (groups["len"].cast(pl.Int64) - 1) // 2).sum())


@pytest.mark.parametrize(
    ("second", "one_child"),
    [
        pytest.param(
            {"given": "Quillfeather", "family": "Ada", "postcode": "YO1 7HH"}, True, id="names exchanged, moved"
        ),
        pytest.param({"given": "Quillfeather", "family": "Ada", "postcode": ""}, True, id="names exchanged, no home"),
        pytest.param({"given": "Rose", "middle": "Ada"}, True, id="given and middle name exchanged"),
        pytest.param({"dob": "2003-11-23"}, False, id="one name and home, another day"),
        pytest.param({"given": "Tobias", "middle": "", "sex": "M"}, False, id="a twin"),
    ],
)
def test_two_rows_of_a_file_are_one_child(second: dict[str, str], one_child: bool) -> None:
    row = {"given": "Ada", "middle": "Rose", "family": "Quillfeather", "dob": "2015-03-09", "sex": "F",
           "postcode": "LS1 1AA"}  # fmt: skip

    found = dedupe_all(pl.DataFrame([{"unique_id": "a", **row}, {"unique_id": "b", **row, **second}]), shipped_model())

    assert (found.clusters["cluster_id"].n_unique() == 1) is one_child


def test_a_mark_that_two_rows_are_two_people_is_kept() -> None:
    row = {"given": "Ada", "family": "Quillfeather", "dob": "2015-03-09", "postcode": "LS1 1AA"}
    twice = pl.DataFrame([{"unique_id": "a", **row}, {"unique_id": "b", **row}])

    joined = dedupe_all(twice, shipped_model())
    parted = dedupe_all(twice, shipped_model(), do_not_link=[(0, 1)])

    assert joined.clusters["cluster_id"].to_list() == ["a", "a"]
    assert parted.clusters["cluster_id"].to_list() == ["a", "b"]


def test_a_register_and_queries_with_known_truth_are_matched_well() -> None:
    stock = stock_from(NAMES, wide=True, seed=42)
    world = invent(Plan(20_000, 3_000, seed=42), stock)

    matched = match_all(world.register, world.queries, shipped_model())

    joined = matched.answers.with_columns(truth=world.queries["truth"], kind=world.queries["kind"])
    accepted = joined.filter(pl.col("decision") == "match")
    right = accepted.filter(pl.col("best_id") == pl.col("truth")).height
    true = joined.filter(pl.col("truth") != "").height
    assert right / accepted.height > 0.995
    assert right / true > 0.9
    assert joined.filter(pl.col("kind") == "twin").filter(pl.col("decision") == "match").height <= 2
    assert matched.answers["unique_id"].to_list() == world.queries["unique_id"].to_list()


@pytest.mark.parametrize(
    ("share", "low", "high"),
    [pytest.param(0.25, -0.6, 0.6, id="as trained"), pytest.param(0.9, 1.0, 3.0, id="nearly all are there")],
)
def test_the_odds_move_to_the_share_of_matches_in_a_file(share: float, low: float, high: float) -> None:
    chance = np.random.default_rng(7)
    same = chance.random(20_000) < share
    # scores that are calibrated where a quarter of the pairs match: normal, 4 apart, with unit slope of log odds
    totals = chance.normal(np.where(same, 2.0, -2.0), 2.0) + math.log(0.25 / 0.75)

    assert low < prior_shift(totals.tolist(), 0.25) <= high


def test_a_handful_of_queries_moves_nothing() -> None:
    assert prior_shift([5.0] * 20, 0.25) == 0.0
