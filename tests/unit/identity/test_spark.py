"""The same weights on Spark give the same scores."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from kinfold.identity.batch import OnDuckDB, OnSpark, records, scored, spark_session
from kinfold.identity.blocking import pairs_within
from kinfold.identity.columns import columns_of
from kinfold.identity.generator import Plan, duplicated, stock_from
from kinfold.identity.index import Register
from kinfold.identity.score import shipped_model
from kinfold.terms.errors import SettingError

NAMES = Path(__file__).resolve().parents[3] / "src" / "kinfold" / "synthetic" / "names.toml"


@pytest.fixture
def spark(tmp_path: Path) -> Iterator[OnSpark]:
    settings = {
        "spark.master": "local[2]",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.adaptive.enabled": "false",
        "spark.local.dir": str(tmp_path),
    }
    try:
        with spark_session(settings) as session:
            yield session
    except SettingError as why:
        if "spark" in os.environ.get("KINFOLD_REQUIRE", ""):
            pytest.fail(str(why))
        pytest.skip(str(why))


@pytest.mark.spark
@pytest.mark.long
def test_spark_and_duckdb_give_every_pair_the_same_score(spark: OnSpark) -> None:
    stock = stock_from(NAMES, wide=False, seed=43)
    register = Register(columns_of(duplicated(Plan(300, 0, seed=43, duplicates=0.4), stock)))
    pairs, table, model = pairs_within(register), records(register), shipped_model()

    on_spark = scored(table, pairs, model, engine=spark)
    on_duckdb = scored(table, pairs, model, engine=OnDuckDB(threads=1))

    assert len(on_spark) > 100
    assert np.abs(on_spark - on_duckdb).max() < 1e-6
